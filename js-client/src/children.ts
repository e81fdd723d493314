// Views in views: found in what a patch brought, ended when their element goes,
// and carried from page to page when they are sticky (protocol.md §2.2).

import { liveSocket } from "./live-socket.ts";
import type { Tree } from "./tree.ts";
import { openView } from "./view.ts";
import type { View } from "./view.ts";
import { move, tellAdded } from "./writes.ts";

/** Told by a view that it can be shown, or has failed: what is left to do then. */
export type OnReady = (show: () => void) => void;

/** Opens the views that have come with these elements, and counts them. */
export function openViews(roots: Element[], onReady?: OnReady): number {
  const { size } = liveSocket.views;
  for (const root of roots) {
    for (const el of [root, ...root.querySelectorAll("[data-phx-session]")] as HTMLElement[]) {
      const { phxSession, phxParentId } = el.dataset;
      if (!phxSession || liveSocket.views.has(el.id)) continue;
      const parent = liveSocket.views.get(phxParentId!);
      // A sticky view is of no page: it joins when it is on one.
      if (el.isConnected || (parent && onReady)) liveSocket.enroll(openView(el, location.href, undefined, parent, onReady));
    }
  }
  return liveSocket.views.size - size;
}

/** Ends views without their element; those of a page that is still to be shown have it there. */
export function closeViews(): void {
  for (const { el, id, parent, destroy } of liveSocket.views.values()) {
    if (el.id !== id || (!el.isConnected && (!parent || parent.el.isConnected))) destroy();
  }
}

export function closeChildren(view: View): void {
  for (const { parent, destroy } of liveSocket.views.values()) if (parent === view) destroy();
}

/** Puts a new page in the place of the old one, with the sticky views that are in both. */
export function replacePage(old: Element, page: Element, tree: Tree): void {
  old.before(page);
  for (const place of page.querySelectorAll<HTMLElement>("[data-phx-sticky]")) {
    const el = liveSocket.views.get(place.id)?.el;
    if (!el) continue;
    move(place.parentNode!, el, place);
    place.remove();
    tree.rebase(new Map([[place, el]]));
  }
  old.remove();
  tellAdded(page);
}

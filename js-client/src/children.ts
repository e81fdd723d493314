// Views in views: found in what a patch brought, ended when their element goes,
// and carried from page to page when they are sticky (protocol.md §2.2).
//
// The page of a live navigation is made out of sight. It is shown when all views
// in it have joined or failed; what messages bring meanwhile is kept for then.

import { liveSocket } from "./live-socket.ts";
import { document, isConnected, querySelectorAll } from "./natives.ts";
import { openView } from "./view.ts";
import type { View } from "./view.ts";

/** What is to be done when the page that is out of sight is shown, oldest first. */
const shows: (() => void)[] = [];

/** Runs at once, or when the page that the element is in is shown. */
export function whenShown(el: Element, show: () => void): void {
  if (isConnected(el) || liveSocket.main?.el.isConnected !== false) return show();
  shows.push(show);
  settleViews([el]);
}

export function showPage(): void {
  for (const show of shows.splice(0)) show();
}

/** Ends the views without their element, opens those that have come with these, and completes joins. */
export function settleViews(roots: Element[]): void {
  for (const { el, id, isMain, parent, destroy } of liveSocket.views.values()) {
    if (el.id === id && (isMain || el.isConnected || parent?.el.contains(el))) continue;
    const { phxSession } = el.dataset;
    destroy();
    // It may come back with the component that it is in, or stand in another by now.
    el.dataset.phxSession = phxSession;
    const other = document.getElementById(id);
    if (other) roots.push(other);
  }
  for (const root of roots) {
    for (const el of [root, ...querySelectorAll(root, "[data-phx-session]")] as HTMLElement[]) {
      const { phxSession, phxParentId } = el.dataset;
      if (!phxSession || liveSocket.views.has(el.id)) continue;
      const parent = liveSocket.views.get(phxParentId!);
      // A sticky view is of no page: it joins when it is on one.
      if (el.isConnected || parent?.el.contains(el)) liveSocket.enroll(openView(el, location.href, undefined, parent));
    }
  }
  completeJoins();
}

/** Tells each view that waits for those inside when all of them have joined or failed. */
export function completeJoins(): void {
  const views = [...liveSocket.views.values()];
  const waits = (view: View): boolean =>
    views.some((inner) => inner.parent === view && (inner.complete === undefined || waits(inner)));
  for (const view of views) if (view.complete && !waits(view)) view.complete();
}

/** Ends the views inside, for which there is nothing to wait any more. */
export function closeChildren(view: View): void {
  view.complete &&= null;
  if (view.isMain) shows.length = 0;
  for (const { parent, destroy } of liveSocket.views.values()) if (parent === view) destroy();
}

// The end of a live navigation: the new page takes the old one's place, and what the
// URL points at, the focus and screen readers are served as by a page load.

import type { Tree } from "../tree.ts";
import type { Arrival } from "../view.ts";
import { core, document } from "./core.ts";

/** Says the title of each new page to who doesn't see it. */
let announcer: HTMLElement | undefined;
/** What had the focus when the last page was left. */
let left: Element | null;

/** A page is being left. */
export function leave(): void {
  // What moves the focus is there when the page is: later, WebKit would scroll by it.
  core.withExtra(() => {});
  left = document.activeElement;
  announcer ??= createAnnouncer();
  // It is there before it speaks, and the same title is news again.
  announcer.textContent = "";
}

function createAnnouncer(): HTMLElement {
  const element = document.createElement("div");
  element.role = "status";
  element.style.cssText = "position:fixed;top:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
  return document.documentElement.appendChild(element);
}

/** An element for the view as the server wants it, with the identity of the present one. */
export const createPage: Arrival["createPage"] = (el, container) => {
  if (!container) return el.cloneNode() as HTMLElement;
  const [tag, attributes] = container;
  const page = document.createElement(tag);
  for (const name in attributes) page.setAttribute(name, attributes[name]!);
  for (const { name, value } of el.attributes) {
    if (/^(id|data-phx-.*)$/.test(name)) page.setAttribute(name, value);
  }
  return page;
};

/** Puts a new page in the place of the old one, with the sticky views that are in both. */
export function showPage(old: Element, page: Element, tree: Tree): void {
  core.unobserved(() => {
    old.before(page);
    for (const place of page.querySelectorAll<HTMLElement>("[data-phx-sticky]")) {
      const el = core.liveSocket().views.get(place.id)?.el;
      if (!el) continue;
      core.move(place.parentNode!, el, place);
      place.remove();
      tree.rebase(new Map([[place, el]]));
    }
    old.remove();
    core.tellAdded(page);
  });
}

/** Goes to what the URL points at, unless one comes back to a page; who arrives at a new one is told of it. */
export function arrive(isNew: boolean, preventScroll: boolean): void {
  const target = preventScroll ? null : pointedAt();
  target?.scrollIntoView();
  if (!isNew) return;
  const { activeElement, body } = document;
  const isFree = activeElement === body;
  // Hooks and `phx-mounted` of the new page may have moved the focus.
  if (isFree || activeElement === left) {
    const wanted = target ? [] : document.querySelectorAll("[autofocus]");
    core.withExtra((extra) => {
      // The Tab key goes on from where the reader begins.
      if (!extra.focusAmong(wanted, { preventScroll }) && isFree) extra.focusFrom(target ?? body);
    });
  }
  announcer!.textContent = document.title;
}

/** The element that the URL's hash names. */
function pointedAt(): Element | null {
  const id = location.hash.slice(1);
  try {
    return document.getElementById(id) ?? document.getElementById(decodeURIComponent(id));
  } catch {
    // It is no encoded text.
    return null;
  }
}

// The end of a live navigation, as that of a page load would be: what the URL
// points at, where the focus goes, and what screen readers are told.

import { focusAmong, focusFrom } from "./focus.ts";

/** Says the title of each new page to who doesn't see it. */
let announcer: HTMLElement | undefined;
/** What had the focus when the last page was left. */
let left: Element | null;

/** A page is being left. */
export function leave(): void {
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
    // The Tab key goes on from where the reader begins.
    if (!focusAmong(wanted, { preventScroll }) && isFree) focusFrom(target ?? body);
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

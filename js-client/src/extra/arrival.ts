// The end of a live navigation, as that of a page load would be: where the focus
// goes, and what screen readers are told. Where it scrolls is navigation.ts's concern.

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

/** A page is there; `target` is what its URL points at. */
export function arrive(target: Element | null, options: FocusOptions): void {
  const { activeElement, body } = document;
  const isFree = activeElement === body;
  // Hooks and `phx-mounted` of the new page may have moved the focus.
  if (isFree || activeElement === left) {
    const wanted = target ? [] : document.querySelectorAll("[autofocus]");
    // The Tab key goes on from where the reader begins.
    if (!focusAmong(wanted, options) && isFree) focusFrom(target ?? body);
  }
  announcer!.textContent = document.title || (document.querySelector("h1")?.textContent ?? location.pathname);
}

// Moving the focus: for the commands, and for what keeps it inside.

import type { Lost } from "../writes.ts";
import { core, document } from "./core.ts";

const stack: Element[] = [];

/** Focuses the first of the elements that takes it. */
export function focusAmong(elements: Iterable<Element>, options?: FocusOptions): boolean {
  return [...elements].some((element) => {
    if (element.ariaHidden === "true") return false;
    core.focus(element, options);
    return element === document.activeElement;
  });
}

/** What is inside, in the order in which the focus should look for a place. */
export function inside(element: Element): Element[] {
  const all = [...core.querySelectorAll(element, "*")];
  return [...all.filter(({ tabIndex }) => tabIndex >= 0), ...all];
}

/** Elements that take the focus only as long as they have it. */
const lent = new WeakSet<Element>();

function takeBack(element: Element): void {
  if (lent.delete(element)) core.putAttribute(element, "tabindex", null);
}

function focusAnyway(element: HTMLElement): void {
  if (!core.matches(element, "[tabindex]")) {
    lent.add(element);
    core.putAttribute(element, "tabindex", "-1");
    core.native<typeof addEventListener extends (...args: infer A) => void ? (element: Element, ...args: A) => void : never>("addEventListener")(element, "blur", () => takeBack(element), { once: true });
  }
  core.focus(element, { preventScroll: true });
  // What is not shown takes none.
  if (element !== document.activeElement) takeBack(element);
}

/** The Tab key goes on from there; nothing shows a focus. */
export function focusFrom(element: Element): void {
  focusAnyway(element as HTMLElement);
  core.native<(element: Element) => void>("blur")(element);
}

/** What had the focus has left with an entry of a list: a neighbour of that has it now. */
export function focusNeighbour(lost: Lost[]): void {
  // Browsers tell no element of it that it loses the focus with its place.
  for (const [focused] of lost) takeBack(focused);
  // What left in an entry may have been taken out of that before.
  const [focused, entry, ...beside] = lost.at(-1)!;
  const { activeElement } = document;
  if (activeElement !== document.body && !activeElement?.closest("[inert]")) return;
  const neighbour = beside.find((element) => element?.isConnected && element.nodeName === entry.nodeName) as HTMLElement;
  if (!neighbour) return;
  const places = inside(neighbour);
  const isAlike = ({ nodeName, className }: Element) => nodeName === focused.nodeName && className === focused.className;
  const same = places.filter(isAlike)[inside(entry as Element).filter(isAlike).indexOf(focused)] ?? neighbour;
  // Who types goes on typing: not into another entry.
  const isPressed = core.matches(focused, "a,button,[type=checkbox],[type=radio]");
  if (!isPressed || !focusAmong([same, ...places])) focusAnyway(neighbour);
}

/** Now, and again when what is being shown is there. */
export function focusSoon(elements: Iterable<Element>): void {
  const focus = () => void focusAmong(elements);
  focus();
  requestAnimationFrame(() => requestAnimationFrame(focus));
}

export function pushFocus(element: Element): void {
  stack.push(element);
}

export function popFocus(): void {
  focusSoon(stack.splice(-1));
}

/** Keeps the focus inside: `Phoenix.FocusWrap`, between two elements that only take it to give it back. */
export const FocusWrap = {
  mounted(this: { el: HTMLElement }): void {
    const { el } = this;
    const focusFirst = () => focusAmong(inside(el));
    const focusLast = () => focusAmong(inside(el).reverse());
    const guard = (edge: Element, enter: () => void, turn: () => void) =>
      edge.addEventListener("focus", (event) =>
        el.contains((event as FocusEvent).relatedTarget as Element | null) ? turn() : enter(),
      );
    guard(el.firstElementChild!, focusFirst, focusLast);
    guard(el.lastElementChild!, focusLast, focusFirst);
    if (el.contains(document.activeElement)) return;
    el.addEventListener("phx:show-end", () => {
      // A command may have put it where it is wanted, and somebody types there.
      if (!el.contains(document.activeElement)) focusFirst();
    });
    // What is hidden takes no focus.
    focusFirst();
  },
};

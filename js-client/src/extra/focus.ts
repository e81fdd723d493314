// Moving the focus: for the commands, and for what keeps it inside.

const stack: Element[] = [];

/** Focuses the first of the elements that takes it. */
export function focusAmong(elements: Iterable<Element>, options?: FocusOptions): boolean {
  return [...elements].some((element) => {
    if (element.ariaHidden === "true") return false;
    (element as HTMLElement).focus?.(options);
    return element === document.activeElement;
  });
}

/** What is inside, in the order in which the focus should look for a place. */
export function inside(element: Element): Element[] {
  const all = [...element.querySelectorAll("*")];
  return [...tabbable(all), ...all];
}

function tabbable(elements: Element[]): Element[] {
  return elements.filter((element) => (element as HTMLElement).tabIndex >= 0);
}

/** Makes an element take the focus, as long as it has it. */
function focusAnyway(element: HTMLElement): void {
  if (!element.hasAttribute("tabindex")) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}

/** The Tab key goes on from there; nothing shows a focus. */
export function focusFrom(element: Element): void {
  focusAnyway(element as HTMLElement);
  (element as HTMLElement).blur();
}

/** Each element around what had the focus, from the inside out, with those before and behind it. */
export type Surroundings = [element: Element, ...beside: (Element | null)[]][];

/** What had the focus has left with an entry of a list: a neighbour of that has it now. */
export function focusNeighbour(surroundings: Surroundings): void {
  const focused = surroundings[0]![0];
  const left = surroundings.filter(([element]) => !element.isConnected || (element as HTMLElement).inert).at(-1);
  const isFree = document.activeElement === document.body || document.activeElement?.closest("[inert]");
  if (!left || !isFree) return;
  const [entry, ...beside] = left;
  const neighbour = beside.find((element) => element?.isConnected && element.localName === entry.localName);
  if (!neighbour) return;
  const [gone, present] = [entry, neighbour].map((root) => tabbable([root, ...root.querySelectorAll("*")]));
  // Who types goes on typing: not into another entry.
  const isText = focused.matches("input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]");
  const same = present!.slice(Math.max(gone!.indexOf(focused), 0));
  if (isText || !focusAmong([...same, ...present!])) focusAnyway(neighbour as HTMLElement);
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

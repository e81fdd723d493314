// Moving the focus: for the commands, and for what keeps it inside.

const stack: Element[] = [];

/** Focuses the first of the elements that takes it. */
export function focusAmong(elements: Iterable<Element>): boolean {
  return [...elements].some((element) => {
    if (element.ariaHidden === "true") return false;
    (element as HTMLElement).focus?.();
    return element === document.activeElement;
  });
}

/** What is inside, in the order in which the focus should look for a place. */
export function inside(element: Element): Element[] {
  const all = [...element.querySelectorAll<HTMLElement>("*")];
  return [...all.filter(({ tabIndex }) => tabIndex >= 0), ...all];
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
    el.addEventListener("phx:show-end", focusFirst);
    // What is hidden takes no focus.
    focusFirst();
  },
};

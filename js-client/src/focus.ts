// Moving the focus: for the commands, and for what keeps it inside.

const stack: Element[] = [];

/** Focuses the first of the elements that takes it. */
export function focusAmong(elements: Iterable<Element>): boolean {
  return [...elements].some((element) => {
    if (element.ariaHidden !== "true") (element as HTMLElement).focus?.();
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

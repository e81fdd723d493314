// What lies over the page while pushes wait for their answers.
//
// Loading classes, disabled buttons and `phx-disable-with` texts are ours, not
// the server's. Before a patch all of them are lifted, so that the page is what
// the server last rendered, and afterwards those still due are laid again. So
// a patch never meets them and none is ever left behind.

/** Lays something over the page and returns how to lift it. */
export type Overlay = () => () => void;

interface Mark {
  /** Elements that wait: no second click, no writes to their fields. */
  elements: Element[];
  overlays: Overlay[];
}

const marks = new Set<Mark>();
let lifts: (() => void)[] = [];

/** Marks elements until the returned function is called. */
export function mark(elements: Element[], overlays: Overlay[]): () => void {
  const mark = { elements, overlays };
  marks.add(mark);
  lifts.push(...overlays.map((overlay) => overlay()));
  return () => {
    lift();
    marks.delete(mark);
    lay();
  };
}

export function lift(): void {
  for (const undo of lifts.reverse()) undo();
  lifts = [];
}

export function lay(): void {
  lift();
  for (const { overlays } of marks) lifts.push(...overlays.map((overlay) => overlay()));
}

export function isMarked(element: Element): boolean {
  for (const { elements } of marks) if (elements.includes(element)) return true;
  return false;
}

export function loading(element: Element, kind: string): Overlay {
  return () => {
    const hadClass = element.hasAttribute("class");
    const name = `phx-${kind}-loading`;
    element.classList.add(name);
    return () => {
      element.classList.remove(name);
      if (!hadClass) element.removeAttribute("class");
    };
  };
}

/** Sets a boolean attribute, `disabled` or `readonly`. */
function flagged(element: Element, name: string): Overlay {
  return () => {
    const had = element.hasAttribute(name);
    element.toggleAttribute(name, true);
    return () => void element.toggleAttribute(name, had);
  };
}

/** The text stands in for the children, which keep taking diffs meanwhile. */
function relabelled(element: Element, label: string): Overlay {
  return () => {
    if (element instanceof HTMLInputElement) {
      const { value } = element;
      element.value = label;
      return () => void (element.value = value);
    }
    const children = document.createDocumentFragment();
    children.append(...element.childNodes);
    element.append(label);
    return () => element.replaceChildren(children);
  };
}

/** `phx-disable-with`; an empty value only disables. */
export function disabled(element: Element): Overlay[] {
  const label = element.getAttribute("phx-disable-with");
  if (label === null) return [];
  return [flagged(element, "disabled"), ...(label ? [relabelled(element, label)] : [])];
}

/** Keeps a form as it was sent: no second submit, no edits. */
export function frozen(form: HTMLFormElement): Overlay[] {
  return [...form.elements].flatMap((control) => {
    if (control.hasAttribute("phx-disable-with")) return disabled(control);
    if (control instanceof HTMLButtonElement) return flagged(control, "disabled");
    const isText = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement;
    return isText ? flagged(control, "readonly") : [];
  });
}

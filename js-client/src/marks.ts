// What lies over the page while pushes wait for their answers.
//
// Loading classes, disabled buttons and `phx-disable-with` texts are ours, not
// the server's. Before a patch all of them are lifted, so that the page is what
// the server last rendered, and afterwards those still due are laid again. So
// a patch never meets them and none is ever left behind.

/** Lays something over the page and returns how to lift it. */
export type Overlay = () => () => unknown;

/** The kinds of pushes, as in `phx-click-loading`; null for what no event of the user's caused. */
export type Kind =
  | "click"
  | "change"
  | "submit"
  | "keydown"
  | "keyup"
  | "focus"
  | "blur"
  | "hook"
  | "js"
  | "remove"
  | null;

/** By what each push has marked: the elements that wait, and the overlays. */
const marks = new Map<Overlay[], Element[]>();
let lifts: (() => unknown)[] = [];

/** Marks elements as waiting until the returned function is called. */
export function mark(kind: Kind, elements: Element[], more: Overlay[] = []): () => void {
  const overlays = [...(kind ? elements.map((element) => loading(element, kind)) : []), ...more];
  marks.set(overlays, elements);
  lay();
  return () => {
    marks.delete(overlays);
    lay();
  };
}

export function lift(): void {
  for (const undo of lifts.reverse()) undo();
  lifts = [];
}

export function lay(): void {
  lift();
  lifts = [...marks.keys()].flat().map((overlay) => overlay());
}

/** An element that waits takes no second click, and its fields no writes. */
export function isMarked(element: Element | null): boolean {
  return [...marks.values()].flat().includes(element!);
}

function loading(element: Element, kind: Kind): Overlay {
  return () => {
    const hadClass = element.hasAttribute("class");
    element.classList.add(`phx-${kind}-loading`);
    return () => {
      element.classList.remove(`phx-${kind}-loading`);
      if (!hadClass && !element.className) element.removeAttribute("class");
    };
  };
}

function flagged(element: Element, attribute: "disabled" | "readonly"): Overlay {
  return () => {
    const had = element.hasAttribute(attribute);
    const { activeElement } = document;
    element.toggleAttribute(attribute, true);
    return () => {
      element.toggleAttribute(attribute, had);
      // The browser takes the focus from what is disabled.
      if (activeElement === element && document.activeElement === document.body) {
        (element as HTMLElement).focus({ preventScroll: true });
      }
    };
  };
}

/** The text stands in for the children, which keep taking diffs meanwhile. */
function relabelled(element: Element, label: string): Overlay {
  return () => {
    if (element instanceof HTMLInputElement) {
      const { value } = element;
      element.value = label;
      return () => (element.value = value);
    }
    const children = new DocumentFragment();
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
    const overlays = disabled(control);
    return overlays.length ? overlays : flagged(control, control.matches("button") ? "disabled" : "readonly");
  });
}

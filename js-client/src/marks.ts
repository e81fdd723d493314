// What waits on the page for the answers to pushes.
//
// An element that waits is locked: what the server changes in it meanwhile is
// kept back until the answer, so that nothing older than what the user did is
// shown (`whenFree`, asked by parts.ts and morph.ts). Loading classes, disabled
// buttons and `phx-disable-with` texts lie over the page: before a patch all of
// them are lifted, so that the page is what the server last rendered, and
// afterwards those still due are laid again. So none is ever left behind.

import { classList, document, isConnected, matches, parentNode } from "./natives.ts";
import { dispatch, putAttribute } from "./page.ts";

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

/** What a push makes wait for its answer. */
export interface Waiting {
  kind: Kind;
  /** Elements that show that they wait. */
  loading: Element[];
  /** Elements in which nothing changes meanwhile; those that show it, unless told otherwise. */
  locked?: Element[];
  overlays?: Overlay[];
  /** Called when the server has taken it, before what it answered is shown. */
  onTaken?: () => void;
}

/** By the overlays of each push, what it has locked. */
const marks = new Map<Overlay[], Set<Element>>();
let lifts: (() => unknown)[] = [];
/** What was kept back, oldest first. */
let queue: [viewId: string, node: Node, run: () => void][] = [];
/** A custom element that is a control of a form. */
export const isCustom = (element: Element | null) => !!element && "formAssociated" in element.constructor;

/** The view that patches, or was the last to do so. */
let patching: string;
/** The custom control that has the focus: what is in it is its own, and it hears of no attribute. */
let edited: Element | null;

/** Marks elements as waiting until the returned function is called; the page hears of both. */
export function mark(waiting: Waiting, event: string, ref: number, payload: object): () => void {
  const { kind, loading, locked: lockElements = loading, overlays: more = [] } = waiting;
  const overlays = [...(kind ? loading.map((element) => classed(element, `phx-${kind}-loading`)) : []), ...more];
  const locked = new Set(lockElements);
  marks.set(overlays, locked);
  loading.forEach(forgive);
  lay();
  let complete: (detail: unknown) => void;
  const completed = new Promise((resolve) => (complete = resolve));
  const detail = {
    event,
    eventType: kind,
    ref,
    payload,
    lockElements,
    loadingElements: loading,
    lockComplete: completed,
    loadingComplete: completed,
    /** Locks another element until the same answer. */
    lock(element: Element) {
      if (marks.has(overlays)) locked.add(element);
      return completed;
    },
    unlock: (elements: Element | Element[]) => [elements].flat().forEach((element) => locked.delete(element)),
  };
  for (const element of loading) {
    dispatch("phx:push", detail, element);
    dispatch(`phx:push:${event}`, detail, element);
  }
  return () => {
    marks.delete(overlays);
    loading.forEach(forgive);
    lay();
    complete(detail);
    for (const what of ["loading", "lock"]) {
      for (const element of loading) dispatch(`phx:undo-${what}:${ref}`, { ref, event }, element);
    }
  };
}

/** Whether it is an act of somebody who expects something of it. */
export const isAct = (kind: Kind) => kind === "click" || kind === "submit";

/** What shows of an element that a click or a submit was not taken. */
const refusals = new Map<Element, Overlay[]>();

/** Shows until the next answer for it, or until it is used again, that an act on an element was not taken. */
export function refuse(element: Element, kind: Kind): void {
  if (!isAct(kind)) return;
  for (const other of refusals.keys()) if (other === element || !isConnected(other)) forgive(other);
  const overlays = [classed(element, `phx-${kind}-refused`)];
  refusals.set(element, overlays);
  marks.set(overlays, new Set());
  lay();
}

function forgive(element: Element): void {
  marks.delete(refusals.get(element)!);
  refusals.delete(element);
}

export function lift(): void {
  for (const undo of lifts.reverse()) undo();
  lifts = [];
}

export function lay(): void {
  lift();
  lifts = [...marks.keys()].flat().map((overlay) => overlay());
}

/** Whether an element is locked; one that waits takes no second click unless it says so. */
export function isMarked(element: Element | null): boolean {
  for (const locked of marks.values()) if (locked.has(element!)) return true;
  return false;
}

/** Whether a node is in an element that waits; locks around a view don't concern it. */
function isLocked(node: Node | null): boolean {
  for (; (marks.size || edited) && node; node = parentNode(node)) {
    if (node === edited || isMarked(node as Element)) return true;
    if ((node as HTMLElement).dataset?.phxSession) break;
  }
  return false;
}

/** Runs at once, or when the node is free and its view patches. */
export function whenFree(node: Node, run: () => void): void {
  if (isLocked(node)) queue.push([patching, node, run]);
  else run();
}

/** Begins a view's patch: what was kept back for nodes of it that are free now. */
export function takeFree(viewId: string): (() => void)[] {
  patching = viewId;
  edited = document.activeElement;
  while (edited && !isCustom(edited)) edited = parentNode(edited) as Element | null;
  const due = queue.filter(([id, node]) => id === viewId && !isLocked(node));
  queue = queue.filter((entry) => !due.includes(entry));
  return due.map(([, , run]) => run);
}

function classed(element: Element, name: string): Overlay {
  return () => {
    const hadClass = matches(element, "[class]");
    classList(element).add(name);
    return () => {
      classList(element).remove(name);
      if (!hadClass && !classList(element).length) putAttribute(element, "class", null);
    };
  };
}

/** The text stands in for the children, which keep taking diffs meanwhile. */
export function relabelled(element: Element, label: string): Overlay {
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

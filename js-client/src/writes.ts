// Every write of the client to the page goes through here.
//
// So one place knows what a patch did: hooks hear of a write before it happens
// and of what was added, and form controls in use keep what the user entered.
// A write of the value that is there already does nothing.

import { extra } from "./extra.ts";
import { forms } from "./forms.ts";
import { isCustom } from "./marks.ts";
import { forgetOthers, isOthers } from "./others.ts";
import { contains, document, getAttribute, insertBefore, isConnected, matches, moveBefore, nextSibling, parentNode, previousSibling } from "./natives.ts";
import { putAttribute } from "./page.ts";
import { IGNORED } from "./template.ts";

/** The application's own code around patches, with Phoenix's names. */
export interface DomCallbacks {
  /** Has to call `patch`, at once or later. */
  onDocumentPatch?(patch: () => void): void;
  onPatchStart?(container: Element): void;
  onPatchEnd?(container: Element): void;
  /** For each element that is new on the page, after the patch. */
  onNodeAdded?(node: Element): void;
  /** For each attribute that is about to change; `to` is a copy without children, which may be changed. */
  onBeforeElUpdated?(from: Element, to: Element): void;
}

export type Lost = [focused: Element, entry: ChildNode, ...beside: (Element | null)[]];

/** What a patch tells the hooks. */
export const witness = {
  dom: {} as DomCallbacks,
  /** Elements added since the last patch ended; each stands for its subtree. */
  added: [] as Element[],
  /** Those of them that were not there before. */
  inserted: [] as Element[],
  /** The template that a patch came to last. */
  part: undefined as readonly string[] | undefined,
  /** Whether what is written is a whole new state, as a join brings it. */
  isJoin: false,
  /** Elements that a patch would have removed, were it not for their `phx-remove`. */
  leaving: new Set<Element>(),
  /** What had the focus and was removed, with the nodes in which it went and those beside them. */
  lost: [] as Lost[],
  /** Called before a node changes or one of its children comes or goes. */
  beforeWrite: (_node: Node): void => {},
};

export function writeAttribute(element: Element, name: string, value: string | null): void {
  if (isConnected(element) && matches(element, IGNORED) && !name.startsWith("data-")) return;
  // A view's element keeps the tokens that it joins with; under another id it is another view's.
  if (/^data-phx-s(ession|tatic)$/.test(name) && getAttribute(element, name)) return;
  if (name === "id" && getAttribute(element, name) !== value) {
    const { dataset } = element as HTMLElement;
    if (dataset.phxSession) {
      dataset.phxSession = dataset.phxStatic = "";
      element.replaceChildren();
    }
  }
  if (extra?.isIgnored(element, name) || getAttribute(element, name) === value) return;
  if (witness.dom.onBeforeElUpdated && isConnected(element)) {
    const to = document.importNode(element);
    putAttribute(to, name, value);
    witness.dom.onBeforeElUpdated(element, to);
    value = getAttribute(to, name);
  }
  witness.beforeWrite(element);
  forgetOthers(element, name);
  writeState(element, name, () => putAttribute(element, name, value));
  extra?.reapplyEffects(element);
  // What is not on the page yet will be added with what it stands in.
  if (isConnected(element) && /^(id|phx-hook|data-phx-portal)$/.test(name)) witness.added.push(element);
}

function writeState(element: Element, name: string, write: () => void): void {
  if (forms) forms.writeState(element, name, write);
  else write();
}

export function writeData(node: CharacterData, data: string): void {
  if (node.data === data) return;
  witness.beforeWrite(node);
  const write = () => void (node.data = data);
  const area = node.parentElement;
  // What was typed into a custom control stands in texts of the browser's.
  if (isCustom(area) && !area!.firstElementChild) area!.replaceChildren(node);
  if (area instanceof HTMLTextAreaElement) writeState(area, "value", write);
  else write();
}

export function tellAdded(element: Element): void {
  witness.added.push(element);
  witness.inserted.push(element);
}

/** Replaces a part of a text: a selection around it stays. */
export function spliceData(node: CharacterData, offset: number, count: number, data: string): void {
  witness.beforeWrite(node);
  node.replaceData(offset, count, data);
}

/** Puts a new node, or all nodes of a fragment, before another. */
export function insert(parent: Node, node: Node, before: Node | null): void {
  witness.beforeWrite(parent);
  if (isConnected(parent)) {
    const nodes = node instanceof DocumentFragment ? node.children : [node];
    for (const child of nodes) if (child instanceof Element) tellAdded(child);
  }
  insertBefore(parent, node, before);
}

/** Moves a node within the page, with its state where the browser can. */
export function move(parent: Node, node: Node, before: Node | null): void {
  witness.beforeWrite(parent);
  if (node instanceof Element && !isConnected(node) && isConnected(parent)) tellAdded(node);
  relocate(parent, node, before);
}

/** As `move`, but no hook hears of it. */
export function relocate(parent: Node, node: Node, before: Node | null): void {
  const isMove = "moveBefore" in Element.prototype && isConnected(parent) && isConnected(node);
  (isMove ? moveBefore : insertBefore)(parent, node, before);
}

/** The siblings from one to another, or to the end; nothing but the first where somebody has parted them. */
export function siblings(first: ChildNode, last: ChildNode | null): ChildNode[] {
  const nodes: ChildNode[] = [];
  for (let node: ChildNode | null = first; node; node = nextSibling(node)) {
    nodes.push(node);
    if (node === last) return nodes;
  }
  return last ? [first] : nodes;
}

/** Moves siblings. */
export function moveRange(parent: Node, first: ChildNode, last: ChildNode, before: Node | null): void {
  for (const node of siblings(first, last)) move(parent, node, before);
}

/**
 * Removes siblings; they stay siblings, as a component in them may come back. Those with
 * `phx-remove` leave later (hooks.ts).
 */
export function removeRange(first: ChildNode, last: ChildNode | null): void {
  const parent = parentNode(first);
  if (parent) witness.beforeWrite(parent);
  const removed = new DocumentFragment();
  for (const node of siblings(first, last)) {
    if (isOthers(node)) continue;
    const { activeElement } = document;
    if (contains(node, activeElement)) {
      const { nextElementSibling, previousElementSibling } = node as Element;
      witness.lost.push([activeElement!, node, nextElementSibling, previousElementSibling]);
    }
    if (node instanceof Element && matches(node, "[phx-remove]")) witness.leaving.add(node);
    else removed.append(node);
  }
}

/** Removes what stands before `end`, from `first` on. */
export function removeUpTo(first: ChildNode | null, end: Node | null): void {
  if (first && first !== end) removeRange(first, end && previousSibling(end));
}

/** An element that was to leave is wanted again. */
export function stay(element: HTMLElement): void {
  witness.leaving.delete(element);
  putAttribute(element, "inert", null);
}

// Fitting existing DOM to fresh DOM while keeping every node that can stay.
//
// Serves the places where no part knows the old nodes: the dead-rendered page
// at the join, a switch to another template, and dynamics that are raw markup.
// The fresh nodes are the truth; an old node that means the same (tag, id, and
// name for form controls) takes a fresh one's place, with its focus, typed
// text and scroll. `kept` tells the parts which node stands for theirs now.

import { contentOf, IGNORED } from "./template.ts";
import { extra } from "./extra.ts";
import type { Control } from "./forms/controls.ts";
import { whenFree } from "./marks.ts";
import { attributes, closest, firstChild, getAttribute, localName, matches, nextSibling } from "./natives.ts";
import { isOthers, keepsOthers } from "./others.ts";
import { insert, move, removeUpTo, witness, writeAttribute, writeData } from "./writes.ts";

export type Kept = Map<Node, Node>;

/** The control that an element's live state belongs to: itself, or for an option its select. */
export const controlOf = (element: Element) => closest<Control>(element, "input,select,textarea");

const VIEW = "[data-phx-session]";

/**
 * Makes the children of `parent` from `cursor` up to `end` those of `fresh`; `rebase` is called
 * when more nodes are kept later on.
 */
export function morph(
  parent: Node,
  cursor: ChildNode | null,
  end: Node | null,
  fresh: Node,
  kept: Kept,
  rebase: () => void,
): void {
  for (let node = firstChild(fresh), next: ChildNode | null; node; node = next) {
    next = nextSibling(node);
    while (cursor !== end && isOthers(cursor)) cursor = nextSibling(cursor!);
    const match = findMatch(node, cursor, end);
    if (!match) {
      insert(parent, node, cursor);
      continue;
    }
    kept.set(node, match);
    // What stands between holds no state unless it is an element.
    const stays = elementFrom(cursor, match);
    removeUpTo(cursor, stays);
    cursor = stays;
    if (cursor !== match) move(parent, match, cursor);
    if (node instanceof Element) fitElement(match as Element, node, kept, rebase);
    else fitText(match as CharacterData, (node as CharacterData).data);
    if (cursor === match) cursor = nextSibling(match);
  }
  removeUpTo(cursor, end);
}

/** The first element of the siblings from `node` on, or `end` if there is none before it. */
export function elementFrom<E extends Node | null>(node: ChildNode | null, end: E): ChildNode | E {
  while (node !== end && !(node instanceof Element)) node = nextSibling(node!);
  return node as ChildNode | E;
}

function findMatch(node: ChildNode, cursor: ChildNode | null, end: Node | null): ChildNode | null {
  if (!(node instanceof Element)) {
    const same = cursor !== end && cursor!.nodeType === node.nodeType;
    return same && (node as CharacterData).data ? cursor : null;
  }
  let old = elementFrom(cursor, end);
  const isOurs = (old: Element) => isSame(old, node) && !witness.leaving.has(old) && !isOthers(old);
  while (old !== end && !isOurs(old as Element)) old = elementFrom(nextSibling(old!), end);
  return old === end ? null : (old as ChildNode);
}

/**
 * A control keeps its typed value only where it means the same field, an ignored element its
 * content only where it is to be ignored still.
 */
function isSame(old: Element, fresh: Element): boolean {
  const same = (name: string) => getAttribute(old, name) === getAttribute(fresh, name);
  // A component's nodes are of nobody else.
  // A portal takes along what it shows.
  if (extra?.portals.has(old)) return false;
  if (matches(old, "[data-phx-component]") && !same("data-phx-component")) return false;
  // So is what a view shows.
  if (matches(old, VIEW) !== matches(fresh, VIEW)) return false;
  if (localName(old) !== localName(fresh) || !same("id") || !same("phx-update")) return false;
  return !controlOf(old) || (same("name") && same("type"));
}

/** The parser joins adjacent texts: splitting keeps a selection in them. */
function fitText(old: CharacterData, data: string): void {
  if (old instanceof Text && old.length > data.length && old.data.startsWith(data)) {
    old.splitText(data.length);
  } else {
    writeData(old, data);
  }
}

/** Parts write to the fresh element until the old one is free and takes over what it has become. */
function fitElement(old: Element, fresh: Element, kept: Kept, rebase: () => void): void {
  const isView = matches(old, VIEW);
  let isLate = false;
  whenFree(old, () => {
    // A view's element has classes of its own.
    const names = [...attributes(fresh), ...(isView ? [] : attributes(old))].map(({ name }) => name);
    for (const name of new Set(names)) {
      const value = getAttribute(fresh, name);
      if (!keepsOthers(old, name, value)) writeAttribute(old, name, value);
    }
    // What an element of the application's gave itself before this script ran is not ours.
    const isOwn = witness.isJoin && localName(old).includes("-") && !firstChild(contentOf(fresh));
    if (!isView && !isOwn && !matches(old, IGNORED)) {
      morph(contentOf(old), firstChild(contentOf(old)), null, contentOf(fresh), kept, rebase);
    }
    if (isLate) rebase();
  });
  isLate = true;
}

// Making anew what the page has lost to others: a translation puts elements in the
// place of texts, a script takes nodes out.
//
// Whoever is to write to a node that is gone (parts.ts) has the instance around it
// mended: a new copy of its template, to which its parts move with all that they
// show, is fitted to what is left of the old one.

import type { List } from "../list.ts";
import type { Kept } from "../morph.ts";
import type { ChildPart, Instance, Part, TextPart } from "../parts.ts";
import type { Tree } from "../tree.ts";
import type { Component } from "../extra/component.ts";
import type { Stream } from "../extra/stream.ts";
import { core, document } from "./core.ts";

/** An instance that stands nowhere any more is left in a fragment of its own. */
export function mend(instance: Instance): void {
  const { template, parts, last } = instance;
  const first = instance.firstNode();
  const parent = instance.isIn(core.parentNode(first)) && core.parentNode(first);
  const old = core.siblings(first, last);
  const content = template.content.cloneNode(true) as DocumentFragment;
  const nodes = template.find(content);
  instance.first = content.firstChild!;
  instance.last = content.lastChild!;
  parts.forEach((part, at) => rehome(part, nodes[at]!));
  template.detach(content);
  if (parent) fit(instance, parent, old.find((node) => core.parentNode(node) === parent), core.nextSibling(old.at(-1)!), content);
  else new DocumentFragment().append(...old);
}

export function mendTree(tree: Tree): void {
  const anchor = new Text();
  const content = new DocumentFragment();
  content.append(anchor);
  rehome(tree.root, anchor);
  fit(tree, tree.el, tree.el.firstChild!, null, content);
}

/** One whose element was taken out comes back where its part is. */
export function mendComponent({ place, body }: Component): void {
  const anchor = new Text();
  if (place?.anchor.parentNode) place.anchor.before(anchor);
  else new DocumentFragment().append(anchor);
  body.anchor.remove();
  rehome(body, anchor);
}

function fit(whole: Instance | Tree, parent: Node, rest: ChildNode | undefined, end: ChildNode | null, content: Node): void {
  const kept: Kept = new Map();
  const rebase = () => whole.rebase(kept);
  core.morph(parent, rest ?? end, end, content, kept, rebase);
  rebase();
}

/** Lets a part write to another node, and shows there what it showed. */
function rehome(part: Part, node: Node): void {
  if (part instanceof core.ChildPart) return rehomeChild(part, node as Text);
  const text = part as TextPart;
  text.node = node;
  text.text = undefined;
  text.names = [];
  text.commit();
}

function rehomeChild(part: ChildPart, anchor: Text): void {
  const { value } = part;
  const nodes = nodesOf(value);
  part.anchor = anchor;
  part.first = null;
  if (part.hasBody) {
    const body = document.createElement("tbody");
    anchor.replaceWith(body);
    body.append(anchor);
  }
  for (const node of nodes) anchor.before(node);
  if (!value || typeof value !== "string") return;
  part.value = "";
  part.showText(value);
}

function nodesOf(value: ChildPart["value"]): ChildNode[] {
  if (typeof value === "string") return [];
  if ("body" in value) return core.siblings(value.firstNode(), value.body.anchor);
  if (value instanceof core.Instance) return nodesOfInstance(value);
  const { entries } = value as List;
  if (entries) return entries.flatMap(nodesOfInstance);
  // Items are known by their ids alone; where they stand says in which order.
  const position = core.native<(node: Node, other: Node) => number>("compareDocumentPosition");
  const items = [...(value as Stream).items.values()].map(nodesOfInstance);
  return items.sort(([one], [other]) => (position(one!, other!) & 4 ? -1 : 1)).flat();
}

function nodesOfInstance(instance: Instance): ChildNode[] {
  if (!instance.isIn(core.parentNode(instance.firstNode()))) mend(instance);
  return core.siblings(instance.firstNode(), instance.last);
}

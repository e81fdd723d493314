// The parts of the page that dynamics write, and the instances that hold them.
//
// An instance is a clone of a template with one part for each slot; a diff
// walks down to the parts that it names and nowhere else. An instance's nodes
// are siblings, from `firstNode()` to `last`. The live DOM holds no comment
// markers: a child part ends at a text node of its own (`anchor`), which shows
// the value itself when that is plain text and is empty behind any other.
// Lists are in list.ts; the one road that writes to the page is writes.ts.

import { List } from "./list.ts";
import { morph } from "./morph.ts";
import type { Kept } from "./morph.ts";
import { merge, print } from "./rendered.ts";
import { parse, SlotKind, templateOf } from "./template.ts";
import type { Namespace, Slot, Template } from "./template.ts";
import { isIndex, isKeyed, Key } from "./wire.ts";
import type { Dynamic, Rendered, Statics } from "./wire.ts";
import { insert, removeRange, writeAttribute, writeData } from "./writes.ts";

export interface Part {
  /** Takes a new dynamic or a diff for it. */
  take(index: number, dynamic: Dynamic): void;
  /** Writes what was taken, if that waits for its neighbours. */
  commit(): void;
  /** Follows nodes that a morph has kept in place of fresh ones. */
  rebase(kept: Kept): void;
}

export class Instance {
  readonly template: Template;
  readonly #parts: Part[];
  #first: ChildNode;
  /** The part that the nodes begin with, if they begin with one. */
  readonly #lead: ChildPart | undefined;
  last: ChildNode;
  /** Only for printed templates, which hold no dynamics in parts. */
  #rendered: Dynamic | undefined;

  /** Appends the new instance's nodes to `target`. */
  constructor(rendered: Rendered, statics: Statics, namespace: Namespace, target: Node) {
    this.template = templateOf(statics, namespace);
    const content = this.template.content.cloneNode(true);
    this.#first = content.firstChild!;
    this.last = content.lastChild!;
    const nodes = this.template.slots.map((slot) =>
      slot.path.reduce<Node>((node, index) => node.childNodes[index]!, content),
    );
    this.#parts = this.template.slots.map((slot, index) => newPart(slot, nodes[index]!));
    this.#lead = this.#parts.find(
      (part): part is ChildPart => part instanceof ChildPart && part.anchor === this.#first,
    );
    this.update(rendered);
    target.appendChild(content);
  }

  update(diff: Rendered): void {
    const { printed, slotOf, statics } = this.template;
    if (printed) {
      this.#rendered = merge(this.#rendered, this.#rendered ? diff : { ...diff, [Key.Statics]: statics });
      this.#parts[0]!.take(0, print(this.#rendered));
      return;
    }
    const touched = new Set<Part>();
    for (const key in diff) {
      if (!isIndex(key)) continue;
      const part = this.#parts[slotOf[+key]!]!;
      part.take(+key, diff[+key]!);
      touched.add(part);
    }
    for (const part of touched) part.commit();
  }

  firstNode(): ChildNode {
    return this.#lead?.firstNode() ?? this.#first;
  }

  /** The id of the first root element. */
  id(): string | undefined {
    let node: ChildNode | null = this.firstNode();
    while (node !== this.last && !(node instanceof Element)) node = node!.nextSibling;
    return (node as Partial<Element>).id;
  }

  rebase(kept: Kept): void {
    this.#first = follow(kept, this.#first);
    this.last = follow(kept, this.last);
    for (const part of this.#parts) part.rebase(kept);
  }
}

function follow<N extends Node>(kept: Kept, node: N): N {
  return (kept.get(node) as N | undefined) ?? node;
}

function newPart(slot: Slot, node: Node): Part {
  if (slot.kind === SlotKind.Child) return new ChildPart(node as Text, slot.namespace);
  if (slot.kind === SlotKind.Tag) return new TagPart(node as Element, slot.namespace);
  return new ComposedPart(node, slot);
}

/** Any content between tags. */
export class ChildPart implements Part {
  anchor: Text;
  readonly #namespace: Namespace;
  #value: string | Instance | List = "";
  /** Where the nodes of a markup value begin. */
  #first: ChildNode | null = null;

  constructor(anchor: Text, namespace: Namespace) {
    this.anchor = anchor;
    this.#namespace = namespace;
  }

  /** Takes nodes that are there already, up to the anchor, as the value. */
  adopt(first: ChildNode): void {
    this.#first = first;
  }

  take(_index: number, dynamic: Dynamic): void {
    const value = this.#value;
    if (typeof dynamic !== "object") {
      if (dynamic !== value) this.#show(dynamic);
      return;
    }
    const statics = dynamic[Key.Statics];
    const isKnown = (known: Statics) => !statics || statics === known;
    if (isKeyed(dynamic)) {
      if (value instanceof List && isKnown(value.statics)) {
        value.update(dynamic[Key.Entries], this.anchor);
        return;
      }
    } else if (value instanceof Instance && isKnown(value.template.statics)) {
      value.update(dynamic);
      return;
    }
    const fresh = document.createDocumentFragment();
    const content = isKeyed(dynamic)
      ? new List(dynamic[Key.Entries], statics!, this.#namespace, fresh)
      : new Instance(dynamic, statics!, this.#namespace, fresh);
    const kept = this.#fit(fresh);
    if (kept.size) content.rebase(kept);
    this.#value = content;
    this.#first = null;
  }

  #show(text: string): void {
    const fresh = /[<&]/.test(text) ? parse(text, this.#namespace) : null;
    if (!fresh || fresh.textContent === fresh.firstChild?.nodeValue) {
      removeRange(this.firstNode(), this.anchor);
      writeData(this.anchor, fresh?.textContent ?? text);
      this.#first = null;
    } else {
      const first = fresh.firstChild!;
      this.#first = follow(this.#fit(fresh), first);
    }
    this.#value = text;
  }

  /** Puts fresh nodes in the place of the present ones. */
  #fit(fresh: Node): Kept {
    const { anchor } = this;
    const kept: Kept = new Map();
    const first = this.firstNode();
    writeData(anchor, "");
    if (first === anchor) insert(anchor.parentNode!, fresh, anchor);
    else morph(anchor.parentNode!, first, anchor, fresh, kept);
    return kept;
  }

  firstNode(): ChildNode {
    const value = this.#value;
    return (typeof value === "string" ? this.#first : value.firstNode()) ?? this.anchor;
  }

  commit(): void {}

  rebase(kept: Kept): void {
    this.anchor = follow(kept, this.anchor);
    if (this.#first) this.#first = follow(kept, this.#first);
    if (typeof this.#value !== "string") this.#value.rebase(kept);
  }
}

/** Whole attributes, any number, between the written ones of a tag. */
class TagPart implements Part {
  #element: Element;
  readonly #namespace: Namespace;
  #value: Dynamic = "";
  #text = "";
  #names: string[] = [];

  constructor(element: Element, namespace: Namespace) {
    this.#element = element;
    this.#namespace = namespace;
  }

  take(_index: number, dynamic: Dynamic): void {
    this.#value = merge(this.#value, dynamic);
  }

  commit(): void {
    const text = print(this.#value);
    if (text === this.#text) return;
    this.#text = text;
    const markup = `<${this.#element.localName} ${text}>`;
    const attributes = [...parse(markup, this.#namespace).firstElementChild!.attributes];
    const names = attributes.map(({ name }) => name);
    for (const name of this.#names) {
      if (!names.includes(name)) writeAttribute(this.#element, name, null);
    }
    for (const { name, value } of attributes) writeAttribute(this.#element, name, value);
    this.#names = names;
  }

  rebase(kept: Kept): void {
    this.#element = follow(kept, this.#element);
  }
}

/** One string of several statics and dynamics: an attribute, or text-only content. */
class ComposedPart implements Part {
  #node: Node;
  readonly #slot: Slot;
  readonly #values: Dynamic[] = [];
  #text: string | undefined;

  constructor(node: Node, slot: Slot) {
    this.#node = node;
    this.#slot = slot;
  }

  take(index: number, dynamic: Dynamic): void {
    const at = index - this.#slot.first;
    this.#values[at] = merge(this.#values[at], dynamic);
  }

  commit(): void {
    const { kind, strings, name, escaped } = this.#slot;
    const text = strings.reduce((text, string, at) => text + print(this.#values[at - 1]) + string);
    if (text === this.#text) return;
    this.#text = text;
    const plain = escaped ? unescape(text) : text;
    if (kind === SlotKind.Attribute) writeAttribute(this.#node as Element, name, plain);
    else writeData(this.#node as CharacterData, plain);
  }

  rebase(kept: Kept): void {
    this.#node = follow(kept, this.#node);
  }
}

let decoder: HTMLTextAreaElement | undefined;

function unescape(text: string): string {
  if (!text.includes("&")) return text;
  decoder ??= document.createElement("textarea");
  decoder.innerHTML = text;
  return decoder.textContent!;
}

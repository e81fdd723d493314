// The parts of the page that dynamics write, and the instances that hold them.
//
// An instance is a clone of a template with one part for each slot; a diff
// walks down to the parts that it names and nowhere else. An instance's nodes
// are siblings, from `firstNode()` to `last`. The live DOM holds no comment
// markers: a child part ends at a text node of its own (`anchor`), which shows
// the value itself when that is plain text and is empty behind any other.
// Lists are in list.ts; the one road that writes to the page is writes.ts.

import type { Component } from "./extra/component.ts";
import { extra } from "./extra.ts";
import type { Stream } from "./extra/stream.ts";
import { forms } from "./forms.ts";
import { List } from "./list.ts";
import { whenFree } from "./marks.ts";
import { mender, withMender } from "./mend.ts";
import { elementFrom, morph } from "./morph.ts";
import type { Kept } from "./morph.ts";
import { document, localName, matches, parentNode } from "./natives.ts";
import { unobserved } from "./others.ts";
import { cut, merge, print } from "./rendered.ts";
import { parse, SlotKind, templateOf } from "./template.ts";
import type { Namespace, Slot, Template } from "./template.ts";
import { indicesOf, isKeyed, Key } from "./wire.ts";
import type { Dynamic, Keyed, Rendered, Statics } from "./wire.ts";
import { removeUpTo, spliceData, witness, writeAttribute, writeData } from "./writes.ts";

/** What a child part shows when it is no string. */
interface Content {
  readonly statics: Statics;
  update(diff: Rendered | Keyed, anchor: Text): void;
  firstNode(): ChildNode | undefined;
  /** All of it, as a message would bring it. */
  snapshot(): Dynamic;
  rebase(kept: Kept): void;
}

export interface Part {
  /** Where it writes. */
  readonly node: Node;
  /** Takes a new dynamic or a diff for it. */
  take(index: number, dynamic: Dynamic): void;
  /** Writes what was taken, if that waits for its neighbours. */
  commit?(): void;
  snapshot(index: number): Dynamic;
  /** Whether what it writes to is where it was put. */
  isSound(): boolean;
  /** Follows nodes that a morph has kept in place of fresh ones. */
  rebase(kept: Kept): void;
}

/** What is no private field here is seen by mend/instances.ts. */
export class Instance implements Content {
  readonly statics: Statics;
  readonly template: Template;
  readonly parts: Part[];
  first: ChildNode;
  /** The part that the nodes begin with, if they begin with one. */
  readonly lead: ChildPart | undefined;
  last: ChildNode;
  /** Only for printed templates, which hold no dynamics in parts. */
  #rendered: Dynamic | undefined;

  /** Appends the new instance's nodes to `target`, else leaves them in a fragment of their own. */
  constructor(rendered: Rendered, statics: Statics, namespace: Namespace, target?: Node) {
    const template = templateOf(statics, namespace);
    const content = template.content.cloneNode(true) as DocumentFragment;
    this.statics = statics;
    this.template = template;
    this.first = content.firstChild!;
    this.last = content.lastChild!;
    const nodes = template.find(content);
    this.parts = template.slots.map(({ kind, namespace }, at) =>
      kind === SlotKind.Child ? new ChildPart(nodes[at] as Text, namespace) : new TextPart(nodes[at]!, template.slots[at]!),
    );
    this.lead = (this.parts as ChildPart[]).find(({ anchor }) => anchor === this.first);
    this.update(rendered);
    template.detach(content);
    target?.appendChild(content);
  }

  update(diff: Rendered): void {
    const { isPrinted, slotOf } = this.template;
    witness.part = this.statics;
    const touched = isPrinted ? this.parts : indicesOf(diff).map((index) => this.parts[slotOf[index]!]!);
    if (!this.isIn(parentNode(this.firstNode())) || !touched.every((part) => part.isSound())) {
      if (!mender) return withMender(() => unobserved(() => this.update(diff)));
      mender.mend(this);
    }
    if (isPrinted) {
      this.#rendered = merge(this.#rendered, this.#rendered ? diff : { ...diff, [Key.Statics]: this.statics });
      this.parts[0]!.take(0, print(this.#rendered));
      return;
    }
    const taken = indicesOf(diff).map((index) => {
      const part = this.parts[slotOf[index]!]!;
      part.take(index, diff[index]!);
      return part;
    });
    for (const part of taken) if (part.commit) whenFree(part.node, () => part.commit!());
  }

  firstNode(): ChildNode {
    return this.lead?.firstNode() ?? this.first;
  }

  /** Whether its nodes are children of this one, as far as first and last tell. */
  isIn(parent: Node | null): boolean {
    return !!parent && parentNode(this.firstNode()) === parent && parentNode(this.last) === parent;
  }

  /** The first root element, if there is one. */
  element(): Element {
    return elementFrom(this.firstNode(), this.last) as Element;
  }

  snapshot(): Rendered {
    if (this.#rendered) return this.#rendered as Rendered;
    const { slotOf } = this.template;
    const dynamics = slotOf.map((slot, index) => this.parts[slot]!.snapshot(index));
    return { [Key.Statics]: this.statics, ...dynamics };
  }

  rebase(kept: Kept): void {
    this.first = follow(kept, this.first);
    this.last = follow(kept, this.last);
    for (const part of this.parts) part.rebase(kept);
  }
}

function follow<N extends Node>(kept: Kept, node: N): N {
  return (kept.get(node) as N | undefined) ?? node;
}

/** Any content between tags. */
export class ChildPart implements Part {
  anchor: Text;
  readonly #namespace: Namespace;
  value: string | Content | Component = "";
  /** What it has taken but can't show while an element around it waits. */
  readonly #due: Dynamic[] = [];
  /** Of the text that was written into the anchor. */
  #length = 0;
  /** Where the nodes of a markup value begin. */
  first: ChildNode | null;
  /** Whether its rows were given a body, as the parser does where the source has none. */
  hasBody = false;

  /** Nodes that are there already, from `first` up to the anchor, are its value. */
  constructor(anchor: Text, namespace: Namespace, first: ChildNode | null = null) {
    this.anchor = anchor;
    this.#namespace = namespace;
    this.first = first;
  }

  get node(): Node {
    return this.anchor;
  }

  take(_index: number, dynamic: Dynamic): void {
    this.#due.push(dynamic);
    whenFree(this.anchor, () => this.#show(this.#due.shift()!));
  }

  #show(dynamic: Dynamic): void {
    const value = this.value;
    if (typeof dynamic === "string") {
      // A stream of which there is nothing to say stays as it is.
      if (dynamic !== value && (dynamic || witness.isJoin || !isStream(value))) this.showText(dynamic);
      return;
    }
    if (typeof dynamic === "number") {
      this.#place(dynamic);
      return;
    }
    if (Array.isArray(dynamic)) {
      const { anchor } = this;
      // From the end: what stands in front may be long, and is not looked at.
      const [, deleted, rest] = cut(value as string, dynamic);
      const count = unescape(deleted).length;
      const text = merge(value as string, dynamic) as string;
      // Somebody else has written in it.
      if (anchor.length !== this.#length) return this.showText(text);
      spliceData(anchor, anchor.length - unescape(rest).length - count, count, unescape(dynamic[2]));
      this.#length = anchor.length;
      this.value = text;
      return;
    }
    const statics = dynamic[Key.Statics];
    // The message has brought the extra along.
    const Kind = Key.Stream in dynamic ? extra!.Stream : isKeyed(dynamic) ? List : Instance;
    if (value instanceof Kind && (!statics || statics === value.statics)) {
      (value as Content).update(dynamic, this.anchor);
      return;
    }
    this.clear();
    const fresh = new DocumentFragment();
    const content: Content = new Kind(dynamic as Rendered & Keyed, statics!, this.#namespace, fresh);
    this.#fit(fresh, content);
    this.value = content;
    this.first = null;
    if (isStream(content)) content.update(dynamic as Keyed, this.anchor);
  }

  #place(cid: number): void {
    const value = this.value;
    const component = extra!.componentOf(cid, value, this.#namespace);
    if (component === value) return;
    this.clear();
    component.place?.clear();
    const fresh = new DocumentFragment();
    if (component.place === undefined) {
      component.moveTo(fresh, null);
      this.#fit(fresh, component);
    } else {
      this.#fit(fresh);
      component.moveTo(this.anchor.parentNode!, this.anchor);
    }
    component.place = this;
    this.value = component;
    this.first = null;
  }

  /** Gives up what has places of its own; what is left are nodes up to the anchor. */
  clear(): void {
    const value = this.value as Partial<Component>;
    if (!value.clear) return;
    value.clear();
    this.value = "";
  }

  showText(text: string): void {
    this.clear();
    const fresh = /[<&]/.test(text) ? parse(text, this.#namespace) : null;
    if (!fresh) this.#fitBody();
    if (!fresh || fresh.textContent === fresh.firstChild?.nodeValue) {
      removeUpTo(this.firstNode(), this.anchor);
      writeData(this.anchor, fresh?.textContent ?? text);
      this.#length = this.anchor.length;
      this.first = null;
    } else {
      const first = fresh.firstChild!;
      this.first = follow(this.#fit(fresh), first);
    }
    this.value = text;
  }

  /** Puts fresh nodes in the place of the present ones; `content` follows those that are kept. */
  #fit(fresh: DocumentFragment, content?: Content | Component): Kept {
    const { anchor } = this;
    const kept: Kept = new Map();
    const rebase = () => content?.rebase(kept);
    this.#fitBody(fresh);
    writeData(anchor, "");
    morph(anchor.parentNode!, this.firstNode(), anchor, fresh, kept, rebase);
    rebase();
    return kept;
  }

  /** Goes into a body with rows that have none, and out of it for anything else, such as text. */
  #fitBody(fresh?: DocumentFragment): void {
    const { anchor } = this;
    const parent = anchor.parentElement;
    const first = fresh && fresh.firstElementChild;
    const isRows = !!first && matches(first, "tr");
    // What begins with no element may be rows yet.
    if (first === null || (isRows ? !matches(parent!, "table") : !this.hasBody)) return;
    removeUpTo(this.firstNode(), anchor);
    this.first = null;
    this.value = "";
    this.hasBody = isRows;
    if (isRows) parent!.insertBefore(document.createElement("tbody"), anchor).append(anchor);
    else parent!.replaceWith(anchor);
  }

  snapshot(): Dynamic {
    const value = this.value;
    const shown = typeof value === "string" ? value : value.snapshot();
    return this.#due.reduce<Dynamic>(merge, shown);
  }

  firstNode(): ChildNode {
    const value = this.value;
    return (typeof value === "string" ? this.first : value.firstNode()) ?? this.anchor;
  }

  isSound(): boolean {
    const parent = this.anchor.parentNode;
    const { last } = this.value as Partial<Instance>;
    return !!parent && parentNode(this.firstNode()) === parent && (!last || parentNode(last) === parent);
  }

  rebase(kept: Kept): void {
    this.anchor = follow(kept, this.anchor);
    if (this.first) this.first = follow(kept, this.first);
    if (typeof this.value !== "string") this.value.rebase(kept);
  }
}

/** Statics and dynamics joined to one text: an attribute, whole attributes in a tag, or data. */
export class TextPart implements Part {
  node: Node;
  readonly #slot: Slot;
  readonly #values: Dynamic[] = [];
  text: string | undefined;
  /** The attributes that a tag's text has given. */
  names: string[] = [];

  constructor(node: Node, slot: Slot) {
    this.node = node;
    this.#slot = slot;
    this.#bind();
  }

  /** The server knows what it writes here. */
  #bind(): void {
    const { kind, name } = this.#slot;
    if (kind === SlotKind.Data) forms?.bind(this.node.parentNode as Element, "value");
    else for (const state of [name, ...this.names]) forms?.bind(this.node as Element, state);
  }

  take(index: number, dynamic: Dynamic): void {
    const at = index - this.#slot.first;
    this.#values[at] = merge(this.#values[at], dynamic);
  }

  commit(): void {
    const { kind, strings, name } = this.#slot;
    const text = strings.reduce((text, string, at) => text + print(this.#values[at - 1]) + string);
    if (text === this.text) return;
    this.text = text;
    if (kind === SlotKind.Attribute) writeAttribute(this.node as Element, name, unescape(text));
    else if (kind === SlotKind.Tag) this.#writeTag(text);
    // Of the elements that hold only text, textarea and title decode references.
    else writeData(this.node as CharacterData, name[0] === "t" ? unescape(text) : text);
  }

  snapshot(index: number): Dynamic {
    return this.#values[index - this.#slot.first]!;
  }

  #writeTag(text: string): void {
    const element = this.node as Element;
    const { attributes } = parse(`<${localName(element)} ${text}>`, this.#slot.namespace).firstElementChild!;
    const values = [...attributes];
    const names = values.map(({ name }) => name);
    for (const name of this.names) if (!names.includes(name)) writeAttribute(element, name, null);
    for (const { name, value } of values) writeAttribute(element, name, value);
    this.names = names;
    this.#bind();
  }

  isSound(): boolean {
    return !!parentNode(this.node);
  }

  rebase(kept: Kept): void {
    this.node = follow(kept, this.node);
    this.#bind();
  }
}

function unescape(text: string): string {
  return text.includes("&") ? parse(text.replaceAll("<", "&lt;"), "").textContent! : text;
}

function isStream(value: unknown): value is Stream {
  return !!extra && value instanceof extra.Stream;
}

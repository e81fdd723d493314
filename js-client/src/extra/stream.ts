// A stream: a list whose items the server has forgotten, so that messages name
// them by the ids of their elements (protocol.md §4.7).
//
// Its items are children of the element around its part, among others that are
// not its own; they carry `data-phx-stream`. Used by parts.ts only.

import type { Kept } from "../morph.ts";
import type { Instance } from "../parts.ts";
import type { Namespace } from "../template.ts";
import { Key } from "../wire.ts";
import type { Keyed, Rendered, Statics } from "../wire.ts";
import { makeUnshown } from "./component.ts";
import { childrenOf, core } from "./core.ts";

export class Stream {
  readonly statics: Statics;
  readonly #namespace: Namespace;
  readonly items = new Map<string, Instance>();
  #ref: string | undefined;

  constructor(_keyed: Keyed, statics: Statics, namespace: Namespace) {
    this.statics = statics;
    this.#namespace = namespace;
  }

  /** Items stand anywhere in the element: they are no range before an anchor. */
  firstNode(): undefined {}

  snapshot(): Keyed {
    return { [Key.Statics]: this.statics, [Key.Entries]: { [Key.Count]: 0 }, [Key.Stream]: ["", [], []] };
  }

  rebase(kept: Kept): void {
    for (const item of this.items.values()) item.rebase(kept);
  }

  update(keyed: Keyed, anchor: Text): void {
    const parent = anchor.parentNode as Element;
    const [ref, inserts, deleted, reset] = keyed[Key.Stream]!;
    const entries = core.entriesOf(keyed) as Rendered[];
    const inserted = new Set(inserts.map(([id]) => id));
    // Another stream in the place of one has none of its items.
    const isOther = this.#ref !== ref;
    this.#ref = ref;
    /** Taken out only to be put in again; they don't count until then. */
    const returning = new Set<Element>();
    for (const id of reset || isOther || core.witness.isJoin ? this.items.keys() : deleted) {
      const item = this.items.get(id);
      if (item && inserted.has(id)) returning.add(item.element());
      else this.#remove(item, id);
    }
    /** Items stand before their part, and what is behind that stays there. */
    const before = (child?: Element | null) => (child && !(anchor.compareDocumentPosition(child) & 4) ? child : anchor);
    /** The children to be, where they can't be the page's at once. */
    const order = returning.size ? [...childrenOf(parent)].filter((child) => !returning.has(child)) : undefined;
    // The inserts of the entries, last first.
    inserts.reverse().forEach(([id, at, limit, updateOnly], index) => {
      const entry = entries[index]!;
      const nodes = new DocumentFragment();
      let item = this.items.get(id);
      if (updateOnly && !item) return makeUnshown(entry, this.#namespace);
      const former = item?.element();
      if (item) item.update(entry);
      else this.items.set(id, (item = new core.Instance(entry, this.statics, this.#namespace, nodes)));
      const element = item.element();
      const isReturning = returning.has(former!);
      if (isReturning) returning.add(element);
      const isThere = core.parentNode(element) === parent;
      core.writeAttribute(element, "data-phx-stream", ref);
      if (isThere && !isReturning) return;
      const children = order ?? childrenOf(parent);
      const place = this.#indexFor(at, children, anchor);
      if (!isThere) {
        // New, or taken elsewhere by the application.
        core.moveRange(nodes, item.firstNode(), item.last, null);
        core.insert(parent, nodes, before(children[place]));
      }
      order?.splice(place, 0, element);
      if (limit !== null) this.#trim(limit, children, order);
    });
    let next: Element | null = null;
    const own = order && this.#own();
    for (const child of order?.reverse() ?? []) {
      const item = this.items.get(own!.get(child)!);
      if (core.elementFrom(core.nextSibling(child), null) !== next) core.moveRange(parent, item?.firstNode() ?? child, item?.last ?? child, before(next));
      next = child;
    }
  }

  clear(): void {
    for (const [id, item] of this.items) this.#remove(item, id);
  }

  /** Which elements are items, and their ids; what an attribute says the parser may have changed. */
  #own(): Map<Element, string> {
    return new Map([...this.items].map(([id, item]) => [item.element(), id]));
  }

  /**
   * Where an item goes: at a position, which counts nothing of others and nothing behind the part,
   * or behind the last item.
   */
  #indexFor(at: number, children: ArrayLike<Element>, anchor: Text): number {
    const { length } = children;
    let place = 0;
    const isBehind = (child: Element) => anchor.compareDocumentPosition(child) & 4;
    for (let left = at; left > 0 && place < length && !isBehind(children[place]!); place++) {
      if (!core.isOthers(children[place]!)) left--;
    }
    if (at >= 0) return place;
    if (!length || core.matches(children[length - 1]!, "[data-phx-stream]")) return length;
    const own = this.#own();
    for (place = length; place && !own.has(children[place - 1]!); ) place--;
    // The first one where its part stands.
    const next = core.elementFrom(anchor, null) as Element;
    return place || (next ? Array.from(children).indexOf(next) : length);
  }

  /** Keeps the first so many items, or with a negative limit the last. */
  #trim(limit: number, children: ArrayLike<Element>, order?: Element[]): void {
    const own = this.#own();
    const items = Array.from(children).filter((child) => own.has(child));
    for (const child of limit < 0 ? items.slice(0, limit) : items.slice(limit)) {
      const id = own.get(child)!;
      this.#remove(this.items.get(id), id);
      order?.splice(order.indexOf(child), 1);
    }
  }

  #remove(item: Instance | undefined, id: string): void {
    this.items.delete(id);
    if (item) core.removeRange(item.firstNode(), item.last);
  }
}

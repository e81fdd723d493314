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
import { core } from "./core.ts";

export class Stream {
  readonly statics: Statics;
  readonly #namespace: Namespace;
  readonly #items = new Map<string, Instance>();

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
    for (const item of this.#items.values()) item.rebase(kept);
  }

  update(keyed: Keyed, anchor: Text): void {
    const parent = anchor.parentNode as Element;
    const [ref, inserts, deleted, reset] = keyed[Key.Stream]!;
    const orders = new Map(inserts.map(([id, ...order]) => [id, order]));
    /** Taken out only to be put in again; they don't count until then. */
    const returning = new Set<Element>();
    for (const id of reset || core.witness.isJoin ? this.#items.keys() : deleted) {
      const item = this.#items.get(id);
      if (item && orders.has(id)) returning.add(item.element());
      else this.#remove(item, id);
    }
    /** The children to be, where they can't be the page's at once. */
    const order = returning.size ? [...parent.children].filter((child) => !returning.has(child)) : undefined;
    for (const entry of core.entriesOf(keyed) as Rendered[]) {
      const id = core.idOf(entry, this.statics, this.#namespace);
      const [at, limit, updateOnly] = orders.get(id)!;
      const nodes = new DocumentFragment();
      let item = this.#items.get(id);
      if (updateOnly && !item) continue;
      if (item) item.update(entry);
      else this.#items.set(id, (item = new core.Instance(entry, this.statics, this.#namespace, nodes)));
      const element = item.element();
      const isThere = element.parentNode === parent;
      core.writeAttribute(element, "data-phx-stream", ref);
      if (isThere && !returning.has(element)) continue;
      const children = order ?? parent.children;
      const index = this.#indexFor(at, children);
      if (!isThere) {
        // New, or taken elsewhere by the application.
        core.moveRange(nodes, item.firstNode(), item.last, null);
        core.insert(parent, nodes, children[index] ?? null);
      }
      order?.splice(index, 0, element);
      if (limit !== null) this.#trim(limit, children, order);
    }
    let next: Element | null = null;
    for (const child of order?.reverse() ?? []) {
      const item = this.#items.get(child.id);
      if (child.nextElementSibling !== next) core.moveRange(parent, item?.firstNode() ?? child, item?.last ?? child, next);
      next = child;
    }
  }

  clear(): void {
    for (const [id, item] of this.#items) this.#remove(item, id);
  }

  /** Where an item goes: at a position, or behind the last item. */
  #indexFor(at: number, children: ArrayLike<Element>): number {
    const { length } = children;
    if (at >= 0) return at;
    if (!length || this.#items.has(children[length - 1]!.id)) return length;
    return Array.from(children).findIndex(({ id }) => !this.#items.has(id));
  }

  /** Keeps the first so many items, or with a negative limit the last. */
  #trim(limit: number, children: ArrayLike<Element>, order?: Element[]): void {
    const items = Array.from(children).filter(({ id }) => this.#items.has(id));
    for (const child of limit < 0 ? items.slice(0, limit) : items.slice(limit)) {
      this.#remove(this.#items.get(child.id), child.id);
      order?.splice(order.indexOf(child), 1);
    }
  }

  #remove(item: Instance | undefined, id: string): void {
    this.#items.delete(id);
    if (item) core.removeRange(item.firstNode(), item.last.nextSibling);
  }
}

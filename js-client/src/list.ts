// A keyed list: one instance for each entry, moved as few times as possible.
//
// The entries' nodes follow one another up to the anchor of the child part
// that holds the list. Messages name entries by index, before and after
// (protocol.md §4.5). Used by parts.ts only.

import type { Kept } from "./morph.ts";
import { Instance } from "./parts.ts";
import type { Namespace } from "./template.ts";
import { isIndex, Key } from "./wire.ts";
import type { Entries, Entry, Rendered, Statics } from "./wire.ts";
import { insert, move, removeRange } from "./writes.ts";

export class List {
  readonly statics: Statics;
  readonly #namespace: Namespace;
  #entries: Instance[] = [];

  constructor(entries: Entries, statics: Statics, namespace: Namespace, target: Node) {
    this.statics = statics;
    this.#namespace = namespace;
    for (let index = 0; index < entries[Key.Count]; index++) {
      this.#entries.push(this.#create(entries[index] as Rendered, target));
    }
  }

  #create(rendered: Rendered, target: Node): Instance {
    return new Instance(rendered, this.statics, this.#namespace, target);
  }

  firstNode(): ChildNode | null {
    return this.#entries[0]?.firstNode() ?? null;
  }

  rebase(kept: Kept): void {
    for (const entry of this.#entries) entry.rebase(kept);
  }

  update(diff: Entries, anchor: Text): void {
    if (diff[Key.Moved]) this.#rearrange(diff, anchor);
    else this.#change(diff, anchor);
  }

  /** Nothing has moved: entries change where they are, come or go at the end. */
  #change(diff: Entries, anchor: Text): void {
    const entries = this.#entries;
    const appended = document.createDocumentFragment();
    for (const key in diff) {
      if (!isIndex(key)) continue;
      const rendered = diff[+key] as Rendered;
      const entry = entries[+key];
      if (!entry) {
        entries[+key] = this.#create(rendered, appended);
        continue;
      }
      const fresh = document.createDocumentFragment();
      const other = this.#other(entry, rendered, fresh);
      if (other) {
        const first = entry.firstNode();
        insert(anchor.parentNode!, fresh, first);
        removeRange(first, entry.last.nextSibling);
        entries[+key] = other;
      } else {
        entry.update(rendered);
      }
    }
    if (appended.firstChild) insert(anchor.parentNode!, appended, anchor);
    const gone = entries[diff[Key.Count]];
    if (gone) removeRange(gone.firstNode(), anchor);
    entries.length = diff[Key.Count];
  }

  /**
   * A new entry at an index that was taken looks like a change of all dynamics.
   * Where its id tells it from the old one it gets nodes of its own, so that
   * focus and typed text don't pass from one entry to another.
   */
  #other(entry: Instance, rendered: Rendered, fresh: DocumentFragment): Instance | undefined {
    const isWhole = Object.keys(rendered).length >= this.statics.length - 1;
    const id = isWhole && entry.id();
    if (!id) return;
    const other = this.#create(rendered, fresh);
    return other.id() === id ? undefined : other;
  }

  #rearrange(diff: Entries, anchor: Text): void {
    const old = this.#entries;
    const count = diff[Key.Count];
    const claimed = new Set<number>();
    for (let index = 0; index < count; index++) {
      const source = sourceOf(diff[index]);
      if (source !== undefined) claimed.add(source);
    }
    /** Where each entry that stays was before. */
    const sources = new Map<Instance, number>();
    /** The nodes of new entries, until they are placed. */
    const fresh = new Map<Instance, DocumentFragment>();
    const changes: [Instance, Rendered][] = [];
    this.#entries = Array.from({ length: count }, (_, index) => {
      const entry = diff[index];
      const source = sourceOf(entry);
      const from = source ?? index;
      const rendered = Array.isArray(entry) ? entry[1] : (entry as Rendered);
      const instance = source === undefined && entry && claimed.has(index) ? undefined : old[from];
      const nodes = document.createDocumentFragment();
      const created = !instance
        ? this.#create(rendered, nodes)
        : source === undefined && entry && this.#other(instance, rendered, nodes);
      if (created) {
        fresh.set(created, nodes);
        return created;
      }
      sources.set(instance!, from);
      if (typeof rendered === "object") changes.push([instance!, rendered]);
      return instance!;
    });
    for (const entry of old) {
      if (!sources.has(entry)) removeRange(entry.firstNode(), entry.last.nextSibling);
    }
    this.#place(this.#entries, sources, fresh, anchor);
    for (const [entry, rendered] of changes) entry.update(rendered);
  }

  /** Brings the nodes in order, from the end, moving those outside the longest run. */
  #place(
    next: Instance[],
    sources: Map<Instance, number>,
    fresh: Map<Instance, DocumentFragment>,
    anchor: Text,
  ): void {
    const parent = anchor.parentNode!;
    const resting = longestRun(next.map((entry) => sources.get(entry) ?? -1));
    let before: ChildNode = anchor;
    for (let index = next.length - 1; index >= 0; index--) {
      const entry = next[index]!;
      const nodes = fresh.get(entry);
      if (nodes) insert(parent, nodes, before);
      else if (!resting.has(index)) moveEntry(parent, entry, before);
      before = entry.firstNode();
    }
  }
}

/** The old index that an entry names. */
function sourceOf(entry: Entry | undefined): number | undefined {
  return typeof entry === "number" ? entry : Array.isArray(entry) ? entry[0] : undefined;
}

function moveEntry(parent: Node, entry: Instance, before: ChildNode): void {
  let node: ChildNode = entry.firstNode();
  for (let isLast = false; !isLast; ) {
    isLast = node === entry.last;
    const next = node.nextSibling!;
    move(parent, node, before);
    node = next;
  }
}

/** The indices of a longest increasing subsequence; negative values don't count. */
export function longestRun(values: number[]): Set<number> {
  /** For each length, the index of the smallest value that ends such a run. */
  const ends: number[] = [];
  const previous: number[] = [];
  values.forEach((value, index) => {
    if (value < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[ends[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = ends[low - 1] ?? -1;
    ends[low] = index;
  });
  const run = new Set<number>();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index]!) run.add(index);
  return run;
}

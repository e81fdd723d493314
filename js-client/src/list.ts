// A keyed list: one instance for each entry, moved as few times as possible.
//
// The entries' nodes follow one another up to the anchor of the child part
// that holds the list. Messages name entries by index, before and after
// (protocol.md §4.5). Used by parts.ts only.

import type { Kept } from "./morph.ts";
import { getAttribute, parentNode } from "./natives.ts";
import { Instance } from "./parts.ts";
import { idOf } from "./rendered.ts";
import type { Namespace } from "./template.ts";
import { entriesOf, indicesOf, Key, originOf } from "./wire.ts";
import type { Keyed, Rendered, Statics } from "./wire.ts";
import { insert, moveRange, removeRange } from "./writes.ts";

export class List {
  readonly statics: Statics;
  readonly #namespace: Namespace;
  entries: Instance[];

  constructor(keyed: Keyed, statics: Statics, namespace: Namespace, target: Node) {
    this.statics = statics;
    this.#namespace = namespace;
    this.entries = entriesOf(keyed).map((entry) => this.#create(entry as Rendered, target));
  }

  #create(rendered: Rendered, target?: Node): Instance {
    return new Instance(rendered, this.statics, this.#namespace, target);
  }

  snapshot(): Keyed {
    const entries = this.entries.map((entry) => entry.snapshot());
    return { [Key.Statics]: this.statics, [Key.Entries]: { ...entries, [Key.Count]: entries.length } };
  }

  firstNode(): ChildNode | undefined {
    return this.entries[0]?.firstNode();
  }

  rebase(kept: Kept): void {
    for (const entry of this.entries) entry.rebase(kept);
  }

  update(keyed: Keyed, anchor: Text): void {
    const diff = keyed[Key.Entries];
    const old = this.entries;
    const next = old.slice(0, diff[Key.Count]);
    /** Entries that are new at their index. */
    const moved = new Set<Instance>();
    const changes: [index: number, from: number, rendered: Rendered][] = [];
    for (const index of indicesOf(diff)) {
      const [from, rendered] = originOf(diff[index]!, index);
      if (from !== index && from >= 0) moved.add((next[index] = old[from]!));
      if (rendered) changes.push([index, from, rendered]);
    }
    const paired = Key.Statics in keyed ? this.#pair(keyed) : undefined;
    for (const [index, from, rendered] of changes) {
      // An entry that has moved away leaves its index to a new one.
      const hasLeft = from === index && moved.has(old[index]!);
      const known = paired ? paired[index] : hasLeft ? undefined : old[from];
      known?.update(rendered);
      if (!known || known !== next[index] || !known.isIn(anchor.parentNode!)) {
        moved.add((next[index] = known ?? this.#create(rendered)));
      }
    }
    this.entries = next;
    if (moved.size || next.length < old.length) this.#arrange(old, anchor);
  }

  /**
   * Which entries those of a whole list are, as a rejoin brings it: their ids say so, and where
   * there are none their indices.
   */
  #pair(keyed: Keyed): (Instance | undefined)[] {
    const old = this.entries;
    const ids = old.map((entry) => getAttribute(entry.element(), "id"));
    const byId = new Map(ids.map((id, index) => [id, old[index]]));
    const haveIds = ids.some((id) => id);
    return entriesOf(keyed).map((entry, index) => {
      const id = haveIds && idOf(entry as Rendered, this.statics, this.#namespace);
      const known = id ? byId.get(id) : ids[index] ? undefined : old[index];
      if (id) byId.delete(id);
      return known;
    });
  }

  /** Brings the nodes in order, from the end, moving those outside the longest run. */
  #arrange(old: Instance[], anchor: Text): void {
    const parent = anchor.parentNode!;
    const entries = this.entries;
    const staying = new Set(entries);
    const places = new Map<Instance, number>();
    old.forEach((entry, place) => {
      if (staying.has(entry)) places.set(entry, place);
      else removeRange(entry.firstNode(), entry.last);
    });
    const resting = longestRun(entries.map((entry) => places.get(entry) ?? -1));
    let before: ChildNode = anchor;
    for (let index = entries.length - 1; index >= 0; index--) {
      const entry = entries[index]!;
      const first = entry.firstNode();
      const present = parentNode(first);
      // Somebody has taken it out; it is made anew when it changes.
      if (!present) continue;
      // New entries stand in fragments of their own.
      if (present !== parent && present instanceof DocumentFragment) insert(parent, present, before);
      else if (present !== parent || !resting.has(index)) moveRange(parent, first, entry.last, before);
      before = first;
    }
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

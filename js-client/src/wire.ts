// The keys and shapes of rendered trees and diffs on the wire (protocol.md §4).
//
// The only file that knows the tables of statics: `resolve` turns a message
// into one where every `s` is its own array of strings, so that the rest of
// the client compares statics by identity and never sees a table. Called by
// the view, once for each message, before anything else looks at it.

export const enum Key {
  Statics = "s",
  Templates = "p",
  Entries = "k",
  Count = "kc",
  Moved = "km",
  Order = "ko",
  Events = "e",
  Reply = "r",
  Title = "t",
  Components = "c",
  Stream = "stream",
}

/** The strings between the dynamics of a template; one array for one content. */
export type Statics = readonly string[];

/** What fills one dynamic: escaped HTML, the number of a component, a template of its own, or a list. */
export type Dynamic = string | number | Rendered | Keyed | Splice;

/** A change of escaped HTML: how many units stay at its end, how many before them go, and what comes there. */
export type Splice = [rest: number, deleted: number, inserted: string] & { [Key.Statics]?: undefined };

/** A template's dynamics, all of them (with `s`) or those that changed. */
export interface Rendered {
  [Key.Statics]?: Statics;
  [index: number]: Dynamic;
}

/** A keyed list, or what changed in it. */
export interface Keyed {
  [Key.Statics]?: Statics;
  [Key.Entries]: Entries;
  [Key.Stream]?: StreamOrder;
}

/** What to do with a stream's entries; the last is there only for a reset. */
export type StreamOrder = [ref: string, inserts: StreamInsert[], deletedIds: string[], reset?: true];
type StreamInsert = [id: string, at: number, limit: number | null, updateOnly?: boolean | null];

export interface Entries {
  [Key.Count]: number;
  [Key.Moved]?: boolean;
  [Key.Order]?: number[];
  [index: number]: Entry;
}

/** Changed dynamics, or new ones beyond the old end; an old index (moved, -1 if it is new); or both. */
export type Entry = Rendered | number | [number, Rendered];

export type ServerEvent = [name: string, payload: unknown, beforePatch?: boolean];

/** Components by number; instead of statics one that has them: a number, negated if the client has it already. */
export type Changes = Record<number, { [Key.Statics]?: Statics | number; [index: number]: Dynamic }>;

/** A top-level message, after `resolve`. */
export interface Diff extends Rendered {
  [Key.Components]?: Changes;
  [Key.Events]?: ServerEvent[];
  [Key.Reply]?: unknown;
  [Key.Title]?: string;
}

/** What the server may send beyond Phoenix's format (docs/extensions.md). */
export const EXTENSIONS = ["moves", "splices", "limit"];

type Tables = Record<string, Statics>;

const known = new Map<string, Statics>();

/** The one array that stands for this content. */
export function intern(statics: Statics): Statics {
  const content = statics.join("\0");
  if (!known.has(content)) known.set(content, statics);
  return known.get(content)!;
}

/** Replaces every reference to statics in a message, in place. */
export function resolve(message: unknown, tables: Tables = {}): Diff {
  const node = message as Record<string, unknown>;
  const own = node[Key.Templates] as Tables | undefined;
  if (own) {
    tables = own;
    for (const index in own) own[index] = intern(own[index]!);
    delete node[Key.Templates];
  }
  if (node[Key.Order]) expand(node as unknown as Entries);
  for (const key in node) {
    const value = node[key];
    if (key === Key.Statics) {
      // A component's number is another component.
      node[key] = typeof value === "number" ? (tables[value] ?? value) : intern(value as Statics);
    } else if (key === Key.Components) {
      for (const component of Object.values(value as object)) resolve(component);
    } else if ((isIndex(key) || key === Key.Entries) && typeof value === "object") {
      resolve(Array.isArray(value) ? value[1] : value, tables);
    }
  }
  return node as Diff;
}

/** Gives entries their old indices, and their number, for an order in runs. */
function expand(entries: Entries): void {
  let index = 0;
  const order = entries[Key.Order]!;
  order.forEach((start, at) => {
    for (let step = 0; at % 2 < 1 && step < order[at + 1]!; step++, index++) {
      const from = start < 0 ? start : start + step;
      if (from !== index) {
        const rendered = entries[index] as Rendered | undefined;
        entries[index] = rendered ? [from, rendered] : from;
      }
    }
  });
  entries[Key.Count] = index;
  delete entries[Key.Order];
}

/** Digits sort before letters: whether a key names a dynamic or an entry. */
function isIndex(key: string): boolean {
  return key < ":";
}

/** Whether a message says anything about the page. */
export function isPatch(diff: Diff): boolean {
  return Key.Statics in diff || Key.Components in diff || indicesOf(diff).length > 0;
}

/** Which dynamics or entries a node brings. */
export function indicesOf(node: object): number[] {
  return Object.keys(node).filter(isIndex).map(Number);
}

/** A list's entries, without those that a diff says nothing about. */
export function entriesOf(keyed: Keyed): Entry[] {
  const entries = keyed[Key.Entries];
  return Array.from({ ...entries, length: entries[Key.Count] });
}

export function isKeyed(dynamic: Rendered | Keyed): dynamic is Keyed {
  return Key.Entries in dynamic;
}

/** Where an entry was before, and what it brings, if anything. */
export function originOf(entry: Entry, index: number): [from: number, rendered?: Rendered] {
  if (typeof entry === "number") return [entry];
  return Array.isArray(entry) ? entry : [index, entry];
}

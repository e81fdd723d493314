// Random trees and the diffs between them, as a server would send them.

/** A small generator of numbers with a seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

type Kind = "text" | "attribute" | "tag" | "any" | "list" | "shape";
interface Shape {
  statics: string[];
  kinds: Kind[];
}
export type Value = string | Tree | List;
interface Tree {
  shape: Shape;
  values: Value[];
}
interface List {
  shape: Shape;
  entries: { key: number; values: Value[] }[];
}

const SHAPES: Shape[] = [
  { statics: ['<p class="a ', '">', "</p>"], kinds: ["attribute", "text"] },
  { statics: ["<div>", "", "</div>"], kinds: ["any", "any"] },
  { statics: ["<button", ">", "</button>"], kinds: ["tag", "text"] },
  { statics: ["", " tail"], kinds: ["any"] },
  { statics: ["<ul>", "</ul>"], kinds: ["list"] },
  { statics: ["", "", "", ""], kinds: ["text", "any", "list"] },
  { statics: ["<svg><g>", "</g><text>", "</text></svg>"], kinds: ["shape", "text"] },
  { statics: ["<textarea>", "</textarea><!-- ", " -->"], kinds: ["text", "text"] },
  { statics: ["still"], kinds: [] },
  { statics: [""], kinds: [] },
  { statics: ["<em title=", ">", "</em>"], kinds: ["attribute", "any"] },
  { statics: ['<section id="', '">', "</section>"], kinds: ["attribute", "any"] },
];
const VECTORS: Shape[] = [
  { statics: ['<circle r="', '"></circle>'], kinds: ["attribute"] },
  { statics: ["<path", "></path><g>", "</g>"], kinds: ["tag", "text"] },
];
const ENTRIES: Shape[] = [
  { statics: ['<li id="', '">', "</li>"], kinds: ["attribute", "any"] },
  { statics: ["<li>", "</li>"], kinds: ["text"] },
  { statics: ["", " ", ""], kinds: ["any", "text"] },
  { statics: ["<i>", "</i><b>", "</b>"], kinds: ["list", "any"] },
  { statics: ["", ""], kinds: ["any"] },
];
const TEXTS = ["", "a", "b c", "&lt;x&gt;", "&amp;", "é 日本", " ", "x&#39;y"];
const ATTRIBUTES = ["", "one", "two", "&quot;q&quot;", "a&amp;b"];
const UNQUOTED = ["one", "two"];
const TAGS = ["", " disabled", ' class="x"', ' title="t" lang="en"', ' title="&lt;"'];
const MARKUP = ["<b>m</b>", "x<br>y", "<!-- c -->", "<i>1</i><i>2</i>", "<p>p</p>tail"];

export class Model {
  #key = 0;

  constructor(readonly below: (below: number) => number) {}

  #pick<T>(items: T[]): T {
    return items[this.below(items.length)]!;
  }

  tree(depth: number, shape = this.#pick(SHAPES)): Tree {
    return { shape, values: shape.kinds.map((kind, index) => this.#value(kind, depth, shape, index)) };
  }

  #value(kind: Kind, depth: number, shape: Shape, index: number): Value {
    if (kind === "text") return this.#pick(TEXTS);
    if (kind === "attribute") return this.#pick(shape.statics[index]!.endsWith("=") ? UNQUOTED : ATTRIBUTES);
    if (kind === "tag") return this.#pick(TAGS);
    if (kind === "shape") return this.below(3) ? this.tree(0, this.#pick(VECTORS)) : "";
    if (kind === "list") return this.#list(depth);
    const choice = depth > 0 ? this.below(6) : this.below(2);
    if (choice === 0) return this.#pick(TEXTS);
    if (choice === 1) return this.#pick(MARKUP);
    return choice === 2 ? this.#list(depth) : this.tree(depth - 1);
  }

  #list(depth: number): Value {
    const shape = this.#pick(ENTRIES);
    const entries = Array.from({ length: this.below(5) }, () => this.#entry(depth, shape));
    return entries.length ? { shape, entries } : "";
  }

  #entry(depth: number, shape: Shape): { key: number; values: Value[] } {
    const key = this.#key++;
    const { values } = this.tree(depth - 1, shape);
    if (shape === ENTRIES[0]) values[0] = `row-${key}`;
    return { key, values };
  }

  /** The tree after something happened. */
  change(tree: Tree, depth: number): Tree {
    const values = tree.values.map((value, index) =>
      this.below(2) ? this.#changed(value, tree.shape.kinds[index]!, depth, tree.shape, index) : value,
    );
    return { ...tree, values };
  }

  #changed(value: Value, kind: Kind, depth: number, shape: Shape, index: number): Value {
    if (typeof value === "string" || !this.below(5)) return this.#value(kind, depth, shape, index);
    if ("values" in value) return this.change(value, depth - 1);
    let entries = value.entries.filter(() => this.below(5));
    for (let count = this.below(3); count > 0; count--) {
      entries.splice(this.below(entries.length + 1), 0, this.#entry(depth, value.shape));
    }
    if (this.below(2)) entries = entries.map((entry) => ({ entry, at: this.below(99) })).sort((a, b) => a.at - b.at).map(({ entry }) => entry);
    entries = entries.map((entry) => {
      if (this.below(3)) return entry;
      const { values } = this.change({ shape: value.shape, values: entry.values }, depth - 1);
      if (value.shape === ENTRIES[0]) values[0] = entry.values[0]!;
      return { ...entry, values };
    });
    return { ...value, entries };
  }
}

type Wire = Record<string, unknown>;

/** Writes messages; each has a table of statics of its own, or none. */
export class Writer {
  #tables: Map<Shape, number> | undefined;

  message(withTable: boolean, write: () => Wire): Wire {
    this.#tables = withTable ? new Map() : undefined;
    const message = write();
    const tables = [...(this.#tables ?? [])].map(([shape, index]) => [index, shape.statics]);
    return tables.length ? { ...message, p: Object.fromEntries(tables) as Wire } : message;
  }

  #statics(shape: Shape): unknown {
    if (!this.#tables) return shape.statics;
    if (!this.#tables.has(shape)) this.#tables.set(shape, this.#tables.size);
    return this.#tables.get(shape);
  }

  full(value: Value): unknown {
    if (typeof value === "string") return value;
    if ("values" in value) return { s: this.#statics(value.shape), ...this.#values(value.values) };
    const entries = value.entries.map(({ values }) => this.#values(values));
    return { s: this.#statics(value.shape), k: { ...entries, kc: entries.length } };
  }

  #values(values: Value[]): Wire {
    return Object.fromEntries(values.map((value, index) => [index, this.full(value)]));
  }

  diff(old: Value, value: Value): unknown {
    if (typeof value === "string") return old === value ? undefined : value;
    if (typeof old === "string" || old.shape !== value.shape || "values" in old !== "values" in value) return this.full(value);
    if ("values" in value) return some(this.#changes((old as Tree).values, value.values));
    return this.#entries(old as List, value);
  }

  #changes(old: Value[], values: Value[]): Wire {
    const changes = values.map((value, index) => [index, this.diff(old[index]!, value)]);
    return Object.fromEntries(changes.filter(([, change]) => change !== undefined)) as Wire;
  }

  #entries(old: List, list: List): unknown {
    const places = new Map(old.entries.map(({ key }, index) => [key, index]));
    const k: Wire = {};
    list.entries.forEach(({ key, values }, index) => {
      const place = places.get(key);
      if (place === undefined) {
        k[index] = this.#values(values);
        return;
      }
      const changes = some(this.#changes(old.entries[place]!.values, values));
      if (place !== index) {
        k["km"] = true;
        k[index] = changes ? [place, changes] : place;
      } else if (changes) k[index] = changes;
    });
    if (!some(k) && old.entries.length === list.entries.length) return undefined;
    return { k: { ...k, kc: list.entries.length } };
  }
}

function some(object: Wire): Wire | undefined {
  return Object.keys(object).length ? object : undefined;
}

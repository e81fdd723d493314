// Dynamics as data: merging diffs into them and printing them as HTML.
//
// Used only where a dynamic has no DOM range of its own (inside an attribute,
// a tag, raw text, or a template that can't be split into parts). Everything
// else is held by parts.ts and lives in the DOM alone.

import { ATTRIBUTES, parse } from "./template.ts";
import type { Namespace } from "./template.ts";
import { entriesOf, indicesOf, isKeyed, Key, originOf } from "./wire.ts";
import type { Dynamic, Entries, Keyed, Rendered, Splice, Statics } from "./wire.ts";

/** The dynamic after a diff for it (protocol.md §4.1, merge rule). */
export function merge(old: Dynamic | undefined, diff: Dynamic): Dynamic {
  if (Array.isArray(diff)) {
    const [kept, , rest] = cut(old as string, diff);
    return kept + diff[2] + rest;
  }
  if (typeof diff !== "object" || typeof old !== "object" || Key.Statics in diff) return diff;
  if (isKeyed(diff)) {
    return isKeyed(old) ? { ...old, ...diff, [Key.Entries]: mergeEntries(old, diff) } : diff;
  }
  return mergeNode(old as Rendered, diff);
}

/** A text before, in and behind the part that a splice replaces. */
export function cut(html: string, [rest, deleted]: Splice): [before: string, deleted: string, rest: string] {
  const end = html.length - rest;
  return [html.slice(0, end - deleted), html.slice(end - deleted, end), html.slice(end)];
}

export function mergeNode(old: Rendered, diff: Rendered): Rendered {
  const merged = { ...old };
  for (const index of indicesOf(diff)) merged[index] = merge(merged[index], diff[index]!);
  return merged;
}

function mergeEntries(list: Keyed, diff: Keyed): Entries {
  const old = list[Key.Entries];
  const merged: Entries = { [Key.Count]: diff[Key.Entries][Key.Count] };
  entriesOf(diff).forEach((entry, index) => {
    const [from, rendered = {}] = originOf(entry ?? index, index);
    merged[index] = mergeNode(old[from] as Rendered, rendered);
  });
  return merged;
}

const FIRST_TAG = new RegExp(`<[a-z]${ATTRIBUTES}`, "i");

/** The id of the first element that an entry shows, or an empty string. */
export function idOf(entry: Rendered, statics: Statics, namespace: Namespace): string {
  const tag = FIRST_TAG.exec(printNode(statics, entry));
  return (tag && parse(tag[0], namespace).firstElementChild?.id) ?? "";
}

/** The HTML of a whole dynamic. */
export function print(dynamic: Dynamic | undefined): string {
  if (typeof dynamic !== "object") return `${dynamic ?? ""}`;
  const statics = dynamic[Key.Statics] ?? [];
  if (!isKeyed(dynamic)) return printNode(statics, dynamic);
  return entriesOf(dynamic).map((entry) => printNode(statics, entry as Rendered)).join("");
}

function printNode(statics: Statics, node: Rendered): string {
  return statics.reduce((html, text, index) => html + print(node[index - 1]) + text);
}

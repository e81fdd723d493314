// Dynamics as data: merging diffs into them and printing them as HTML.
//
// Used only where a dynamic has no DOM range of its own (inside an attribute,
// a tag, raw text, or a template that can't be split into parts). Everything
// else is held by parts.ts and lives in the DOM alone.

import { isIndex, isKeyed, Key, originOf } from "./wire.ts";
import type { Dynamic, Entries, Keyed, Rendered } from "./wire.ts";

/** The dynamic after a diff for it (protocol.md §4.1, merge rule). */
export function merge(old: Dynamic | undefined, diff: Dynamic): Dynamic {
  if (typeof diff !== "object" || typeof old !== "object" || Key.Statics in diff) return diff;
  if (isKeyed(diff)) {
    return isKeyed(old) ? { ...old, [Key.Entries]: mergeEntries(old, diff) } : diff;
  }
  return mergeNode(old as Rendered, diff);
}

function mergeNode(old: Rendered, diff: Rendered): Rendered {
  const merged = { ...old };
  for (const key in diff) {
    if (isIndex(key)) merged[+key] = merge(merged[+key], diff[+key]!);
  }
  return merged;
}

function mergeEntries(list: Keyed, diff: Keyed): Entries {
  const old = list[Key.Entries];
  const entries = diff[Key.Entries];
  const merged: Entries = { [Key.Count]: entries[Key.Count] };
  for (let index = 0; index < entries[Key.Count]; index++) {
    const [from, rendered = {}] = originOf(entries[index] ?? index, index);
    merged[index] = mergeNode(old[from] as Rendered, rendered);
  }
  return merged;
}

/** The HTML of a whole dynamic. */
export function print(dynamic: Dynamic | undefined): string {
  if (typeof dynamic !== "object") return dynamic ?? "";
  const statics = dynamic[Key.Statics] ?? [];
  if (!isKeyed(dynamic)) return printNode(statics, dynamic);
  const entries = dynamic[Key.Entries];
  let html = "";
  for (let index = 0; index < entries[Key.Count]; index++) {
    html += printNode(statics, entries[index] as Rendered);
  }
  return html;
}

function printNode(statics: readonly string[], node: Rendered): string {
  return statics.reduce((html, text, index) => html + print(node[index - 1]) + text);
}

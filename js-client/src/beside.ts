// Scripts beside the first one: what only some pages need is loaded when a message,
// a command or the page asks for it.
//
// Each has a door, a file that says what the script gives (extra.ts, forms.ts, mend.ts,
// navigation.ts), and a folder of the same name with its sources. No script imports from
// another but types.

import { document } from "./natives.ts";
import { diagnose, guard, trusted } from "./page.ts";
import { holdPatches } from "./transitions.ts";

/** The first script's tag names the others: `data-extra`, else `extra.js` beside it. */
let first: HTMLScriptElement | null;

export function foundBy(script: HTMLScriptElement | null): void {
  first = script;
}

/** Each looks for mentions of its script. */
const doors: ((mentions: string) => void)[] = [];

/** Scripts that were wanted and could not be loaded. */
export const lacking = new Set<string>();

/** What mentions a script, a message or the page, brings it: the message waits, and those behind it. */
export function prepareFor(mentions: string): void {
  for (const look of doors) look(mentions);
}

/** `isThere` says whether the script has run, `mentioned` what asks for it, if anything does. */
export function door(name: "extra" | "forms" | "mend" | "navigation", isThere: () => unknown, mentioned?: RegExp) {
  /** What waits for the script; not empty while it is on its way. */
  const waiting: (() => void)[] = [];

  /** Runs at once if the script is there, else when it has run or failed; messages wait meanwhile. */
  function enter(run: () => void): void {
    if (isThere()) return run();
    if (waiting.push(run) > 1) return;
    const release = holdPatches();
    const script = document.createElement("script");
    script.onload = script.onerror = () => {
      lacking.delete(name);
      if (!isThere()) {
        lacking.add(name);
        diagnose("extra.unavailable", "network", "could not load", script.src);
      }
      for (const run of waiting.splice(0)) guard(run);
      release();
    };
    script.src = trusted.createScriptURL(new URL(first?.dataset[name] ?? `${name}.js`, first?.src).href);
    script.nonce = first?.nonce ?? "";
    document.head.append(script);
  }

  doors.push((mentions) => !isThere() && mentioned?.test(mentions) && enter(() => {}));
  return enter;
}

// The commands as functions, with the names and arguments that scripts know them by.

import type { Commands, PushArguments } from "../commands.ts";
import { commands } from "./commands.ts";
import { document } from "./core.ts";
import type { Timing, Transition } from "./transitions.ts";

/** A transition as scripts give it: classes in one string, or run, start and end. */
type Classes = string | (string | string[])[];

interface Options extends Timing {
  transition?: Classes;
}

/** Runs commands on an element. */
export type Execute = (element: Element, commands: string | Commands) => void;

/** The commands as functions for scripts, with Phoenix's names. */
export interface Scripted {
  /** Runs commands, such as the content of an attribute. */
  exec: Execute;
  show(element: Element, options?: Options & { display?: string }): void;
  hide(element: Element, options?: Options): void;
  toggle(element: Element, options?: Timing & { display?: string; in?: Classes; out?: Classes }): void;
  addClass(element: Element, names: string | string[], options?: Options): void;
  removeClass(element: Element, names: string | string[], options?: Options): void;
  toggleClass(element: Element, names: string | string[], options?: Options): void;
  transition(element: Element, transition: Classes, options?: Timing): void;
  setAttribute(element: Element, name: string, value: string): void;
  removeAttribute(element: Element, name: string): void;
  /** Sets the attribute to `one`, or removes it; with `two`, changes from one to the other. */
  toggleAttribute(element: Element, name: string, one: string, two?: string): void;
  ignoreAttributes(element: Element, names: string | string[]): void;
  push(element: Element, event: string, options?: PushArguments): void;
  navigate(href: string, options?: { replace?: boolean }): void;
  patch(href: string, options?: { replace?: boolean }): void;
}

const words = (names: unknown) => (typeof names === "string" ? names.split(" ") : (names as string[]));

function transitionOf(classes?: Classes): Transition | undefined {
  const [run, start = [], end = []] = typeof classes === "string" ? [classes] : (classes ?? []);
  return run ? ([run, start, end].map(words) as Transition) : undefined;
}

/** The functions, which are given first what runs their command. */
export const scripts: Record<string, (exec: Execute, ...args: any[]) => void> = { __proto__: null as never };

for (const name of ["push", ...Object.keys(commands)]) {
  // The command `set_attr` is the function `setAttribute`.
  const method = name.replace(/_./, ([, letter]) => letter!.toUpperCase()).replace("Attr", "Attribute");
  scripts[method] = (exec, element: Element, ...attr) => {
    const [first, options = first ?? {}] = attr;
    const transition = transitionOf(name === "transition" ? first : options.transition);
    const [ins, outs] = [options.in, options.out].map(transitionOf);
    // Each command knows its own name for the first argument.
    const names = words(first);
    exec(element, [[name, { ...options, transition, ins, outs, names, attrs: names, event: first, attr }]]);
  };
}

for (const name of ["navigate", "patch"]) {
  scripts[name] = (exec, href: string, options?: object) => exec(document.body, [[name, { href, ...options }]]);
}

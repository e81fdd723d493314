// Commands: what a binding asks for, an event by its name or a list of commands
// (protocol.md §7.3), and the same for scripts (`liveSocket.js()`).
//
// Here are those that any page may need; the others are the extra's. What a push
// sends, and where to, is the caller's concern.

import { extra, withExtra } from "./extra.ts";
import type { Prediction } from "./extra/predictions.ts";
import type { Execute, Scripted } from "./extra/scripted.ts";
import type { Timing, Transition } from "./extra/transitions.ts";
import { liveSocket } from "./live-socket.ts";
import type { Kind } from "./marks.ts";
import { closest, document, getAttribute, querySelectorAll } from "./natives.ts";
import { go } from "./navigation.ts";
import { diagnose } from "./page.ts";

export interface PushArguments {
  event?: string;
  target?: string | number | Element;
  value?: Record<string, unknown>;
  /** What else shows that it waits. */
  loading?: string;
  page_loading?: boolean;
  /** What the answer is expected to change. */
  predict?: Prediction[];
  callback?: (reply: unknown) => void;
}

/** Where a command acts: elements of the document, around the source, or inside it. */
export type Scope = string | { closest?: string; inner?: string };

export interface Arguments extends PushArguments, Timing {
  to?: Scope;
  attr?: any;
  attrs?: string[];
  names?: string[];
  display?: string | null;
  transition?: Transition | null;
  ins?: Transition | null;
  outs?: Transition | null;
  detail?: object;
  bubbles?: boolean;
  href?: string;
  replace?: boolean;
}

type Push = (event: string, args: PushArguments) => void;
export type Command = (element: Element, args: Arguments, source: Element, kind: Kind, push: Push) => void;

function moveCommand(name: "navigate" | "patch"): Command {
  return (_element, { href, replace }) => go(name, href!, replace ? "replace" : "push");
}

const commands: Record<string, Command> = {
  // Names come from the page, which may have those of what objects have.
  __proto__: null as never,
  push: (_element, args, _source, _kind, push) => push(args.event!, args),
  exec: (element, { attr }, _source, kind) => liveSocket.execJS(element, getAttribute(element, attr)!, kind),
  navigate: moveCommand("navigate"),
  patch: moveCommand("patch"),
};

export type Commands = [name: string, args: Arguments][];

/** Runs a binding's value; `push` sends an event with these arguments. */
export function run(value: string | Commands, source: Element, kind: Kind, push: Push): void {
  if (typeof value === "string" && value[0] !== "[") return push(value, {});
  const list = typeof value === "string" ? (JSON.parse(value) as Commands) : value;
  const runAll = () => {
    for (const [name, args] of list) {
      const command = commands[name] ?? extra?.commands[name];
      if (!command) diagnose("command.unknown", "app", `unknown command "${name}"`, source);
      else for (const element of targetsOf(source, args.to)) command(element, args, source, kind, push);
    }
  };
  // All of them or none: their order is part of what they mean.
  if (list.every(([name]) => commands[name])) runAll();
  else withExtra(runAll);
}

export function targetsOf(source: Element, to: Scope | null | undefined): Iterable<Element> {
  if (!to) return [source];
  if (typeof to === "string") return document.querySelectorAll(to);
  const { closest: outer, inner } = to;
  return outer ? [closest(source, outer)].filter((element) => !!element) : querySelectorAll(source, inner!);
}

/** The commands as functions beside `own`; what is called before the extra is there runs when it is. */
export function scripted<Own extends object>(exec: Execute, own: Own): Omit<Scripted, "exec"> & Own {
  const call = (name: string) => (...args: unknown[]) => withExtra(() => extra?.scripts[name]!(exec, ...args));
  const get = (_own: object, name: string) => (own as Record<string, unknown>)[name] ?? call(name);
  return new Proxy(own, { get }) as Omit<Scripted, "exec"> & Own;
}

// Commands: what a binding asks for, an event by its name or a list of commands
// (protocol.md §7.3), and the same for scripts (`liveSocket.js()`).
//
// What a push sends, and where to, is the caller's concern.

import { ignoreAttributes, setAttribute, setClasses, setDisplay } from "./effects.ts";
import { focusSoon, inside, popFocus, pushFocus } from "./focus.ts";
import { liveSocket } from "./live-socket.ts";
import type { Kind } from "./marks.ts";
import { moves } from "./navigation.ts";
import { diagnose } from "./page.ts";
import type { Prediction } from "./predictions.ts";
import { animate, holdPatches } from "./transitions.ts";
import type { Timing, Transition } from "./transitions.ts";

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

interface Arguments extends PushArguments, Timing {
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
type Command = (element: Element, args: Arguments, source: Element, kind: Kind, push: Push) => void;

/** Sets each class to what `next` makes of its presence. */
function classCommand(next: (isOn: boolean) => boolean): Command {
  return (element, args) => {
    const wanted = args.names!.map((name) => [name, next(element.classList.contains(name))] as const);
    animate(element, args.transition, args, () => {
      for (const [name, isOn] of wanted) setClasses(element, [name], isOn);
    });
  };
}

/** Shows or hides, if `wants` says that it isn't so yet. */
function showCommand(wants: (isShown: boolean) => boolean): Command {
  return (element, args, _source, kind) => {
    const { display, transition, ins = transition, outs = transition } = args;
    const isShown = element.getClientRects().length > 0;
    const toShow = wants(isShown);
    // What leaves the page is not shown again.
    if (toShow === isShown || (toShow && kind === "remove")) return;
    const tell = (when: string) => element.dispatchEvent(new Event(`phx:${toShow ? "show" : "hide"}-${when}`));
    const visible = display ?? { tr: "table-row", td: "table-cell" }[element.localName] ?? "block";
    const change = () => setDisplay(element, toShow ? visible : "none");
    const [own, other] = toShow ? [ins, outs] : [outs, ins];
    tell("start");
    setClasses(element, other?.flat() ?? [], false);
    const end = () => {
      setClasses(element, own?.[2] ?? [], false);
      change();
      tell("end");
    };
    // It appears with the classes that it begins with, so that nothing flickers.
    animate(element, own, args, end, () => toShow && change());
  };
}

function moveCommand(name: "navigate" | "patch"): Command {
  return (_element, { href, replace }) => moves[name](href!, replace ? "replace" : "push");
}

const commands: Record<string, Command> = {
  push: (_element, args, _source, _kind, push) => push(args.event!, args),
  exec: (element, { attr }, _source, kind) => liveSocket.execJS(element, element.getAttribute(attr)!, kind),
  dispatch(element, { event, detail, bubbles, blocking }, source) {
    const isClick = event === "click";
    const init = {
      // A file input opens its dialog; nobody around it asked for that.
      bubbles: bubbles ?? !(isClick && (element as HTMLInputElement).type === "file"),
      cancelable: true,
      detail: { ...detail, dispatcher: source, ...(blocking && { done: holdPatches() }) },
    };
    // Only a mouse's click does what clicking does.
    element.dispatchEvent(isClick ? new MouseEvent(event, { ...init, detail: 0 }) : new CustomEvent(event!, init));
  },
  toggle: showCommand((isShown) => !isShown),
  show: showCommand(() => true),
  hide: showCommand(() => false),
  add_class: classCommand(() => true),
  remove_class: classCommand(() => false),
  toggle_class: classCommand((isOn) => !isOn),
  transition: (element, args) => animate(element, args.transition, args, () => {}),
  set_attr: (element, { attr }) => setAttribute(element, attr[0], attr[1]),
  remove_attr: (element, { attr }) => setAttribute(element, [attr].flat()[0], null),
  toggle_attr(element, { attr: [name, one, two = null] }) {
    const value = element.getAttribute(name);
    setAttribute(element, name, value === null || (two !== null && value !== one) ? one : two);
  },
  ignore_attrs: (element, { attrs }) => ignoreAttributes(element, attrs!),
  focus: (element) => focusSoon([element]),
  focus_first: (element) => focusSoon(inside(element)),
  push_focus: pushFocus,
  pop_focus: popFocus,
  navigate: moveCommand("navigate"),
  patch: moveCommand("patch"),
};

export type Commands = [name: string, args: Arguments][];

/** Runs a binding's value; `push` sends an event with these arguments. */
export function run(value: string | Commands, source: Element, kind: Kind, push: Push): void {
  if (typeof value === "string" && value[0] !== "[") return push(value, {});
  for (const [name, args] of typeof value === "string" ? (JSON.parse(value) as Commands) : value) {
    if (!commands[name]) diagnose("command.unknown", "app", `unknown command "${name}"`, source);
    else for (const element of targetsOf(source, args.to)) commands[name](element, args, source, kind, push);
  }
}

export function targetsOf(source: Element, to: Scope | null | undefined): Iterable<Element> {
  if (!to) return [source];
  if (typeof to === "string") return document.querySelectorAll(to);
  const { closest, inner } = to;
  return closest ? [source.closest(closest)].filter((element) => !!element) : source.querySelectorAll(inner!);
}

/** A transition as scripts give it: classes in one string, or run, start and end. */
type Classes = string | (string | string[])[];

interface Options extends Timing {
  transition?: Classes;
}

/** The commands as functions for scripts, with Phoenix's names. */
export interface Scripted {
  /** Runs commands, such as the content of an attribute. */
  exec(element: Element, commands: string | Commands): void;
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

export function scripted(exec: Scripted["exec"]): Scripted {
  const methods: Record<string, unknown> = {};
  for (const name in commands) {
    // The command `set_attr` is the function `setAttribute`.
    const method = name.replace(/_./, ([, letter]) => letter!.toUpperCase()).replace("Attr", "Attribute");
    methods[method] = (element: Element, ...attr: any[]) => {
      const [first, options = first ?? {}] = attr;
      const transition = transitionOf(name === "transition" ? first : options.transition);
      const [ins, outs] = [options.in, options.out].map(transitionOf);
      // Each command knows its own name for the first argument.
      const names = words(first);
      exec(element, [[name, { ...options, transition, ins, outs, names, attrs: names, event: first, attr }]]);
    };
  }
  for (const name of ["navigate", "patch"]) {
    methods[name] = (href: string, options?: object) => exec(document.body, [[name, { href, ...options }]]);
  }
  return { ...methods, exec } as unknown as Scripted;
}

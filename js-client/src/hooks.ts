// Hooks: the application's own code bound to elements by `phx-hook`.
//
// `witness` tells of every write (writes.ts); after a patch `settle` calls what
// is due: destroyed, updated, mounted. `ViewHook` is what a hook is to its
// author, with Phoenix's names (protocol.md §7.6).

import { settleViews } from "./children.ts";
import { scripted } from "./commands.ts";
import type { Commands } from "./commands.ts";
import type { Execute, Scripted } from "./extra/scripted.ts";
import { extra, withExtra } from "./extra.ts";
import { forms, withForms } from "./forms.ts";
import { liveSocket } from "./live-socket.ts";
import type { LiveSocket } from "./live-socket.ts";
import type { Waiting } from "./marks.ts";
import { closest, document, getAttribute, isConnected, matches, parentNode, querySelectorAll } from "./natives.ts";
import { unobserved } from "./others.ts";
import { guard, listen, putAttribute } from "./page.ts";
import { afterTransitions } from "./transitions.ts";
import type { View } from "./view.ts";
import { witness } from "./writes.ts";

export interface HookCallbacks {
  mounted?(): void;
  beforeUpdate?(): void;
  updated?(): void;
  destroyed?(): void;
  disconnected?(): void;
  reconnected?(): void;
}

export type HookDefinition =
  | (HookCallbacks & Record<string, unknown> & ThisType<ViewHook & Record<string, unknown>>)
  | (new (view: View | undefined, el: HTMLElement) => ViewHook);

interface Reply {
  reply: unknown;
  ref: number;
}

type ReplyCallback = (reply: unknown, ref: number) => void;

/** Ends what `handleEvent` began. */
export type EventRef = () => void;

export class ViewHook {
  readonly #handlers = new Set<EventRef>();
  #view: View | undefined;

  constructor(
    _view: View | undefined,
    readonly el: HTMLElement,
    callbacks?: HookCallbacks,
  ) {
    Object.assign(this, callbacks);
  }

  /** When the element is gone, the view in which it was. */
  #owner(): View | undefined {
    return liveSocket.owner(this.el) ?? this.#view;
  }

  get liveSocket(): LiveSocket {
    return liveSocket;
  }

  /** The commands as functions; `exec` runs them on this element. */
  js(): Omit<Scripted, "exec"> & { exec(commands: string | Commands): void } {
    const execute: Execute = (element, commands) => liveSocket.execJS(element, commands, "hook");
    return scripted(execute, { exec: (commands: string | Commands) => execute(this.el, commands) });
  }

  /** Sends an event to the view; the reply goes to the callback, else to the promise. */
  pushEvent(event: string, value?: unknown, onReply?: ReplyCallback): Promise<unknown> | void {
    const [answer] = this.#push([[this.#owner()]], event, value, onReply);
    if (!onReply) return answer!.then(({ "reply": reply }) => reply);
  }

  /** Sends an event to what an element, a selector or a component's number stands for. */
  pushEventTo(
    target: string | number | Element,
    event: string,
    value?: unknown,
    onReply?: ReplyCallback,
  ): Promise<PromiseSettledResult<Reply>[]> | void {
    const targets = liveSocket.targets(target, this.#owner()!);
    const answers = this.#push(targets, event, value, onReply);
    if (!onReply) return Promise.allSettled(answers);
  }

  #push(
    targets: [View | undefined, number?][],
    event: string,
    value: unknown = {},
    onReply?: ReplyCallback,
  ): Promise<Reply>[] {
    return targets.map(([view, cid]) => {
      const payload = { type: "hook", event, value, cid };
      const waiting: Waiting = { kind: "hook", loading: [this.el] };
      const pushed = view?.push("event", payload, waiting) ?? Promise.reject(new Error("the hook is in no view"));
      const answer = pushed.then(({ reply, ref }) => {
        if (onReply) guard(() => onReply(reply, ref));
        // For the application: in quotes the name stays.
        return { "reply": reply, ref };
      });
      // Who only wants to hear a reply has nothing to do about a failure.
      if (onReply) answer.catch(() => {});
      return answer;
    });
  }

  /** Hands files to the live file input of this name in the view. */
  upload(name: string, files: Iterable<File>): void {
    this.uploadTo(liveSocket.owner(this.el)?.el ?? this.el, name, files);
  }

  /** As `upload`, in what an element, a selector or a component's number stands for. */
  uploadTo(target: string | number | Element, name: string, files: Iterable<File>): void {
    withForms(() => forms?.handFiles(liveSocket.owner(this.el)?.el ?? this.el, target, name, files));
  }

  handleEvent(event: string, callback: (payload: unknown) => void): EventRef {
    const name = `phx:${event}`;
    const listener = (event: Event) => callback((event as CustomEvent).detail);
    const ref = () => {
      window.removeEventListener(name, listener);
      this.#handlers.delete(ref);
    };
    listen(name as "click", listener);
    this.#handlers.add(ref);
    return ref;
  }

  removeHandleEvent(ref: EventRef): void {
    ref();
  }

  /** Called when it is mounted. */
  static bind(hook: ViewHook, view: View | undefined): void {
    hook.#view = view;
  }

  /** Called when the element is gone. */
  static forget(hook: ViewHook): void {
    for (const ref of hook.#handlers) ref();
  }
}

interface Mounted {
  hook: ViewHook & HookCallbacks;
  view: View | undefined;
  identity: string;
}

const mounted = new Map<Element, Mounted>();
/** Those that a patch has written to or into. */
const written = new Set<Mounted>();
/** Made by the application for elements of its own. */
const created = new WeakMap<Element, ViewHook>();

/** The hook of a custom element, which creates it itself; mounted with those of its view. */
export function createHook(el: HTMLElement, callbacks: HookCallbacks): ViewHook {
  const hook = created.get(el) ?? new ViewHook(undefined, el, callbacks);
  created.set(el, hook);
  witness.added.push(el);
  return hook;
}

function call({ hook }: Mounted, callback: keyof HookCallbacks & string): void {
  guard(() => (hook as HookCallbacks)[callback]?.());
}

/** An element whose hook or id changes gets a new hook. */
function identityOf(el: Element): string {
  return `${getAttribute(el, "id")} ${getAttribute(el, "phx-hook")}`;
}

witness.beforeWrite = (node) => {
  // An element counts as updated when anything inside it is.
  for (let outer = mounted.size ? node : null; outer; outer = parentNode(outer)) {
    const entry = mounted.get(outer as Element);
    if (!entry || written.has(entry)) continue;
    written.add(entry);
    call(entry, "beforeUpdate");
  }
};

const BOUND = "[phx-hook],[phx-mounted]";

/** Elements whose `phx-mounted` has run. */
const greeted = new WeakSet<Element>();

/** After a patch: calls what is due, mounts what was added, lets go of what leaves. */
export function settle(): void {
  if (extra) unobserved(extra.settlePortals);
  settleViews(witness.added);
  const added = new Set(
    witness.added.splice(0).flatMap((root) => [root, ...querySelectorAll(root, BOUND)]),
  );
  const updated = [...written];
  written.clear();
  for (const [el, entry] of mounted) {
    if (liveSocket.owner(el) === entry.view && isConnected(el) && identityOf(el) === entry.identity) continue;
    mounted.delete(el);
    call(entry, "destroyed");
    ViewHook.forget(entry.hook);
  }
  for (const entry of updated) if (mounted.get(entry.hook.el) === entry) call(entry, "updated");
  for (const el of added) guard(() => mount(el as HTMLElement));
  leave([...witness.leaving].filter((element) => !matches(element, "[inert]")));
  for (const view of liveSocket.views.values()) view.dismiss();
  const lost = witness.lost.splice(0);
  if (lost.length) withExtra(() => extra?.focusNeighbour(lost));
}

/** Runs the `phx-remove` of elements, which are removed when no transition runs any more. */
export function leave(elements: Iterable<Element>): void {
  for (const element of elements) {
    // Nobody can click it any more.
    putAttribute(element, "inert", "");
    guard(() => liveSocket.execJS(element, getAttribute(element, "phx-remove")!, "remove"));
    afterTransitions(() => {
      if (!witness.leaving.delete(element)) return;
      new DocumentFragment().append(element);
      settle();
    });
  }
}

function mount(el: HTMLElement): void {
  if (!matches(el, BOUND) && !created.has(el)) return;
  const root = closest(el, "[data-phx-session],[data-phx-teleported]");
  if (!isConnected(el)) return;
  // The page around the views has hooks too; those of a view wait until it is there.
  if (root && !liveSocket.owner(el)?.isConnected()) return void witness.added.push(el);
  mountHook(el);
  const commands = getAttribute(el, "phx-mounted");
  if (commands && !greeted.has(el)) {
    greeted.add(el);
    liveSocket.execJS(el, commands);
  }
}

function mountHook(el: HTMLElement): void {
  const name = getAttribute(el, "phx-hook");
  const view = liveSocket.owner(el);
  let hook = created.get(el) as (ViewHook & HookCallbacks) | undefined;
  if ((!name && !hook) || mounted.has(el)) return;
  if (!hook) {
    const definition = Object.hasOwn(liveSocket.hooks, name!) ? liveSocket.hooks[name!] : extra?.definitionOf(name!, el);
    if (!definition) {
      if (!extra) withExtra(() => extra && mount(el));
      return;
    }
    hook =
      typeof definition === "function" ? new definition(view, el) : new ViewHook(view, el, definition);
  }
  mounted.set(el, { hook, view, identity: identityOf(el) });
  ViewHook.bind(hook, view);
  hook.mounted?.();
}

/** Tells a view's hooks that the connection is gone, or back. */
export function notify(view: View, callback: "disconnected" | "reconnected"): void {
  for (const entry of mounted.values()) if (entry.view === view) call(entry, callback);
}

/** Runs a binding of all elements of a view that have it. */
export function runBindings(view: View, attribute: "phx-connected" | "phx-disconnected"): void {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    if (liveSocket.owner(element) === view) liveSocket.execJS(element, getAttribute(element, attribute)!);
  }
}

// Hooks: the application's own code bound to elements by `phx-hook`.
//
// The registry hears of every write (writes.ts) and after a patch calls what
// is due: destroyed, updated, mounted. `ViewHook` is what a hook is to its
// author, with Phoenix's names (protocol.md §7.6).

import type { LiveSocket } from "./live-socket.ts";
import type { View } from "./view.ts";
import { witness } from "./writes.ts";

export interface HookCallbacks {
  mounted?(): void;
  beforeUpdate?(): void;
  updated?(): void;
  destroyed?(): void;
  disconnected?(): void;
  reconnected?(): void;
  [name: string]: unknown;
}

export type HookDefinition =
  | (HookCallbacks & ThisType<ViewHook & Record<string, unknown>>)
  | (new (view: View, el: HTMLElement) => ViewHook);

type ReplyCallback = (reply: unknown, ref: number) => void;

export interface EventRef {
  event: string;
  listen: (event: Event) => void;
}

export class ViewHook {
  readonly #view: View;
  readonly #handlers = new Set<EventRef>();

  constructor(
    view: View,
    readonly el: HTMLElement,
    callbacks?: HookCallbacks,
  ) {
    this.#view = view;
    Object.assign(this, callbacks);
  }

  get liveSocket(): LiveSocket {
    return this.#view.liveSocket;
  }

  /** Sends an event to the view; the reply goes to the callback, else to the promise. */
  pushEvent(event: string, value: unknown = {}, onReply?: ReplyCallback): Promise<unknown> | void {
    const answer = this.#view.push("event", { type: "hook", event, value }, "hook", [this.el]);
    if (!onReply) return answer.then(({ reply }) => reply);
    answer.then(({ reply, ref }) => onReply(reply, ref), () => {});
  }

  handleEvent(event: string, callback: (payload: unknown) => void): EventRef {
    const ref = {
      event: `phx:${event}`,
      listen: (event: Event) => callback((event as CustomEvent).detail),
    };
    window.addEventListener(ref.event, ref.listen);
    this.#handlers.add(ref);
    return ref;
  }

  removeHandleEvent(ref: EventRef): void {
    window.removeEventListener(ref.event, ref.listen);
    this.#handlers.delete(ref);
  }

  /** Called by the registry when the element is gone. */
  static forget(hook: ViewHook): void {
    for (const ref of hook.#handlers) hook.removeHandleEvent(ref);
  }
}

interface Mounted {
  hook: ViewHook & HookCallbacks;
  view: View;
  identity: string;
}

/** An element whose hook or id changes gets a new hook. */
function identityOf(el: Element): string {
  return `${el.id} ${el.getAttribute("phx-hook")}`;
}

export class HookRegistry {
  readonly #definitions: Record<string, HookDefinition>;
  readonly #mounted = new Map<Element, Mounted>();
  readonly #written = new Set<Mounted>();

  constructor(definitions: Record<string, HookDefinition>) {
    this.#definitions = definitions;
    witness.beforeWrite = (node) => {
      // An element counts as updated when anything inside it is.
      for (let outer = this.#mounted.size ? node : null; outer; outer = outer.parentNode) {
        const mounted = this.#mounted.get(outer as Element);
        if (!mounted || this.#written.has(mounted)) continue;
        this.#written.add(mounted);
        mounted.hook.beforeUpdate?.();
      }
    };
  }

  /** After a patch: calls what is due and mounts what was added. */
  settle(view: View): void {
    const added = new Set(
      witness.added.splice(0).flatMap((root) => [root, ...root.querySelectorAll("[phx-hook]")]),
    );
    const written = [...this.#written];
    this.#written.clear();
    for (const [el, { hook, identity }] of this.#mounted) {
      if (el.isConnected && identityOf(el) === identity) continue;
      this.#mounted.delete(el);
      hook.destroyed?.();
      ViewHook.forget(hook);
    }
    for (const { hook } of written) {
      if (this.#mounted.get(hook.el)?.hook === hook) hook.updated?.();
    }
    for (const el of added) if (view.el.contains(el)) this.#mount(el as HTMLElement, view);
  }

  #mount(el: HTMLElement, view: View): void {
    const name = el.getAttribute("phx-hook");
    if (!name || this.#mounted.has(el)) return;
    const definition = this.#definitions[name];
    if (!definition) {
      console.error(`unknown hook "${name}"`, el);
      return;
    }
    const hook = (
      typeof definition === "function" ? new definition(view, el) : new ViewHook(view, el, definition)
    ) as ViewHook & HookCallbacks;
    this.#mounted.set(el, { hook, view, identity: identityOf(el) });
    hook.mounted?.();
  }

  /** Tells a view's hooks that the connection is gone, or back. */
  notify(view: View, callback: "disconnected" | "reconnected"): void {
    for (const mounted of this.#mounted.values()) {
      if (mounted.view === view) mounted.hook[callback]?.();
    }
  }
}

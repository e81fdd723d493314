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

type EventCallback = (payload: unknown) => void;

export interface EventRef {
  event: string;
  listen: (event: Event) => void;
}

export class ViewHook {
  readonly #view: View;
  #handlers: EventRef[] = [];

  constructor(
    view: View,
    readonly el: HTMLElement,
    callbacks: HookCallbacks = {},
  ) {
    this.#view = view;
    Object.assign(this, callbacks);
  }

  get liveSocket(): LiveSocket {
    return this.#view.liveSocket;
  }

  /** Sends an event to the view; the reply goes to the callback, else to the promise. */
  pushEvent(event: string, payload: unknown = {}, onReply?: (reply: unknown, ref: number) => void): Promise<unknown> | void {
    const push = this.#view.pushHookEvent(this.el, event, payload);
    if (!onReply) return push.then(({ reply }) => reply);
    push.then(({ reply, ref }) => onReply(reply, ref), () => {});
  }

  /** Sends an event to the views of elements, or to a component by its number. */
  pushEventTo(target: string | number | Element, event: string, payload: unknown = {}, onReply?: (reply: unknown, ref: number) => void): Promise<PromiseSettledResult<{ reply: unknown; ref: number }>[]> | void {
    const { liveSocket } = this;
    const pushes = liveSocket
      .targets(target, this.#view)
      .map(([view, cid]) => view.pushHookEvent(this.el, event, payload, cid));
    if (!onReply) return Promise.allSettled(pushes);
    for (const push of pushes) push.then(({ reply, ref }) => onReply(reply, ref), () => {});
  }

  handleEvent(event: string, callback: EventCallback): EventRef {
    const listen = (event: Event) => callback((event as CustomEvent).detail);
    const ref = { event: `phx:${event}`, listen };
    window.addEventListener(ref.event, listen);
    this.#handlers.push(ref);
    return ref;
  }

  removeHandleEvent(ref: EventRef): void {
    window.removeEventListener(ref.event, ref.listen);
    this.#handlers = this.#handlers.filter((handler) => handler !== ref);
  }

  /** Called by the registry when the element is gone. */
  static forget(hook: ViewHook): void {
    for (const ref of hook.#handlers) hook.removeHandleEvent(ref);
  }
}

interface Mounted {
  hook: ViewHook & HookCallbacks;
  view: View;
  name: string;
  id: string;
}

export class HookRegistry {
  readonly #definitions: Record<string, HookDefinition>;
  readonly #mounted = new Map<Element, Mounted>();
  readonly #written = new Set<Mounted>();

  constructor(definitions: Record<string, HookDefinition>) {
    this.#definitions = definitions;
    witness.beforeWrite = (node) => {
      if (this.#mounted.size) this.#beforeWrite(node);
    };
  }

  /** An element counts as updated when anything inside it is. */
  #beforeWrite(node: Node): void {
    for (let outer: Node | null = node; outer; outer = outer.parentNode) {
      const mounted = this.#mounted.get(outer as Element);
      if (!mounted || this.#written.has(mounted)) continue;
      this.#written.add(mounted);
      mounted.hook.beforeUpdate?.();
    }
  }

  /** After a patch: calls what is due and mounts what was added. */
  settle(view: View): void {
    const added = witness.added.splice(0);
    const written = [...this.#written];
    this.#written.clear();
    for (const [el, mounted] of [...this.#mounted]) {
      const isSame = el.getAttribute("phx-hook") === mounted.name && el.id === mounted.id;
      if (!el.isConnected || !isSame) this.#destroy(el, mounted);
    }
    for (const { hook } of written) {
      if (this.#mounted.has(hook.el)) hook.updated?.();
    }
    for (const root of added) {
      if (root.isConnected && view.el.contains(root)) this.mount(root, view);
    }
  }

  mount(root: Element, view: View): void {
    for (const el of [root, ...root.querySelectorAll("[phx-hook]")]) {
      const name = el.getAttribute("phx-hook");
      if (!name || this.#mounted.has(el)) continue;
      const definition = this.#definitions[name];
      if (!definition) {
        console.error(`no hook is registered as "${name}"`, el);
        continue;
      }
      const hook = (typeof definition === "function"
        ? new definition(view, el as HTMLElement)
        : new ViewHook(view, el as HTMLElement, definition)) as ViewHook & HookCallbacks;
      this.#mounted.set(el, { hook, view, name, id: el.id });
      hook.mounted?.();
    }
  }

  #destroy(el: Element, { hook }: Mounted): void {
    this.#mounted.delete(el);
    hook.destroyed?.();
    ViewHook.forget(hook);
  }

  /** Tells a view's hooks that the connection is gone, or back. */
  notify(view: View, callback: "disconnected" | "reconnected"): void {
    for (const mounted of this.#mounted.values()) {
      if (mounted.view === view) mounted.hook[callback]?.();
    }
  }
}

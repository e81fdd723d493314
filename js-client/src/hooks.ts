// Hooks: the application's own code bound to elements by `phx-hook`.
//
// `witness` tells of every write (writes.ts); after a patch `settle` calls what
// is due: destroyed, updated, mounted. `ViewHook` is what a hook is to its
// author, with Phoenix's names (protocol.md §7.6).

import { closeViews, openViews } from "./children.ts";
import { scripted } from "./commands.ts";
import type { Commands, Scripted } from "./commands.ts";
import { liveSocket } from "./live-socket.ts";
import type { LiveSocket } from "./live-socket.ts";
import { guard } from "./page.ts";
import { settlePortals } from "./portal.ts";
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
  | (new (view: View, el: HTMLElement) => ViewHook);

type ReplyCallback = (reply: unknown, ref: number) => void;

/** Ends what `handleEvent` began. */
export type EventRef = () => void;

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
    return liveSocket;
  }

  /** The commands as functions; `exec` runs them on this element. */
  js(): Omit<Scripted, "exec"> & { exec(commands: string | Commands): void } {
    const execute = (element: Element, commands: string | Commands) => liveSocket.execJS(element, commands, "hook");
    return { ...scripted(execute), exec: (commands) => execute(this.el, commands) };
  }

  /** Sends an event to the view; the reply goes to the callback, else to the promise. */
  pushEvent(event: string, value: unknown = {}, onReply?: ReplyCallback): Promise<unknown> | void {
    const answer = this.#view.push("event", { type: "hook", event, value }, { kind: "hook", loading: [this.el] });
    if (!onReply) return answer.then(({ reply }) => reply);
    answer.then(({ reply, ref }) => guard(() => onReply(reply, ref)), () => {});
  }

  handleEvent(event: string, callback: (payload: unknown) => void): EventRef {
    const name = `phx:${event}`;
    const listen = (event: Event) => callback((event as CustomEvent).detail);
    const ref = () => {
      window.removeEventListener(name, listen);
      this.#handlers.delete(ref);
    };
    window.addEventListener(name, listen);
    this.#handlers.add(ref);
    return ref;
  }

  removeHandleEvent(ref: EventRef): void {
    ref();
  }

  /** Called when the element is gone. */
  static forget(hook: ViewHook): void {
    for (const ref of hook.#handlers) ref();
  }
}

interface Mounted {
  hook: ViewHook & HookCallbacks;
  view: View;
  identity: string;
}

const mounted = new Map<Element, Mounted>();
/** Those that a patch has written to or into. */
const written = new Set<Mounted>();

function call({ hook }: Mounted, callback: keyof HookCallbacks & string): void {
  guard(() => (hook as HookCallbacks)[callback]?.());
}

/** An element whose hook or id changes gets a new hook. */
function identityOf(el: Element): string {
  return `${el.id} ${el.getAttribute("phx-hook")}`;
}

witness.beforeWrite = (node) => {
  // An element counts as updated when anything inside it is.
  for (let outer = mounted.size ? node : null; outer; outer = outer.parentNode) {
    const entry = mounted.get(outer as Element);
    if (!entry || written.has(entry)) continue;
    written.add(entry);
    call(entry, "beforeUpdate");
  }
};

/** Elements whose `phx-mounted` has run. */
const greeted = new WeakSet<Element>();

/** After a patch: calls what is due, mounts what was added, lets go of what leaves. */
export function settle(): void {
  settlePortals();
  closeViews();
  openViews(witness.added);
  const added = new Set(
    witness.added.splice(0).flatMap((root) => [root, ...root.querySelectorAll("[phx-hook],[phx-mounted]")]),
  );
  const updated = [...written];
  written.clear();
  for (const [el, entry] of mounted) {
    const isOwned = liveSocket.views.get(entry.view.id) === entry.view;
    if (isOwned && el.isConnected && identityOf(el) === entry.identity) continue;
    mounted.delete(el);
    call(entry, "destroyed");
    ViewHook.forget(entry.hook);
  }
  for (const entry of updated) if (mounted.get(entry.hook.el) === entry) call(entry, "updated");
  for (const el of added) guard(() => mount(el as HTMLElement));
  leave([...witness.leaving].filter((element) => !(element as HTMLElement).inert));
  for (const view of liveSocket.views.values()) view.dismiss();
}

/** Runs the `phx-remove` of elements, which are removed when no transition runs any more. */
export function leave(elements: Iterable<Element>): void {
  for (const element of elements) {
    // Nobody can click it any more.
    (element as HTMLElement).inert = true;
    guard(() => liveSocket.execJS(element, element.getAttribute("phx-remove")!, "remove"));
    afterTransitions(() => {
      if (!witness.leaving.delete(element)) return;
      element.remove();
      settle();
    });
  }
}

function mount(el: HTMLElement): void {
  const view = liveSocket.owner(el);
  if (!view || !el.isConnected) return;
  mountHook(el, view);
  const commands = el.getAttribute("phx-mounted");
  if (!commands || greeted.has(el)) return;
  greeted.add(el);
  liveSocket.execJS(el, commands);
}

function mountHook(el: HTMLElement, view: View): void {
  const name = el.getAttribute("phx-hook");
  if (!name || mounted.has(el)) return;
  const definition = liveSocket.hooks[name];
  if (!definition) {
    console.error(`unknown hook "${name}"`, el);
    return;
  }
  const hook = (
    typeof definition === "function" ? new definition(view, el) : new ViewHook(view, el, definition)
  ) as ViewHook & HookCallbacks;
  mounted.set(el, { hook, view, identity: identityOf(el) });
  hook.mounted?.();
}

/** Tells a view's hooks that the connection is gone, or back. */
export function notify(view: View, callback: "disconnected" | "reconnected"): void {
  for (const entry of mounted.values()) if (entry.view === view) call(entry, callback);
}

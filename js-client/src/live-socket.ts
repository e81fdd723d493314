// The client as the application sees it: options, the views on the page, and
// what concerns the page as a whole (leaving it, reloading it).
//
// Names and options are Phoenix's.

import { LASTING } from "./channel.ts";
import { settleViews } from "./children.ts";
import { scripted } from "./commands.ts";
import type { Commands } from "./commands.ts";
import { bindEvents, sendPlain } from "./events.ts";
import type { Execute, Scripted } from "./extra/scripted.ts";
import { prepareFor } from "./beside.ts";
import { extra } from "./extra.ts";
import { settle } from "./hooks.ts";
import type { HookDefinition } from "./hooks.ts";
import type { Kind } from "./marks.ts";
import { mender, withMender } from "./mend.ts";
import { closest, document } from "./natives.ts";
import { navigation } from "./navigation.ts";
import { watchOthers } from "./others.ts";
import { attempt, browser, diagnose, isLeaving, listen, setCookie, watchLeaving } from "./page.ts";
import { DEBUG, LATENCY, PROFILE, STOPPED } from "./socket.ts";
import type { Socket, SocketOptions } from "./socket.ts";
import type { View } from "./view.ts";
import { witness } from "./writes.ts";
import type { DomCallbacks } from "./writes.ts";

type MetadataOf = (event: Event, element: Element) => Record<string, unknown>;

/** Names are Phoenix's; times are milliseconds. */
export interface LiveSocketOptions extends Omit<SocketOptions, "params"> {
  params?: Record<string, unknown> | ((el?: Element) => Record<string, unknown>);
  hooks?: Record<string, HookDefinition>;
  /** What to add to the payload of an event, by its type. */
  metadata?: Record<string, MetadataOf>;
  /** How long a view is disconnected, in milliseconds, before it shows that, and `phx-disconnected` runs. */
  disconnectedTimeout?: number;
  /** The pause before a page that failed is loaded again lies between these. */
  reloadJitterMin?: number;
  reloadJitterMax?: number;
  /** After so many reloads in a row the pause is `failsafeJitter`. */
  maxReloads?: number;
  failsafeJitter?: number;
  /** Sends no change while an input method composes text, but when it is done. */
  blockPhxChangeWhileComposing?: boolean;
  /** Whether a live navigation runs `phx-remove` of all elements, not only of the main one. */
  cascadePhxRemoveOnNavigation?: boolean;
  dom?: DomCallbacks;
  /** What an empty `phx-debounce` and `phx-throttle` mean. */
  defaults?: { debounce?: number; throttle?: number };
  /** Hears what comes for a view, and what goes wrong with it. */
  viewLogger?(view: View, kind: string, message: string, about: unknown): void;
  /** For where a page has no `localStorage`, as in a frame of another site. */
  localStorage?: Storage;
}

const DEFAULTS = {
  disconnectedTimeout: 500,
  reloadJitterMin: 5000,
  reloadJitterMax: 10_000,
  maxReloads: 10,
  failsafeJitter: 30_000,
  cascadePhxRemoveOnNavigation: true,
};

/** The page has one client. */
export let liveSocket: LiveSocket;

export class LiveSocket {
  readonly socket: Socket;
  readonly hooks: Record<string, HookDefinition>;
  readonly dom: DomCallbacks;
  /** By the id of their elements, which the main one keeps from view to view. */
  readonly views = new Map<string, View>();
  main: View | undefined;
  readonly options: LiveSocketOptions & typeof DEFAULTS;
  /** Of the next reload, or for the end of counting them. */
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;
  #isBound = false;
  /** Lasts as long as the tab, and as long as the site's data. */
  readonly #session: Storage;
  readonly #local: Storage;

  constructor(
    url: string,
    SocketClass: new (url: string, options: SocketOptions) => Socket,
    options: LiveSocketOptions = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    this.dom = witness.dom = options.dom ?? {};
    this.socket = new SocketClass(url, options);
    this.hooks = options.hooks ?? {};
    this.#session = this.socket.options.sessionStorage;
    this.#local = options.localStorage ?? attempt(() => localStorage)!;
    liveSocket = this;
    watchOthers();
    // Code 1000 says that the server ended this on purpose.
    this.socket.onClose(({ code }) => {
      if (code === 1000 && this.main) this.reloadWithJitter();
      if (code === STOPPED) withMender(() => mender?.offerReload());
    });
  }

  connect(): void {
    if (document.readyState === "loading") {
      listen("DOMContentLoaded", () => this.connect());
      return;
    }
    // A layout may need it too, and who comes back to a page.
    prepareFor(document.body.outerHTML + JSON.stringify(history.state));
    settleViews([document.body]);
    if (!this.#isBound) {
      this.#isBound = true;
      bindEvents();
      navigation?.bind();
      watchLeaving();
      listen("pagehide", () => this.disconnect());
      // A page out of the browser's back/forward cache joins again, with what was typed.
      listen("pageshow", ({ persisted }) => persisted && this.socket.connect());
    }
    // Hooks outside of the views.
    witness.added.push(document.body);
    settle();
    this.socket.connect();
  }

  disconnect(callback?: () => void): void {
    clearTimeout(this.#reloadTimer);
    this.socket.disconnect(callback);
  }

  isConnected(): boolean {
    return this.socket.isConnected();
  }

  replaceTransport(transport: typeof WebSocket): void {
    this.socket.replaceTransport(transport);
    this.connect();
  }

  getSocket(): Socket {
    return this.socket;
  }

  /** Runs commands, such as the content of an attribute, on an element. */
  execJS(element: Element, commands: string | Commands, kind: Kind = null): void {
    sendPlain(kind, null, element, commands);
  }

  /** The commands as functions. */
  js(): Scripted {
    const exec: Execute = (element, commands) => this.execJS(element, commands, "js");
    return scripted(exec, { exec });
  }

  /** Shows each answer later by so many milliseconds, until the tab is closed. */
  enableLatencySim(ms: number): void {
    this.#session.setItem(LATENCY, `${ms}`);
  }

  disableLatencySim(): void {
    this.#session.removeItem(LATENCY);
  }

  /** Writes every frame to the console, until the tab is closed. */
  enableDebug(): void {
    this.#session.setItem(DEBUG, "true");
  }

  disableDebug(): void {
    this.#session.setItem(DEBUG, "false");
  }

  isDebugEnabled(): boolean {
    return this.socket.recall(DEBUG) === "true";
  }

  /** Times joins and patches in the console, until the tab is closed. */
  enableProfiling(): void {
    this.#session.setItem(PROFILE, "true");
  }

  disableProfiling(): void {
    this.#session.removeItem(PROFILE);
  }

  isProfileEnabled(): boolean {
    return this.socket.recall(PROFILE) === "true";
  }

  params(el: Element): Record<string, unknown> | undefined {
    const { params } = this.options;
    return typeof params === "function" ? params(el) : params;
  }

  metadata(event: Event, type: string, element: Element): Record<string, unknown> | undefined {
    return this.options.metadata?.[type]?.(event, element);
  }

  /** The URL of the page, or the one that is being navigated to. */
  href(): string {
    return (this.main ?? location).href;
  }

  enroll(view: View): void {
    this.views.set(view.id, view);
    if (view.isMain) this.main = view;
  }

  /** The view that an element belongs to; a page that is left for another has none any more. */
  owner(element: Element): View | undefined {
    const el = closest(element, "[data-phx-session],[data-phx-teleported]");
    const { phxTeleported } = el?.dataset ?? {};
    const view = this.views.get(phxTeleported ?? el?.id ?? "");
    return phxTeleported || view?.el === el ? view : undefined;
  }

  /** Where a target points: views, with a component's number if it names one. */
  targets(target: string | number | Element | null | undefined, origin: View): [View, number?][] {
    if (target == null) return [[origin]];
    if (!isNaN(+target)) return [[origin, +target]];
    const elements = typeof target === "object" ? [target] : [...document.querySelectorAll(`${target}`)];
    return elements.flatMap((element): [View, number?][] => {
      const view = this.owner(element);
      const component = extra?.componentAround(element);
      const isOwn = component && this.owner(component) === view;
      return view ? [[view, isOwn ? +component.dataset.phxComponent! : undefined]] : [];
    });
  }

  /** Leaves the page for another, unless it is being left already; a cookie carries the flash there. */
  redirect(to: string, flash?: string | null): void {
    this.disconnect();
    if (isLeaving()) {
      this.#reloadTimer = setTimeout(() => this.redirect(to, flash), 1000);
      return;
    }
    if (flash) setCookie("__phoenix_flash__", flash);
    browser.load(to);
  }

  /** Loads the page again after a random pause, or at once if that `isDue` and the first time; more slowly if it doesn't help. */
  reloadWithJitter(isDue?: boolean, flash?: string | null): void {
    this.disconnect();
    const { reloadJitterMin: min, reloadJitterMax: max, maxReloads, failsafeJitter } = this.options;
    // Where they can't be counted, each may be one of many.
    const reloads = attempt(() => {
      const count = +this.#local.getItem(reloadsKey())! + 1;
      this.#local.setItem(reloadsKey(), `${count}`);
      return count;
    });
    let pause = isDue && reloads === 1 ? 0 : min + Math.random() * (max - min);
    if (!(reloads! < maxReloads)) {
      pause = failsafeJitter;
      const message = "reloads don't help";
      diagnose("page.failsafe", "network", message, { reloads });
      this.options.viewLogger?.(this.main!, "join", message, { reloads });
    }
    // A navigation that failed goes where it was to go.
    const load = () => this.redirect(this.href(), flash);
    if (pause) this.#reloadTimer = setTimeout(load, pause);
    else load();
  }

  /** Once a join has lasted, the next reload is the first. */
  joined(): void {
    clearTimeout(this.#reloadTimer);
    this.#reloadTimer = setTimeout(() => attempt(() => this.#local.removeItem(reloadsKey())), LASTING);
  }
}

function reloadsKey(): string {
  return `${location.pathname}-consecutive-reloads`;
}

// The client as the application sees it: options, the views on the page, and
// what concerns the page as a whole (leaving it, reloading it).
//
// Names and options are Phoenix's.

import { bindEvents } from "./events.ts";
import { HookRegistry } from "./hooks.ts";
import type { HookDefinition } from "./hooks.ts";
import { Navigation } from "./navigation.ts";
import { browser, setCookie } from "./page.ts";
import type { Socket, SocketOptions } from "./socket.ts";
import { View } from "./view.ts";

type MetadataOf = (event: Event, element: Element) => Record<string, unknown>;

export interface LiveSocketOptions extends Omit<SocketOptions, "params"> {
  params?: Record<string, unknown> | ((el?: Element) => Record<string, unknown>);
  hooks?: Record<string, HookDefinition>;
  /** What to add to the payload of an event, by its type. */
  metadata?: Record<string, MetadataOf>;
  dom?: {
    onPatchStart?(container: HTMLElement): void;
    onPatchEnd?(container: HTMLElement): void;
  };
  reloadJitterMin?: number;
  reloadJitterMax?: number;
  maxReloads?: number;
  failsafeJitter?: number;
}

export class LiveSocket {
  readonly socket: Socket;
  readonly hooks: HookRegistry;
  readonly navigation: Navigation;
  readonly dom: NonNullable<LiveSocketOptions["dom"]>;
  readonly views = new Set<View>();
  main: View | undefined;
  readonly #options: LiveSocketOptions;
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;
  #isBound = false;

  constructor(
    url: string,
    SocketClass: new (url: string, options: SocketOptions) => Socket,
    options: LiveSocketOptions = {},
  ) {
    this.#options = options;
    this.dom = options.dom ?? {};
    this.socket = new SocketClass(url, { ...options, params: () => this.params() });
    this.hooks = new HookRegistry(options.hooks ?? {});
    this.navigation = new Navigation(this);
    // Code 1000 says that the server ended this on purpose.
    this.socket.onClose(({ code }) => {
      if (code === 1000 && this.main) this.reloadWithJitter();
    });
  }

  connect(): void {
    const start = () => {
      this.#joinViews();
      if (!this.#isBound) {
        this.#isBound = true;
        bindEvents(this);
        this.navigation.bind();
        this.#bindPage();
      }
      this.socket.connect();
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  }

  disconnect(callback?: () => void): void {
    clearTimeout(this.#reloadTimer);
    this.socket.disconnect(callback);
  }

  isConnected(): boolean {
    return this.socket.isConnected();
  }

  getSocket(): Socket {
    return this.socket;
  }

  params(el?: Element): Record<string, unknown> {
    const { params = {} } = this.#options;
    return typeof params === "function" ? params(el) : params;
  }

  metadata(type: string, event: Event, element: Element): Record<string, unknown> {
    return this.#options.metadata?.[type]?.(event, element) ?? {};
  }

  /** The URL of the page, or the one that is being navigated to. */
  href(): string {
    return this.main?.href ?? location.href;
  }

  /** The view that an element belongs to. */
  owner(element: Element): View | undefined {
    const el = element.closest("[data-phx-session]");
    for (const view of this.views) if (view.el === el) return view;
  }

  /** Where `phx-target` points: views, with a component's number if it names one. */
  targets(target: string | number | Element | null | undefined, origin: View): [View, number?][] {
    if (target == null) return [[origin]];
    if (/^\d+$/.test(String(target))) return [[origin, Number(target)]];
    const elements = target instanceof Element ? [target] : [...document.querySelectorAll(String(target))];
    return elements.flatMap((element) => {
      const view = this.owner(element);
      return view ? [[view] as [View]] : [];
    });
  }

  /** Leaves the page for another; the cookie carries the flash there. */
  redirect({ to, flash }: { to: string; flash?: string | null }): void {
    if (flash) setCookie("__phoenix_flash__", flash);
    this.disconnect();
    browser.load(to);
  }

  /** Loads the page again after a random pause; more slowly if that doesn't help. */
  reloadWithJitter(): void {
    const { reloadJitterMin = 5000, reloadJitterMax = 10_000 } = this.#options;
    const { maxReloads = 10, failsafeJitter = 30_000 } = this.#options;
    this.disconnect();
    const reloads = Number(localStorage.getItem(reloadsKey())) + 1;
    localStorage.setItem(reloadsKey(), String(reloads));
    const jitter = reloadJitterMin + Math.random() * (reloadJitterMax - reloadJitterMin);
    this.#reloadTimer = setTimeout(() => browser.reload(), reloads >= maxReloads ? failsafeJitter : jitter);
  }

  joined(view: View): void {
    clearTimeout(this.#reloadTimer);
    localStorage.removeItem(reloadsKey());
    if (view === this.main) this.navigation.arrived(view);
  }

  #joinViews(): void {
    const roots = document.querySelectorAll<HTMLElement>("[data-phx-session]:not([data-phx-parent-id])");
    for (const el of roots) {
      if (this.owner(el)) continue;
      const view = new View(el, this, location.href);
      this.views.add(view);
      if (view.isMain) this.main = view;
      view.join();
    }
  }

  #bindPage(): void {
    window.addEventListener("pagehide", () => this.socket.disconnect());
    // A page out of the browser's back/forward cache has lost its session.
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) browser.reload();
    });
  }
}

function reloadsKey(): string {
  return `${location.pathname}-consecutive-reloads`;
}

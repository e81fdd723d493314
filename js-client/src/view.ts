// One live view on the page: its channel, its tree of parts, its pushes.
//
// A message from the server passes through here once: statics resolved, then
// patched, then its title, events and hooks. Which events are sent, and when,
// is decided in events.ts and navigation.ts.

import type { Channel, Push } from "./channel.ts";
import { release } from "./forms.ts";
import type { LiveSocket } from "./live-socket.ts";
import { lay, lift, loading as loadingMark, mark } from "./marks.ts";
import type { Overlay } from "./marks.ts";
import { dispatch, keepFocus, loading, setCookie, setTitle } from "./page.ts";
import { ChildPart } from "./parts.ts";
import { isIndex, Key, resolve } from "./wire.ts";
import type { Diff, ServerEvent } from "./wire.ts";
import { witness, writeAttribute } from "./writes.ts";

interface Redirect {
  to: string;
  kind?: "push" | "replace";
  flash?: string | null;
}

interface JoinReply {
  rendered: unknown;
  container?: [tag: string, attributes: Record<string, string>];
  live_patch?: Redirect;
}

interface JoinError {
  reason?: string;
  token?: string;
  events?: ServerEvent[];
  redirect?: Redirect;
  live_redirect?: Redirect;
}

interface Reply {
  diff?: unknown;
  redirect?: Redirect;
  live_redirect?: Redirect;
  link_redirect?: boolean;
}

export interface PushOptions {
  /** Elements that wait for the answer. */
  elements?: Element[];
  overlays?: Overlay[];
  onReply?: (reply: unknown, ref: number, response: Reply) => void;
  onFail?: (error: Error) => void;
}

/** How the present navigation came to this view, if by one. */
export interface Arrival {
  flash: string | null;
  referer: string;
}

const PUSH_TIMEOUT = 30_000;
const STATES = ["phx-connected", "phx-loading", "phx-error", "phx-client-error", "phx-server-error"];

export class View {
  el: HTMLElement;
  readonly id: string;
  readonly isMain: boolean;
  readonly #channel: Channel;
  #arrival: Arrival | undefined;
  #root: ChildPart | undefined;
  #joins = 0;
  #attempts = 0;
  #refs = 0;
  #isDestroyed = false;
  #onFirstJoin: (() => void) | undefined;
  #stopLoading: (() => void) | undefined;

  /** `href` is what the server routes by, at this and every later join. */
  constructor(
    el: HTMLElement,
    readonly liveSocket: LiveSocket,
    public href: string,
    arrival?: Arrival,
  ) {
    this.el = el;
    this.id = el.id;
    this.isMain = el.hasAttribute("data-phx-main");
    this.#arrival = arrival;
    this.#channel = liveSocket.socket.channel(`lv:${el.id}`, () => this.#joinPayload());
    this.#channel.on("diff", (diff) => this.apply(diff));
    this.#channel.on("redirect", (redirect) => this.liveSocket.redirect(redirect));
    this.#channel.on("live_patch", ({ to, kind }: Redirect) => liveSocket.navigation.patched(this, to, kind));
    this.#channel.on("live_redirect", (redirect: Redirect) => this.#liveRedirect(redirect));
    this.#channel.onError(() => this.#failed());
  }

  isConnected(): boolean {
    return this.#channel.canPush();
  }

  join(onFirstJoin?: () => void): void {
    this.#onFirstJoin = onFirstJoin;
    this.#setState("phx-loading");
    if (this.isMain && !this.#arrival) this.#stopLoading = loading({ to: this.href, kind: "initial" });
    this.#channel
      .join()
      .receive("ok", (reply: JoinReply) => this.#joined(reply))
      .receive("error", (error: JoinError) => this.#joinFailed(error))
      .receive("timeout", () => this.#joinFailed({}));
  }

  /** Ends the view; its nodes stay until something takes their place. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#channel.leave();
  }

  #joinPayload(): Record<string, unknown> {
    const { el, href } = this;
    const statics = [...document.querySelectorAll<HTMLLinkElement & HTMLScriptElement>("[phx-track-static]")];
    const params = {
      ...this.liveSocket.params(el),
      _track_static: statics.length ? statics.map((tracked) => tracked.href || tracked.src) : undefined,
      _mounts: this.#joins,
      _mount_attempts: this.#attempts++,
      _live_referer: this.#arrival?.referer,
    };
    return {
      [this.#arrival ? "redirect" : "url"]: this.isMain ? href : undefined,
      params,
      session: el.dataset.phxSession,
      static: el.dataset.phxStatic || null,
      flash: this.#arrival?.flash ?? undefined,
      sticky: false,
    };
  }

  #joined({ rendered, container, live_patch }: JoinReply): void {
    const isFirst = !this.#joins++;
    this.#attempts = 0;
    if (!this.#root) {
      if (container) this.el = contain(this.el, ...container);
      const { el } = this;
      const anchor = document.createTextNode("");
      // Nothing of the view before survives a live navigation.
      if (this.#arrival) el.replaceChildren();
      const dead = el.firstChild;
      el.append(anchor);
      this.#root = new ChildPart(anchor, "");
      if (dead) this.#root.adopt(dead);
    }
    this.#setState("phx-connected");
    this.liveSocket.joined(this);
    if (live_patch) this.liveSocket.navigation.patched(this, live_patch.to, live_patch.kind);
    if (isFirst) this.#onFirstJoin?.();
    // Hooks in nodes that were there before the join count as added now.
    witness.added.push(this.el);
    this.apply(rendered);
    if (!isFirst) this.liveSocket.hooks.notify(this, "reconnected");
    this.#stopLoading?.();
    this.#stopLoading = undefined;
  }

  #joinFailed({ reason, token, events = [], redirect, live_redirect }: JoinError): void {
    for (const [name, payload] of events) dispatch(`phx:${name}`, payload);
    const { liveSocket } = this;
    const flash = this.#arrival?.flash;
    if (reason === "reload") {
      setCookie("__phoenix_reload_status__", `${token}`);
      liveSocket.redirect({ to: liveSocket.href() });
    } else if (reason === "stale" || reason === "unauthorized") {
      liveSocket.redirect({ to: liveSocket.href(), flash });
    } else if (redirect) {
      this.#channel.leave();
      liveSocket.redirect(redirect);
    } else if (live_redirect) {
      this.#channel.leave();
      this.#liveRedirect(live_redirect);
    } else {
      this.#failed();
      if (this.isMain && liveSocket.isConnected()) liveSocket.reloadWithJitter();
    }
  }

  #failed(): void {
    if (this.#isDestroyed) return;
    const side = this.liveSocket.isConnected() ? "server" : "client";
    if (this.isMain) this.#stopLoading ??= loading({ to: this.href, kind: "error" });
    this.#setState("phx-loading", "phx-error", `phx-${side}-error`);
    if (this.#joins) this.liveSocket.hooks.notify(this, "disconnected");
  }

  #setState(...states: string[]): void {
    this.el.classList.remove(...STATES);
    this.el.classList.add(...states);
  }

  #liveRedirect({ to, kind = "push", flash = null }: Redirect): void {
    this.liveSocket.navigation.navigate(to, kind, flash);
  }

  /** Takes a message's changes to the page, title and events; returns its reply. */
  apply(message: unknown): unknown {
    const diff: Diff = resolve(message);
    const { [Key.Events]: events = [], [Key.Reply]: reply, [Key.Title]: title } = diff;
    for (const [name, payload, early] of events) if (early) dispatch(`phx:${name}`, payload);
    if (Object.keys(diff).some(isIndex) || Key.Statics in diff) {
      this.#patch(() => this.#root?.take(0, diff));
    }
    if (title !== undefined) setTitle(title);
    for (const [name, payload, early] of events) if (!early) dispatch(`phx:${name}`, payload);
    return reply;
  }

  #patch(write: () => void): void {
    const { dom, hooks } = this.liveSocket;
    dom.onPatchStart?.(this.el);
    lift();
    const restoreFocus = keepFocus();
    write();
    release(writeAttribute);
    lay();
    restoreFocus();
    hooks.settle(this);
    dom.onPatchEnd?.(this.el);
    dispatch("phx:update", undefined, document);
  }

  /** Sends to the server; the answer undoes the marks and applies its diff. */
  push(event: string, payload: Record<string, unknown>, options: PushOptions = {}): Push | undefined {
    const { elements = [], overlays = [], onReply, onFail } = options;
    if (!this.isConnected()) {
      onFail?.(new Error("the view is not connected"));
      return;
    }
    const ref = this.#refs++;
    const unmark = mark(elements, overlays);
    return this.#channel
      .push(event, payload, PUSH_TIMEOUT)
      .receive("ok", (response: Reply) => {
        unmark();
        if (this.#isDestroyed) return;
        const reply = response.diff ? this.apply(response.diff) : undefined;
        if (response.redirect) this.liveSocket.redirect(response.redirect);
        if (response.live_redirect) this.#liveRedirect(response.live_redirect);
        onReply?.(reply, ref, response);
      })
      .receive("error", (error: { reason?: string }) => {
        unmark();
        onFail?.(new Error(error.reason));
      })
      .receive("timeout", () => {
        unmark();
        onFail?.(new Error("timeout"));
        if (!this.#isDestroyed) this.liveSocket.reloadWithJitter();
      });
  }

  /** A hook's event; rejects when no answer will come. */
  pushHookEvent(el: Element, event: string, value: unknown, cid?: number): Promise<{ reply: unknown; ref: number }> {
    return new Promise((resolve, reject) => {
      this.push("event", { type: "hook", event, value, cid }, {
        elements: [el],
        overlays: [loadingMark(el, "hook")],
        onReply: (reply, ref) => resolve({ reply, ref }),
        onFail: reject,
      });
    });
  }
}

/** The view's element as the server wants it, with its identity kept. */
function contain(el: HTMLElement, tag: string, attributes: Record<string, string>): HTMLElement {
  const container = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) container.setAttribute(name, value);
  for (const { name, value } of el.attributes) {
    if (name === "id" || name.startsWith("data-phx-")) container.setAttribute(name, value);
  }
  el.replaceWith(container);
  return container;
}

// One live view on the page: its channel, its tree of parts, its pushes.
//
// A message from the server passes through here once: statics resolved, then
// patched, then its title, hooks and events. Which events are sent, and when,
// is decided in events.ts and navigation.ts.

import type { Channel } from "./channel.ts";
import { release } from "./forms.ts";
import type { LiveSocket } from "./live-socket.ts";
import { lay, lift, mark } from "./marks.ts";
import type { LoadingKind, Overlay } from "./marks.ts";
import type { HistoryKind } from "./navigation.ts";
import { dispatch, keepFocus, loading, setCookie, setTitle } from "./page.ts";
import { ChildPart } from "./parts.ts";
import { isIndex, Key, resolve } from "./wire.ts";
import type { ServerEvent } from "./wire.ts";
import { witness, writeAttribute } from "./writes.ts";

interface Redirect {
  to: string;
  kind?: HistoryKind;
  flash?: string | null;
}

/** Where an answer to a join or a push may send the page. */
interface Redirects {
  redirect?: Redirect;
  live_redirect?: Redirect;
}

interface JoinReply {
  rendered: unknown;
  container?: [tag: string, attributes: Record<string, string>];
  live_patch?: Redirect;
}

interface JoinError extends Redirects {
  reason?: string;
  token?: string;
  events?: ServerEvent[];
}

interface Response extends Redirects {
  diff?: unknown;
  link_redirect?: boolean;
  reason?: string;
}

export interface Answer {
  reply: unknown;
  ref: number;
  response: Response;
}

/** The live navigation that led to a view, if one did. */
export interface Arrival {
  flash: string | null;
  referer: string;
  onJoin: () => void;
}

const PUSH_TIMEOUT = 30_000;

export class View {
  readonly id: string;
  readonly isMain: boolean;
  readonly #channel: Channel;
  readonly #arrival: Arrival | undefined;
  #root: ChildPart | undefined;
  #joins = 0;
  #attempts = 0;
  #refs = 0;
  #stopLoading: (() => void) | undefined;

  /** `href` is what the server routes by, at this and every later join. */
  constructor(
    public el: HTMLElement,
    readonly liveSocket: LiveSocket,
    public href: string,
    arrival?: Arrival,
  ) {
    this.id = el.id;
    this.isMain = el.hasAttribute("data-phx-main");
    this.#arrival = arrival;
    this.#setState("phx-loading");
    if (this.isMain && !arrival) this.#stopLoading = loading({ to: href, kind: "initial" });
    this.#channel = liveSocket.socket.join(
      `lv:${el.id}`,
      () => this.#joinPayload(),
      (status, response) => (status === "ok" ? this.#joined(response) : this.#refused(response)),
      (event, payload) => this.#hear(event, payload),
    );
  }

  #hear(event: string, payload: any): void {
    if (event === "diff") this.apply(payload);
    else if (event === "phx_error") this.#fail();
    else if (event === "live_patch") this.liveSocket.navigation.patched(this, payload.to, payload.kind);
    else this.#redirect({ [event]: payload });
  }

  isConnected(): boolean {
    return this.#channel.canPush();
  }

  /** Ends the view and fails its pushes; its nodes stay until something takes their place. */
  destroy(): void {
    this.#channel.leave();
  }

  #joinPayload(): Record<string, unknown> {
    const arrival = this.#arrival;
    const { dataset } = this.el;
    return {
      [arrival ? "redirect" : "url"]: this.isMain ? this.href : undefined,
      params: {
        ...this.liveSocket.params(this.el),
        _mounts: this.#joins,
        _mount_attempts: this.#attempts++,
        _live_referer: arrival?.referer,
      },
      session: dataset.phxSession,
      static: dataset.phxStatic || null,
      flash: arrival?.flash ?? undefined,
      sticky: false,
    };
  }

  #joined({ rendered, container, live_patch }: JoinReply): void {
    const { liveSocket } = this;
    const isFirst = !this.#joins++;
    this.#attempts = 0;
    if (isFirst) this.#adopt(container);
    this.#setState("phx-connected");
    liveSocket.joined(this);
    if (isFirst) this.#arrival?.onJoin();
    if (live_patch) liveSocket.navigation.patched(this, live_patch.to, live_patch.kind);
    // Hooks in nodes that were there before the join count as added now.
    witness.added.push(this.el);
    this.apply(rendered);
    if (!isFirst) liveSocket.hooks.notify(this, "reconnected");
    this.#stopLoading?.();
    this.#stopLoading = undefined;
  }

  #adopt(container: JoinReply["container"]): void {
    if (container) this.el = contain(this.el, ...container);
    const { el } = this;
    // Nothing of the view before survives a live navigation.
    if (this.#arrival) el.replaceChildren();
    const dead = el.firstChild;
    const anchor = document.createTextNode("");
    el.append(anchor);
    this.#root = new ChildPart(anchor, "", dead);
  }

  #refused(error: JoinError): void {
    const { liveSocket } = this;
    const { reason, token, events = [] } = error;
    for (const [name, payload] of events) dispatch(`phx:${name}`, payload);
    if (reason === "reload") setCookie("__phoenix_reload_status__", token!);
    if (/^(reload|stale|unauthorized)$/.test(reason!)) {
      liveSocket.redirect(liveSocket.href(), this.#arrival?.flash);
    } else if (error.redirect || error.live_redirect) {
      this.destroy();
      this.#redirect(error);
    } else {
      this.#fail();
      if (this.isMain && liveSocket.isConnected()) liveSocket.reloadWithJitter();
    }
  }

  #redirect({ redirect, live_redirect }: Redirects): void {
    const { liveSocket } = this;
    if (redirect) liveSocket.redirect(redirect.to, redirect.flash);
    if (live_redirect) liveSocket.navigation.navigate(live_redirect.to, live_redirect.kind, live_redirect.flash);
  }

  #fail(): void {
    const { liveSocket } = this;
    if (this.isMain) this.#stopLoading ??= loading({ to: this.href, kind: "error" });
    this.#setState("phx-loading", "phx-error", `phx-${liveSocket.isConnected() ? "server" : "client"}-error`);
    if (this.#joins) liveSocket.hooks.notify(this, "disconnected");
  }

  #setState(...states: string[]): void {
    const { classList } = this.el;
    classList.remove("phx-connected", "phx-loading", "phx-error", "phx-client-error", "phx-server-error");
    classList.add(...states);
  }

  /** Takes a message's changes to the page, title and events; returns its reply. */
  apply(message: unknown): unknown {
    const { liveSocket, el } = this;
    const diff = resolve(message);
    const { [Key.Events]: events = [], [Key.Title]: title } = diff;
    const send = (isEarly: boolean) => {
      for (const [name, payload, early] of events) {
        if (!early !== isEarly) dispatch(`phx:${name}`, payload);
      }
    };
    send(true);
    if (Object.keys(diff).some(isIndex) || Key.Statics in diff) {
      liveSocket.dom.onPatchStart?.(el);
      lift();
      const restoreFocus = keepFocus();
      this.#root?.take(0, diff);
      release(writeAttribute);
      lay();
      restoreFocus();
      liveSocket.hooks.settle(this);
      liveSocket.dom.onPatchEnd?.(el);
      dispatch("phx:update", undefined, document);
    }
    if (title !== undefined) setTitle(title);
    send(false);
    return diff[Key.Reply];
  }

  /** Sends to the server; the answer undoes the marks and applies its diff. */
  push(
    event: string,
    payload: Record<string, unknown>,
    kind: LoadingKind,
    elements: Element[],
    overlays?: Overlay[],
  ): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      if (!this.isConnected()) throw new Error("disconnected");
      const ref = this.#refs++;
      const unmark = mark(kind, elements, overlays);
      this.#channel.push(event, payload, PUSH_TIMEOUT, (status, response: Response) => {
        unmark();
        if (status !== "ok") {
          reject(new Error(response.reason ?? status));
          if (status === "timeout") this.liveSocket.reloadWithJitter();
        } else {
          const reply = response.diff ? this.apply(response.diff) : release(writeAttribute);
          this.#redirect(response);
          resolve({ reply, ref, response });
        }
      });
    });
    // Most callers have nothing to do about a failure: the page shows it.
    answer.catch(() => {});
    return answer;
  }
}

/** The view's element as the server wants it, with its identity kept. */
function contain(el: HTMLElement, tag: string, attributes: Record<string, string>): HTMLElement {
  const container = document.createElement(tag);
  for (const name in attributes) container.setAttribute(name, attributes[name]!);
  for (const { name, value } of el.attributes) {
    if (/^(id|data-phx-.*)$/.test(name)) container.setAttribute(name, value);
  }
  el.replaceWith(container);
  return container;
}

// The other side of the wire for session tests: a fake WebSocket, a live page
// and the clock, all in the test's hands.

import "./dom.ts";
import { mock } from "node:test";
// Where a test asks how it gets there, it takes it away first.
import "./beside.ts";
import { settle } from "../../src/hooks.ts";
import { LiveSocket } from "../../src/live-socket.ts";
import type { LiveSocketOptions } from "../../src/live-socket.ts";
import { browser } from "../../src/page.ts";
import { Socket } from "../../src/socket.ts";
import { canonical } from "./tree.ts";

export type Frame = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: any];

export const TOPIC = "lv:phx-MAIN";
export const JOIN = { rendered: { s: ["<p>", "</p>"], "0": "hello" } };

export class FakeWebSocket {
  static all: FakeWebSocket[] = [];
  readyState = 0;
  sent: Frame[] = [];
  closed: number | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    FakeWebSocket.all.push(this);
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Frame);
  }

  close(code: number): void {
    this.closed = code;
    this.readyState = 3;
  }
}

/** Starts every test from the same page with a stopped clock. */
export class Session {
  readonly liveSocket: LiveSocket;
  /** Where the client went when it left the page. */
  readonly loads: string[] = [];
  readonly #listeners: [string, EventListenerOrEventListenerObject][] = [];
  readonly #add = window.addEventListener;

  /** The client is ours, or one that is used like ours; `entry` is what the history says of the page. */
  constructor(dead = "<p>hello</p>", options: LiveSocketOptions = {}, head = "", client = { LiveSocket, Socket }, entry: unknown = null) {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    FakeWebSocket.all = [];
    localStorage.clear();
    sessionStorage.clear();
    history.replaceState(entry, "", "/items?x=1");
    document.head.innerHTML = `<title data-prefix="" data-default="Home" data-suffix=" - Bennu">t</title>${head}`;
    document.body.innerHTML = `<div id="phx-MAIN" data-phx-main data-phx-session="SESS" data-phx-static="STAT">${dead}</div>`;
    browser.load = (href) => void this.loads.push(href);
    // Listeners of the client end with the session.
    window.addEventListener = ((type: string, listener: EventListener, ...rest: []) => {
      this.#listeners.push([type, listener]);
      this.#add.call(window, type, listener, ...rest);
    }) as typeof window.addEventListener;
    this.liveSocket = new client.LiveSocket("/live", client.Socket, {
      params: { _csrf_token: "CSRF" },
      transport: FakeWebSocket as unknown as typeof WebSocket,
      ...options,
    });
    this.liveSocket.connect();
  }

  end(): void {
    this.liveSocket.disconnect();
    // Hooks end with their page.
    document.body.replaceChildren();
    if (this.liveSocket instanceof LiveSocket) settle();
    // The next page isn't about to be left.
    window.dispatchEvent(new Event("pageshow"));
    for (const [type, listener] of this.#listeners) window.removeEventListener(type, listener);
    window.addEventListener = this.#add;
    mock.timers.reset();
  }

  get connection(): FakeWebSocket {
    return FakeWebSocket.all.at(-1)!;
  }

  get el(): HTMLElement {
    return document.getElementById("phx-MAIN")!;
  }

  find<E extends Element = HTMLElement>(selector: string): E {
    return document.querySelector<E>(selector)!;
  }

  html(): string {
    return canonical(this.el.innerHTML);
  }

  open(): this {
    this.connection.readyState = 1;
    this.connection.onopen!();
    return this;
  }

  /** Frames sent since the last look. */
  sent(): Frame[] {
    return this.connection.sent.splice(0);
  }

  /** The one frame sent since the last look. */
  frame(): Frame {
    const frames = this.sent();
    if (frames.length !== 1) throw new Error(`expected one frame, got ${JSON.stringify(frames)}`);
    return frames[0]!;
  }

  receive(frame: Frame): void {
    this.connection.onmessage!({ data: JSON.stringify(frame) });
  }

  reply([joinRef, ref, topic]: Frame, response: object = {}, status = "ok"): void {
    this.receive([joinRef, ref, topic, "phx_reply", { status, response }]);
  }

  push(event: string, payload: object): void {
    this.receive([null, null, TOPIC, event, payload]);
  }

  /** Opens the connection and answers the join. */
  join(response: object = JOIN): Frame {
    this.open();
    const frame = this.sent().find(([, , , event]) => event === "phx_join")!;
    this.reply(frame, response);
    return frame;
  }

  /** Answers three attempts to join as if the view had crashed. */
  failJoins(): void {
    for (const pause of [0, 1000, 2000]) {
      this.tick(pause);
      const join = this.sent().find(([, , , event]) => event === "phx_join")!;
      this.reply(join, { reason: "join crashed" }, "error");
    }
  }

  lose(code = 1006): void {
    const { connection } = this;
    connection.readyState = 3;
    connection.onclose!({ code });
  }

  tick(ms: number): void {
    mock.timers.tick(ms);
  }
}

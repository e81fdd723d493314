// One WebSocket: opening, heartbeat, reconnecting, and frames in and out.
//
// The public `Socket` has the names of Phoenix's. A frame is a JSON array of
// join_ref, ref, topic, event and payload (protocol.md §1.2). What a topic
// does with its messages is channel.ts's concern.
//
//   closed ──connect──► connecting ──open──► open
//     ▲                     │                  │
//     └──disconnect─────────┴───── lost ◄──────┘   lost ──after a pause──► connecting
//
// The pauses grow until a join has lasted (channel.ts): a connection that breaks
// by what is sent over it opens just fine each time.

import type { Channel } from "./channel.ts";
import { lacking, prepareFor } from "./beside.ts";
import { document } from "./natives.ts";
import { attempt, diagnose, guard, isLeaving, listen } from "./page.ts";
import { afterTransitions } from "./transitions.ts";
import { witness } from "./writes.ts";

export type Params = Record<string, unknown> | (() => Record<string, unknown>);

export type Frame = [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: any,
];

export interface SocketOptions {
  params?: Params;
  transport?: typeof WebSocket;
  heartbeatIntervalMs?: number;
  /** The pause before attempt `tries`, which counts from 1. */
  reconnectAfterMs?: (tries: number) => number;
  rejoinAfterMs?: (tries: number) => number;
  /** How long a push waits for its reply. */
  timeout?: number;
  /** For where a page has no `sessionStorage`, as in a frame of another site. */
  sessionStorage?: Storage;
}

type OnOpen = () => void;
type OnClose = (event: { code: number }) => void;

/** Where the simulated latency is kept, in milliseconds, for as long as the tab is open. */
export const LATENCY = "phx:live-socket:latency-sim";

/** Where it is kept whether frames are written to the console. */
export const DEBUG = "phx:live-socket:debug";

/** Where it is kept whether joins and patches are timed. */
export const PROFILE = "phx:live-socket:profiling";

/** In place of a code, of a connection that we gave up for good, as the page can't follow the server. */
export const STOPPED = 0;
/** How long an attempt to connect may take. */
const CONNECTING = 5000;

/** How long who comes back to the page is left with a connection that may be dead. */
const PROBE = 2000;

/** The close code of a message that the server won't take, and of one that has too much to do. */
const TOO_BIG = 1009;
const TRY_LATER = 1013;

/** How long so many bytes may be on their way. */
const SLOWEST = { bytes: 16_384, ms: 3000 };

const RECONNECT = [10, 50, 100, 150, 200, 250, 500, 1000, 2000];
const REJOIN = [1000, 2000, 5000];

export class Socket {
  channels: Channel[] = [];
  readonly options: Required<SocketOptions>;
  readonly #url: string;
  readonly #onOpen: OnOpen[] = [];
  readonly #onClose: OnClose[] = [];
  #connection: WebSocket | null = null;
  #refs = 0;
  /** Attempts to connect since a join has lasted, that one included. */
  tries = 0;
  /** When the large messages that were sent are there, over the slowest line. */
  #due = 0;
  /** The most bytes of a message, once the server has said so. */
  longest: number | undefined;
  /** For the next heartbeat while open, for the end of the attempt while connecting, for the next one while lost. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the heartbeat that was not answered yet. */
  #heartbeat: string | null = null;
  /** Between `connect` and `disconnect`: a lost connection is opened again. */
  #isWanted = false;
  /** The kinds of what has failed in handling messages. */
  readonly #failures = new Set<string>();

  constructor(url: string, options: SocketOptions = {}) {
    this.#url = url;
    this.options = {
      params: {},
      transport: window.WebSocket,
      heartbeatIntervalMs: 30_000,
      // Not all pages at once, when a server comes back.
      reconnectAfterMs: (tries) => (RECONNECT[tries - 1] ?? 5000) * (0.5 + Math.random() / 2),
      rejoinAfterMs: (tries) => REJOIN[tries - 1] ?? 10_000 * (1 + Math.random()),
      timeout: 10_000,
      sessionStorage: options.sessionStorage ?? attempt(() => sessionStorage)!,
      ...options,
    };
    const resume = () => {
      if (document.hidden || !this.#isWanted) return;
      this.connect();
      // What waits to be sent may take its time.
      if (this.isConnected() && !this.#connection!.bufferedAmount) this.#beat(PROBE);
    };
    listen("visibilitychange", resume);
    listen("online", resume);
    document.addEventListener("resume", resume);
    listen("offline", () => this.drop());
  }

  connect(): void {
    this.#isWanted = true;
    if (this.#connection) return;
    this.tries++;
    // Stands if the application's `params` throw.
    this.#retry();
    // The server may have sent away who waits for its answer to a log-out: joins would lead to the log-in.
    if (isLeaving()) return;
    const { params, transport } = this.options;
    const query = new URLSearchParams();
    appendParams(query, "", typeof params === "function" ? params() : params);
    query.append("vsn", "2.0.0");
    const url = new URL(`${this.#url}/websocket?${query}`, location.href);
    const connection = new transport(url.href.replace(/^http/, "ws"));
    this.#connection = connection;
    this.#after(CONNECTING, () => this.drop());
    connection.onopen = () => {
      this.#after(this.options.heartbeatIntervalMs, () => this.#beat());
      for (const channel of this.channels) guard(() => channel.rejoin());
      for (const listen of this.#onOpen) listen();
    };
    connection.onmessage = ({ data }) => {
      const receive = () => {
        prepareFor(data);
        afterTransitions(() => this.#received(data));
      };
      const latency = +this.recall(LATENCY)!;
      if (latency) setTimeout(receive, latency);
      else receive();
    };
    connection.onclose = (event) => this.#lost(connection, event);
  }

  /** The callback runs when the connection is closed. */
  disconnect(callback = () => {}): void {
    this.#isWanted = false;
    const connection = this.#connection;
    this.#lost(connection);
    if (!connection) return callback();
    connection.onclose = callback;
    connection.close(1000);
  }

  /** Uses another transport from the next connection on. */
  replaceTransport(transport: typeof WebSocket): void {
    this.options.transport = transport;
    this.drop();
  }

  isConnected(): boolean {
    return this.#connection?.readyState === 1;
  }

  onOpen(listen: OnOpen): void {
    this.#onOpen.push(listen);
  }

  onClose(listen: OnClose): void {
    this.#onClose.push(listen);
  }

  makeRef(): string {
    return `${++this.#refs}`;
  }

  /** Sends a frame, or returns true if it is too large; without a connection it is lost, and channels know that. */
  push(...frame: Frame): true | void {
    const text = JSON.stringify(frame);
    // An encoded byte of a form counts as one.
    if (text.length > this.longest! && text.replace(/%../g, "-").length > this.longest!) return true;
    this.#debug("→", frame);
    if (this.isConnected()) this.#connection!.send(text);
    this.#due = Date.now() + this.delay() + Math.floor(text.length / SLOWEST.bytes) * SLOWEST.ms;
  }

  /** How long what is sent now may be on its way, in milliseconds, behind what was sent before. */
  delay(): number {
    return Math.max(0, this.#due - Date.now());
  }

  /** Without an event it was we who closed. */
  #lost(connection: WebSocket | null, event?: { code: number }): void {
    if (connection !== this.#connection) return;
    clearTimeout(this.#timer);
    this.#connection = this.#heartbeat = null;
    this.#due = 0;
    for (const channel of this.channels) channel.lose(event?.code === TOO_BIG ? "too large" : undefined);
    if (!event) return;
    if (event.code === TRY_LATER) this.tries += RECONNECT.length;
    if (this.#isWanted && !document.hidden) this.#retry();
    // Last: what one of them throws stops nothing of ours.
    for (const listen of this.#onClose) listen(event);
  }

  #after(ms: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, ms);
  }

  #retry(): void {
    this.#after(this.options.reconnectAfterMs(this.tries), () => this.connect());
  }

  /** Gives up a connection that is of no use any more; another one is opened unless it was the last. */
  drop(code = 1006): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#isWanted &&= code !== STOPPED;
    connection.close(1000);
    this.#lost(connection, { code });
  }

  /** Asks whether the other side is there, which has this long to answer. */
  #beat(patience = this.options.heartbeatIntervalMs): void {
    this.#heartbeat = this.makeRef();
    this.push(null, this.#heartbeat, "phoenix", "heartbeat", {});
    this.#after(patience + this.delay(), () => (this.#heartbeat ? this.drop() : this.#beat()));
  }

  /** What was kept for as long as the tab is open. */
  recall(key: string): string | null | undefined {
    return attempt(() => this.options.sessionStorage.getItem(key));
  }

  /** What can't be understood ends in joining again: the page may have missed a change. */
  #received(data: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(data) as Frame;
      if (frame[1] === this.#heartbeat) this.#heartbeat = null;
      // All is there by now.
      if (frame[1] === `${this.#refs}`) this.#due = 0;
    } catch (error) {
      diagnose("socket.malformed-message", "network", "malformed message", data, error);
      for (const channel of this.channels) channel.lose();
      return;
    }
    this.#debug("←", frame);
    for (const channel of this.channels) {
      if (channel.topic !== frame[2]) continue;
      try {
        channel.receive(frame);
      } catch (error) {
        this.#failed(channel, frame, error);
      }
    }
  }

  /** A failure of ours: joining anew may help once. */
  #failed(channel: Channel, frame: Frame, error: unknown): void {
    const part = witness.part?.join("…");
    diagnose("view.failed", "client", `could not show a message in ${channel.topic}`, part, frame, error);
    // Numbers tell entries and components apart, not failures.
    const kind = `${error}`.replace(/\d+/g, "");
    // Without a script much fails that it will mend.
    if (lacking.size || !this.#failures.has(kind)) channel.lose();
    else this.drop(STOPPED);
    this.#failures.add(kind);
  }

  #debug(direction: string, frame: Frame): void {
    if (this.recall(DEBUG) === "true") console.debug(direction, ...frame);
  }
}

/** Nested names as Plug reads them: `a[b]=c`, `a[0]=x`. */
function appendParams(query: URLSearchParams, name: string, value: unknown): void {
  if (value && typeof value === "object") {
    for (const [key, inner] of Object.entries(value)) {
      appendParams(query, name ? `${name}[${key}]` : key, inner);
    }
  } else if (value !== undefined) query.append(name, `${value as string}`);
}

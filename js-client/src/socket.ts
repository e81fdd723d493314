// One WebSocket: opening, heartbeat, reconnecting, and frames in and out.
//
// The public `Socket` has the names of Phoenix's. A frame is a JSON array of
// join_ref, ref, topic, event and payload (protocol.md §1.2); only this file
// knows that. What a topic does with its messages is channel.ts's concern.
//
//   closed ──connect──► connecting ──open──► open
//     ▲                     │                  │
//     └──disconnect─────────┴───── lost ◄──────┘   lost ──after a pause──► connecting

import { Channel } from "./channel.ts";

export interface SocketOptions {
  params?: Params;
  transport?: typeof WebSocket;
  heartbeatIntervalMs?: number;
  /** The pause before attempt `tries`, which counts from 1. */
  reconnectAfterMs?: (tries: number) => number;
  rejoinAfterMs?: (tries: number) => number;
  /** How long a push waits for its reply. */
  timeout?: number;
}

export type Params = Record<string, unknown> | (() => Record<string, unknown>);

export interface Message {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
}

type Listeners = {
  open: (() => void)[];
  close: ((event: CloseEvent) => void)[];
  error: ((event: Event) => void)[];
};

const RECONNECT = [10, 50, 100, 150, 200, 250, 500, 1000, 2000];
const REJOIN = [1000, 2000, 5000];

export class Socket {
  readonly timeout: number;
  readonly rejoinAfterMs: (tries: number) => number;
  channels: Channel[] = [];
  readonly #url: string;
  readonly #options: SocketOptions;
  readonly #listeners: Listeners = { open: [], close: [], error: [] };
  #connection: WebSocket | null = null;
  #refs = 0;
  #tries = 0;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeatTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeatRef: string | null = null;
  /** Between `connect` and `disconnect`: a lost connection is opened again. */
  #isWanted = false;

  constructor(url: string, options: SocketOptions = {}) {
    this.#url = url;
    this.#options = options;
    this.timeout = options.timeout ?? 10_000;
    this.rejoinAfterMs = options.rejoinAfterMs ?? ((tries) => REJOIN[tries - 1] ?? 10_000);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#isWanted && !this.#connection) this.connect();
    });
  }

  connect(): void {
    this.#isWanted = true;
    if (this.#connection) return;
    clearTimeout(this.#reconnectTimer);
    const connection = new (this.#options.transport ?? WebSocket)(this.endPointURL());
    this.#connection = connection;
    connection.onopen = () => this.#opened();
    connection.onmessage = (event) => this.#received(event.data as string);
    connection.onerror = (event) => this.#listeners.error.forEach((listen) => listen(event));
    connection.onclose = (event) => {
      if (this.#connection === connection) this.#closed(event);
    };
  }

  disconnect(callback?: () => void, code = 1000, reason = ""): void {
    this.#isWanted = false;
    this.#tries = 0;
    clearTimeout(this.#reconnectTimer);
    this.#drop(code, reason);
    callback?.();
  }

  isConnected(): boolean {
    return this.#connection?.readyState === 1;
  }

  onOpen(listen: () => void): void {
    this.#listeners.open.push(listen);
  }

  onClose(listen: (event: CloseEvent) => void): void {
    this.#listeners.close.push(listen);
  }

  onError(listen: (event: Event) => void): void {
    this.#listeners.error.push(listen);
  }

  channel(topic: string, params: Params = {}): Channel {
    const channel = new Channel(topic, params, this);
    this.channels.push(channel);
    return channel;
  }

  makeRef(): string {
    return String(++this.#refs);
  }

  /** Sends a frame; without a connection it is lost, and channels know that. */
  push({ joinRef, ref, topic, event, payload }: Message): void {
    if (this.isConnected()) {
      this.#connection!.send(JSON.stringify([joinRef, ref, topic, event, payload]));
    }
  }

  endPointURL(): string {
    const { params = {} } = this.#options;
    const query = new URLSearchParams();
    appendParams(query, "", typeof params === "function" ? params() : params);
    query.append("vsn", "2.0.0");
    const url = new URL(`${this.#url}/websocket?${query}`, location.href);
    return url.href.replace(/^http/, "ws");
  }

  #opened(): void {
    this.#tries = 0;
    this.#scheduleHeartbeat();
    this.#listeners.open.forEach((listen) => listen());
    for (const channel of this.channels) channel.socketOpened();
  }

  /** Closes on our side: the connection's own close event comes too late to matter. */
  #drop(code: number, reason: string): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = null;
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatRef = null;
    connection.onopen = connection.onmessage = connection.onerror = connection.onclose = null;
    connection.close(code, reason);
    for (const channel of this.channels) channel.socketClosed();
  }

  #closed(event: CloseEvent): void {
    this.#connection = null;
    clearTimeout(this.#heartbeatTimer);
    this.#heartbeatRef = null;
    for (const channel of this.channels) channel.socketClosed();
    this.#listeners.close.forEach((listen) => listen(event));
    this.#scheduleReconnect();
  }

  #scheduleReconnect(): void {
    if (!this.#isWanted || document.hidden) return;
    const pause = this.#options.reconnectAfterMs ?? ((tries) => RECONNECT[tries - 1] ?? 5000);
    this.#reconnectTimer = setTimeout(() => this.connect(), pause(++this.#tries));
  }

  #scheduleHeartbeat(): void {
    this.#heartbeatTimer = setTimeout(() => {
      if (this.#heartbeatRef) {
        this.#drop(1000, "heartbeat timeout");
        this.#listeners.close.forEach((listen) => listen(new CloseEvent("close", { code: 1006 })));
        this.#scheduleReconnect();
        return;
      }
      this.#heartbeatRef = this.makeRef();
      const beat = { joinRef: null, ref: this.#heartbeatRef, payload: {} };
      this.push({ ...beat, topic: "phoenix", event: "heartbeat" });
      this.#scheduleHeartbeat();
    }, this.#options.heartbeatIntervalMs ?? 30_000);
  }

  #received(frame: string): void {
    const [joinRef, ref, topic, event, payload] = JSON.parse(frame);
    if (ref && ref === this.#heartbeatRef) this.#heartbeatRef = null;
    for (const channel of [...this.channels]) {
      if (channel.topic === topic) channel.receive({ joinRef, ref, topic, event, payload });
    }
  }
}

/** Nested names as Plug reads them: `a[b]=c`, `a[0]=x`. */
function appendParams(query: URLSearchParams, name: string, value: unknown): void {
  if (typeof value === "object" && value) {
    for (const [key, inner] of Object.entries(value)) {
      appendParams(query, name ? `${name}[${key}]` : key, inner);
    }
  } else if (value !== undefined) query.append(name, String(value));
}

// The network between a page and the server: what each side has sent waits
// until the test lets it arrive. The order is kept in each direction.

import type { Application, Arrival } from "./shapes.ts";

type Frame = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: { status?: string }];

/** A WebSocket of the page. */
export class PageSocket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(
    readonly network: Network,
    readonly number: number,
    readonly url: string,
  ) {}

  send(text: string): void {
    this.network.sent(this, text);
  }

  close(): void {
    if (this.readyState > 1) return;
    this.readyState = 2;
    this.network.closing(this);
  }
}

interface Up {
  socket: PageSocket;
  /** Opens the socket without a text, and closes it with `null`. */
  text?: string | null;
}

interface Down {
  socket: PageSocket;
  kind: "open" | "message" | "close";
  text?: string;
}

export class Network {
  readonly #sockets: PageSocket[] = [];
  #up: Up[] = [];
  #down: Down[] = [];
  /** The refs of the last joins that were not answered, by their topics. */
  readonly #joins = new Map<string, string>();
  /** The topics of views that have joined. */
  readonly joined = new Set<string>();
  /** How often the page has joined a view. */
  joinCount = 0;

  constructor(
    readonly application: Application,
    /** Hears of each message that arrives. */
    readonly note: (what: string) => void,
  ) {}

  open(url: string): PageSocket {
    const socket = new PageSocket(this, this.#sockets.length, url);
    this.#sockets.push(socket);
    this.#up.push({ socket });
    return socket;
  }

  sent(socket: PageSocket, text: string): void {
    if (socket.readyState !== 1) return;
    const [, ref, topic, event] = JSON.parse(text);
    if (event === "phx_join") {
      this.joinCount++;
      this.#joins.set(topic, ref);
    }
    if (event === "phx_join" || event === "phx_leave") this.joined.delete(topic);
    this.#up.push({ socket, text });
  }

  closing(socket: PageSocket): void {
    this.#up.push({ socket, text: null });
  }

  /** Whether a view is joining and has not got its answer. */
  get isJoining(): boolean {
    return this.#joins.size > 0;
  }

  get isOpen(): boolean {
    return this.#sockets.at(-1)?.readyState === 1;
  }

  get isEmpty(): boolean {
    return !this.#up.length && !this.#down.length;
  }

  /** The server has sent something. */
  take(arrivals: Arrival[]): void {
    for (const { socket: number, texts, is_closed } of arrivals) {
      const socket = this.#sockets[number]!;
      for (const text of texts) this.#down.push({ socket, kind: "message", text });
      if (is_closed) this.#down.push({ socket, kind: "close" });
    }
  }

  /** The connection breaks, and what is under way is lost. */
  async cut(): Promise<void> {
    const socket = this.#sockets.at(-1);
    if (!socket || socket.readyState !== 1) return;
    this.#up = this.#up.filter((up) => up.socket !== socket);
    this.#down = this.#down.filter((down) => down.socket !== socket);
    this.take(await this.application.disconnect(socket.number));
    this.#closed(socket);
  }

  /** One message arrives at the server. Tells whether there was one. */
  async arriveUp(): Promise<boolean> {
    const up = this.#up.shift();
    if (!up) return false;
    const { socket, text } = up;
    const { application } = this;
    if (text === undefined) {
      const { search } = new URL(socket.url);
      const arrivals = await application.connect(socket.number, search.slice(1));
      this.#down.push({ socket, kind: "open" });
      this.take(arrivals);
    } else if (text === null) {
      this.take(await application.disconnect(socket.number));
      this.#down.push({ socket, kind: "close" });
    } else {
      this.note(`up ${text}`);
      this.take(await application.send(socket.number, text));
    }
    return true;
  }

  /** One message arrives at the page. Tells whether there was one. */
  arriveDown(): boolean {
    const down = this.#down.shift();
    if (!down) return false;
    const { socket, kind, text } = down;
    if (socket.readyState > 2) return true;
    if (kind === "close") this.#closed(socket);
    else if (kind === "open") {
      if (socket.readyState === 0) {
        socket.readyState = 1;
        socket.onopen?.();
      }
    } else if (socket.readyState === 1) {
      this.note(`down ${text}`);
      this.#follow(...(JSON.parse(text!) as Frame));
      socket.onmessage?.({ data: text! });
    }
    return true;
  }

  /** Whether the view of a message is joined after it. */
  #follow(_joinRef: string | null, ref: string | null, topic: string, event: string, payload: { status?: string }): void {
    if (event === "phx_reply" && this.#joins.get(topic) === ref) {
      this.#joins.delete(topic);
      if (payload.status === "ok") this.joined.add(topic);
    } else if (event === "phx_error" && !this.#joins.has(topic)) this.joined.delete(topic);
  }

  #closed(socket: PageSocket): void {
    socket.readyState = 3;
    this.#joins.clear();
    this.joined.clear();
    socket.onclose?.({ code: 1006 });
  }
}

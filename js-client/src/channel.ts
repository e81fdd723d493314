// One topic on the socket: joining, leaving, pushes and their replies.
//
//   closed ──join──► joining ──ok──► joined
//                     ▲    │            │
//     (timer, socket) │  error    phx_error, socket lost
//                     └─ errored ◄──────┘        leave, phx_close ──► left
//
// `join_ref` names one attempt; a message with another one is stale and is
// dropped, which makes leaving and joining the same topic again safe
// (protocol.md §1.2 and §1.4).

import type { Message, Params, Socket } from "./socket.ts";

export type Status = "ok" | "error" | "timeout";

// What a server answers is known to the caller alone.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Receiver = (response: any) => void;

/** A message that waits for its reply. */
export class Push {
  timer: ReturnType<typeof setTimeout> | undefined;
  readonly #receivers: [Status, Receiver][] = [];
  #settled: [Status, unknown] | undefined;

  constructor(
    readonly event: string,
    readonly payload: Params,
    readonly timeout: number,
  ) {}

  receive(status: Status, receiver: Receiver): this {
    if (this.#settled?.[0] === status) receiver(this.#settled[1]);
    this.#receivers.push([status, receiver]);
    return this;
  }

  settle(status: Status, response: unknown): void {
    clearTimeout(this.timer);
    this.#settled = [status, response];
    for (const [wanted, receiver] of this.#receivers) if (wanted === status) receiver(response);
  }
}

export class Channel {
  state: "closed" | "joining" | "joined" | "errored" | "left" = "closed";
  readonly #join: Push;
  #joinRef: string | null = null;
  /** Sent, not answered yet; by ref. */
  readonly #pending = new Map<string, Push>();
  /** Pushed before the join was answered. */
  #buffer: Push[] = [];
  readonly #listeners: [event: string, listen: Receiver][] = [];
  #rejoinTimer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  constructor(
    readonly topic: string,
    params: Params,
    readonly socket: Socket,
  ) {
    this.#join = new Push("phx_join", params, socket.timeout)
      .receive("ok", () => {
        this.state = "joined";
        this.#tries = 0;
        for (const push of this.#buffer.splice(0)) this.#send(push);
      })
      .receive("error", () => this.#failed())
      .receive("timeout", () => {
        this.#sendLeave();
        this.#failed();
      });
  }

  join(): Push {
    this.#rejoin();
    return this.#join;
  }

  leave(): Push {
    const push = new Push("phx_leave", {}, 0);
    if (this.state === "joined" || this.state === "joining") this.#sendLeave();
    this.#close();
    push.settle("ok", {});
    return push;
  }

  push(event: string, payload: Record<string, unknown>, timeout = this.socket.timeout): Push {
    const push = new Push(event, payload, timeout);
    if (this.canPush()) this.#send(push);
    else this.#buffer.push(push);
    return push;
  }

  canPush(): boolean {
    return this.state === "joined" && this.socket.isConnected();
  }

  on(event: string, listen: Receiver): void {
    this.#listeners.push([event, listen]);
  }

  onError(listen: Receiver): void {
    this.on("phx_error", listen);
  }

  onClose(listen: Receiver): void {
    this.on("phx_close", listen);
  }

  /** Called by the socket for each message of this topic. */
  receive({ joinRef, ref, event, payload }: Message): void {
    if (joinRef && joinRef !== this.#joinRef) return;
    if (event === "phx_reply") {
      const { status, response } = payload as { status: Status; response: unknown };
      const push = this.#pending.get(ref!);
      this.#pending.delete(ref!);
      push?.settle(status, response);
    } else if (event === "phx_close") this.#close();
    else if (event === "phx_error") this.#errored(payload);
    else this.#trigger(event, payload);
  }

  socketOpened(): void {
    if (this.state === "joining" || this.state === "errored") this.#rejoin();
  }

  socketClosed(): void {
    if (this.state !== "left") this.#errored({});
  }

  #rejoin(): void {
    clearTimeout(this.#rejoinTimer);
    this.state = "joining";
    if (!this.socket.isConnected()) return;
    this.#forget(this.#joinRef);
    this.#joinRef = this.#send(this.#join);
  }

  #send(push: Push): string {
    const { topic, socket } = this;
    const { event, timeout, payload } = push;
    const ref = socket.makeRef();
    const joinRef = push === this.#join ? ref : this.#joinRef;
    this.#pending.set(ref, push);
    push.timer = setTimeout(() => {
      this.#pending.delete(ref);
      push.settle("timeout", {});
    }, timeout);
    const body = typeof payload === "function" ? payload() : payload;
    socket.push({ joinRef, ref, topic, event, payload: body });
    return ref;
  }

  #sendLeave(): void {
    const { topic, socket } = this;
    const ref = socket.makeRef();
    socket.push({ joinRef: this.#joinRef, ref, topic, event: "phx_leave", payload: {} });
  }

  /** The join of an earlier attempt no longer waits. */
  #forget(ref: string | null): void {
    clearTimeout(this.#join.timer);
    if (ref) this.#pending.delete(ref);
  }

  #failed(): void {
    // A receiver of the join may have left the channel before.
    if (this.state === "left") return;
    this.state = "errored";
    if (!this.socket.isConnected()) return;
    const pause = this.socket.rejoinAfterMs(++this.#tries);
    this.#rejoinTimer = setTimeout(() => this.#rejoin(), pause);
  }

  /** The other side is gone; what was sent to it will not be answered. */
  #errored(reason: unknown): void {
    clearTimeout(this.#rejoinTimer);
    this.#forget(this.#joinRef);
    this.#joinRef = null;
    const wasOpen = this.state !== "errored";
    this.#failed();
    for (const [ref, push] of [...this.#pending]) {
      this.#pending.delete(ref);
      push.settle("error", { reason: "disconnected" });
    }
    if (wasOpen) this.#trigger("phx_error", reason);
  }

  #close(): void {
    clearTimeout(this.#rejoinTimer);
    this.#forget(this.#joinRef);
    this.state = "left";
    this.socket.channels = this.socket.channels.filter((channel) => channel !== this);
    for (const push of this.#pending.values()) push.settle("error", { reason: "closed" });
    this.#pending.clear();
    this.#trigger("phx_close", {});
  }

  #trigger(event: string, payload: unknown): void {
    for (const [wanted, listen] of this.#listeners) if (wanted === event) listen(payload);
  }
}

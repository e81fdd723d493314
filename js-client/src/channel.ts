// One topic on the socket: joining, leaving, pushes and their answers.
//
//   joining ──ok──► joined
//     ▲  │            │
//     │  error    phx_error, socket lost
//     └─ errored ◄────┘        leave, phx_close ──► left
//   (timer, socket)
//
// `join_ref` names one attempt; a message with another one is stale and is
// dropped, which makes leaving and joining the same topic again safe
// (protocol.md §1.2 and §1.4).

import type { Frame, Params, Socket } from "./socket.ts";

export type Status = "ok" | "error" | "timeout";

/** Hears the one answer; what a response holds only the pusher knows. */
export type OnAnswer = (status: Status, response: any) => void;

const enum State {
  Joining,
  Joined,
  Errored,
  Left,
}

interface Waiting {
  timer: ReturnType<typeof setTimeout>;
  onAnswer: OnAnswer;
}

export class Channel {
  #state = State.Joining;
  #joinRef: string | null = null;
  /** Sent, not answered yet; by ref. */
  #waiting = new Map<string, Waiting>();
  #rejoinTimer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  /** `onJoin` hears the answer of each attempt, `onMessage` all else, `phx_error` for a loss included. */
  constructor(
    readonly topic: string,
    readonly params: Params,
    readonly socket: Socket,
    readonly onJoin: OnAnswer,
    readonly onMessage: (event: string, payload: any) => void,
  ) {
    this.rejoin();
  }

  leave(): void {
    if (this.#joinRef) this.#send("phx_leave", {});
    this.#close();
  }

  push(event: string, payload: Params, timeout: number, onAnswer: OnAnswer): void {
    this.#send(event, payload, timeout, onAnswer);
  }

  canPush(): boolean {
    return this.#state === State.Joined && this.socket.isConnected();
  }

  /** Called by the socket for each message of this topic. */
  receive([joinRef, ref, , event, payload]: Frame): void {
    if (joinRef && joinRef !== this.#joinRef) return;
    if (event === "phx_reply") {
      const { status, response } = payload as { status: Status; response: unknown };
      this.#answer(ref!, status, response);
    } else if (event === "phx_close") this.#close();
    else if (event === "phx_error") this.lose();
    else this.onMessage(event, payload);
  }

  /** Joins if that is due; called when the socket opens and by the timer. */
  rejoin(): void {
    clearTimeout(this.#rejoinTimer);
    const { socket } = this;
    if (!socket.isConnected()) return;
    this.#state = State.Joining;
    this.#joinRef = this.#send("phx_join", this.params, socket.options.timeout, (status, response) => {
      if (status === "ok") {
        this.#state = State.Joined;
        this.#tries = 0;
      } else {
        // After a time-out the server may have joined us after all.
        if (status === "timeout") this.#send("phx_leave", {});
        this.#retry();
      }
      this.onJoin(status, response);
    });
  }

  /** The other side is gone; what was sent to it will not be answered. */
  lose(): void {
    if (this.#state > State.Joined) return;
    this.#retry();
    this.#abandon();
    this.onMessage("phx_error", {});
  }

  #send(event: string, payload: Params, timeout = 0, onAnswer?: OnAnswer): string {
    const { topic, socket } = this;
    const ref = socket.makeRef();
    if (onAnswer) {
      const timer = setTimeout(() => this.#answer(ref, "timeout", {}), timeout);
      this.#waiting.set(ref, { timer, onAnswer });
    }
    const joinRef = event === "phx_join" ? ref : this.#joinRef;
    socket.push(joinRef, ref, topic, event, typeof payload === "function" ? payload() : payload);
    return ref;
  }

  #answer(ref: string, status: Status, response: unknown): void {
    this.#forget(ref)?.onAnswer(status, response);
  }

  #forget(ref: string): Waiting | undefined {
    const waiting = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #retry(): void {
    const { socket } = this;
    this.#state = State.Errored;
    if (!socket.isConnected()) return;
    this.#rejoinTimer = setTimeout(() => this.rejoin(), socket.options.rejoinAfterMs(++this.#tries));
  }

  #abandon(): void {
    // A join that is lost is tried again and needs no answer.
    this.#forget(this.#joinRef!);
    this.#joinRef = null;
    for (const ref of this.#waiting.keys()) this.#answer(ref, "error", { reason: "disconnected" });
  }

  #close(): void {
    const { socket } = this;
    this.#state = State.Left;
    clearTimeout(this.#rejoinTimer);
    socket.channels = socket.channels.filter((channel) => channel !== this);
    this.#abandon();
  }
}

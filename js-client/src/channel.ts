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

export interface Channel {
  readonly topic: string;
  leave(): void;
  canPush(): boolean;
  /** Sends a message; without `onAnswer` no one waits for its answer. */
  push(event: string, payload: Params, timeout?: number, onAnswer?: OnAnswer): string;
  /** Called by the socket for each message of this topic. */
  receive(frame: Frame): void;
  /** Joins if that is due; called when the socket opens and by the timer. */
  rejoin(): void;
  /** The other side is gone; what was sent to it will not be answered. */
  lose(): void;
}

/** `onJoin` hears the answer of each attempt, `onMessage` all else, `phx_error` for a loss included. */
export function openChannel(
  socket: Socket,
  topic: string,
  params: Params,
  onJoin: OnAnswer,
  onMessage: (event: string, payload: any) => void,
): Channel {
  let state = State.Joining;
  let joinRef: string | null = null;
  let rejoinTimer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  /** Sent, not answered yet; by ref. */
  const waiting = new Map<string, OnAnswer>();

  const channel: Channel = {
    topic,

    leave() {
      if (joinRef) push("phx_leave", {});
      close();
    },

    canPush: () => state === State.Joined && socket.isConnected(),

    push,

    receive([ofJoin, ref, , event, payload]) {
      if (ofJoin && ofJoin !== joinRef) return;
      if (event === "phx_reply") waiting.get(ref!)?.(payload.status, payload.response);
      else if (event === "phx_close") close();
      else if (event === "phx_error") lose();
      else onMessage(event, payload);
    },

    rejoin,
    lose,
  };

  function push(event: string, payload: Params, timeout = 0, onAnswer?: OnAnswer): string {
    const ref = socket.makeRef();
    if (onAnswer) {
      const answer: OnAnswer = (status, response) => {
        clearTimeout(timer);
        // It waits until it is taken: what fails to take it is told of the loss.
        onAnswer(status, response);
        waiting.delete(ref);
      };
      const timer = setTimeout(answer, timeout, "timeout", {});
      waiting.set(ref, answer);
    }
    if (event === "phx_join") joinRef = ref;
    socket.push(joinRef, ref, topic, event, typeof payload === "function" ? payload() : payload);
    return ref;
  }

  function rejoin(): void {
    clearTimeout(rejoinTimer);
    if (!socket.isConnected()) return;
    state = State.Joining;
    const ref = push("phx_join", params, socket.options.timeout, (status, response) => {
      // A join that is lost is tried again and needs no answer.
      if (ref !== joinRef) return;
      if (status === "ok") state = State.Joined;
      else {
        // After a time-out the server may have joined us after all.
        if (status === "timeout") push("phx_leave", {});
        retry();
      }
      onJoin(status, response);
      if (status === "ok") tries = 0;
    });
  }

  function lose(): void {
    if (state > State.Joined) return;
    retry();
    abandon();
    onMessage("phx_error", {});
  }

  function retry(): void {
    state = State.Errored;
    if (socket.isConnected()) rejoinTimer = setTimeout(rejoin, socket.options.rejoinAfterMs(++tries));
  }

  function abandon(): void {
    joinRef = null;
    for (const answer of waiting.values()) answer("error", { reason: "disconnected" });
  }

  function close(): void {
    state = State.Left;
    clearTimeout(rejoinTimer);
    socket.channels = socket.channels.filter((other) => other !== channel);
    abandon();
  }

  socket.channels.push(channel);
  rejoin();
  return channel;
}

// One topic on the socket: joining, leaving, pushes and their answers.
//
//   joining ──ok──► joined
//     ▲  │            │
//     │  error    phx_error, phx_close, socket lost
//     └─ errored ◄────┘        leave ──► left
//   (timer, socket)
//
// `join_ref` names one attempt; a message with another one is stale and is
// dropped, which makes leaving and joining the same topic again safe
// (protocol.md §1.2 and §1.4).
//
// While a change of a form waits for its answer, the next one of the same field
// waits here, and only the latest: a field may hold a large text, and each change
// has the whole form. What else there is to send waits behind it, so nothing
// overtakes what was typed before.

import type { Frame, Params, Socket } from "./socket.ts";

export type Status = "ok" | "error" | "timeout";

/** Hears the one answer; what a response holds only the pusher knows. */
export type OnAnswer = (status: Status, response: any) => void;

/** What is to be sent until it is answered. */
interface Letter {
  /** Once it is sent. */
  ref?: string;
  /** The form that changed, if it is a change, and the event and field of it. */
  form?: Element | undefined;
  key?: string | undefined;
  send(): void;
  answer: OnAnswer;
}

function isLike(one: Letter, other: Letter): unknown {
  return one.form && one.form === other.form && one.key === other.key;
}

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
  /** Sends a message; of changes of a form that are alike only the first and the latest. */
  push(event: string, payload: Params, timeout: number, onAnswer: OnAnswer, form?: Element, key?: string): void;
  /** Called by the socket for each message of this topic. */
  receive(frame: Frame): void;
  /** Joins if that is due; called when the socket opens and by the timer. */
  rejoin(): void;
  /** The other side is gone; what was sent to it will not be answered, for this reason. */
  lose(reason?: string): void;
}

/** How long a join has lasted when the pauses before the next ones begin anew. */
export const LASTING = 10_000;

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
  /** For the next join, or until this one has lasted. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  /** Not answered yet, oldest first. */
  let letters: Letter[] = [];

  const channel: Channel = {
    topic,

    leave() {
      if (joinRef) socket.push(joinRef, socket.makeRef(), topic, "phx_leave", {});
      close();
    },

    canPush: () => state === State.Joined && socket.isConnected(),

    push,

    receive([ofJoin, ref, , event, payload]) {
      if (ofJoin && ofJoin !== joinRef) return;
      if (event === "phx_reply") letters.find((letter) => letter.ref === ref)?.answer(payload.status, payload.response);
      else if (/^phx_(error|close)$/.test(event)) lose("crashed");
      else onMessage(event, payload);
    },

    rejoin,
    lose,
  };

  function push(event: string, payload: Params, timeout: number, onAnswer: OnAnswer, form?: Element, key?: string): void {
    let timer: ReturnType<typeof setTimeout>;
    const letter: Letter = {
      form,
      key,
      send() {
        letter.ref = socket.makeRef();
        if (event === "phx_join") joinRef = letter.ref;
        const isHeld = socket.push(joinRef, letter.ref, topic, event, typeof payload === "function" ? payload() : payload);
        timer = setTimeout(letter.answer, timeout + socket.delay(), "timeout", {});
        if (isHeld) letter.answer("error", { reason: "too large" });
      },
      answer(status, response) {
        clearTimeout(timer);
        // It waits until it is taken: what fails to take it is told of the loss.
        onAnswer(status, response);
        letters = letters.filter((other) => other !== letter);
        advance();
      },
    };
    const last = letters.at(-1);
    letters.push(letter);
    if (last && !last.ref && isLike(last, letter)) last.answer("error", {});
    else advance();
  }

  function advance(): void {
    for (const letter of letters) {
      if (letter.ref) continue;
      if (letters.some((other) => other.ref && isLike(other, letter))) return;
      letter.send();
    }
  }

  function rejoin(): void {
    clearTimeout(timer);
    if (!socket.isConnected()) return;
    state = State.Joining;
    // Who mounts slowly, or has a slow line, has more time each time.
    push("phx_join", params, socket.options.timeout * (tries + 1), (status, response) => {
      // A join that is lost is tried again and needs no answer.
      if (!joinRef) return;
      if (status === "ok") {
        state = State.Joined;
        timer = setTimeout(() => {
          tries = 0;
          socket.tries = 1;
        }, LASTING);
      } else {
        // After a time-out the server may have joined us after all.
        if (status === "timeout") socket.push(joinRef, socket.makeRef(), topic, "phx_leave", {});
        retry();
      }
      onJoin(status, response);
    });
  }

  function lose(reason?: string): void {
    if (state > State.Joined) return;
    retry();
    abandon(reason);
    onMessage("phx_error", {});
  }

  function retry(): void {
    state = State.Errored;
    clearTimeout(timer);
    if (socket.isConnected()) timer = setTimeout(rejoin, socket.options.rejoinAfterMs(++tries));
  }

  function abandon(reason = "disconnected"): void {
    joinRef = null;
    for (const letter of letters.splice(0)) letter.answer("error", { reason });
  }

  function close(): void {
    state = State.Left;
    clearTimeout(timer);
    socket.channels = socket.channels.filter((other) => other !== channel);
    abandon();
  }

  socket.channels.push(channel);
  rejoin();
  return channel;
}

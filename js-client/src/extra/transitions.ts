// Transitions: classes that come and go over some frames.
//
// While a blocking one runs, messages of the server wait, so that no patch cuts
// it short.

import { core } from "./core.ts";
import { setClasses } from "./effects.ts";

/** The classes while it runs, those it begins with, those it ends with. */
export type Transition = [run: string[], start: string[], end: string[]];

export interface Timing {
  /** Milliseconds. */
  time?: number;
  /** Whether patches wait for the end; they do unless told otherwise. */
  blocking?: boolean;
}

const TIME = 200;

/** `onRun` is called as soon as the classes of the start are in effect, `onEnd` when the time is over. */
export function animate(
  element: Element,
  transition: Transition | null | undefined,
  { time = TIME, blocking = true }: Timing,
  onEnd: () => void,
  onRun?: () => void,
): void {
  const [run, start, end] = transition ?? [[], [], []];
  if (!run.length) return onEnd();
  let isOver = false;
  const inFrame = (step: () => void) => requestAnimationFrame(() => isOver || step());
  const release = blocking ? core.holdPatches() : undefined;
  setClasses(element, [...run, ...end], false);
  setClasses(element, start, true);
  inFrame(() => {
    setClasses(element, run, true);
    onRun?.();
    inFrame(() => {
      setClasses(element, start, false);
      setClasses(element, end, true);
    });
  });
  setTimeout(() => {
    isOver = true;
    setClasses(element, [...run, ...start], false);
    setClasses(element, end, true);
    onEnd();
    release?.();
  }, time);
}

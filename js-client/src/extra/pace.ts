// `phx-debounce` and `phx-throttle`: when an element's event is let through.

import { core } from "./core.ts";

interface Pace {
  timer?: ReturnType<typeof setTimeout>;
  /** What a debounced element still has to send. */
  due?: () => void;
  /** The key that a throttled keydown was let through for. */
  key?: string;
}

const DEFAULT_MS = 300;
const paces = new WeakMap<Element, Pace>();

/** Runs now, later or not at all, as the element's attributes say. */
export function pace(element: Element, event: Event, run: () => void): void {
  const debounce = core.getAttribute(element, "phx-debounce");
  const throttle = core.getAttribute(element, "phx-throttle");
  if (debounce === null && throttle === null) return run();
  const { debounce: quiet = DEFAULT_MS, throttle: rest = DEFAULT_MS } = (core.options().defaults ?? {});
  const pace = paces.get(element) ?? {};
  paces.set(element, pace);
  if (debounce !== null) {
    clearTimeout(pace.timer);
    pace.due = run;
    if (debounce !== "blur") pace.timer = setTimeout(() => flush(element), +(debounce || quiet));
    return;
  }
  const { key } = event as KeyboardEvent;
  const isOtherKey = event.type === "keydown" && key !== pace.key;
  if (pace.timer !== undefined && !isOtherKey) return;
  clearTimeout(pace.timer);
  pace.key = key;
  pace.timer = setTimeout(() => (pace.timer = undefined), +(throttle || rest));
  run();
}

/** The element lost its focus or its time is over: sends what is due. */
export function flush(element: Element): void {
  const due = paces.get(element)?.due;
  cancel(element);
  if (core.isConnected(element)) due?.();
}

/** Forgets what is due; a throttled element may send again at once. */
export function cancel(element: Element): void {
  clearTimeout(paces.get(element)?.timer);
  paces.delete(element);
}

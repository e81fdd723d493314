// What waits for transitions to end: messages of the server (socket.ts) and
// elements that leave (hooks.ts). The extra's script is waited for in the same way.

const running = new Set<object>();
const waiting: (() => void)[] = [];

/** Makes everything that is `afterTransitions` wait until the returned function is called. */
export function holdPatches(): () => void {
  const hold = {};
  running.add(hold);
  return () => {
    running.delete(hold);
    while (!running.size && waiting.length) waiting.shift()!();
  };
}

/** Runs at once, or when no transition runs any more. */
export function afterTransitions(run: () => void): void {
  if (running.size) waiting.push(run);
  else run();
}

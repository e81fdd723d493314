// What a binding's value asks for: an event by its name, or a list of commands
// (protocol.md §7.3).

import type { moves } from "./navigation.ts";

export interface PushArguments {
  event?: string;
  target?: string | number;
  value?: Record<string, unknown>;
}

interface LinkArguments {
  href: string;
  replace?: boolean;
}

type Command = ["push", PushArguments] | ["navigate" | "patch", LinkArguments];

/** Runs a binding's value; `push` sends an event with these arguments. */
export function run(
  links: typeof moves,
  value: string,
  push: (event: string, args: PushArguments) => void,
): void {
  if (value[0] !== "[") return push(value, {});
  for (const [name, args] of JSON.parse(value) as Command[]) {
    if (name === "push") push(args.event!, args);
    else if (name in links) links[name](args.href, args.replace ? "replace" : "push");
    else console.error(`unknown command "${name as string}"`);
  }
}

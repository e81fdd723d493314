// What the first script has handed over.

import type { Core } from "../core.ts";

export let core: Core;

export function take(given: Core): void {
  core = given;
}

// What the first script has handed over.

import type { Core } from "../core.ts";
import type { Control } from "./controls.ts";

export let core: Core;

/** The controls of a form, wherever they stand. */
export function elementsOf(form: HTMLFormElement): Control[] {
  return [...core.native<(form: HTMLFormElement) => Iterable<any>>("elements")(form)];
}

export function take(given: Core): void {
  core = given;
}

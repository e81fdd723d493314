// What the first script has handed over.

import type { Core } from "../core.ts";
import type { Control } from "./controls.ts";

export let core: Core;
/** What forms, images and frames take no place in (natives.ts). */
export let document: Document;

/** The controls of a form, wherever they stand. */
export function elementsOf(form: HTMLFormElement): Control[] {
  return [...core.native<(form: HTMLFormElement) => Iterable<any>>("elements")(form)];
}

export function take(given: Core): void {
  core = given;
  document = core.document;
}

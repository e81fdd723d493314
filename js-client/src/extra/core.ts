// What the first script has handed over.

import type { Core } from "../core.ts";

export let core: Core;
/** What forms, images and frames take no place in (natives.ts). */
export let document: Document;
export let childrenOf: (element: Element) => HTMLCollection;

export function take(given: Core): void {
  core = given;
  document = core.document;
  childrenOf = core.native("children");
}

// The door to mending (`mend/`): what a page needs that others have taken nodes out of,
// and one that can't go on. No page has need of it before.

import { door } from "./beside.ts";
import type { mend, mendComponent, mendTree } from "./mend/instances.ts";

export interface Mender {
  mend: typeof mend;
  mendComponent: typeof mendComponent;
  mendTree: typeof mendTree;
  /** Says that the page goes on no more, and offers to load it again. */
  offerReload(): void;
}

/** Not there until its script has run. */
export let mender: Mender | undefined;

export function installMender(given: Mender | undefined): void {
  mender = given;
}

/** Runs at once if the script is there, else when it has run or failed. Nothing mentions it. */
export const withMender = door("mend", () => mender);

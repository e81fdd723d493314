// Mending, a script of its own: from the first one it takes what `core` holds, and it
// gives what is named here.

import type { Core } from "../core.ts";
import type { Mender } from "../mend.ts";
import { take } from "./core.ts";
import { mend, mendComponent, mendTree } from "./instances.ts";
import { offerReload } from "./offer.ts";

export function give(core: Core): Mender {
  take(core);
  return { mend, mendComponent, mendTree, offerReload };
}

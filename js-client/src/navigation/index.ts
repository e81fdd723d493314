// Live navigation, a script of its own: from the first one it takes what `core`
// holds, and it gives what is named here.

import type { Core } from "../core.ts";
import type { Navigation } from "../navigation.ts";
import { take } from "./core.ts";
import { bind, clicked, navigate, patch, patched } from "./moves.ts";

export function give(core: Core): Navigation {
  take(core);
  return { bind, clicked, navigate, patch, patched };
}

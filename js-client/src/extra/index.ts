// What only some pages need, a script of its own: from the first one it takes
// what `core` holds, and it gives what is named here.

import type { Core } from "../core.ts";
import type { Extra } from "../extra.ts";
import { bindKeysAndFocus, bindPresses, clickAway } from "./bindings.ts";
import { commands } from "./commands.ts";
import { componentOf, Components } from "./component.ts";
import { take } from "./core.ts";
import { isIgnored, reapplyEffects } from "./effects.ts";
import { focusAmong, focusFrom, focusNeighbour } from "./focus.ts";
import { cancel, pace } from "./pace.ts";
import { componentAround, portals, settlePortals } from "./portal.ts";
import { predictions } from "./predictions.ts";
import { definitionOf } from "./runtime-hook.ts";
import { scripts } from "./scripted.ts";
import { Stream } from "./stream.ts";
import { bindViewports } from "./viewport.ts";

export function give(core: Core): Extra {
  take(core);
  bindPresses();
  bindKeysAndFocus();
  bindViewports();
  return { Components, Stream, cancel, clickAway, commands, componentAround, componentOf, definitionOf, focusAmong, focusFrom, focusNeighbour, isIgnored, pace, portals, predictions, reapplyEffects, scripts, settlePortals };
}

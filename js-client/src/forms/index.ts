// What pages with forms need, a script of its own: from the first one it takes what
// `core` holds, and it gives what is named here.

import type { Core } from "../core.ts";
import type { Forms } from "../forms.ts";
import { bindForms, submitForms } from "./bindings.ts";
import { keepChoice, keepChoices, recoverForms, tellBox } from "./choices.ts";
import { bind, isUsedInput as isUsed, release, writeState } from "./controls.ts";
import { take } from "./core.ts";
import { handFiles } from "./files.ts";
import { disabled } from "./frozen.ts";
import { tellTooLarge } from "./too-large.ts";

export function give(core: Core): Forms {
  take(core);
  bindForms();
  return { bind, disabled, handFiles, isUsed, keepChoice, keepChoices, recoverForms, release, submitForms, tellBox, tellTooLarge, writeState };
}

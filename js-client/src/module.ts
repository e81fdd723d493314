// The package's entry, for applications that bundle their own scripts: nothing
// starts by itself here, and nothing is left to be loaded.

import { extend, extendForms, extendMender, extendNavigation } from "./core.ts";
import { give } from "./extra/index.ts";
import { give as giveForms } from "./forms/index.ts";
import { give as giveMender } from "./mend/index.ts";
import { give as giveNavigation } from "./navigation/index.ts";

export type { Commands, Scope } from "./commands.ts";
export type { Scripted } from "./extra/scripted.ts";
export { isUsedInput } from "./forms.ts";
export { createHook, ViewHook } from "./hooks.ts";
export type { EventRef, HookCallbacks, HookDefinition } from "./hooks.ts";
export { LiveSocket } from "./live-socket.ts";
export type { LiveSocketOptions } from "./live-socket.ts";
export { Socket } from "./socket.ts";
export type { Params, SocketOptions } from "./socket.ts";

extend(give);
extendForms(giveForms);
extendMender(giveMender);
extendNavigation(giveNavigation);

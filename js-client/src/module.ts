// The package's entry, for applications that bundle their own scripts: nothing
// starts by itself here.

export type { Commands, Scope, Scripted } from "./commands.ts";
export { isUsedInput } from "./forms.ts";
export { createHook, ViewHook } from "./hooks.ts";
export type { EventRef, HookCallbacks, HookDefinition } from "./hooks.ts";
export { LiveSocket } from "./live-socket.ts";
export type { LiveSocketOptions } from "./live-socket.ts";
export { Socket } from "./socket.ts";
export type { Params, SocketOptions } from "./socket.ts";

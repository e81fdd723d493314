// What the first script hands over to the extra, and how.
//
// Neither script imports from the other but types. In the package both are one.

import { targetsOf } from "./commands.ts";
import { sendPlain } from "./events.ts";
import { extra, install } from "./extra.ts";
import type { Extra } from "./extra.ts";
import { liveSocket } from "./live-socket.ts";
import { relabelled } from "./marks.ts";
import { elementFrom } from "./morph.ts";
import { diagnose, isMovingFocus, listen } from "./page.ts";
import { ChildPart, Instance } from "./parts.ts";
import { idOf, mergeNode } from "./rendered.ts";
import { afterTransitions, holdPatches } from "./transitions.ts";
import { entriesOf } from "./wire.ts";
import { insert, moveRange, putAttribute, relocate, removeRange, stay, witness, writeAttribute } from "./writes.ts";

function core() {
  return {
    ChildPart,
    Instance,
    afterTransitions,
    /** Options of the application; before there is a client there are none. */
    defaults: () => liveSocket?.options.defaults ?? {},
    diagnose,
    elementFrom,
    entriesOf,
    holdPatches,
    isMovingFocus,
    idOf,
    insert,
    listen,
    mergeNode,
    moveRange,
    owner: (element: Element) => liveSocket.owner(element),
    putAttribute,
    relabelled,
    relocate,
    removeRange,
    /** Before there is a client nothing is sent. */
    sendPlain: ((...args) => liveSocket && sendPlain(...args)) as typeof sendPlain,
    stay,
    targetsOf,
    witness,
    writeAttribute,
  };
}

export type Core = ReturnType<typeof core>;

export function extend(give: (core: Core) => Extra): void {
  // Its tag and a message may both have brought it.
  if (!extra) install(give(core()));
}

// What the first script hands over to the extra, and how.
//
// Neither script imports from the other but types. In the package both are one.

import { targetsOf } from "./commands.ts";
import { changeOf, refused, sendPlain } from "./events.ts";
import { bound, isBox, isInUse, late, markUnused, markUsed, optionsOf, recovering, restore, serialize } from "./forms.ts";
import { extra, install } from "./extra.ts";
import type { Extra } from "./extra.ts";
import { liveSocket } from "./live-socket.ts";
import { elementFrom, morph } from "./morph.ts";
import { isMarked, relabelled } from "./marks.ts";
import { diagnose, isMovingFocus, listen } from "./page.ts";
import { ChildPart, Instance } from "./parts.ts";
import { idOf, mergeNode } from "./rendered.ts";
import { afterTransitions, holdPatches } from "./transitions.ts";
import { entriesOf } from "./wire.ts";
import { insert, moveRange, putAttribute, relocate, removeRange, siblings, stay, witness, writeAttribute } from "./writes.ts";

function core() {
  return {
    ChildPart,
    Instance,
    afterTransitions,
    bound,
    changeOf,
    /** Options of the application; before there is a client there are none. */
    defaults: () => liveSocket?.options.defaults ?? {},
    diagnose,
    elementFrom,
    entriesOf,
    holdPatches,
    isBox,
    isInUse,
    isMarked,
    isMovingFocus,
    idOf,
    insert,
    late,
    listen,
    markUnused,
    markUsed,
    mergeNode,
    morph,
    moveRange,
    owner: (element: Element) => liveSocket.owner(element),
    optionsOf,
    putAttribute,
    recovering,
    refused,
    relabelled,
    relocate,
    removeRange,
    siblings,
    restore,
    serialize,
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

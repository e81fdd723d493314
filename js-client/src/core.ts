// What the first script hands over to the extra, and how.
//
// Neither script imports from the other but types. In the package both are one.

import { targetsOf } from "./commands.ts";
import { sendPlain } from "./events.ts";
import { install } from "./extra.ts";
import type { Extra } from "./extra.ts";
import { liveSocket } from "./live-socket.ts";
import { relabelled } from "./marks.ts";
import { diagnose } from "./page.ts";
import { Instance } from "./parts.ts";
import { idOf } from "./rendered.ts";
import { holdPatches } from "./transitions.ts";
import { entriesOf } from "./wire.ts";
import { insert, moveRange, putAttribute, relocate, removeRange, witness, writeAttribute } from "./writes.ts";

function core() {
  return {
    /** The page's client, once there is one. */
    client: () => liveSocket as typeof liveSocket | undefined,
    diagnose,
    entriesOf,
    holdPatches,
    idOf,
    insert,
    instantiate: (...instance: ConstructorParameters<typeof Instance>) => new Instance(...instance),
    moveRange,
    putAttribute,
    relabelled,
    relocate,
    removeRange,
    sendPlain,
    targetsOf,
    witness,
    writeAttribute,
  };
}

export type Core = ReturnType<typeof core>;

export function extend(give: (core: Core) => Extra): void {
  install(give(core()));
}

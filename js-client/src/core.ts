// What the first script hands over to the others, and how.
//
// No script imports from another but types. In the package all are one.

import { targetsOf } from "./commands.ts";
import { pace, refused, send, sendPlain, valuesOf } from "./events.ts";
import { extra, installExtra, withExtra } from "./extra.ts";
import type { Extra } from "./extra.ts";
import { forms, installForms } from "./forms.ts";
import type { Forms } from "./forms.ts";
import { liveSocket } from "./live-socket.ts";
import { isMarked, mark, relabelled } from "./marks.ts";
import { installMender, mender, withMender } from "./mend.ts";
import type { Mender } from "./mend.ts";
import { controlOf, elementFrom, morph } from "./morph.ts";
import { classList, closest, contains, dispatchEvent, document, focus, getAttribute, isConnected, matches, native, nextSibling, parentNode, querySelectorAll } from "./natives.ts";
import { installNavigation, navigation } from "./navigation.ts";
import type { Navigation } from "./navigation.ts";
import { isOthers, unobserved } from "./others.ts";
import { absolute, diagnose, dispatch, isMovingFocus, listen, loading, mayLeave, putAttribute } from "./page.ts";
import { ChildPart, Instance } from "./parts.ts";
import { mergeNode } from "./rendered.ts";
import { afterTransitions, holdPatches } from "./transitions.ts";
import { openView } from "./view.ts";
import { entriesOf } from "./wire.ts";
import { insert, move, moveRange, relocate, removeRange, siblings, stay, tellAdded, witness, writeAttribute } from "./writes.ts";

function core() {
  return {
    ChildPart,
    Instance,
    absolute,
    afterTransitions,
    controlOf,
    classList,
    closest,
    contains,
    cancel: (element: Element) => extra?.cancel(element),
    diagnose,
    dispatch,
    dispatchEvent,
    document,
    elementFrom,
    entriesOf,
    focus,
    getAttribute,
    holdPatches,
    isMarked,
    isMovingFocus,
    isOthers,
    /** Before there is a client nothing is sent. */
    isStarted: () => !!liveSocket,
    insert,
    isConnected,
    listen,
    liveSocket: () => liveSocket,
    loading,
    mark,
    matches,
    mayLeave,
    mender: () => mender,
    mergeNode,
    morph,
    move,
    moveRange,
    native,
    nextSibling,
    openView,
    /** Options of the application; before there is a client there are none. */
    options: () => liveSocket?.options ?? {},
    owner: (element: Element) => liveSocket.owner(element),
    pace,
    parentNode,
    putAttribute,
    querySelectorAll,
    refused,
    relabelled,
    relocate,
    removeRange,
    send: ((...args) => liveSocket && send(...args)) as typeof send,
    sendPlain: ((...args) => liveSocket && sendPlain(...args)) as typeof sendPlain,
    siblings,
    stay,
    targetsOf,
    tellAdded,
    unobserved,
    valuesOf,
    withExtra: (run: (extra: Extra) => void) => withExtra(() => extra && run(extra)),
    withMender,
    witness,
    writeAttribute,
  };
}

export type Core = ReturnType<typeof core>;

export function extend(give: (core: Core) => Extra): void {
  // Its tag and a message may both have brought it.
  if (!extra) installExtra(give(core()));
}

export function extendForms(give: (core: Core) => Forms): void {
  if (!forms) installForms(give(core()));
}

export function extendNavigation(give: (core: Core) => Navigation): void {
  if (navigation) return;
  installNavigation(give(core()));
  navigation!.bind();
}

export function extendMender(give: (core: Core) => Mender): void {
  if (!mender) installMender(give(core()));
}

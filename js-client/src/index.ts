// The bundle's entry: the public names, and the start of the page's client.

import { extend, extendForms, extendMender, extendNavigation } from "./core.ts";
import { createHook, ViewHook } from "./hooks.ts";
import type { HookDefinition } from "./hooks.ts";
import { foundBy } from "./beside.ts";
import { isUsedInput } from "./forms.ts";
import { LiveSocket } from "./live-socket.ts";
import type { LiveSocketOptions } from "./live-socket.ts";
import { document } from "./natives.ts";
import { listen } from "./page.ts";
import { watchOthers } from "./others.ts";
import { Socket } from "./socket.ts";

const hooks: Record<string, HookDefinition> = {};
const options: LiveSocketOptions = {};
const Bennu = { LiveSocket, Socket, ViewHook, createHook, isUsedInput, hooks, options, extend, extendForms, extendMender, extendNavigation };

declare global {
  interface Window {
    Bennu: typeof Bennu;
    liveSocket?: LiveSocket;
  }
}

window.Bennu = Bennu;

// Applications add their hooks in scripts that run between this one and the event.
const script = document.currentScript as HTMLScriptElement | null;
foundBy(script);
// What they do to the page before it connects is theirs too.
watchOthers();
if (script && !("manual" in script.dataset)) {
  listen("DOMContentLoaded", () => {
    const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content;
    const { params } = options;
    window.liveSocket = new LiveSocket(script.dataset.socket ?? "/live", Socket, {
      hooks,
      ...options,
      // The server lets no page join that doesn't send its token.
      params: (el) => ({ _csrf_token: token, ...(typeof params === "function" ? params(el) : params) }),
    });
    window.liveSocket.connect();
  });
}

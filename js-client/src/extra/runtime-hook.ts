// Hooks that the application doesn't hand in: ours, and those that scripts in the page define.

import type { HookDefinition } from "../hooks.ts";
import { core, document } from "./core.ts";
import { FocusWrap } from "./focus.ts";

export function definitionOf(name: string, el: Element): HookDefinition | undefined {
  if (name === "Phoenix.FocusWrap") return FocusWrap;
  const script = document.querySelector<HTMLScriptElement>(`script[data-phx-runtime-hook="${name}"]`);
  if (!script) return void core.diagnose("hook.unknown", "app", `unknown hook "${name}"`, el);
  const runtime = window as unknown as Record<string, () => HookDefinition>;
  const key = `phx_hook_${name}`;
  if (!runtime[key]) {
    // The browser runs no script that a patch brings.
    const copy = document.createElement("script");
    copy.textContent = script.textContent;
    copy.nonce = script.nonce;
    document.head.append(copy);
  }
  return runtime[key]?.();
}

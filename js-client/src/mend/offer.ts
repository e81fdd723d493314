// What a person sees of a page that can't follow the server any more: it says so,
// and offers to be loaded again.

import { document } from "./core.ts";

/** The application's own element for it, hidden until then, may say it in any language. */
export function offerReload(): void {
  const own = document.querySelector<HTMLElement>("[data-phx-stopped]");
  if (own) return void (own.hidden = false);
  const box = document.createElement("div");
  const button = document.createElement("button");
  button.textContent = "Load it again";
  button.onclick = () => location.reload();
  box.role = "alert";
  box.className = "phx-stopped";
  box.append("This page has stopped working. ", button);
  box.style.cssText = "position:fixed;inset:auto 0 0;z-index:9999;padding:1em;text-align:center;background:#222;color:#fff";
  document.body.append(box);
}

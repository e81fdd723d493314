// Both clients as scripts that a page runs: ours as it is served, but in
// scripts that are not minified, and Phoenix's with the few lines that every
// application writes.

import { build } from "esbuild";
import type { BuildOptions } from "esbuild";
import { Script } from "node:vm";

export type ClientName = "ours" | "stock";

export interface Client {
  name: ClientName;
  /** For each script of a page, found by a part of its name, what it runs. */
  scripts: Record<string, Script>;
}

const STOCK = `
  import { Socket } from "phoenix";
  import { LiveSocket } from "phoenix_live_view";
  const token = document.querySelector("meta[name=csrf-token]").content;
  window.liveSocket = new LiveSocket("/live", Socket, { params: { _csrf_token: token } });
  window.liveSocket.connect();
`;

export async function buildClient(name: ClientName): Promise<Client> {
  if (name === "stock") {
    const stdin = { contents: STOCK, resolveDir: ".", sourcefile: "stock.js" };
    return { name, scripts: { "/bennu": await script({ stdin }, "stock.js"), "/extra": new Script(""), "/forms": new Script("") } };
  }
  const [first, extra, forms] = await Promise.all([
    script({ entryPoints: ["src/index.ts"] }, "bennu.js"),
    script({ entryPoints: ["src/extra/script.ts"] }, "extra.js"),
    script({ entryPoints: ["src/forms/script.ts"] }, "forms.js"),
  ]);
  return { name, scripts: { "/bennu": first, "/extra": extra, "/forms": forms } };
}

async function script(options: BuildOptions, filename: string): Promise<Script> {
  const settings: BuildOptions = { bundle: true, format: "iife", target: "es2022", write: false };
  const { outputFiles } = await build({ ...settings, ...options });
  return new Script(outputFiles![0]!.text, { filename });
}

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

/** Our scripts beside the first; stock is all in one. */
const BESIDE = ["extra", "forms", "mend", "navigation"];

export async function buildClient(name: ClientName): Promise<Client> {
  if (name === "stock") {
    const stdin = { contents: STOCK, resolveDir: ".", sourcefile: "stock.js" };
    const none = BESIDE.map((beside) => [`/${beside}`, new Script("")]);
    return { name, scripts: { "/bennu": await script({ stdin }, "stock.js"), ...Object.fromEntries(none) } };
  }
  const entries = [["bennu", "src/index.ts"], ...BESIDE.map((beside) => [beside, `src/${beside}/script.ts`])];
  const built = entries.map(async ([name, entry]) => [`/${name}`, await script({ entryPoints: [entry!] }, `${name}.js`)]);
  return { name, scripts: Object.fromEntries(await Promise.all(built)) };
}

async function script(options: BuildOptions, filename: string): Promise<Script> {
  const settings: BuildOptions = { bundle: true, format: "iife", target: "es2022", write: false };
  const { outputFiles } = await build({ ...settings, ...options });
  return new Script(outputFiles![0]!.text, { filename });
}

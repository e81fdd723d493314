// One Chromium for a spec file, and the bundle of Phoenix's client.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Both clients report more on "localhost"; our servers listen on IPv4 alone.
  "--host-resolver-rules=MAP localhost 127.0.0.1",
];

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export class Browser {
  #chromium = null;
  #stock = null;

  async start() {
    [this.#chromium, this.#stock] = await Promise.all([launch(), bundleStock()]);
  }

  async stop() {
    await this.#chromium?.close();
  }

  /** A visitor: cookies, storage and cache of its own. */
  newContext(options) {
    return this.#chromium.newContext(options);
  }

  /** Phoenix's client as one script, booted as ours is. */
  get stock() {
    return this.#stock;
  }
}

function launch() {
  const executablePath = process.env.CHROMIUM || PLACES.find((place) => existsSync(place));
  if (!executablePath) {
    throw new Error("no Chromium was found: install one, or name its binary in CHROMIUM");
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

async function bundleStock() {
  const entry = fileURLToPath(new URL("stock.js", import.meta.url));
  const options = { bundle: true, format: "iife", target: "es2022", write: false };
  const result = await build({ entryPoints: [entry], logLevel: "warning", ...options });
  return result.outputFiles[0].text;
}

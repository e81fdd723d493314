// The browsers that specs run in, each started when the first spec asks for it, and the bundle of
// Phoenix's client.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browsers that only some specs run in: the variable that may name a binary, and where it is. */
const OTHERS = {
  firefox: { variable: "FIREFOX", places: ["/usr/bin/firefox-esr", "/usr/bin/firefox"] },
  webkit: { variable: "WEBKIT_DRIVER", places: ["/usr/bin/WebKitWebDriver"] },
};

const START = {
  chromium: launch,
  firefox: async () => (await import("./firefox.mjs")).Firefox.start(),
  webkit: async () => (await import("./webkit.mjs")).WebKit.start(),
};

/** Whether specs can run in a browser here; where Chromium is missing, they fail. */
export function isInstalled(name) {
  const other = OTHERS[name];
  return !other || Boolean(process.env[other.variable]) || other.places.some((place) => existsSync(place));
}

class Browsers {
  /** Promises of the running ones, by name. */
  #running = new Map();
  #stock = null;

  /** A visitor: cookies, storage and cache of its own; `beside` is the context of another one whose
   * pages are open meanwhile. */
  async newContext(name, options, beside) {
    return (await this.#get(name)).newContext(options, beside);
  }

  /** Phoenix's client as one script, booted as ours is. */
  stock() {
    return (this.#stock ??= bundleStock());
  }

  async stop() {
    const running = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(running.map(async (browser) => (await browser).close()));
  }

  #get(name) {
    if (!this.#running.has(name)) {
      const started = START[name]();
      this.#running.set(name, started);
      // One that has crashed fails the specs that were in it; the next ones get another.
      const forget = () => this.#running.get(name) === started && this.#running.delete(name);
      started.then((browser) => browser.on("disconnected", forget), forget);
    }
    return this.#running.get(name);
  }
}

export const browsers = new Browsers();

function launch() {
  const executablePath = process.env.CHROMIUM || PLACES.find((place) => existsSync(place));
  if (!executablePath) {
    throw new Error("no Chromium was found: install one, or name its binary in CHROMIUM");
  }
  // Of its own, for Playwright would leave a folder for each context behind.
  const tracesDir = mkdtempSync(join(tmpdir(), "bennu-traces-"));
  process.once("exit", () => rmSync(tracesDir, { recursive: true, force: true }));
  return chromium.launch({ executablePath, args: ARGUMENTS, tracesDir });
}

async function bundleStock() {
  const entry = fileURLToPath(new URL("stock.js", import.meta.url));
  const options = { bundle: true, format: "iife", target: "es2022", write: false };
  const result = await build({ entryPoints: [entry], logLevel: "warning", ...options });
  return result.outputFiles[0].text;
}

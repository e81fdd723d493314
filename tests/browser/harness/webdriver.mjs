// A W3C WebDriver: its process, its one session, and the calls over HTTP. What the calls mean for a
// page is webkit.mjs's to know.

import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import { ProcessGroup } from "./process.mjs";

/** How long a driver may take until it answers. In milliseconds. */
const PATIENCE = 60_000;
const PAUSE = 10;

/** How long a script and a load may take: a spec has a limit of its own. In milliseconds. */
const TIMEOUTS = { script: 600_000, pageLoad: 600_000 };

/** An answer that says no. */
export class WebDriverError extends Error {
  /** The kind, as the standard names it: "javascript error", "no such window", … */
  kind;

  constructor({ error, message }) {
    super(`${error}: ${message}`);
    this.kind = error;
  }
}

export class WebDriver {
  #group;
  #server;
  #session;

  /** Starts the driver and its browser. */
  static async start(command, { env, install }) {
    const driver = new WebDriver();
    const port = await freePort();
    driver.#server = `http://127.0.0.1:${port}`;
    driver.#group = await ProcessGroup.start(command, [`--port=${port}`], { env, install });
    try {
      await driver.#answers();
      const capabilities = { alwaysMatch: { timeouts: TIMEOUTS } };
      const { sessionId } = await driver.#call("POST", "/session", { capabilities });
      driver.#session = `/session/${sessionId}`;
    } catch (error) {
      await driver.#group.stop();
      throw error;
    }
    return driver;
  }

  get(path, options) {
    return this.#call("GET", this.#session + path, undefined, options);
  }

  post(path, body = {}) {
    return this.#call("POST", this.#session + path, body);
  }

  delete(path) {
    return this.#call("DELETE", this.#session + path);
  }

  /** Ends the session, and with the driver the browser. */
  async stop() {
    await this.#group.stop();
  }

  async #call(method, path, body, { signal } = {}) {
    const response = await fetch(this.#server + path, { method, signal, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new WebDriverError(value);
    return value;
  }

  async #answers() {
    const until = Date.now() + PATIENCE;
    const isReady = () => this.#call("GET", "/status").then(() => true, () => false);
    while (!(await isReady())) {
      if (this.#group.hasEnded || Date.now() > until) throw new Error("the driver of the browser doesn't answer");
      await pause(PAUSE);
    }
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

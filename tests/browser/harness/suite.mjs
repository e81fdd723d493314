// What a spec file declares, and how it is run: each spec with each of its clients, in a fresh
// browser context, over a connection of its own, on a server that the specs of one file and one
// client share.

import { isInstalled } from "./browsers.mjs";
import { CargoServer } from "./server.mjs";
import { Session } from "./session.mjs";

/** The clients that a spec runs with unless it names its own. */
const CLIENTS = ["bennu", "stock"];

/** The suites of the spec file that is being imported. */
let declared = [];

/** The suites that were declared since the last call. */
export function collected() {
  const suites = declared;
  declared = [];
  return suites;
}

/**
 * Names the server under test, and returns the function that declares a spec.
 *
 * @param {string | (() => import("./server.mjs").Server)} server a binary of the workspace, or
 *   what makes a server
 * @returns {SpecFunction}
 *
 * @typedef {((name: string, path: string | null, ...rest: [SpecBody] | [SpecOptions, SpecBody]) => void)
 *   & { check: (name: string, body: (server: import("./server.mjs").Server) => Promise<void>) => void }} SpecFunction
 *   `path` is opened before the spec's body runs, unless it is null; `check` declares a test of the
 *   harness itself, which opens its own sessions
 * @typedef {(session: Session) => Promise<void>} SpecBody
 * @typedef {object} SpecOptions
 * @property {string[]} [clients] run with these only, where the other can't do it
 * @property {("firefox" | "webkit")[]} [also] run in these browsers too, where they are installed,
 *   with our client
 * @property {RegExp[]} [allow] console messages that belong to the spec, such as DISCONNECTS
 * @property {import("playwright-core").BrowserContextOptions} [context] viewport, colour scheme, …
 */
export function suite(server) {
  const suite = new Suite(typeof server === "string" ? () => new CargoServer(server) : server);
  declared.push(suite);
  const spec = (name, path, ...rest) => suite.add(name, path, rest.pop(), rest.pop());
  spec.check = (name, body) => suite.specs.push({ title: name, lane: "harness", run: body });
  return spec;
}

class Suite {
  /** Every spec once for each client and browser: its title, its lane and its work. */
  specs = [];
  #newServer;

  constructor(newServer) {
    this.#newServer = newServer;
  }

  add(name, path, body, { clients = CLIENTS, also = [], allow, context } = {}) {
    const chromium = clients.map((client) => ({ lane: client, client, browser: "chromium" }));
    const others = also.filter(isInstalled).map((browser) => ({ lane: browser, client: "bennu", browser }));
    for (const { lane, client, browser } of [...chromium, ...others]) {
      const title = `${name} [${lane}]`;
      const run = async (server) => {
        const session = await Session.open({ browser, server, client, allow, context });
        await session.run(title, async () => {
          if (path !== null) await session.goto(path);
          await body(session);
        });
      };
      this.specs.push({ title, lane, run });
    }
  }

  /** The wanted specs by client or browser: each lane has a server and runs one after the other. */
  lanes(isWanted, repeat) {
    const lanes = new Map();
    for (const spec of this.specs.filter(isWanted)) {
      lanes.set(spec.lane, [...(lanes.get(spec.lane) ?? []), spec]);
    }
    return [...lanes].map(([name, specs]) => ({
      name,
      run: async (lane) => {
        // Each time on a new server: specs may find what those before them left, not what they
        // left themselves.
        for (let round = 1; round <= repeat; round++) await this.#run(lane, specs, repeat > 1 ? ` (${round})` : "");
      },
    }));
  }

  async #run(lane, specs, suffix) {
    const server = this.#newServer();
    try {
      for (const { title, run } of specs) {
        await lane.test(title + suffix, async () => {
          // A spec that stopped the server needn't start it again when it fails halfway.
          await server.start();
          await run(server);
        });
      }
    } finally {
      await server.stop();
    }
  }
}

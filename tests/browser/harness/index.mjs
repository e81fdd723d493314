// What a spec file needs. A file names the server under test, a spec names a page:
//
//     import { suite } from "./harness/index.mjs";
//     const spec = suite("showcase");
//
//     spec("a click counts", "/counter", async ({ page, see }) => {
//       await page.click("text=+");
//       await see("#count", "1");
//     });
//
// Each spec runs twice, with our client and with Phoenix's, in a fresh browser context, over a
// connection of its own. It fails on any console error or warning that it doesn't announce.

import { after, afterEach, before, test } from "node:test";

import { Browser } from "./browser.mjs";
import { CargoServer } from "./server.mjs";
import { Session } from "./session.mjs";

export { Browser } from "./browser.mjs";
export { CargoServer, Server } from "./server.mjs";
export { Session } from "./session.mjs";

/** The clients that every spec runs with. */
export const CLIENTS = ["bennu", "stock"];

/** What a browser and either client may say while the server can't be reached. */
export const DISCONNECTS = [
  /WebSocket connection to '.*' failed/,
  /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/,
];

/** Longer than any spec should take on a busy machine; a spec that waits says what for earlier. */
const TIMEOUT = 60_000;

/**
 * Starts `server` once for this file and returns the function that declares a spec.
 *
 * @param {string | import("./server.mjs").Server} server a binary of the workspace, or a server
 * @returns {(name: string, path: string | null, ...rest: [SpecBody] | [SpecOptions, SpecBody]) => void}
 *   `path` is opened before the spec's body runs, unless it is null
 *
 * @typedef {(session: Session) => Promise<void>} SpecBody
 * @typedef {object} SpecOptions
 * @property {string[]} [clients] run with these only, where the other can't do it
 * @property {RegExp[]} [allow] console messages that belong to the spec, such as DISCONNECTS
 * @property {import("playwright-core").BrowserContextOptions} [context] viewport, colour scheme, …
 */
export function suite(server) {
  const subject = typeof server === "string" ? new CargoServer(server) : server;
  const browser = new Browser();

  before(async () => {
    await subject.start();
    await browser.start();
  });
  // A spec that stops the server needn't start it again when it fails halfway.
  afterEach(() => subject.start());
  after(async () => {
    await browser.stop();
    await subject.stop();
  });

  return (name, path, ...rest) => {
    const body = rest.pop();
    const { clients = CLIENTS, allow = [], context = {} } = rest.pop() ?? {};
    for (const client of clients) {
      test(`${name} [${client}]`, { timeout: TIMEOUT }, async () => {
        const session = await Session.open({ browser, server: subject, client, allow, context });
        await session.run(`${name} ${client}`, async () => {
          if (path !== null) await session.goto(path);
          await body(session);
        });
      });
    }
  };
}

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
// Each spec runs twice, with our client and with Phoenix's. It fails on any console error or
// warning that it doesn't announce. `session.mjs` has all that a spec's body gets.

export { CargoServer, Server } from "./server.mjs";
export { Session } from "./session.mjs";
export { suite } from "./suite.mjs";

/** What a browser and either client may say while the server can't be reached. */
export const DISCONNECTS = [
  /WebSocket connection to '.*' failed/,
  /Firefox can’t establish a connection to the server/,
  // Firefox, when an open connection ends by a reset, as it does with something under way.
  /The connection to ws\S+ was interrupted while the page was loading/,
  /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/,
];

/** Does in the page what leads away from it, such as `() => history.back()`: after the call has returned, since a page that is left can't answer. */
export const leave = (page, act) => page.evaluate(`void setTimeout(${act})`);

// Where a guard turns visitors away, and says why; and what isn't a page.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const linkTo = (path) => `a[href$="${path}"]`;

/** The visitor stands in the lobby, and is told once which page was closed. */
async function turnedAway({ page, see, settled }, closed) {
  await see("#place", "lobby");
  await see("#flash", `no entry to ${closed}`);
  await settled();
  await see("#flash", `no entry to ${closed}`);
  assert.equal(new URL(page.url()).pathname, "/lobby");
  await page.reload();
  await see("#flash", "");
}

spec("what a guard says is seen by who loads a page", "/room?shut", async (session) => {
  await turnedAway(session, "/room?shut");
});

spec("what a guard says is seen by who is turned away when the page joins", null, async (session) => {
  const { page, url } = session;
  await page.goto(`${url}/room?late`, { waitUntil: "commit" });
  await turnedAway(session, "/room?late");
});

spec("what a guard says is seen by who comes by a live navigation", "/numbered/7", async (session) => {
  await session.page.click(linkTo("/room?shut"));
  await turnedAway(session, "/room?shut");
});

spec("what a guard says is seen where the page that is led to is the one before", "/lobby", async (session) => {
  await session.page.click(linkTo("/room?shut"));
  await turnedAway(session, "/room?shut");
});

spec("what a guard says is seen by who joins again", "/room", { allow: DISCONNECTS }, async (session) => {
  const { page, url, connection, disconnected } = session;
  const guard = (does) => page.request.get(`${url}/guard/${does}`);
  await guard("shut");
  try {
    connection.cut();
    await disconnected();
    connection.mend();
    await turnedAway(session, "/room");
  } finally {
    await guard("open");
  }
});

for (const [way, start] of [["a live navigation", "/lobby"], ["a page load", "/room?long"]]) {
  spec(`more than a cookie holds is cut, and seen after ${way}`, start, async ({ page, see, eventually }) => {
    if (start === "/lobby") await page.click(linkTo("/room?long"));
    await see("#place", "lobby");
    const said = () => page.textContent("#flash");
    await eventually("the end", async () => (await said()).endsWith("…"), true);
    assert.ok((await said()).startsWith("no entry to /room?long because"));
  });
}

spec("a child that is turned away takes its page along", null, async (session) => {
  const { page, url } = session;
  await page.goto(`${url}/hall`, { waitUntil: "commit" });
  await turnedAway(session, "/hall");
});

const refusals = { allow: [/40[04]/] };

spec("a child's route is no page", "/lobby", refusals, async ({ page, url, see }) => {
  await page.click(linkTo("/bell"));
  await see("h1", "404 Not Found");
  await see("#asked", "/bell");
  const response = await page.goto(`${url}/bell`);
  assert.equal(response.status(), 404);
});

spec("what an extractor rejects is shown by the application's page", "/lobby", refusals, async ({ page, url, see }) => {
  await page.click(linkTo("/numbered/x"));
  await see("h1", "400 Bad Request");
  await see("#asked", "/numbered/x");
  const response = await page.goto(`${url}/numbered/x`);
  assert.equal(response.status(), 400);
  await see("h1", "400 Bad Request");
});

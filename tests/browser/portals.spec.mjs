// Portals: shown elsewhere on the page, of the view where they stand.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const parent = (page) => page.locator("#phx-portal-dialog").evaluate(({ parentElement }) => parentElement.id || parentElement.localName);

spec("a portal is shown at its target, and its events come home", "/portals", async ({ page, see }) => {
  assert.equal(await parent(page), "body");
  assert.equal(await page.locator("#around #count").count(), 0);
  await page.click("#add");
  await see("#count", "1");
});

// With Phoenix's client a field that isn't focused falls back to what the server last said.
const keeps = { clients: ["bennu"] };

spec("what is typed in a portal stays while it changes and moves", "/portals", { ...keeps, also: ["firefox"] }, async ({ page, see, seeValue, eventually }) => {
  await page.fill("#note", "typed");
  await page.click("#add");
  await see("#count", "1");
  await seeValue("#note", "typed");
  await page.click("#move");
  await eventually("the parent", () => parent(page), "home");
  await seeValue("#note", "typed");
  await page.click("#add");
  await see("#count", "2");
});

spec("a portal goes and comes with its place, and its hooks with it", "/portals", async ({ page, see, gone, eventually }) => {
  const calls = () => page.evaluate(() => window.calls.filter((call) => call.startsWith("recorder")).map((call) => call.split(" ")[1]));
  assert.deepEqual(await calls(), ["mounted"]);
  await page.click("#toggle");
  await gone("#phx-portal-dialog");
  await eventually("calls", calls, ["mounted", "destroyed"]);
  await page.click("#toggle");
  await see("#count", "0");
  await page.click("#add");
  await see("#count", "1");
  assert.equal(await page.locator("#phx-portal-dialog").count(), 1);
});

spec("a portal is there after a lost connection", "/portals", { allow: DISCONNECTS }, async ({ page, see, connection, disconnected, settled }) => {
  await page.click("#add");
  await see("#count", "1");
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  await see("#count", "0");
  await page.click("#add");
  await see("#count", "1");
  assert.equal(await page.locator("#phx-portal-dialog").count(), 1);
});

// What the showcase says to those who see nothing of it: notices, and that the connection is lost.

import assert from "node:assert/strict";

import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite("showcase");

spec("a notice is said by the region that was there before, and dismissed by keyboard", "/instant", { also: ["firefox"] }, async (session) => {
  const { page, see, settled, gone } = session;
  const region = page.locator("#notices");
  // A screen reader tells what changes in a region that it knows.
  await region.evaluate((region) => (region.isKnown = true));
  const isKnown = () => region.evaluate((region) => region.isKnown === true && region.role === "status");
  await see("#notices", "");
  await page.click('#soon [data-entry="2"] .like');
  await see("#notices p", /^The server refused/);
  await settled();
  assert.ok(await isKnown());
  await page.locator("#notices").getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("Enter");
  await gone("#notices p");
  await settled();
  assert.ok(await isKnown());
});

spec("a lost connection is said while it is lost, and no longer", "/counter", { allow: DISCONNECTS, also: ["firefox"] }, async (session) => {
  const { page, see, connection, disconnected, settled } = session;
  // What isn't shown isn't there for a screen reader either.
  const said = page.locator("[role=alert]:visible");
  const isSaid = (texts) => session.eventually("the alerts", async () => (await said.allTextContents()).map((text) => text.trim()), texts);
  await isSaid([]);
  connection.cut();
  await disconnected();
  await isSaid(["The connection is lost. Trying to get it back…"]);
  connection.mend();
  await settled();
  await isSaid([]);
  await page.click("#add");
  await see("#count", "1");
});

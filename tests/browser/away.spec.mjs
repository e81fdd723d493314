// What is shown elsewhere than where it stands, and what opens: whose it is, and where the focus is.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

spec("what a component shows in another's place is the first one's", "/away", async (session) => {
  const { page, see, settled } = session;
  assert.ok(await page.locator("#card-2 #lent-part").count());
  await page.click("#lent-part");
  await see("#card-heard-1", "1");
  await settled();
  await page.click("#by-selector");
  await see("#card-heard-1", "2");
  await see("#card-heard-2", "0");
  await see("#heard", "0");
  const src = await page.locator("[data-phx-teleported]:has(#lent-part)").getAttribute("data-phx-teleported-src");
  assert.equal(src, "lent");
});

spec("what a portal shows is named like nothing of the page", "/away", async ({ page, see }) => {
  await see("#menu-content", "of the page");
  await see("#shown-menu", "Menu");
  assert.equal(await page.locator("#menu-content").count(), 1);
});

const rejoins = { clients: ["bennu"], allow: DISCONNECTS };

spec("a child in a portal joins again with its page", "/away", rejoins, async (session) => {
  const { page, see, settled, connection, disconnected, lookOut } = session;
  await page.click("#kid-add");
  await see("#kid-count", "1");
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  await see("#kid-count", "0");
  await page.click("#kid-add");
  await see("#kid-count", "1");
  const crashed = await lookOut("[data-phx-main].phx-error");
  await page.click("#panic");
  await crashed();
  await settled();
  await see("#kid-count", "0");
  await page.click("#kid-add");
  await see("#kid-count", "1");
});

spec("a form in a portal is submitted by the browser, with its button", "/away", { clients: ["bennu"] }, async ({ page, see }) => {
  await page.click("#send");
  await see("#signed", "Ann by portal");
});

spec("what is typed while a dialogue opens stands in the field that has the focus", "/away", { also: ["firefox"] }, async (session) => {
  const { page, seeValue, settled, eventually } = session;
  await page.click("#open");
  const focused = () => page.evaluate(() => document.activeElement.id);
  await eventually("the focus", focused, "name");
  // Longer than it takes to open.
  for (const letter of "hello you") {
    await page.keyboard.type(letter);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 80)));
  }
  await seeValue("#name", "hello you");
  await settled();
  // Without a wish the first place has it, whenever it is shown.
  await page.click("#close");
  await page.locator("#wrap").waitFor({ state: "hidden" });
});

// The counter: clicks, quick clicks, the keyboard, and the page as it is before any script runs.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

spec("clicks count up and down, and reset", "/counter", async ({ page, see, settled }) => {
  assert.equal(await page.title(), "Counter · Bennu");
  await see("#count", "0");
  assert.ok(await page.locator("#reset").isDisabled());

  await page.click("#add");
  await settled();
  await page.click("#add");
  await see("#count", "2");
  await page.click("#subtract");
  await see("#count", "1");

  await page.click("#reset");
  await see("#count", "0");
  await settled();
  assert.ok(await page.locator("#reset").isDisabled());
});

spec("below zero there is a minus", "/counter", async ({ page, see }) => {
  await page.click("#subtract");
  await see("#count", "-1");
});

spec("a click sends only what changed", "/counter", async ({ page, see, settled, frames }) => {
  await page.click("#add");
  await see("#count", "1");
  const before = frames.length;
  await page.click("#add");
  await see("#count", "2");
  await settled();
  // A heartbeat may be among them, and its answer.
  const messages = frames.slice(before).map(({ text }) => JSON.parse(text)).filter(([, , topic]) => topic !== "phoenix");
  assert.equal(messages.length, 2);
  const [, , , event, { status, response }] = messages[1];
  assert.deepEqual([event, status], ["phx_reply", "ok"]);
  assert.deepEqual(JSON.stringify(response).match(/"2"/g)?.length, 1);
  assert.ok(JSON.stringify(response).length < 80, JSON.stringify(response));
});

// Phoenix's client sends no click of a button that waits.
spec("every click counts, however late the answers are", "/counter", { clients: ["bennu"] }, async (session) => {
  const { page, see, settled, connection } = session;
  connection.hold();
  for (let click = 0; click < 10; click++) await page.click("#add");
  connection.release();
  await settled();
  await see("#count", "10");
});

spec("what is shown is what was sent, however quick the clicks", "/counter", async (session) => {
  const { page, see, settled, sent } = session;
  for (let round = 0; round < 5; round++) {
    await page.dblclick("#add");
    await settled();
  }
  await see("#count", String(sent("event").length));
  assert.ok(sent("event").length >= 5);
});

spec("the keyboard is enough", "/counter", { also: ["firefox"] }, async ({ page, see, settled }) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.locator("#subtract").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await see("#count", "1");
  await settled();
  await page.keyboard.press("Space");
  await see("#count", "2");
  await settled();
  // The button keeps the focus over the answers.
  assert.equal(await page.evaluate(() => document.activeElement.id), "add");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "reset");
  await page.keyboard.press("Enter");
  await see("#count", "0");
});

spec("buttons have names, and the count is announced", "/counter", async ({ page, see }) => {
  await page.getByRole("button", { name: "Add one" }).click();
  await see("#count", "1");
  await page.getByRole("button", { name: "Subtract one" }).click();
  await see("#count", "0");
  assert.equal(await page.locator("#count").getAttribute("aria-live"), "polite");
});

spec("each tab counts for itself", "/counter", async ({ page, tab, see }) => {
  const other = await tab("/counter");
  await page.click("#add");
  await see("#count", "1");
  await see("#count", "0", other);
});

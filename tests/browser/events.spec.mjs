// Bindings: which events are sent, with what, and when.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

spec("a key is sent where it is the one that is asked for", "/events", async ({ page, see, settled }) => {
  await page.locator("#enter").focus();
  await page.keyboard.type("ab");
  await page.keyboard.press("Enter");
  await see("#log", "key Enter");
  await settled();
  await page.locator("#any").focus();
  await page.keyboard.press("x");
  await see("#log", "key Enter, up x");
});

spec("a window's key is sent wherever the focus is", "/events", async ({ page, see, settled, sent }) => {
  await page.keyboard.press("Escape");
  await see("#log", "window Escape");
  await settled();
  await page.locator("#any").focus();
  await page.keyboard.down("Escape");
  await see("#log", "window Escape, window Escape");
  await settled();
  await page.keyboard.press("F2");
  const keys = sent("event").filter(({ event }) => event === "window_key");
  assert.deepEqual(keys.map(({ value }) => value.key), ["Escape", "Escape"]);
});

spec("focus and blur are sent", "/events", async ({ page, see }) => {
  await page.locator("#focus").focus();
  await see("#log", "focus");
  await page.locator("#enter").focus();
  await see("#log", "focus, blur");
});

spec("a click away is one that begins outside", "/events", async ({ page, see, settled }) => {
  await page.click("#within");
  await see("#log", "inside");
  await settled();
  await page.click("#outside");
  await see("#aways", "1");
  await settled();
  // Pressed inside and let go outside: text was selected, and nothing was left.
  await page.hover("#within");
  await page.mouse.down();
  await page.hover("#outside");
  await page.mouse.up();
  await page.keyboard.press("Escape");
  await see("#log", "inside, window Escape");
  await see("#aways", "1");
});

spec("a throttled button sends its first click only", "/events", async ({ page, see, settled, sent }) => {
  await page.click("#throttled");
  await see("#log", "throttled");
  await settled();
  await page.dblclick("#throttled");
  await page.click("#zero");
  await see("#value", "0");
  await see("#log", "throttled");
  assert.equal(sent("event").filter(({ event }) => event === "throttled").length, 1);
});

spec("a debounced field is sent when it is left", "/events", { also: ["firefox"] }, async ({ page, see, sent }) => {
  await page.locator("#debounced").focus();
  await page.keyboard.type("text");
  assert.equal(sent("event").length, 0);
  await page.locator("#any").focus();
  await see("#log", "typed text");
  assert.equal(sent("event").length, 1);
});

spec("submitting a form sends what is debounced with it", "/events", async (session) => {
  const { page, see, settled, sent } = session;
  await page.locator("#debounced").focus();
  await page.keyboard.type("text");
  await page.keyboard.press("Enter");
  await see("#log", "saved text");
  await settled();
  await page.locator("#any").focus();
  await page.click("#zero");
  await see("#value", "0");
  assert.deepEqual(sent("event").map(({ event }) => event).filter((event) => event !== "away"), ["saved", "set_to"]);
});

spec("a short debounce sends the last state", "/events", async ({ page, see }) => {
  await page.fill("#quick", "a");
  await page.fill("#quick", "ab");
  await see("#log", /(^|, )typed ab$/);
});

spec("a field can be sent only when it is left", "/events", async ({ page, see, sent }) => {
  await page.fill("#on-blur", "text");
  assert.equal(sent("event").length, 0);
  await page.locator("#any").focus();
  await see("#log", "typed text");
});

spec("buttons carry values", "/events", async ({ page, see, settled }) => {
  await see("#value", "1");
  await page.click("#zero");
  await see("#value", "0");
  await settled();
  await page.click("#next");
  await see("#value", "1");
  await settled();
  await page.click("#next");
  await see("#value", "2");
  await settled();
  await page.click("#attribute");
  await see("#value", "42");
});

spec("a link to # is a button", "/events", async ({ page, see, sent, settled }) => {
  await page.evaluate(() => scrollTo(0, 10));
  await page.click("#link");
  await see("#value", "-5");
  await settled();
  assert.equal(new URL(page.url()).hash, "");
  await page.locator("#disabled").click({ force: true });
  assert.equal(sent("event").filter(({ event }) => event === "set_to").length, 1);
});

// A text that grows token by token.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

spec("a text grows, pauses, keeps its selection and starts over", "/tokens", async ({ page, see, settled, eventually, lookOut, client }) => {
  const length = () => page.locator("#text").evaluate(({ textContent }) => textContent.length);
  const grown = (bound) => eventually("a longer text", async () => (await length()) > bound, true);
  await see("#status", "Nothing was written yet.");
  await page.click("text=Fast");
  await page.click("#toggle");
  await grown(200);
  await page.click("#toggle");
  await see("#status", "Paused.");
  await settled();
  await page.locator("#text").evaluate((text) => {
    const node = [...text.childNodes].find(({ nodeValue }) => nodeValue);
    getSelection().setBaseAndExtent(node, 2, node, 20);
  });
  const selected = await page.evaluate(() => String(getSelection()));
  const before = await length();
  await page.click("#toggle");
  await grown(before + 100);
  if (client === "bennu") assert.equal(await page.evaluate(() => String(getSelection())), selected);
  await page.click("#toggle");
  await see("#status", "Paused.");
  const shortened = await lookOut("#text", `({ textContent }) => textContent.length < ${before}`);
  await page.click("#restart");
  await see("#status", "Writing…");
  await shortened();
  await page.click("#toggle");
  await settled();
});

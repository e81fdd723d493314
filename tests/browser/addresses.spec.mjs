// Addresses that a visitor entered, wherever a browser follows them: none of them runs.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);
const PLACES = ["link", "brought", "drawn", "send", "elsewhere"];
// A browser may say that it finds nothing there.
const options = { allow: [/about:invalid#bennu/] };

spec("an address that is code leads nowhere, loaded or patched", null, options, async (session) => {
  const { tab, settled, eventually } = session;
  // In a page of its own: one that is still being led away can't be sent elsewhere, and Chromium
  // may not answer whoever closes it.
  const enter = async (number) => {
    const page = await tab("/addresses");
    await page.evaluate(() => void window.addEventListener("message", () => (window.ran = 1)));
    await page.click(`#enter-${number}`);
    await settled(page);
    return page;
  };
  // As many addresses as places: each is followed once, and stands in all frames.
  for (const [number, place] of PLACES.entries()) {
    const page = await enter(number);
    const frames = page.frames().map((frame) => frame.url());
    assert.ok(!frames.some((frame) => /^(data|javascript):/i.test(frame)), `${frames}`);
    await page.click(`#${place}`, { noWaitAfter: true });
    // In the page that it was, or in the one to which it led.
    await eventually(`whether ${number} ran at ${place}`, () => page.evaluate(() => window.ran === 1), false);
  }
  const page = await enter(PLACES.length);
  await page.click("#link");
  await eventually("the other page", () => new URL(page.url()).pathname, "/large");
});

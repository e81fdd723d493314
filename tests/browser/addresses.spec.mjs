// Addresses that a visitor entered, wherever a browser follows them: none of them runs.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);
const SCRIPTS = 5;

spec("an address that is code leads nowhere, loaded or patched", "/addresses", {}, async ({ page, url, settled, eventually }) => {
  const listen = () => page.evaluate(() => void window.addEventListener("message", () => (window.ran = 1)));
  const ran = () => page.evaluate(() => window.ran === 1);
  for (let number = 0; number < SCRIPTS; number++) {
    for (const id of ["link", "brought", "drawn", "send", "elsewhere"]) {
      await page.goto(`${url}/addresses`);
      await listen();
      await settled();
      await page.click(`#enter-${number}`);
      await settled();
      const frames = page.frames().map((frame) => frame.url());
      assert.ok(!frames.some((frame) => /^(data|javascript):/i.test(frame)), `${frames}`);
      await page.click(`#${id}`, { noWaitAfter: true });
      await page.evaluate(() => new Promise((done) => setTimeout(done))).catch(() => {});
      assert.equal(await ran(), false, `${number} ran at ${id}`);
    }
  }
  // One that is none leads on.
  await page.goto(`${url}/addresses`);
  await settled();
  await page.click(`#enter-${SCRIPTS}`);
  await settled();
  await page.click("#link");
  await eventually("the other page", () => new URL(page.url()).pathname, "/large");
});

// The showcase without BENNU_SECRET: each run makes a secret of its own, so pages that were open
// before load themselves anew.

import assert from "node:assert/strict";

import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite("showcase");

spec("a page of an earlier secret is loaded again, at its URL", "/search?q=winter", { allow: DISCONNECTS }, async (session) => {
  const { page, server, disconnected, settled, see, seeValue, eventually } = session;
  await page.evaluate(() => void (window.isSameDocument = true));
  await server.stop();
  await disconnected();
  // After a moment: a short cut is not shown.
  await page.locator(".lost.client").waitFor();
  await server.start();
  await eventually("another document", () => page.evaluate(() => window.isSameDocument !== true), true);
  await settled();
  await seeValue("#q", "winter");
  await see("#books li:first-child", /winter/i);
  assert.ok(!(await page.locator(".lost.client").isVisible()));
});

spec("what was saved is there after a restart", "/todo", { allow: DISCONNECTS }, async (session) => {
  const { page, server, disconnected, settled, eventually } = session;
  const title = `written before the end by ${session.client}`;
  await page.fill("#new-todo", title);
  await page.press("#new-todo", "Enter");
  await page.locator(`#todos li:has-text("${title}")`).waitFor();
  await server.kill();
  await disconnected();
  await server.start();
  await eventually("the row", () => page.locator(`#todos li:has-text("${title}")`).count(), 1);
  await settled();
});

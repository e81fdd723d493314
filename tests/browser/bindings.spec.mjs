// Bindings of the page's life.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const focused = (page) => page.evaluate(() => document.activeElement.id);

spec("the focus stays inside", "/bindings", { also: ["firefox"] }, async ({ page, eventually }) => {
  await eventually("the focus", () => focused(page), "first");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "last");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "first");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(page), "last");
  await page.locator("#after").focus();
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(page), "last");
  await page.locator("#before").focus();
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "first");
});

spec("a form is submitted by the browser when the server says so", "/bindings", async ({ page, see, settled }) => {
  await page.click("#submit");
  await settled();
  await see("h1", "Bindings");
  await page.fill("#name", "ada");
  await page.click("#submit");
  await see("h1", "Please log in");
  assert.equal(new URL(page.url()).searchParams.get("name"), "ada");
});

spec("commands run when the connection comes, and when it has gone", "/bindings", { allow: DISCONNECTS }, async (session) => {
  const { page, connection, eventually } = session;
  const state = () => page.locator("#status").getAttribute("data-state");
  await eventually("the state", state, "here");
  await connection.cut();
  await eventually("the state", state, "gone");
  await connection.mend();
  await eventually("the state", state, "here");
});

spec("a hook's event goes where it is sent to, and its answers come back", "/bindings", async ({ page, see, eventually }) => {
  await page.click("#asker");
  await see(".asked", "4");
  await eventually("the calls", () => page.evaluate(() => window.calls), ["answers fulfilled 4"]);
});

spec("going back can be refused", "/bindings", async ({ page, see }) => {
  await page.evaluate(() => liveSocket.js().navigate("/events"));
  await see("h1", "Events");
  await page.evaluate(() => {
    window.details = [];
    addEventListener("phx:before-navigate", (event) => {
      details.push(event.detail);
      event.preventDefault();
    });
    history.back();
  });
  await page.waitForFunction(() => details.length && location.pathname === "/events");
  await see("h1", "Events");
  const [{ patch, pop, direction }] = await page.evaluate(() => details);
  assert.deepEqual([patch, pop, direction], [false, true, "backward"]);
});

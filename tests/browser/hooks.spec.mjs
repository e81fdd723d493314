// The application's own scripts: when hooks are called, what they send and hear.

import assert from "node:assert/strict";

import { app, tick } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const calls = ({ page }) => page.evaluate(() => window.calls.splice(0));

/** Waits until hooks have recorded this, all of it in this order. */
async function recorded(session, expected) {
  const found = [];
  await session.eventually("the calls", async () => (found.push(...(await calls(session))), [...found]), expected);
}

const FIRST = ["steady mounted none", "recorder mounted 0"];

spec("a hook is told of its element's life", "/hooks", { also: ["firefox"] }, async (session) => {
  const { page, settled } = session;
  await recorded(session, FIRST);
  await tick(session);
  await recorded(session, ["recorder beforeUpdate 0", "recorder updated 1"]);
  await page.click("#toggle");
  await recorded(session, ["recorder destroyed"]);
  await settled();
  await page.click("#toggle");
  await recorded(session, ["recorder mounted 1"]);
});

spec("a hook asks the view, and gets an answer", "/hooks", async (session) => {
  const { page, settled } = session;
  await recorded(session, FIRST);
  await page.click("#steady");
  await recorded(session, ["steady reply 40"]);
  await settled();
  await page.dispatchEvent("#steady", "dblclick");
  await recorded(session, ["steady promise 2"]);
});

spec("the server tells hooks and the window", "/hooks", async (session) => {
  const { page } = session;
  await recorded(session, FIRST);
  await page.click("#tell");
  const told = [];
  await session.eventually("the calls", async () => told.push(...(await calls(session))), 3);
  assert.deepEqual(told.sort(), ["recorder told 0", "steady told 0", "window told 0"]);
  // A hook that is gone hears nothing.
  await page.click("#toggle");
  await recorded(session, ["recorder destroyed"]);
  await page.click("#tell");
  const later = [];
  await session.eventually("the calls", async () => later.push(...(await calls(session))), 2);
  assert.deepEqual(later.sort(), ["steady told 0", "window told 0"]);
});

spec("hooks are told of a lost connection and of its return", "/hooks", { allow: DISCONNECTS }, async (session) => {
  const { connection, disconnected, settled } = session;
  await recorded(session, FIRST);
  connection.cut();
  await disconnected();
  await recorded(session, ["steady disconnected", "recorder disconnected"]);
  connection.mend();
  await settled();
  const back = await calls(session);
  assert.deepEqual(back.filter((call) => !/pdate/.test(call)), ["steady reconnected", "recorder reconnected"]);
});

spec("hooks end with their page", "/hooks", async (session) => {
  const { page, settled, see } = session;
  await recorded(session, FIRST);
  await page.evaluate(() => liveSocket.js().navigate("/events"));
  await see("h1", "Events");
  await settled();
  const ended = await calls(session);
  assert.deepEqual(ended.filter((call) => /destroyed/.test(call)).sort(), ["recorder destroyed", "steady destroyed"]);
});

spec("what is ignored stays as the page made it", "/hooks", async (session) => {
  const { page } = session;
  await page.evaluate(() => (document.querySelector("#ignored").innerHTML = "<b>mine</b>"));
  await tick(session);
  assert.equal(await page.innerHTML("#ignored"), "<b>mine</b>");
  assert.equal(await page.getAttribute("#ignored", "title"), "tick 0");
  assert.equal(await page.getAttribute("#ignored", "data-ticks"), "1");
});

spec("nodes that a script has put in place of the server's stay", "/hooks", async (session) => {
  const { page } = session;
  await page.evaluate(() => (document.querySelector("#ignored").innerHTML = "<b>mine</b>"));
  await tick(session);
  await tick(session);
  assert.equal(await page.innerHTML("#ignored"), "<b>mine</b>");
});

spec("a script that comes with a patch defines a hook under a strict policy", "/runtime", async (session) => {
  await session.page.click("#show-ours");
  await session.see("#ours", "ours");
  await recorded(session, ["ours mounted"]);
});

spec("one without the page's nonce doesn't run", "/runtime", async (session) => {
  const { page, see, allow } = session;
  allow(/Content Security Policy/, /a runtime hook must be a function/, /unknown hook/);
  await page.click("#show-foreign");
  await see("#foreign", "foreign");
  await page.click("#show-ours");
  await recorded(session, ["ours mounted"]);
  assert.equal(await page.evaluate(() => "phx_hook_foreign" in window), false);
});

// What an application does in vain stands on the page, in debug builds such as the one of the specs.

import assert from "node:assert/strict";

import { app, tick } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

// Phoenix's client tells of equal ids itself.
const spec = suite(app);

spec("what a connected view does in vain, and shows in vain, stands on its page once", "/careless", { allow: [/Multiple IDs detected/] }, async (session) => {
  const { page, eventually, settled } = session;
  const faults = () => page.evaluate(() => [...document.querySelectorAll("[data-bennu-faults] p")].map(({ textContent }) => textContent));
  assert.deepEqual(await faults(), []);
  await page.click("#ask");
  await settled();
  const unhandled = /^an event came to .*Careless, which has no `handle_event`/;
  await eventually("the first fault", async () => (await faults()).map((fault) => unhandled.test(fault)), [true]);
  await page.click("#ask");
  await tick(session);
  await tick(session);
  const expected = [unhandled, /^a callback of .*Careless called `reply` where no event is handled/, /^`<input name="stray">` has `phx-change` and stands in no form/, /^`<p id="twice">` has an id that another element has/];
  const all = async () => (await faults()).map((fault) => expected.findIndex((pattern) => pattern.test(fault))).sort().join();
  await eventually("all of them", all, "0,1,2,3");
});

// Work beside a view: what is on its way, what came, what went wrong. And what a view knows of
// the client that joined.

import assert from "node:assert/strict";

import { app, open } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const isBusy = (page) => page.locator("#report[aria-busy=true]").count();

spec("a page shows what is loading, and then what came", "/work", async (session) => {
  const { page, see, settled } = session;
  await settled();
  await see("#report", "Loading…");
  assert.equal(await isBusy(page), 1);
  await open(session, "work");
  await see("#report", "Report 0");
  assert.equal(await isBusy(page), 0);
});

spec("what is replaced or cancelled never comes", "/work", async (session) => {
  const { page, see, settled } = session;
  await settled();
  await page.click("#load");
  await settled();
  await page.click("#load");
  await settled();
  await open(session, "work");
  await see("#report", "Report 2");

  await page.click("#reload");
  await settled();
  await see("#report", "Report 2");
  assert.equal(await isBusy(page), 1);
  await page.click("#cancel");
  await settled();
  assert.equal(await isBusy(page), 0);
  await page.click("#reload");
  await settled();
  // One permit: had the cancelled work lived on, it would have taken it.
  await open(session, "work");
  await see("#report", "Report 4");
});

spec("what fails says why", "/work", async ({ page, see }) => {
  await page.click("#fail");
  await see("#report b", "no <report>");
});

spec("a view knows what its client joined with", "/work", { allow: DISCONNECTS }, async (session) => {
  const { see, settled, connection, disconnected, sent } = session;
  await settled();
  await see("#joined", "Test/Zone 0 new");
  const [{ params }] = sent("phx_join");
  assert.match(params._track_static.join(), /^http:.*\/live\/assets\/bennu-[^,]+\.js$/);
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  await see("#joined", "Test/Zone 1 new");
});

// Handlers that go wrong, and handlers that take their time.

import assert from "node:assert/strict";

import { app, open } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

/** Waits until the page's view has failed and has joined again. */
async function recovers({ page, see, settled }) {
  await see("#count", "0");
  await page.locator("[data-phx-main].phx-connected").waitFor();
  await settled();
}

for (const fault of ["panic", "fail", "break"]) {
  spec(`a view that ends by "${fault}" is mounted anew, alone`, "/faults", async (session) => {
    const { page, see, tab, sent, lookOut } = session;
    const other = await tab("/faults");
    await other.click("#add");
    await see("#count", "1", other);
    await page.evaluate(() => void (window.isSameDocument = true));
    await page.click("#add");
    await see("#count", "1");

    const failed = await lookOut("[data-phx-main].phx-error.phx-server-error", (view) => view.querySelector("#count").textContent);
    await page.click(`#${fault}`);
    // The page stays as it was until the view is back.
    assert.equal(await failed(), "1");
    await recovers(session);
    assert.equal(await page.locator("[class*=loading], .phx-error").count(), 0);
    assert.ok(await page.evaluate(() => window.isSameDocument));
    await page.click("#add");
    await see("#count", "1");

    // Another tab hasn't noticed anything.
    assert.equal(await other.locator(".phx-connected").count(), 1);
    await other.click("#add");
    await see("#count", "2", other);
    const mounts = sent("phx_join").map(({ params }) => params._mounts);
    assert.deepEqual(mounts, [0, 0, 1]);
  });
}

spec("a handler can send the browser away", "/faults", async ({ page, see }) => {
  await page.click("#leave");
  await see("h1", "Please log in");
  assert.equal(new URL(page.url()).pathname, "/login");
});

spec("a button waits for a slow handler", "/faults?gate=button", async (session) => {
  const { page, see, settled, sent } = session;
  await page.click("#slow");
  await see("#slow", "Working…");
  assert.ok(await page.locator("#slow").isDisabled());
  assert.equal(await page.locator("#slow.phx-click-loading").count(), 1);

  // Other elements work meanwhile; the view takes them in their turn.
  await page.click("#add");
  await page.click("#slow", { force: true });
  await see("#count", "0");
  await open(session, "button");
  await see("#done", "1");
  await see("#count", "1");
  await see("#slow", "Slow 1");
  await settled();
  assert.ok(await page.locator("#slow").isEnabled());
  assert.deepEqual(sent("event").map(({ event }) => event), ["slow", "add"]);
  assert.equal(await page.locator("[class*=loading]").count(), 0);
});

spec("a form waits for a slow handler", "/faults?gate=form", async (session) => {
  const { page, see, settled, sent, client } = session;
  await page.fill("#slow-text", "text");
  await page.press("#slow-text", "Enter");
  await page.locator("#slow-form.phx-submit-loading").waitFor();
  await see("#slow-submit", "Sending…");
  assert.ok(await page.locator("#slow-submit").isDisabled());
  assert.equal(await page.getAttribute("#slow-text", "readonly"), "");
  await page.press("#slow-text", "Enter");

  await open(session, "form");
  await see("#done", "1");
  await settled();
  await see("#slow-submit", "Send");
  assert.ok(await page.locator("#slow-submit").isEnabled());
  assert.equal(await page.getAttribute("#slow-text", "readonly"), null);
  // What was taken is given up; Phoenix's client leaves it.
  assert.equal(await page.inputValue("#slow-text"), client === "bennu" ? "" : "text");
  assert.equal(sent("event").length, 1);
});

spec("nothing waits for ever when the view is lost", "/faults?gate=lost", async (session) => {
  const { page, see, connection, settled, allow } = session;
  allow(/WebSocket connection/, /net::ERR/);
  await page.click("#slow");
  await see("#slow", "Working…");
  connection.drop();
  await session.eventually("the button", () => page.textContent("#slow"), "Slow 0");
  await settled();
  assert.ok(await page.locator("#slow").isEnabled());
  await page.click("#add");
  await see("#count", "1");
});

spec("a page that can be loaded but not joined shows its status", null, { allow: [/404/] }, async (session) => {
  const { page, url, see } = session;
  // The dead render answers 200; the join says 404, and so does the page that is loaded then.
  await page.goto(`${url}/faults?fail=404`, { waitUntil: "commit" });
  await see("h1", "404 Not Found");
  assert.equal(new URL(page.url()).pathname, "/faults");
  // Loaded again it is the page that can be loaded, and the same again.
  assert.equal(await page.evaluate(() => document.cookie.includes("reload_status")), false);
});

// What a page does about a connection that may be dead, and in browsers that keep nothing.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, leave, suite } from "./harness/index.mjs";

const spec = suite(app);
const ours = { clients: ["bennu"], allow: DISCONNECTS };

const mark = (page) => page.evaluate(() => void (window.isSameDocument = true));
const isMarked = (page) => page.evaluate(() => window.isSameDocument === true);

for (const type of ["visibilitychange", "resume", "online"]) {
  spec(`a connection that says nothing any more is replaced on ${type}`, "/large", ours, async (session) => {
    const { page, see, connection, disconnected, settled } = session;
    await mark(page);
    await page.fill("#word", "typed");
    await see("#said", "typed");
    await settled();
    connection.hold();
    const started = Date.now();
    await page.evaluate((type) => (type === "online" ? window : document).dispatchEvent(new Event(type, { bubbles: true })), type);
    await disconnected();
    assert.ok(Date.now() - started > 1900, "it has two seconds to answer");
    connection.release();
    await settled();
    await see("#said", "typed");
    assert.equal(await page.inputValue("#word"), "typed");
    assert.ok(await isMarked(page));
  });
}

spec("a connection that answers is kept", "/large", ours, async (session) => {
  const { page, see, settled, sent } = session;
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
  await session.eventually("a heartbeat", () => sent("heartbeat").length > 1, true);
  await page.click("#add");
  await see("#count", "1");
  await settled();
  assert.equal(sent("phx_join").length, 1);
});

// Firefox and WebKit kept it as it was; this Chromium loads it again.
spec("a page that one comes back to lives, with what was typed", "/large", { ...ours, also: ["firefox", "webkit"] }, async (session) => {
  const { page, url, goto, see, settled, eventually, sent } = session;
  await page.fill("#word", "typed");
  await see("#said", "typed");
  await settled();
  await goto("/places/a");
  const joins = sent("phx_join").length;
  await leave(page, () => history.back());
  await page.waitForURL(`${url}/large`);
  // Kept as it was, it looks connected before it is again, and a click is lost until then.
  await eventually("another join", () => sent("phx_join").length > joins, true);
  await settled();
  await see("#said", "typed");
  assert.equal(await page.inputValue("#word"), "typed");
  await page.click("#add");
  await see("#count", "1");
});

spec("a page works where no storage may be used", null, ours, async (session) => {
  const { page, goto, see } = session;
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
    }
  });
  await goto("/large");
  await page.click("#add");
  await see("#count", "1");
});

spec("a browser that keeps no cookies is told once, and is not sent around", null, ours, async (session) => {
  const { page, url, allow } = session;
  allow(/no cookie \[join\.no-cookie\]/);
  // What the page set is gone before the WebSocket is opened.
  await page.route("**/live/assets/bennu-*.js", async (route) => {
    await page.context().clearCookies();
    await route.continue();
  });
  const told = page.waitForEvent("console", { predicate: (message) => /no-cookie/.test(message.text()), timeout: 60_000 });
  await page.goto(`${url}/large`);
  await mark(page);
  await page.fill("#word", "typed");
  await told;
  await page.locator("[data-phx-main].phx-error").waitFor();
  assert.equal(await page.inputValue("#word"), "typed");
  assert.ok(await isMarked(page));
  assert.equal(session.sent("phx_join").length, 1);
});

spec("a page under a policy of trusted types works", "/trusting", ours, async ({ page, see, settled }) => {
  await page.click("#more");
  await see("#count", "1");
  // What came now needs the client's second script.
  await page.click("#open");
  await see("#text", "Text");
  const frame = page.frameLocator("#frame");
  await frame.getByText("Count: 1").waitFor();
  await page.click("#more");
  await frame.getByText("Count: 2").waitFor();
  await page.click("#hide");
  await page.locator("#text[hidden]").waitFor({ state: "attached" });
  await settled();
});

// The harness on a server whose every answer is known, with the client that we did not write.

import assert from "node:assert/strict";

import { DISCONNECTS, Session, suite } from "./harness/index.mjs";
import { FakeServer } from "./harness/fake.mjs";

const spec = suite(() => new FakeServer());
const stock = { clients: ["stock"] };

spec("a click is one event and its diff is seen", "/", stock, async (session) => {
  const { page, settled, see, sent, frames } = session;
  await see("#count", "0");
  const before = frames.length;

  await page.click("#inc");
  await settled();

  await see("#count", "1");
  assert.deepEqual(sent("event").map(({ event, type }) => [type, event]), [["click", "inc"]]);
  assert.equal(frames.length - before, 2);
});

spec("what the server sends can be held back", "/", stock, async (session) => {
  const { page, settled, see, connection } = session;
  connection.hold();
  await page.click("#inc");
  await page.locator("#inc.phx-click-loading").waitFor();
  await see("#count", "0");

  connection.release();
  await settled();
  await see("#count", "1");
});

spec("a cut connection is noticed, and mended", "/", { ...stock, allow: DISCONNECTS }, async (s) => {
  s.connection.cut();
  await s.disconnected();
  s.connection.mend();
  await s.settled();
  await s.page.click("#inc");
  await s.see("#count", "1");
});

spec("the server can be stopped and started", "/", { ...stock, allow: DISCONNECTS }, async (s) => {
  const { port } = s.server;
  await s.server.stop();
  await s.disconnected();
  await s.server.start();
  assert.equal(s.server.port, port);
  await s.settled();
});

spec("tabs share cookies and visitors don't", "/", stock, async ({ page, tab, visitor, see }) => {
  await page.evaluate(() => (document.cookie = "name=ada"));
  const second = await tab("/");
  const stranger = await visitor("/");
  assert.equal(await second.evaluate(() => document.cookie), "name=ada");
  assert.equal(await stranger.evaluate(() => document.cookie), "");
  await second.click("#inc");
  await see("#count", "1", second);
  await see("#count", "0", stranger);
});

spec("a page without a view is settled when it is loaded", "/dead", stock, ({ see }) =>
  see("p", "No view here."),
);

// From here on: what must make a spec fail.

async function attempt(server, path, body, options = {}) {
  const session = await Session.open({ server, client: "stock", ...options });
  await session.run("failing on purpose", async () => {
    await session.goto(path);
    await body(session);
  });
}

spec.check("a console error fails a spec, unless it is announced", async (server) => {
  const complain = ({ page }) => page.evaluate(() => console.error("out of order"));
  await assert.rejects(attempt(server, "/", complain), /out of order/);
  await attempt(server, "/", complain, { allow: [/out of order/] });
});

spec.check("an uncaught error fails a spec, and the last frames are told", async (server) => {
  const fail = ({ page }) =>
    page.evaluate(() => new Promise((resolve) => {
      addEventListener("error", () => resolve());
      setTimeout(() => { throw new Error("uncaught on purpose"); });
    }));
  await assert.rejects(attempt(server, "/", fail), /uncaught on purpose[^]*phx_join/);
});

spec.check("the page's content security policy is in force", async (server) => {
  await assert.rejects(attempt(server, "/inline", async () => {}), /Content Security Policy/);
});

spec.check("a spec of the stock client fails when the page has loaded another", async (server) => {
  const pretend = async ({ page, settled }) => {
    await page.evaluate(() => (window.liveSocket = {}));
    await settled();
  };
  await assert.rejects(attempt(server, "/dead", pretend), /no page asked for its script/);
});

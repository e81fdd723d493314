// Connections that break and servers that end while a page is open.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);
const allow = { allow: DISCONNECTS };

const mark = (page) => page.evaluate(() => void (window.isSameDocument = true));
const isMarked = (page) => page.evaluate(() => window.isSameDocument === true);

spec("a cut connection is shown, and mended", "/faults", allow, async (session) => {
  const { page, see, connection, disconnected, settled } = session;
  await mark(page);
  await page.click("#add");
  await see("#count", "1");
  await settled();
  connection.cut();
  await disconnected();
  await page.locator("[data-phx-main].phx-error.phx-client-error").waitFor();
  // What was shown stays readable.
  await see("#count", "1");

  connection.mend();
  await settled();
  // The view was mounted anew: its state is what the server says.
  await see("#count", "0");
  assert.equal(await page.locator(".phx-error, .phx-loading").count(), 0);
  await page.click("#add");
  await see("#count", "1");
  assert.ok(await isMarked(page));
});

spec("a connection may break again and again", "/faults", allow, async (session) => {
  const { page, see, connection, settled } = session;
  await mark(page);
  for (let round = 0; round < 4; round++) {
    const joins = session.sent("phx_join").length;
    connection.drop();
    await session.eventually("another join", () => session.sent("phx_join").length > joins, true);
    await settled();
  }
  await page.click("#add");
  await see("#count", "1");
  assert.ok(await isMarked(page));
});

spec("a rejoin says how often it has joined, and where the page is by now", "/journey/a", allow, async (session) => {
  const { page, see, connection, settled, sent } = session;
  await page.click("#to-step");
  await see("#uri", "/journey/a?step=9");
  await settled();
  connection.drop();
  await session.eventually("another join", () => sent("phx_join").length, 2);
  await settled();
  await see("#uri", "/journey/a?step=9");
  const join = sent("phx_join").at(-1);
  assert.equal(join.params._mounts, 1);
  assert.equal(new URL(join.url).search, "?step=9");
});

spec("a rejoin after a live navigation is one to the new page", "/journey/a", allow, async (session) => {
  const { page, see, connection, settled, sent } = session;
  await page.click("#to-b");
  await see("#uri", "/journey/b");
  await settled();
  connection.drop();
  await session.eventually("another join", () => sent("phx_join").length, 3);
  await settled();
  await see("#uri", "/journey/b");
  assert.equal(new URL(sent("phx_join").at(-1).redirect).pathname, "/journey/b");
});

spec("a link works without a connection: by loading its page", "/journey/a", allow, async (session) => {
  const { page, see, connection, disconnected, settled } = session;
  await mark(page);
  connection.cut();
  await disconnected();
  // Requests get through, WebSockets would need the client's next attempt.
  await page.evaluate(() => window.liveSocket.disconnect());
  connection.mend();
  await page.click("#to-b");
  await see("#uri", "/journey/b");
  await settled();
  assert.ok(!(await isMarked(page)));
});

spec("a click without a connection is not remembered", "/faults", allow, async (session) => {
  const { page, see, connection, disconnected, settled, sent } = session;
  connection.cut();
  await disconnected();
  await page.click("#add");
  connection.mend();
  await settled();
  await see("#count", "0");
  assert.equal(sent("event").length, 0);
  await page.click("#add");
  await see("#count", "1");
});

for (const way of ["stop", "kill"]) {
  spec(`a page outlives its server: ${way} and start`, "/journey/a", allow, async (session) => {
    const { page, server, disconnected, settled, see } = session;
    await mark(page);
    await page.click("#to-step");
    await see("#uri", "/journey/a?step=9");
    await settled();
    await server[way]();
    await disconnected();
    await server.start();
    await settled();
    await see("#uri", "/journey/a?step=9");
    await see("#count", "0");
    await page.click("#add");
    await see("#count", "1");
    // The server has the same secret, so the page's tokens are good.
    assert.ok(await isMarked(page));
  });
}

spec("two pages come back alike", "/faults", allow, async (session) => {
  const { page, server, disconnected, settled, tab, see } = session;
  const other = await tab("/journey/b");
  await server.kill();
  await disconnected();
  await disconnected(other);
  await server.start();
  await settled();
  await settled(other);
  await page.click("#add");
  await see("#count", "1");
  await other.click("#add");
  await see("#count", "1", other);
});

// Views in views: each with a life of its own, and one that stays from page to page.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const mark = (page) => page.evaluate(() => void (window.isSameDocument = true));
const isMarked = (page) => page.evaluate(() => window.isSameDocument === true);

/** Waits until this many views are connected. */
const connected = ({ page, eventually }, count) =>
  eventually("connected views", () => page.locator(".phx-connected").count(), count);

spec("a page comes with its children", "/nested/a", async (session) => {
  const { page, see } = session;
  await connected(session, 5);
  await see("#clock-zone", "UTC");
  await see("#inner-count", "0");
  // A child's title is not the page's.
  assert.equal(await page.title(), "Specs · App");

  const dead = await page.request.get(page.url());
  const html = await dead.text();
  for (const name of ["clock", "outer", "inner", "player"]) {
    assert.ok(html.includes(`id="${name}-count"`), `${name} is part of the loaded page`);
  }
});

spec("children have a state of their own", "/nested/a", async (session) => {
  const { page, see, settled } = session;
  await connected(session, 5);
  for (const name of ["clock", "inner", "player"]) await page.click(`#${name}-add`);
  await settled();
  await page.click("#inner-add");
  await page.click("#add");
  await see("#count", "1");
  await see("#clock-count", "1");
  await see("#outer-count", "0");
  await see("#inner-count", "2");
  await see("#player-count", "1");
});

spec("a child's crash is its own", "/nested/a", async (session) => {
  const { page, see, lookOut } = session;
  await connected(session, 5);
  await page.click("#clock-add");
  await page.click("#add");
  await page.click("#inner-add");
  await see("#inner-count", "1");
  const number = await page.textContent("#clock-number");
  const crashed = await lookOut("#clock.phx-error");
  await page.click("#clock-panic");
  await crashed();
  await see("#clock-count", "0");
  await connected(session, 5);
  assert.notEqual(await page.textContent("#clock-number"), number);
  await page.click("#clock-add");
  await see("#clock-count", "1");
  await see("#count", "1");
  await see("#inner-count", "1");
});

spec("the page shows that a child is missed, and works on", null, { allow: [/join crashed/, /view\.missed/] }, async ({ page, goto, see }) => {
  await goto("/nested/a?fail=panic");
  await page.click("#add");
  await page.locator("[data-phx-main].phx-error.phx-server-error").waitFor();
  await page.click("#add");
  await see("#count", "2");
  await page.click("#clock-add");
  await see("#clock-count", "1");
});

spec("children are mounted anew with their parent", "/nested/a", async (session) => {
  const { page, see } = session;
  await connected(session, 5);
  for (const name of ["clock", "inner", "player"]) await page.click(`#${name}-add`);
  await see("#player-count", "1");
  await see("#inner-count", "1");
  await page.click("#panic");
  await see("#inner-count", "0");
  await see("#clock-count", "0");
  await connected(session, 5);
  // The sticky one has nothing to do with it.
  await see("#player-count", "1");
  await page.click("#inner-add");
  await see("#inner-count", "1");
});

spec("a child comes, goes, and becomes another one", "/nested/a", async (session) => {
  const { page, see, gone } = session;
  await connected(session, 5);
  await page.click("#clock-add");
  await see("#clock-count", "1");
  await page.click("#zone");
  await see("#clock-zone", "CET");
  await see("#clock-count", "0");
  await connected(session, 5);
  await page.click("#clock-add");
  await see("#clock-count", "1");
  await page.click("#toggle");
  await gone("#clock-count");
  await page.click("#toggle");
  await see("#clock-count", "0");
  await see("#clock-zone", "CET");
  await page.click("#clock-add");
  await see("#clock-count", "1");
});

spec("a sticky view stays from page to page", "/nested/a", { also: ["firefox"] }, async (session) => {
  const { page, see, settled, gone, back } = session;
  await connected(session, 5);
  await mark(page);
  await page.click("#player-add");
  await page.click("#clock-add");
  await see("#player-count", "1");
  await see("#clock-count", "1");
  const number = await page.textContent("#player-number");
  await page.click("#to-b");
  await see("#place", "b");
  await settled();
  await connected(session, 5);
  await see("#player-number", number);
  await see("#clock-count", "0");
  await page.click("#player-add");
  await see("#player-count", "2");
  await back();
  await see("#place", "a");
  await see("#player-count", "2");
  await connected(session, 5);

  // Where it isn't placed it ends.
  await page.click("#to-c");
  await see("#uri", "/journey/c");
  await gone("#player");
  await back();
  await see("#player-count", "0");
  assert.ok(await isMarked(page));
});

spec("a child's patch is its own and its navigation the page's", "/nested/a", async (session) => {
  const { page, see, settled } = session;
  await connected(session, 5);
  await mark(page);
  await page.click("#outer-patch");
  await see("#outer-step", "2");
  assert.equal(new URL(page.url()).pathname, "/nested/a");
  await page.click("#outer-leave");
  await see("#place", "b");
  await see("#flash .info", "a child says goodbye");
  await settled();
  assert.equal(new URL(page.url()).pathname, "/nested/b");
  await connected(session, 5);
  assert.ok(await isMarked(page));
});

spec("all come back when the connection does", "/nested/a", { allow: DISCONNECTS }, async (session) => {
  const { page, see, connection, disconnected } = session;
  await connected(session, 5);
  await page.click("#zone");
  await see("#clock-zone", "CET");
  await page.click("#inner-add");
  await see("#inner-count", "1");
  await mark(page);
  await connection.cut();
  await disconnected();
  await connection.mend();
  await connected(session, 5);
  await see("#inner-count", "0");
  await see("#clock-zone", "UTC");
  await page.click("#inner-add");
  await see("#inner-count", "1");
  assert.ok(await isMarked(page));
});

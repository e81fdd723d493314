// Endless lists: more at either end, the place kept.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";
import { scrollUntilChanged } from "./harness/scroll.mjs";

const spec = suite(app);

/** Scrolls a row to an edge of the window until other rows are shown. */
async function scroll(session, row, block, shown) {
  await scrollUntilChanged(session, row, block, () => session.page.textContent("#shown"));
  await session.see("#shown", shown);
}

/** Scrolls to rows 20 to 80, of which the first 20 are no longer shown. */
async function scrollDown(session) {
  await scroll(session, "#row-39", "end", "0 to 60");
  await scroll(session, "#row-59", "end", "20 to 80");
}

const place = (page, row) => page.locator(row).evaluate((element) => Math.round(element.getBoundingClientRect().top));

spec("more comes at the end, and at the beginning again", "/endless", async (session) => {
  const { page, see, eventually, sent } = session;
  await see("#shown", "0 to 40");
  await scrollDown(session);
  const isSeen = async () => {
    const top = await place(page, "#row-59");
    return top >= 0 && top < page.viewportSize().height;
  };
  await eventually("the row", isSeen, true);
  await scroll(session, "#row-20", "start", "0 to 60");
  const events = sent("event").map(({ event, value }) => `${event} ${value.id}`);
  assert.deepEqual(events.slice(0, 2), ["next row-39", "next row-59"]);
  assert.ok(events.includes("previous row-20"));
});

spec("who scrolls above the beginning gets the first page", "/endless", async (session) => {
  const { page, eventually, sent } = session;
  await scrollDown(session);
  await eventually("the first page", async () => {
    if ((await page.textContent("#shown")) === "20 to 80") await page.evaluate(() => scrollTo(0, 0));
    return page.textContent("#shown");
  }, /^0 to/);
  assert.ok(sent("event").some(({ event, value }) => event === "previous" && value._overran === true));
});

spec("a list may be overrun only where another element says so", "/endless?target=title", async (session) => {
  const { page, settled, eventually, sent } = session;
  await scrollDown(session);
  // The list's own beginning is in sight then, and neither its first row nor the title.
  const beginning = await page.evaluate(() => scrollY + document.querySelector("#rows").getBoundingClientRect().top - 1);
  const scrolled = (y) =>
    page.evaluate(async (y) => {
      scrollTo(0, y);
      for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
      return scrollY;
    }, y);
  await eventually("the beginning", () => scrolled(Math.floor(beginning)), Math.floor(beginning));
  await settled();
  assert.ok(sent("event").every(({ event }) => event === "next"));
  await eventually("the first page", async () => {
    if ((await page.textContent("#shown")) === "20 to 80") await scrolled(0);
    return page.textContent("#shown");
  }, /^0 to/);
  const { event, value } = sent("event").at(-1);
  assert.deepEqual([event, value._overran], ["previous", true]);
});

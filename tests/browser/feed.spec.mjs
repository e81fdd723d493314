// An endless feed: a window of entries that moves both ways.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";
import { scrollUntilChanged } from "./harness/scroll.mjs";

const spec = suite("showcase");

const entries = (page) => page.locator("#activities > li").evaluateAll((list) => list.map(({ id }) => +id.split("-")[1]));

/** Scrolls until the window of entries has moved. */
async function scroll(session, to) {
  const shown = async () => (await entries(session.page)).join();
  const [selector, block] = to === "bottom" ? ["#activities > li:last-child", "end"] : ["body", "start"];
  await scrollUntilChanged(session, selector, block, shown);
}

async function tell({ settled }, page, text) {
  await page.fill("#deed", text);
  await page.press("#deed", "Enter");
  await page.locator(`#activities li:has-text("${text}")`).waitFor();
  await settled(page);
}

spec("the window moves down and up again, and never grows beyond 60", "/feed", async (session) => {
  const { page, client, eventually } = session;
  const first = await entries(page);
  assert.equal(first.length, 20);
  for (let round = 0; round < 4; round++) {
    await scroll(session, "bottom");
    await eventually("at most 60 entries", async () => (await entries(page)).length <= 60, true);
    const shown = await entries(page);
    assert.deepEqual(shown, [...shown].sort((a, b) => b - a), "newest first, each once");
    assert.equal(new Set(shown).size, shown.length);
  }
  assert.ok(!(await entries(page)).includes(first[0]));
  while (!(await entries(page)).includes(first[0])) await scroll(session, "top");
  // At the top Phoenix's client sends two events at once. What answers the first while the second is
  // under way goes to a copy of the list, and from there to the page without its limit.
  if (client === "bennu") await eventually("60 entries", async () => (await entries(page)).length, 60);
});

spec("what is told appears on top in every tab", "/feed", async (session) => {
  const { page, client, tab, seeValue } = session;
  const other = await tab("/feed");
  // The database is shared by the specs of this file.
  const text = `Ada slept (${client})`;
  await tell(session, page, text);
  // Phoenix's client leaves what was taken in a field with the focus.
  if (client === "bennu") await seeValue("#deed", "");
  await other.locator(`#activities li:first-child:has-text("${text}")`).waitFor();
});

spec("an entry is deleted in every tab", "/feed", async (session) => {
  const { page, tab, settled } = session;
  await tell(session, page, "Grace left");
  const other = await tab("/feed");
  const row = (page) => page.locator("li:has-text('Grace left')");
  await row(page).locator("button").click();
  await row(page).waitFor({ state: "detached" });
  await row(other).waitFor({ state: "detached" });
  await settled();
});

spec("who reads older entries is told of new ones, and led to them", "/feed", async (session) => {
  const { page, client, tab, see } = session;
  const text = `Alan came by (${client})`;
  const other = await tab("/feed");
  for (let round = 0; round < 3; round++) await scroll(session, "bottom");
  await tell(session, other, text);
  await see("#to-top", "1 new, to the top");
  await page.click("#to-top");
  await page.locator(`#activities li:first-child:has-text("${text}")`).waitFor();
  assert.equal((await entries(page)).length, 20);
});

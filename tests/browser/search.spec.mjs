// Search as one types: debounced, with the URL as the only state.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const search = (page) => () => decodeURIComponent(new URL(page.url()).search);
const books = (page) => () => page.locator("#books li").count();

spec("books are found while one types, and the URL follows", "/search", { also: ["firefox", "webkit"] }, async (session) => {
  const { page, see, settled, eventually, seeValue, back } = session;
  await see("#summary", /^12,000 books in /);
  await page.evaluate(() => void (window.isSameDocument = true));
  await page.locator("#q").focus();
  await page.keyboard.type("gard");
  await eventually("the query", search(page), "?q=gard");
  await settled();
  const found = await page.locator("#books li .title, #books li .author").allTextContents();
  assert.ok(found.some((text) => /gard/i.test(text)));
  assert.match(await page.locator("#books mark").first().textContent(), /^gard$/i);
  await seeValue("#q", "gard");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");

  await page.keyboard.type("ener win");
  await eventually("the query", search(page), "?q=gardener+win");
  await settled();
  await eventually("books with both words", async () => {
    const rows = await page.locator("#books li").allTextContents();
    return rows.length > 0 && rows.every((row) => /gardener/i.test(row) && /win/i.test(row));
  }, true);
  assert.ok(await page.evaluate(() => window.isSameDocument));
});

spec("keystrokes in a row are one event", "/search", async (session) => {
  const { page, eventually, sent, settled } = session;
  await page.locator("#q").focus();
  await page.evaluate(() => {
    const field = document.querySelector("#q");
    for (const letter of "garden") {
      field.value += letter;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  });
  await eventually("the query", search(page), "?q=garden");
  await settled();
  assert.deepEqual(sent("event").map(({ event }) => event), ["search"]);
});

spec("a reload and a shared link show the same", "/search", async (session) => {
  const { page, see, settled, eventually, seeValue, visitor } = session;
  await page.fill("#q", "winter");
  await eventually("the query", search(page), "?q=winter");
  await page.selectOption("#sort", "newest");
  await eventually("the query", search(page), "?q=winter&sort=newest");
  await settled();
  const titles = await page.locator("#books li").allTextContents();
  await page.reload();
  await settled();
  await seeValue("#q", "winter");
  await seeValue("#sort", "newest");
  assert.deepEqual(await page.locator("#books li").allTextContents(), titles);
  const other = await visitor(`/search${new URL(page.url()).search}`);
  assert.deepEqual(await other.locator("#books li").allTextContents(), titles);
  await see("#summary", /books in/);
});

spec("results come in pages, with back and forward", "/search?q=the", async (session) => {
  const { page, see, settled, back, forward, eventually, seeValue } = session;
  await see("#page", /^Page 1 of [1-9]/);
  const first = await page.locator("#books li").allTextContents();
  await page.click("#next");
  await see("#page", /^Page 2 of/);
  await eventually("the query", search(page), "?q=the&page=2");
  await settled();
  const second = await page.locator("#books li").allTextContents();
  assert.notDeepEqual(second, first);
  await page.click("#next");
  await see("#page", /^Page 3 of/);
  await settled();
  await back();
  await see("#page", /^Page 2 of/);
  await back();
  await see("#page", /^Page 1 of/);
  assert.deepEqual(await page.locator("#books li").allTextContents(), first);
  await forward();
  await see("#page", /^Page 2 of/);
  assert.deepEqual(await page.locator("#books li").allTextContents(), second);
  await page.click("#previous");
  await see("#page", /^Page 1 of/);
  await settled();
  assert.equal(await page.locator("a#previous").count(), 0);

  // Another search begins at the first page, also from a later one.
  await page.click("#next");
  await see("#page", /^Page 2 of/);
  await settled();
  await page.fill("#q", "winter");
  await see("#page", /^Page 1 of/);
  await eventually("the query", search(page), "?q=winter");
});

spec("back goes to the page before, not letter by letter", "/", async (session) => {
  const { page, see, settled, back, forward, eventually, seeValue } = session;
  await page.click("nav[aria-label=Pages] a:text-is('Search')");
  await see("h1", "Search");
  await settled();
  await page.locator("#q").focus();
  for (const text of ["ga", "rd", "en"]) {
    await page.keyboard.type(text);
    await eventually("the query", search(page), new RegExp(`${text}$`));
    await settled();
  }
  await back();
  await see("h1", /Live pages/);
  await forward();
  await see("h1", "Search");
  assert.equal(search(page)(), "?q=garden");
  await seeValue("#q", "garden");
});

spec("back also puts the former text into the field", "/search?q=winter", { also: ["firefox"] }, async (session) => {
  const { page, see, settled, back, seeValue, eventually } = session;
  await page.click("#next");
  await see("#page", /^Page 2 of/);
  await settled();
  await page.fill("#q", "summer");
  await eventually("the query", search(page), "?q=summer");
  await settled();
  await page.locator("#sort").focus();
  await back();
  await seeValue("#q", "winter");
  await see("#page", /^Page 1 of/);
});

spec("nothing found is said, with what to do", "/search", async ({ page, see, eventually, gone }) => {
  await page.fill("#q", "zzzz");
  await see("#summary", /^0 books/);
  await see("#empty", /Try fewer/);
  await gone("#books");
  await page.fill("#q", "");
  await see("#summary", /^12,000 books/);
  await eventually("a page of books", books(page), 20);
});

spec("odd characters are searched for like any", "/search", async (session) => {
  const { page, eventually, settled, goto, seeValue } = session;
  const odd = `a&b "c" <i>%#+ö'`;
  await page.fill("#q", odd);
  await eventually("the query", () => new URL(page.url()).searchParams.get("q"), odd);
  await settled();
  await goto(new URL(page.url()).pathname + new URL(page.url()).search);
  await seeValue("#q", odd);
});

spec("Enter searches at once, without a page load", "/search", async ({ page, eventually, see }) => {
  await page.evaluate(() => void (window.isSameDocument = true));
  await page.fill("#q", "lantern");
  await page.press("#q", "Enter");
  await eventually("the query", search(page), "?q=lantern");
  await see("#books li:first-child", /lantern/i);
  assert.ok(await page.evaluate(() => window.isSameDocument));
});

spec("the order is chosen with the keyboard", "/search?q=winter", async ({ page, eventually, settled, seeValue }) => {
  await page.getByLabel("Order").focus();
  await page.keyboard.press("ArrowDown");
  await eventually("the query", search(page), "?q=winter&sort=title");
  await settled();
  await seeValue("#sort", "title");
  assert.equal(await page.evaluate(() => document.activeElement.id), "sort");
  const titles = await page.locator("#books .title").allTextContents();
  assert.deepEqual(titles, [...titles].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
});

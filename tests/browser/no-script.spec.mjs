// The pages before any script runs, or where none may: what a GET answers is the page.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");
const noScript = { clients: ["bennu"], context: { javaScriptEnabled: false } };

const PAGES = [
  ["/", "Live pages, written in Rust alone"],
  ["/counter", "State on the server"],
  ["/system", "This machine, measured once a second"],
  ["/todo", "left"],
  ["/register", "E-mail"],
  ["/search", "12,000 books"],
  ["/search?q=garden&sort=title&page=2", "Page 2 of"],
  ["/order", "Teas, by 100 grams"],
  ["/feed", "What did you do?"],
  ["/kanban", "Sharpen pencils"],
  ["/source/todo", "impl LiveView for TodoList"],
];

spec("every page shows its content without scripts", null, noScript, async ({ page, url }) => {
  for (const [path, text] of PAGES) {
    const response = await page.goto(url + path);
    assert.equal(response.status(), 200, path);
    const shown = (await page.locator("main").textContent()).replace(/\s+/g, " ");
    assert.ok(shown.includes(text), `${path}: ${shown}`);
    assert.ok(await page.locator("h1").isVisible());
    assert.notEqual(await page.title(), "");
  }
});

spec("links and the search form lead on without scripts", null, noScript, async ({ page, url }) => {
  await page.goto(url);
  await page.click("nav[aria-label=Pages] a:text-is('Search')");
  assert.equal(await page.locator("h1").textContent(), "Search");
  await page.fill("#q", "garden");
  await page.press("#q", "Enter");
  await page.waitForURL("**/search?q=garden**");
  assert.match(await page.locator("#books li >> nth=0").textContent(), /garden/i);
  await page.click("#next");
  assert.match(await page.locator("#page").textContent(), /Page 2/);
});

spec("no page says that the connection is lost", null, noScript, async ({ page, url }) => {
  await page.goto(`${url}/counter`);
  for (const notice of await page.locator(".lost").all()) assert.ok(!(await notice.isVisible()));
});

// From page to page: live navigation, the history, links that load a page, the policy in force.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const PAGES = ["Counter", "System", "To-do", "Register", "Invoice", "Search"];
const link = (name) => `nav[aria-label=Pages] a:text-is("${name}")`;

/** Leaves something in the document that a page load would take away. */
const mark = (page) => page.evaluate(() => void (window.isSameDocument = true));
const isMarked = (page) => page.evaluate(() => window.isSameDocument === true);

spec("live pages follow one another without a page load", "/", async (session) => {
  const { page, see, settled, back, forward, eventually } = session;
  await mark(page);
  for (const name of PAGES) {
    await page.click(link(name));
    await see("h1", name);
    await settled();
    await see("nav[aria-label=Pages] a[aria-current=page]", name);
    await eventually("the title", () => page.title(), `${name} · Bennu`);
  }
  assert.equal(new URL(page.url()).pathname, "/search");

  for (const name of [...PAGES].reverse().slice(1)) {
    await back();
    await see("h1", name);
    await eventually("the title", () => page.title(), `${name} · Bennu`);
  }
  await back();
  await see("h1", /Live pages/);
  assert.equal(new URL(page.url()).pathname, "/");
  await forward();
  await see("h1", "Counter");
  await page.click("#add");
  await see("#count", "1");
  assert.ok(await isMarked(page));
});

spec("a card leads to its page, and the brand back", "/", async ({ page, see, settled }) => {
  await mark(page);
  const links = await page.locator("nav[aria-label=Pages] a").count();
  assert.equal(await page.locator("#exhibits .card").count(), links);
  await page.click("#exhibits h2 a >> nth=2");
  await see("h1", "To-do");
  await settled();
  await page.click(".brand");
  await see("h1", /Live pages/);
  await settled();
  assert.ok(await isMarked(page));
});

spec("a page that was left has forgotten its state", "/counter", async (session) => {
  const { page, see, settled, back } = session;
  await page.click("#add");
  await see("#count", "1");
  await page.click(link("Register"));
  await see("h1", "Register");
  await settled();
  await back();
  await see("#count", "0");
});

spec("the newest of two quick navigations wins", "/", async (session) => {
  const { page, see, settled, connection } = session;
  await mark(page);
  connection.hold();
  await page.click(link("Counter"));
  await page.click(link("Search"), { noWaitAfter: true });
  connection.release();
  await page.waitForURL("**/search");
  await see("h1", "Search");
  await settled();
  assert.ok(await isMarked(page), "no page was loaded");
});

spec("a link that is clicked twice leads there once", "/", async (session) => {
  const { page, see, settled, back } = session;
  await mark(page);
  await page.locator(link("Counter")).dblclick();
  await see("h1", "Counter");
  await settled();
  assert.ok(await isMarked(page), "no page was loaded");
  await back();
  await see("h1", /Live pages/);
});

spec("a new page starts at its top, and back returns to where it was", "/search", { also: ["firefox", "webkit"] }, async (session) => {
  const { page, see, settled, back, eventually } = session;
  await page.evaluate(() => scrollTo(0, 300));
  // The client notes the position when scrolling has paused.
  await eventually("the noted position", () => page.evaluate(() => history.state?.scroll), 300);
  await page.evaluate((link) => document.querySelector(link).click(), "header .brand");
  await see("h1", /Live pages/);
  await settled();
  await eventually("the position", () => page.evaluate(() => scrollY), 0);
  await back();
  await see("h1", "Search");
  await eventually("the position", () => page.evaluate(() => scrollY), 300);
});

spec("with a modifier a link opens as any link", "/", async ({ page, settled, see }) => {
  const opened = page.context().waitForEvent("page");
  await page.click(link("Counter"), { modifiers: ["Control"] });
  const other = await opened;
  await settled(other);
  await see("h1", "Counter", other);
  await see("h1", /Live pages/);
});

spec("a page's source is one click away", "/todo", async ({ page, see, settled }) => {
  await mark(page);
  await page.click("main .source");
  await see("h1", "Source of To-do");
  assert.match(await page.locator("pre").textContent(), /impl LiveView for TodoList/);
  assert.equal(await page.title(), "Source of To-do · Bennu");
  assert.ok(!(await isMarked(page)), "the source page has no view and is loaded");
  await page.click("text=← Page");
  await see("h1", "To-do");
  await settled();
});

spec("every page has its source", null, { clients: ["bennu"] }, async ({ page, see, goto }) => {
  for (const name of PAGES) {
    await goto(`/source/${name.toLowerCase().replace("-", "")}`);
    await see("h1", `Source of ${name}`);
    assert.match(await page.locator("pre").textContent(), /fn render\(&self\) -> Rendered/);
  }
});

spec("there is no source of what isn't a page", null, { clients: ["bennu"] }, async (session) => {
  const response = await session.page.request.get(`${session.url}/source/nothing`);
  assert.equal(response.status(), 404);
});

spec("pages work under a strict policy for their content", null, async ({ goto, page, allow }) => {
  // The harness fails a spec on any violation; here is that the policy is in force.
  for (const path of ["/", "/counter", "/system", "/todo", "/register", "/invoice", "/search", "/source/todo"]) {
    const response = await goto(path);
    const policy = response.headers()["content-security-policy"];
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
  }
  await goto("/counter");
  allow(/Content Security Policy/);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.wasInjected = true";
    const said = new Promise((resolve) => addEventListener("securitypolicyviolation", resolve, { once: true }));
    document.body.append(script);
    return said.then(() => "wasInjected" in window);
  });
  assert.equal(ran, false);
});

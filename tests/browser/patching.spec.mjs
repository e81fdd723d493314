// Patches of what is not plain HTML, or not only the server's.

import assert from "node:assert/strict";

import { app, tick } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

/** Phoenix's client makes the page what the server says, attributes and fields that are not focused included. */
const OURS = { clients: ["bennu"] };

const html = (page, selector) =>
  page.locator(selector).evaluate((element) => element.innerHTML.replaceAll(/ data-phx-\S+="[^"]*"/g, "").replaceAll(/\s+/g, " "));

spec("a custom element keeps the attributes that it sets itself", "/patching", OURS, async (session) => {
  const { page } = session;
  await tick(session);
  const meter = page.locator("#meter");
  assert.equal(await meter.getAttribute("value"), "1");
  assert.equal(await meter.getAttribute("aria-valuenow"), "1");
  assert.equal(await meter.evaluate(({ connections }) => connections), 1);
});

spec("a form-associated element keeps its value", "/patching", async (session) => {
  const { page } = session;
  await page.evaluate(() => document.getElementById("rating").rate("5"));
  await tick(session);
  await tick(session);
  assert.equal(await page.getAttribute("#rating", "title"), "2");
  assert.equal(await page.evaluate(() => new FormData(document.getElementById("form")).get("rating")), "5");
});

spec("a select that grows keeps what was chosen", "/patching", OURS, async (session) => {
  const { page, seeValue } = session;
  await tick(session);
  await page.selectOption("#growing", "1");
  await page.locator("#area").focus();
  await tick(session);
  await seeValue("#growing", "1");
  assert.equal(await page.locator("#growing option").count(), 3);
});

spec("a text area that nobody touched follows the server", "/patching", async (session) => {
  await tick(session);
  await session.seeValue("#area", "text 1");
});

spec("drawings and formulas stay in their namespaces", "/patching", async (session) => {
  const { page } = session;
  const namespaces = () =>
    page.evaluate(() =>
      ["#chart circle", "#chart rect", "#inside", "#formula mn", "#formula mo"].map((selector) => {
        const element = document.querySelector(selector);
        return element && `${element.namespaceURI.split("/").at(-1)} ${element.getAttribute("r") ?? element.textContent}`;
      }),
    );
  assert.deepEqual(await namespaces(), ["svg 0", null, "xhtml 0", "MathML 0", null]);
  await tick(session);
  assert.deepEqual(await namespaces(), ["svg 1", "svg ", "xhtml 1", "MathML 1", "MathML +"]);
  await tick(session);
  assert.deepEqual(await namespaces(), ["svg 2", null, "xhtml 2", "MathML 2", null]);
});

spec("what is in a template changes there", "/patching", OURS, async (session) => {
  const { page } = session;
  await tick(session);
  assert.equal(await page.evaluate(() => document.getElementById("inert").innerHTML), "<p>1</p>");
  assert.equal(await page.locator("#inert p").count(), 0);
});

spec("rows without a body, and rows that move in one", "/patching", async (session) => {
  const { page } = session;
  const rows = (selector) => page.locator(`${selector} td`).allTextContents();
  const second = await page.locator("#tr-1").elementHandle();
  assert.deepEqual(await rows("#bare"), ["0/0"]);
  await tick(session);
  assert.deepEqual(await rows("#bare"), ["0/1", "1/1"]);
  assert.deepEqual(await rows("#full"), ["1", "2", "3", "0"]);
  await tick(session);
  await tick(session);
  assert.deepEqual(await rows("#bare"), ["0/3"]);
  assert.equal(await page.locator("#bare > tbody").count(), 1);
  assert.deepEqual(await rows("#full"), ["3", "0", "1", "2"]);
  assert.ok(await second.evaluate((row) => row.isConnected && row === document.getElementById("tr-1")));
});

spec("white space and comments are as they were written", "/patching", async (session) => {
  const { page } = session;
  assert.equal(await page.textContent("#white"), "a 0  z");
  await tick(session);
  assert.equal(await html(page, "#white"), "a 1 <b>odd</b> z");
  assert.match(await html(page, "#raw"), /^<!-- 1 --><b>1<\/b><script>/);
  await tick(session);
  assert.equal(await page.textContent("#white"), "a 2  z");
});

spec("scripts that come with a patch don't run", "/patching", async (session) => {
  await tick(session);
  assert.equal(await session.page.evaluate(() => window.ran), undefined);
});

spec("details stay open", "/patching", OURS, async (session) => {
  const { page } = session;
  await page.click("#details summary");
  await tick(session);
  assert.equal(await page.locator("#details").evaluate((details) => details.open), true);
  await session.see("#details p", "1");
});

spec("an element keeps its scroll position", "/patching", async (session) => {
  const { page } = session;
  await page.evaluate(() => (document.getElementById("scrolling").scrollTop = 25));
  await tick(session);
  assert.equal(await page.evaluate(() => document.getElementById("scrolling").scrollTop), 25);
});

// Phoenix's client loads those that it moves anew.
spec("frames go on where they are when they move", "/patching", OURS, async (session) => {
  const { page } = session;
  const marked = () =>
    page.evaluate(() => [...document.querySelectorAll("iframe")].map(({ id, contentWindow }) => [id, contentWindow.isMarked ?? false]));
  await page.evaluate(() => document.querySelectorAll("iframe").forEach(({ contentWindow }) => (contentWindow.isMarked = true)));
  await tick(session);
  await tick(session);
  assert.deepEqual(await marked(), [2, 3, 0, 1].map((at) => [`frame-${at}`, true]));
});

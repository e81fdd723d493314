// A live navigation is like a page load: what arrives, where it scrolls, what has the focus, and
// what screen readers are told.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { leave, suite } from "./harness/index.mjs";

const spec = suite(app);
const everywhere = { also: ["firefox", "webkit"] };
/** What Phoenix's client does not do. */
const ours = { clients: ["bennu"], ...everywhere };

const mark = (page) => page.evaluate(() => void (window.isSameDocument = true));
const isMarked = (page) => page.evaluate(() => window.isSameDocument === true);
const place = (page) => page.evaluate(() => location.pathname + location.search + location.hash);
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.localName);
const top = (page) => page.evaluate(() => Math.round(scrollY));
/** How far an element is from the top of the window. */
const offset = (page, selector) =>
  page.evaluate((selector) => Math.round(document.querySelector(selector).getBoundingClientRect().top) || 0, selector);

/** Follows a link without scrolling to it, as the keyboard does. */
const follow = (page, selector) =>
  page.evaluate((selector) => document.querySelector(selector).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })), selector);

spec("a page that ticks, with a child and beside a view that ticks, arrives each time", "/places/a?ticks", async (session) => {
  const { page, see } = session;
  await mark(page);
  await see("#kid-count", "0");
  await page.evaluate(() => window.liveSocket.enableLatencySim(150));
  for (let trip = 0; trip < 12; trip++) {
    const name = trip % 2 ? "a" : "b";
    await page.locator(`#to-other[href*="/places/${name}"]`).waitFor();
    await follow(page, "#to-other");
    await see("h1", name);
    await see("#kid-count", "0");
    // It lives.
    await see("#ticks", /[1-9]/);
    await see("#guide-ticks", /[1-9]/);
    assert.equal(await place(page), `/places/${name}?ticks`);
  }
  assert.ok(await isMarked(page));
});

spec("a sticky view leads from page to page and keeps its state", "/places/a", async (session) => {
  const { page, see, settled } = session;
  await mark(page);
  await page.click("#guide-b");
  await see("h1", "b");
  await see("#guided", "1");
  await settled();
  await page.click("#guide-a");
  await see("h1", "a");
  await see("#guided", "2");
  await settled();
  await page.click("#guide-b");
  await see("h1", "b");
  await see("#guided", "3");
  assert.ok(await isMarked(page));
});

spec("what asks for the focus has it on each page", "/places/a?focus", ours, async (session) => {
  const { page, see, settled, eventually, back } = session;
  await eventually("the focus", () => focused(page), "searched");
  for (const name of ["b", "a", "b"]) {
    await page.evaluate(() => document.querySelector("#to-other").focus());
    await page.keyboard.press("Enter");
    await see("h1", name);
    await settled();
    await eventually("the focus", () => focused(page), "searched");
  }
  await back();
  await see("h1", "a");
  await eventually("the focus", () => focused(page), "searched");
});

spec("screen readers are told of a new page, and the Tab key begins at its top", "/places/a?focus", { clients: ["bennu"], also: ["firefox"] }, async (session) => {
  const { page, see, settled, eventually } = session;
  const said = () => page.evaluate(() => document.querySelector("[role=status]")?.textContent);
  // A page that was loaded is told by the browser.
  assert.equal(await said(), undefined);
  await page.focus("#to-middle");
  await page.keyboard.press("Enter");
  await see("h1", "b");
  await settled();
  await eventually("what is said", said, "Place b · App");
  // Nobody sees it, and it stands in nobody's way.
  const { width, height } = await page.evaluate(() => {
    const { width, height } = document.querySelector("[role=status]").getBoundingClientRect();
    return { width, height };
  });
  assert.deepEqual([width, height], [1, 1]);
  // The URL points at what stands behind the last button.
  await page.keyboard.press("Shift+Tab");
  await eventually("the focus", () => focused(page), "hide");

  await page.focus("#guide-a");
  await page.keyboard.press("Enter");
  await see("h1", "a");
  await settled();
  await eventually("what is said", said, "Place a · App");
  // It belongs to no page, and stays.
  assert.equal(await focused(page), "guide-a");
  await page.focus("#drawn");
  await page.evaluate(() => window.liveSocket.js().navigate("/places/b"));
  await see("h1", "b");
  await settled();
  await eventually("what is said", said, "Place b · App");
  await page.keyboard.press("Tab");
  await eventually("the focus", () => focused(page), "first");
});

spec("a place is where it was, between anchors and pages, back and forward", "/places/a", ours, async (session) => {
  const { page, see, settled, eventually, back, forward } = session;
  const noted = (y) => eventually("the noted position", () => page.evaluate(() => history.state?.scroll), y);
  const scroll = async (y) => {
    await page.evaluate((y) => scrollTo(0, y), y);
    await noted(y);
  };
  const at = (y) => eventually("the position", () => top(page), y);
  await scroll(100);
  await follow(page, "#first");
  await eventually("the anchor", () => offset(page, "#middle"), 0);
  const middle = await top(page);
  await noted(middle);
  await scroll(700);
  await follow(page, "#to-other");
  await see("h1", "b");
  await settled();
  await at(0);
  await follow(page, "#to-middle");
  await see("h1", "a");
  await settled();
  await eventually("the anchor", () => offset(page, "#middle"), 0);
  await back();
  await see("h1", "b");
  await at(0);
  await back();
  await see("h1", "a");
  await at(700);
  await back();
  await at(100);
  assert.equal(await place(page), "/places/a");
  await forward();
  await at(700);
  assert.equal(await place(page), "/places/a#middle");
  await forward();
  await see("h1", "b");
  await at(0);
});

spec("what is scrolled shortly before an anchor is followed is remembered", "/places/a", ours, async (session) => {
  const { page, eventually, back } = session;
  await page.evaluate(() => {
    scrollTo(0, 150);
    return new Promise((done) =>
      addEventListener("scroll", () => setTimeout(() => done(document.querySelector("#first").click())), { once: true }),
    );
  });
  await eventually("the anchor", () => offset(page, "#middle"), 0);
  await back();
  await eventually("the position", () => top(page), 150);
});

spec("a reload finds a page scrolled as it was", "/places/a", everywhere, async (session) => {
  const { page, settled, eventually } = session;
  await page.evaluate(() => scrollTo(0, 400));
  await eventually("the noted position", () => page.evaluate(() => history.state?.scroll), 400);
  await page.reload();
  await settled();
  await eventually("the position", () => top(page), 400);
  // And stays there.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))));
  assert.equal(await top(page), 400);
});

spec("back from a page without a view finds a page scrolled as it was", "/places/a", everywhere, async (session) => {
  const { page, settled, eventually } = session;
  await page.evaluate(() => scrollTo(0, 400));
  await eventually("the noted position", () => page.evaluate(() => history.state?.scroll), 400);
  await leave(page, () => (location.href = "/login"));
  await page.waitForURL("**/login");
  await page.waitForSelector("h1:has-text('Please log in')");
  await leave(page, () => history.back());
  await page.waitForURL("**/places/a");
  await settled();
  await eventually("the position", () => top(page), 400);
});

spec("a link in a drawing is one, and a hash may be any text", "/places/a", async (session) => {
  const { page, see, settled, eventually, client } = session;
  await mark(page);
  // Phoenix's client takes it for no link, and the browser loads the page.
  if (client === "bennu") {
    await follow(page, "#drawn");
    await see("#asked", "drawn");
    await settled();
    assert.equal(await place(page), "/places/a?drawn");
    assert.ok(await isMarked(page));
  }
  await follow(page, "#to-percent");
  await follow(page, "#to-odd");
  await see("h1", "b");
  await settled();
  await eventually("the place", () => place(page), "/places/b#100%");
});

spec("the focus goes to the neighbour of an entry that is removed", "/places/a", { clients: ["bennu"], also: ["firefox"] }, async (session) => {
  const { page, settled, gone, eventually } = session;
  const remove = async (id) => {
    await page.focus(`#remove-${id}`);
    await page.keyboard.press("Enter");
    await gone(`#row-${id}`);
    await settled();
  };
  await remove(2);
  await eventually("the focus", () => focused(page), "remove-3");
  await remove(4);
  await eventually("the focus", () => focused(page), "remove-3");
  // Who types goes on typing, but not into another entry.
  await page.fill("#text-3", "typed");
  await page.evaluate(() => document.querySelector("#remove-3").dispatchEvent(new MouseEvent("click", { bubbles: true })));
  await gone("#row-3");
  await settled();
  await eventually("the focus", () => focused(page), "row-1");
  await page.keyboard.press("x");
  assert.equal(await page.locator("#text-1").inputValue(), "");
});

spec("a hook whose element has gone can still say goodbye", "/places/a?parting", async ({ page, see }) => {
  await page.click("#hide");
  await see("#heard", "bye late");
});

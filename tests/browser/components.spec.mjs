// Stateful components: their own state, events and messages, and how they come and go.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);
const order = (page) => page.locator("#list > section").evaluateAll((all) => all.map(({ id }) => id.slice(5)).join(" "));

const gone = (page, selector) => page.locator(selector).waitFor({ state: "detached" });

/** Waits until the server has so many cards: those that have gone live until it has heard so. */
async function lives({ page, settled, eventually }, cards) {
  const asked = async () => {
    await page.click("#look");
    await settled();
    return Number(await page.textContent("#alive"));
  };
  await eventually("the cards that live", asked, cards);
}

spec("an event goes to the component that it is bound in", "/components", async ({ page, see }) => {
  await see("#card-2 > b", "card 2: 0");
  await page.click("#card-2 > .inc");
  await see("#card-2 > b", "card 2: 1");
  await see("#card-1 > b", "card 1: 0");
  await page.click("#card-2 > .inc");
  await see("#card-2 > b", "card 2: 2");
});

spec("a component inside another has its own events, and its parent's", "/components", async ({ page, see }) => {
  await page.click("#card-1 > .toggle");
  await page.click("#card-1 .badge-inc");
  await see("#card-1 .badge", "badge 1+card +");
  await page.click("#card-1 .card-inc");
  await see("#card-1 > b", "card 1: 1");
  await see("#card-1 .badge", "badge 1+card +");
});

spec("new props change a component, and leave its state", "/components", async ({ page, see }) => {
  await page.click("#card-3 > .inc");
  await page.click("#label");
  await see("#card-3 > b", "new 3: 1");
  await see("#card-11 > b", "new 11: 0");
});

spec("components move with their list, as the same nodes", "/components", async ({ page, see, settled }) => {
  await page.click("#card-1 > .inc");
  await settled();
  await page.fill("#card-1 > .note", "one");
  await page.evaluate(() => (document.getElementById("card-1").mark = true));
  await page.click("#reverse");
  await see("#list > section:first-child > b", "card 3: 0");
  await page.click("#add");
  await see("#card-4 > b", "card 4: 0");
  await settled();
  assert.equal(await order(page), "3 2 1 4");
  assert.equal(await page.inputValue("#card-1 > .note"), "one");
  assert.equal(await page.evaluate(() => document.getElementById("card-1").mark), true);
  await page.click("#card-1 > .inc");
  await see("#card-1 > b", "card 1: 2");
});

spec("a component that goes is dropped, and starts anew when it comes again", "/components", async (session) => {
  const { page, see, settled } = session;
  await page.click("#card-2 > .toggle");
  await page.click("#card-2 .badge-inc");
  await page.click("#card-2 > .inc");
  await see("#card-2 > b", "card 2: 1");
  await lives(session, 5);
  await page.click("#remove");
  await gone(page, "#card-2");
  await settled();
  await lives(session, 4);
  await page.click("#restore");
  await see("#card-2 > b", "card 2: 0");
  await settled();
  await lives(session, 5);
  await page.click("#card-2 > .inc");
  await see("#card-2 > b", "card 2: 1");
});

spec("what stands in a slot is a component as any other", "/components", async (session) => {
  const { page, see, settled } = session;
  await page.click("#card-11 > .inc");
  await see("#card-11 > b", "card 11: 1");
  await page.click("#card-10 > .inc");
  await see("#card-10 > b", "card 10: 1");
  await see("#card-11 > b", "card 11: 1");
  await page.click("#aside");
  await gone(page, "#card-11");
  await settled();
  await lives(session, 3);
  await page.click("#aside");
  await see("#card-11 > b", "card 11: 0");
});

spec("a component in a stream lives as long as its item", "/components", async (session) => {
  const { page, see, settled } = session;
  await page.click("#row");
  await see("#card-21 > b", "card 21: 0");
  await page.click("#card-21 > .inc");
  await page.click("#look");
  await see("#card-21 > b", "card 21: 1");
  await page.click("#card-21 > .inc");
  await see("#card-21 > b", "card 21: 2");
  await page.click("#remove-row");
  await gone(page, "#card-21");
  await settled();
  await lives(session, 5);
});

spec("a component goes from one stream to another with its item", "/components", async ({ page, see, settled }) => {
  await page.click("#row");
  await page.click("#card-21 > .inc");
  await see("#card-21 > b", "card 21: 1");
  // Once more, so that it was placed just now.
  await page.click("#row");
  await settled();
  await page.click("#renew");
  await settled();
  await see("#row-21 > #card-21 > b", "card 21: 1");
  await page.click("#shift");
  await see("#other-21 > #card-21 > b", "card 21: 1");
  await gone(page, "#row-21");
  await page.click("#card-21 > .inc");
  await see("#card-21 > b", "card 21: 2");
});

spec("messages reach components and their parents", "/components", async ({ page, see }) => {
  await page.click("#update");
  await see("#card-1 > b", "card 1: 10");
  await page.click("#card-3 > .tell");
  await see("#told", "3");
});

spec("components keep their state when their view shows them elsewhere", "/components", async ({ page, see }) => {
  await page.click("#card-1 > .inc");
  await see("#card-1 > b", "card 1: 1");
  await page.click("#plain");
  await gone(page, "#list");
  await see("#card-1 > b", "card 1: 1");
  await page.click("#card-1 > .inc");
  await see("#card-1 > b", "card 1: 2");
  await page.click("#plain");
  await see("#list > #card-1 > b", "card 1: 2");
  await page.click("#card-1 > .toggle");
  await see("#card-1 > .badge", "badge 0+card +");
});

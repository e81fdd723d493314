// What a push expects to change, shown before the answer. Only our client does it: with Phoenix's
// the same pages work, and show what the server answers.

import assert from "node:assert/strict";

import { app, tick } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const suited = suite(app);
const spec = (name, path, body) => suited(name, path, { clients: ["bennu"] }, body);

const ids = (selector) => (page) =>
  page.locator(`${selector} > li:visible`).evaluateAll((rows) => rows.map(({ id }) => id));
const rows = ids("#rows");
const finished = ids("#finished");

/** Each kind of prediction: what to click, and what is seen at once. */
const KINDS = {
  "text and attributes": {
    click: "#like",
    look: (page) => page.locator("#likes").evaluate((el) => [el.textContent, el.title, el.lang]),
    before: ["0", "", "en"],
    after: ["1", "liked", ""],
  },
  "a checkbox and a class": {
    click: "#mark-2",
    look: (page) =>
      page.locator("#row-2").evaluate((el) => [el.querySelector("input").checked, el.classList.contains("done")]),
    before: [false, false],
    after: [true, true],
  },
  "an entry that goes": {
    click: "#delete-2",
    look: rows,
    before: ["row-1", "row-2", "row-3"],
    after: ["row-1", "row-3"],
  },
  "an entry that moves": {
    click: "#raise-3",
    look: rows,
    before: ["row-1", "row-2", "row-3"],
    after: ["row-1", "row-3", "row-2"],
  },
  "an entry that goes to another list": {
    click: "#finish-1",
    look: async (page) => [await rows(page), await finished(page)],
    before: [["row-1", "row-2", "row-3"], []],
    after: [["row-2", "row-3"], ["row-1"]],
  },
};

/** Records the page's looks whenever it changes, as far as a frame could show it. */
const watch = (page) =>
  page.evaluate(() => {
    const look = () =>
      [...document.querySelectorAll("li")]
        .filter((el) => el.getClientRects().length)
        .map((el) => `${el.parentNode.id} ${el.id} ${el.classList.contains("done")} ${el.querySelector("input")?.checked}`)
        .join() + document.querySelector("#likes").textContent;
    const looks = (window.looks = [look()]);
    const note = () => looks.at(-1) === look() || looks.push(look());
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
  });

for (const [name, { click, look, before, after }] of Object.entries(KINDS)) {
  spec(`${name}: shown at once, and confirmed without a flicker`, "/predictions", async (session) => {
    const { page, connection, settled, eventually } = session;
    assert.deepEqual(await look(page), before);
    await watch(page);
    connection.hold();
    await page.click(click);
    assert.deepEqual(await look(page), after);
    connection.release();
    await settled();
    await eventually(name, () => look(page), after);
    // A move to another list is another element there: it has no checkbox.
    const looks = await page.evaluate(() => window.looks.map((look) => look.replaceAll(/ (true|false)? ?(undefined|false)/g, "")));
    assert.equal(new Set(looks).size, 2, looks.join("\n"));
  });

  spec(`${name}: undone when the server refuses`, "/predictions?then=refuse", async (session) => {
    const { page, connection, settled, eventually } = session;
    connection.hold();
    await page.click(click);
    assert.deepEqual(await look(page), after);
    connection.release();
    await settled();
    await eventually(name, () => look(page), before);
  });
}

spec("a prediction is undone when the view fails", "/predictions?then=panic", async (session) => {
  const { page, connection, settled, eventually } = session;
  connection.hold();
  await page.click("#raise-3");
  assert.deepEqual(await rows(page), ["row-1", "row-3", "row-2"]);
  connection.release();
  await eventually("the rows", () => rows(page), ["row-1", "row-2", "row-3"]);
  await settled();
  assert.deepEqual(await rows(page), ["row-1", "row-2", "row-3"]);
});

spec("a prediction is undone when the connection is lost", "/predictions", async (session) => {
  const { page, connection, settled, eventually, allow, disconnected } = session;
  allow(DISCONNECTS);
  connection.hold();
  await page.click("#mark-2");
  await page.locator("#row-2.done").waitFor();
  connection.cut();
  await disconnected();
  assert.equal(await page.locator("#row-2.done").count(), 0);
  assert.equal(await page.locator("#mark-2").isChecked(), false);
  connection.release();
  connection.mend();
  await settled();
  await eventually("the rows", () => rows(page), ["row-1", "row-2", "row-3"]);
});

spec("several predictions stand until each has its own answer", "/predictions", async (session) => {
  const { page, connection, settled, eventually } = session;
  connection.hold();
  await page.click("#mark-1");
  await page.click("#raise-3");
  await page.click("#delete-2");
  assert.deepEqual(await rows(page), ["row-1", "row-3"]);
  assert.equal(await page.locator("#row-1.done").count(), 1);
  connection.release();
  await settled();
  await eventually("the rows", () => rows(page), ["row-1", "row-3"]);
  assert.equal(await page.locator("#row-1.done").count(), 1);
  // The element that was moved is still the same: nothing was made anew.
  await page.click("#mark-3");
  await page.locator("#row-3.done").waitFor();
});

spec("the keyboard's focus stays on what moves", "/predictions", async (session) => {
  const { page, settled } = session;
  await page.locator("#raise-3").focus();
  await page.keyboard.press("Enter");
  await settled();
  assert.deepEqual(await rows(page), ["row-1", "row-3", "row-2"]);
  assert.equal(await page.evaluate(() => document.activeElement.id), "raise-3");
});

suited("pages with predictions work with every client", "/predictions", async (session) => {
  const { page, settled, see, eventually } = session;
  await page.click("#like");
  await see("#likes", "1");
  await settled();
  await page.click("#finish-1");
  await eventually("the finished", () => finished(page), ["row-1"]);
  await settled();
  await tick(session);
  await eventually("the rows", () => rows(page), ["row-2", "row-3"]);
});

// A keyed list that is put in another order: rows move with all that the browser holds of them.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

/** Asks for these rows, in this order, without a click that would move the focus. */
async function order({ page, see, settled }, rows) {
  const version = Number(await page.textContent("#version"));
  await page.evaluate((rows) => void window.order(rows), rows);
  await see("#version", String(version + 1));
  await settled();
}

const shown = (page) =>
  page.locator("#rows li").evaluateAll((all) => all.map(({ id }) => id.replace("row-", "")).join(" "));

const ORDERS = ["5 4 3 2 1", "2 3 4 5 1", "5 1 2 3 4", "1 3 2 5 4", "3 6 1 7", "7", "1 2 3 4 5 6 7 8"];

spec("any order is shown, of rows with and without ids", "/rows", async (session) => {
  const { page } = session;
  for (const rows of [...ORDERS, "", "4 2"]) {
    await order(session, rows);
    assert.equal(await shown(page), rows);
    const bare = await page.locator("#bare li").allTextContents();
    assert.equal(bare.join(" "), rows);
  }
});

spec("rows keep their nodes, and what was typed into them", "/rows", async (session) => {
  const { page } = session;
  for (const row of [1, 2, 3, 4, 5]) await page.fill(`#text-${row}`, `typed ${row}`);
  await page.evaluate(() => document.querySelectorAll("#rows li").forEach((li) => (li.knownAs = li.id)));
  for (const rows of ORDERS) {
    await order(session, rows);
    const known = await page.evaluate(() =>
      [...document.querySelectorAll("#rows li")].map(({ id, knownAs }) => [id, knownAs]),
    );
    for (const [id, knownAs] of known) assert.ok(knownAs === undefined || knownAs === id, `${id} is ${knownAs}`);
    if (rows.includes("5 ") || rows.includes(" 5")) {
      const version = await page.textContent("#version");
      assert.equal(await page.textContent("#row-5 span"), `Row 5 at version ${version}`);
    }
  }
  assert.equal(await page.inputValue("#text-8"), "");
});

spec("the row in hand keeps focus and caret wherever it moves", "/rows", { also: ["firefox", "webkit"] }, async (session) => {
  const { page } = session;
  await page.fill("#text-3", "typed");
  await page.evaluate(() => document.activeElement.setSelectionRange(1, 4));
  for (const rows of ORDERS.slice(0, 5)) {
    await order(session, rows);
    const inHand = await page.evaluate(() => {
      const { id, value, selectionStart, selectionEnd } = document.activeElement;
      return [id, value, selectionStart, selectionEnd];
    });
    assert.deepEqual(inHand, ["text-3", "typed", 1, 4], rows);
  }
});

spec("the focus moves on when its row is gone", "/rows", async (session) => {
  const { page, client, eventually } = session;
  await page.fill("#text-3", "typed");
  await order(session, "1 2 4 5");
  // Ours is at the next row, as soon as the script is there that moves it; nobody types into its field by chance.
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);
  await eventually("the focus", focused, client === "bennu" ? "row-4" : "BODY");
  await order(session, "1 2 3 4 5");
  assert.equal(await page.inputValue("#text-3"), "");
});

spec("the page stays where it was scrolled to", "/rows", async (session) => {
  const { page } = session;
  await page.evaluate(() => scrollTo(0, 150));
  await page.evaluate(() => (document.querySelector("#scrolling-2").scrollTop = 90));
  // Row 2 rests while others move around it.
  await order(session, "1 2 3 5 4");
  assert.equal(await page.evaluate(() => document.querySelector("#scrolling-2").scrollTop), 90);
  assert.equal(await page.evaluate(() => scrollY), 150);
});

// Phoenix's client moves rows by taking them out and putting them back, which ends their scrolling.
spec("a moved row stays scrolled", "/rows", { clients: ["bennu"] }, async (session) => {
  const { page } = session;
  await page.evaluate(() => (document.querySelector("#scrolling-5").scrollTop = 90));
  await order(session, "5 1 2 3 4");
  assert.equal(await page.evaluate(() => document.querySelector("#scrolling-5").scrollTop), 90);
});

spec("a new row in the place of another has nobody's text and focus", "/rows", { clients: ["bennu"] }, async (session) => {
  const { page } = session;
  const texts = () =>
    page.locator("#bare li").evaluateAll((all) => all.map((li) => `${li.textContent}:${li.lastChild.value}`).join(" "));
  for (const row of [1, 2, 3, 4, 5]) await page.fill(`#bare li:nth-child(${row}) input`, `t${row}`);
  await page.focus("#bare li:nth-child(1) input");
  await order(session, "6 2 3 4 5");
  assert.equal(await texts(), "6: 2:t2 3:t3 4:t4 5:t5");
  assert.equal(await page.evaluate(() => document.activeElement.matches("input")), false);
  await order(session, "6 2 7 8");
  assert.equal(await texts(), "6: 2:t2 7: 8:");
  await order(session, "1 3 9");
  assert.equal(await texts(), "1: 3: 9:");
});

spec("a page that was translated goes on changing", "/rows", { clients: ["bennu"], also: ["firefox", "webkit"] }, async (session) => {
  const { page } = session;
  const translate = () =>
    page.evaluate(() => {
      const walker = document.createTreeWalker(document.querySelector("[data-phx-main]"), NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walker.nextNode()) texts.push(walker.currentNode);
      for (const text of texts) {
        const font = document.createElement("font");
        font.append(document.createElement("font"));
        font.firstChild.append(text.data);
        text.replaceWith(font);
      }
    });
  for (const rows of ORDERS) {
    await translate();
    await order(session, rows);
    assert.equal(await shown(page), rows);
    const version = await page.textContent("#version");
    for (const row of rows.split(" ")) {
      assert.equal(await page.textContent(`#row-${row} span`), `Row ${row} at version ${version}`);
    }
  }
});

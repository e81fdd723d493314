// Streams: items that the browser alone keeps.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

/** Has these commands done in one turn, without a click that would move the focus. */
async function perform({ page, see, settled }, commands) {
  const version = Number(await page.textContent("#version"));
  await page.evaluate((commands) => void window.perform(commands), commands);
  await see("#version", String(version + 1));
  await settled();
}

/** The rows as they stand, each with the version that it is of: `1@0 2@0`. */
const rows = (page) =>
  page
    .locator("#rows > li.row > span")
    .evaluateAll((all) => all.map((span) => span.textContent.replace("row ", "").replace(" at version ", "@")).join(" "));

const nodes = (page) => page.locator("#rows > li").evaluateAll((all) => all.map(({ id, knownAs }) => [id, knownAs]));

const mark = (page) =>
  page.evaluate(() => document.querySelectorAll("#rows > li").forEach((li) => (li.knownAs = li.id)));

spec("the first HTML has the items, and the join keeps them", "/streams", async ({ page, see }) => {
  assert.equal(await rows(page), "1@0 2@0 3@0");
  await see("#others", "1");
  await see("#row-2", "row 2 at version 0 even");
});

spec("items come anywhere, change where they stand, and go", "/streams", { also: ["firefox"] }, async (session) => {
  const { page } = session;
  await mark(page);
  for (const [commands, shown] of [
    ["push 4", "1@0 2@0 3@0 4@1"],
    ["prepend 5", "5@2 1@0 2@0 3@0 4@1"],
    ["insert 6 at 2", "5@2 1@0 6@3 2@0 3@0 4@1"],
    ["push 2", "5@2 1@0 6@3 2@4 3@0 4@1"],
    ["update 3; update 9", "5@2 1@0 6@3 2@4 3@5 4@1"],
    ["remove 5; remove-by-id row-6", "1@0 2@4 3@5 4@1"],
    ["other 2", "1@0 2@4 3@5 4@1"],
    ["push 7; push 8; remove 1", "2@4 3@5 4@1 7@8 8@8"],
  ]) {
    await perform(session, commands);
    assert.equal(await rows(page), shown, commands);
  }
  assert.deepEqual(await page.locator("#others li").allTextContents(), ["1", "2"]);
  // What was there from the start is still the same node, and what is no item stands last.
  const known = (await nodes(page)).filter(([, knownAs]) => knownAs);
  assert.deepEqual(known, ["row-2", "row-3", "end"].map((id) => [id, id]));
  assert.equal((await nodes(page)).at(-1)[0], "end");
});

spec("a reset keeps the nodes of those that stay, in their new order", "/streams", async (session) => {
  const { page } = session;
  await page.fill("#text-3", "typed");
  await mark(page);
  await perform(session, "reset 3 4 1");
  assert.equal(await rows(page), "3@1 4@1 1@1");
  assert.equal(await page.inputValue("#text-3"), "typed");
  const kept = (await nodes(page)).filter(([, knownAs]) => knownAs).map(([id]) => id);
  assert.deepEqual(kept.sort(), ["end", "row-1", "row-3"]);
  await perform(session, "reset");
  assert.equal(await rows(page), "");
});

spec("a limit takes items from the other end", "/streams", async (session) => {
  const { page } = session;
  const others = async () => (await page.locator("#others li").allTextContents()).join(" ");
  await perform(session, "other 2; other 3");
  assert.equal(await others(), "1 2 3");
  await perform(session, "limit 3; other 4");
  assert.equal(await others(), "2 3 4");
  await perform(session, "first 5");
  assert.equal(await others(), "5 2 3");
  await perform(session, "limit 1; other 6; other 7");
  assert.equal(await others(), "7");
});

spec("other changes leave the items alone, and what is typed into them", "/streams", async (session) => {
  const { page } = session;
  await page.fill("#text-2", "typed");
  await page.evaluate(() => document.activeElement.setSelectionRange(1, 4));
  await mark(page);
  await perform(session, "other 7");
  await perform(session, "push 4; update 2");
  const inHand = await page.evaluate(() => {
    const { id, value, selectionStart, selectionEnd } = document.activeElement;
    return [id, value, selectionStart, selectionEnd];
  });
  assert.deepEqual(inHand, ["text-2", "typed", 1, 4]);
  assert.equal(await rows(page), "1@0 2@2 3@0 4@2");
});

spec("what changes while a stream is hidden waits for it", "/streams", async (session) => {
  const { page } = session;
  await perform(session, "hide");
  assert.equal(await page.locator("#rows").count(), 0);
  await perform(session, "reset 1 2");
  await perform(session, "push 3");
  await perform(session, "show");
  assert.equal(await rows(page), "1@2 2@2 3@3");
  await perform(session, "hide");
  await perform(session, "show");
  assert.equal(await rows(page), "");
  await perform(session, "push 4");
  assert.equal(await rows(page), "4@7");
});

spec("after a lost connection the items are those of the new mount", "/streams", { allow: DISCONNECTS }, async (session) => {
  const { page, connection, disconnected, settled } = session;
  await perform(session, "push 4; remove 1");
  assert.equal(await rows(page), "2@0 3@0 4@1");
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  assert.equal(await rows(page), "1@0 2@0 3@0");
  await perform(session, "prepend 9");
  assert.equal(await rows(page), "9@1 1@0 2@0 3@0");
});

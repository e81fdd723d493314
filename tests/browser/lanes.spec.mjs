// Streams inside of lists, and of streams.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

/** Has these commands done in one turn. */
async function perform({ page, see, settled }, commands) {
  const version = Number(await page.textContent("#version"));
  await page.evaluate((commands) => void window.perform(commands), commands);
  await see("#version", String(version + 1));
  await settled();
}

/** Each section with what its stream shows: `1: 1@0 2@0 | 2: 3@0`. */
const shown = (page, selector) =>
  page.locator(`${selector} > section`).evaluateAll((all) =>
    all
      .map(({ id, lastElementChild }) => [id.replace(/\D/g, ""), [...lastElementChild.children].map((li) => li.textContent)])
      .map(([id, items]) => `${id}: ${items.join(" ")}`)
      .join(" | "),
  );

const mark = (page) =>
  page.evaluate(() => document.querySelectorAll("#lanes li, #boards li").forEach((li) => (li.knownAs = li.id)));

/** The marked items that are still the nodes they were. */
const kept = (page, selector) =>
  page.locator(`${selector} li`).evaluateAll((all) => all.filter(({ id, knownAs }) => id === knownAs).length);

spec("streams move with the entries that they stand in", "/lanes", async (session) => {
  const { page } = session;
  assert.equal(await shown(page, "#lanes"), "1: 1@0 2@0 | 2: 3@0");
  await mark(page);
  for (const [commands, lanes] of [
    ["order 2 1", "2: 3@0 | 1: 1@0 2@0"],
    ["card 1 4", "2: 3@0 | 1: 1@0 2@0 4@2"],
    ["order 3 1 2; card 2 5; card 3 6; remove 1 2", "3: 6@3 | 1: 1@0 4@2 | 2: 3@0 5@3"],
  ]) {
    await perform(session, commands);
    assert.equal(await shown(page, "#lanes"), lanes, commands);
  }
  assert.equal(await kept(page, "#lanes"), 2);
});

spec("a stream goes with its entry, and the others stay", "/lanes", async (session) => {
  const { page } = session;
  await mark(page);
  await perform(session, "order 2");
  assert.equal(await shown(page, "#lanes"), "2: 3@0");
  await perform(session, "order 1 2; card 1 7; card 2 8");
  assert.equal(await shown(page, "#lanes"), "1: 7@2 | 2: 3@0 8@2");
  assert.equal(await kept(page, "#lanes"), 1);
});

spec("a stream in an item keeps its items when the item changes", "/lanes", async (session) => {
  const { page, see } = session;
  assert.equal(await shown(page, "#boards"), "1: 1@0");
  await mark(page);
  for (const [commands, boards] of [
    ["note 1 2", "1: 1@0 2@1"],
    ["board 2", "1: 1@0 2@1 | 2: "],
    ["note 2 3; note 1 4; tear 1 2", "1: 1@0 4@3 | 2: 3@3"],
    ["board 1", "1: 1@0 4@3 | 2: 3@3"],
  ]) {
    await perform(session, commands);
    assert.equal(await shown(page, "#boards"), boards, commands);
  }
  await see("#board-1 > h2", "Board 1 at version 4");
  assert.equal(await kept(page, "#boards"), 1);
});

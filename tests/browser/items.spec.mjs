// Streams whose items are whatever renders: functions, branches, nested templates,
// markup, children, components, and ids that parsers read otherwise.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const KINDS = ["functions", "branches", "nested", "markup", "children", "components", "holders"];

/** Has these commands done in one turn. */
async function perform({ page, see, settled }, commands) {
  const version = Number(await page.textContent("#version"));
  await page.evaluate((commands) => void window.perform(commands), commands);
  await see("#version", String(version + 1));
  await settled();
}

/** The numbers of a list's items, in their order. */
const shown = (page, kind) =>
  page.locator(`#${kind} > *`).evaluateAll((items) => items.map((item) => item.textContent.split("@")[0].trim()).join(" "));

async function hold({ page, eventually }, numbers, kinds = KINDS) {
  for (const kind of kinds) await eventually(`the items of ${kind}`, () => shown(page, kind), numbers);
}

const STEPS = [
  ["push 4", "1 2 3 4"],
  ["prepend 5", "5 1 2 3 4"],
  ["push 2", "5 1 2 3 4"],
  ["remove 1; push 6", "5 2 3 4 6"],
  ["remove 6; push 6", "5 2 3 4 6"],
  ["reset 4 7 2", "4 7 2"],
  ["limit 4; push 8; push 9", "7 2 8 9"],
  ["reset", ""],
  ["push 1; prepend 3", "3 1"],
];

// Phoenix's client shows a child twice that is sent again.
const OURS = { clients: ["bennu"] };

spec("items of any kind come, change, move and go", "/items", OURS, async (session) => {
  await hold(session, "1 2 3");
  for (const [commands, numbers] of STEPS) {
    await perform(session, commands);
    await hold(session, numbers);
  }
});

spec("an id may be one that a parser changes", "/items", OURS, async (session) => {
  for (const [commands, numbers] of STEPS) {
    await perform(session, commands);
    await hold(session, numbers, ["odd"]);
  }
});

spec("items of any kind are there after the connection was lost", "/items", { allow: DISCONNECTS }, async (session) => {
  const { connection, disconnected, settled } = session;
  await perform(session, "push 4; remove 1");
  await hold(session, "2 3 4");
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  await hold(session, "1 2 3");
  await perform(session, "prepend 4");
  await hold(session, "4 1 2 3");
});

spec("a stream in a component that is an item stays through a reset", "/items", OURS, async (session) => {
  const { page } = session;
  const parts = () => page.locator("#holders .part").allTextContents();
  assert.deepEqual(await parts(), [".0", ".0", ".0"]);
  await perform(session, "reset 3 1 9");
  await hold(session, "3 1 9");
  assert.deepEqual(await parts(), [".0", ".0", ".0"]);
});

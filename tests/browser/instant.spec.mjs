// One list twice: shown at once, as predicted, and shown when the answer is there.

import assert from "node:assert/strict";

import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite("showcase");

const LATENCY = "phx:live-socket:latency-sim";
const latency = (page) => page.evaluate((key) => sessionStorage.getItem(key), LATENCY);

/** What a list shows: `[title, is ticked, likes, is liked]` of each entry. */
const list = (page, name) =>
  page.locator(`#${name} li:visible`).evaluateAll((entries) =>
    entries.map((entry) => {
      const [tick, like] = entry.querySelectorAll("button");
      const isOn = (name, element) => element.getAttribute(name) === "true";
      const likes = Number(like.querySelector(".likes").textContent);
      return [tick.textContent, isOn("aria-checked", tick), likes, isOn("aria-pressed", like)];
    }),
  );

const START = [
  ["Feed the cat", false, 12, false],
  ["Water the plants", false, 3, false],
  ["Pay the taxes", false, 0, false],
  ["Call an old friend", false, 7, false],
];
const CHANGED = [
  ["Feed the cat", false, 13, true],
  ["Pay the taxes", false, 0, false],
  ["Call an old friend", true, 7, false],
];

async function change(page, name) {
  await page.click(`#${name} [data-entry="0"] .like`);
  await page.click(`#${name} [data-entry="1"] .remove`);
  await page.click(`#${name} [data-entry="3"] .tick`);
}

for (const name of ["soon", "late"]) {
  spec(`entries of the list "${name}" are liked, ticked and removed`, "/instant", async (session) => {
    const { page, settled, eventually } = session;
    assert.deepEqual(await list(page, name), START);
    await change(page, name);
    await settled();
    for (const shown of ["soon", "late"]) await eventually(shown, () => list(page, shown), CHANGED);
    await page.click(`#${name} [data-entry="0"] .like`);
    await settled();
    await eventually("the like", async () => (await list(page, name))[0], START[0]);
    await page.click("#restart");
    await settled();
    for (const shown of ["soon", "late"]) await eventually(shown, () => list(page, shown), START);
  });
}

spec("one list shows at once what the other shows when it is answered", "/instant", { clients: ["bennu"] }, async (session) => {
  const { page, connection, settled, eventually } = session;
  connection.hold();
  await change(page, "soon");
  assert.deepEqual(await list(page, "soon"), CHANGED);
  assert.deepEqual(await list(page, "late"), START);
  connection.release();
  await settled();
  for (const shown of ["soon", "late"]) await eventually(shown, () => list(page, shown), CHANGED);
});

spec("the other list waits for the answer", "/instant", async ({ page, connection, settled, eventually }) => {
  connection.hold();
  await change(page, "late");
  assert.deepEqual(await list(page, "late"), START);
  connection.release();
  await settled();
  await eventually("the list", () => list(page, "late"), CHANGED);
});

spec("what the server refuses is undone, with the reason", "/instant", { clients: ["bennu"] }, async (session) => {
  const { page, connection, settled, see, gone, eventually } = session;
  connection.hold();
  await page.click('#soon [data-entry="2"] .tick');
  await page.click('#soon [data-entry="2"] .like');
  await page.click('#soon [data-entry="2"] .remove');
  assert.equal((await list(page, "soon")).length, 3);
  connection.release();
  await settled();
  await see("#flash-error p", /^The server refused/);
  await eventually("the list", () => list(page, "soon"), START);
  // The next success takes the reason away.
  await page.click('#soon [data-entry="0"] .like');
  await gone("#flash-error");
  await settled();
});

spec("predictions are undone when the connection is lost", "/instant", { clients: ["bennu"] }, async (session) => {
  const { page, connection, settled, eventually, allow, disconnected } = session;
  allow(DISCONNECTS);
  connection.hold();
  await change(page, "soon");
  connection.cut();
  await disconnected();
  await eventually("the list", () => list(page, "soon"), START);
  connection.release();
  connection.mend();
  await settled();
});

spec("the delay is the browser's, and ends with the page", "/instant", async (session) => {
  const { page, settled, eventually, goto } = session;
  assert.equal(await latency(page), null);
  await page.getByLabel("300 ms").check({ force: true });
  assert.equal(await latency(page), "300");
  await page.click('#late [data-entry="0"] .like');
  await page.locator('#late [data-entry="0"] .like.phx-click-loading').waitFor();
  await settled();
  await eventually("the like", async () => (await list(page, "late"))[0], CHANGED[0]);
  // The keyboard changes it too.
  await page.keyboard.press("Tab");
  await page.getByLabel("300 ms").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await latency(page), "1000");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await latency(page), null);
  await page.keyboard.press("ArrowRight");
  await page.click(".bar a[href='/counter']");
  await page.locator("#count").waitFor();
  await settled();
  assert.equal(await latency(page), null);
  // A page that is loaded anew in the same tab begins without it too.
  await goto("/instant");
  await page.getByLabel("300 ms").check({ force: true });
  await page.goto(new URL("/source/instant", page.url()).href);
  assert.equal(await latency(page), null);
});

spec("every click counts, however late the answers are", "/instant", { clients: ["bennu"] }, async (session) => {
  const { page, connection, settled, eventually } = session;
  connection.hold();
  for (const [clicks, isOn] of [[1, true], [1, false], [3, true]]) {
    for (let click = 0; click < clicks; click++) {
      await page.click('#soon [data-entry="0"] .like');
      await page.click('#soon [data-entry="3"] .tick');
    }
    const [first, , , last] = await list(page, "soon");
    assert.deepEqual([first, last], [["Feed the cat", false, isOn ? 13 : 12, isOn], ["Call an old friend", isOn, 7, false]]);
  }
  connection.release();
  await settled();
  for (const shown of ["soon", "late"]) {
    await eventually(shown, async () => (await list(page, shown))[0], ["Feed the cat", false, 13, true]);
    await eventually(shown, async () => (await list(page, shown))[3], ["Call an old friend", true, 7, false]);
  }
});

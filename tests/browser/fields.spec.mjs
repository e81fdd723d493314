// Fields in use while diffs arrive: what the user has in hand is the user's.

import assert from "node:assert/strict";

import { app, tick } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

const inHand = (page) =>
  page.evaluate(() => {
    const { id, value, selectionStart, selectionEnd } = document.activeElement;
    return [id, value, selectionStart, selectionEnd];
  });

for (const id of ["plain", "area"]) {
  spec(`text typed into #${id} stays while diffs arrive`, "/fields", async (session) => {
    const { page, seeValue, eventually } = session;
    await page.fill(`#${id}`, "typed");
    await page.evaluate((id) => document.getElementById(id).setSelectionRange(1, 3), id);
    await tick(session);
    await tick(session);
    assert.deepEqual(await inHand(page), [id, "typed", 1, 3]);
    // The rest of the element follows the server all the same.
    assert.equal(await page.getAttribute(`#${id}`, "title"), "tick 2");
    await page.keyboard.type("XY");
    assert.deepEqual(await inHand(page), [id, "tXYed", 3, 3]);

    // Out of hand it shows what the server says.
    await page.locator("#box").focus();
    await tick(session);
    await seeValue(`#${id}`, "server 3");
    await eventually("the title", () => page.getAttribute(`#${id}`, "title"), "tick 3");
  });
}

spec("text goes on being typed between diffs", "/fields", async (session) => {
  const { page, url } = session;
  await page.locator("#plain").focus();
  await page.keyboard.press("Control+a");
  for (const letter of "interleaved") {
    await page.keyboard.type(letter);
    await page.request.get(`${url}/tick`);
  }
  await session.see("#ticks", "11");
  assert.deepEqual(await inHand(page), ["plain", "interleaved", 11, 11]);
});

spec("a form's field keeps what is typed although the server has a word in it", "/fields", async (session) => {
  const { page, settled, see, seeValue } = session;
  await page.locator("#text").focus();
  await page.keyboard.type("ada");
  await see("#echo", "ADA false m");
  await settled();
  await tick(session);
  await seeValue("#text", "ada");
  await page.locator("#box").focus();
  await tick(session);
  await seeValue("#text", "ADA");
});

spec("a checkbox with the focus keeps what was chosen", "/fields", async (session) => {
  const { page, settled, see } = session;
  await page.locator("#agree").focus();
  await page.keyboard.press("Space");
  await see("#echo", "true m");
  await settled();
  await tick(session);
  assert.ok(await page.locator("#agree").isChecked());
  assert.equal(await page.evaluate(() => document.activeElement.id), "agree");
  await page.keyboard.press("Space");
  await see("#echo", "false m");
  await settled();
  await tick(session);
  assert.ok(!(await page.locator("#agree").isChecked()));
});

// Phoenix's client sets a box to what the server rendered whenever anything of it changes.
spec("a checkbox that the server doesn't know of is the user's", "/fields", { clients: ["bennu"] }, async (session) => {
  const { page } = session;
  await page.check("#box");
  await tick(session);
  assert.ok(await page.locator("#box").isChecked());
  await page.locator("#plain").focus();
  await tick(session);
  assert.ok(await page.locator("#box").isChecked());
});

spec("a select with the focus keeps its choice", "/fields", async (session) => {
  const { page, settled, see, seeValue } = session;
  await page.locator("#size").focus();
  await page.keyboard.press("ArrowDown");
  await see("#echo", "false l");
  await settled();
  await tick(session);
  await tick(session);
  await seeValue("#size", "l");
  assert.equal(await page.evaluate(() => document.activeElement.id), "size");
  await page.keyboard.press("ArrowUp");
  await see("#echo", "false m");
  await settled();
  await seeValue("#size", "m");
});

spec("choices made while an answer is under way are not taken back", "/fields", async (session) => {
  const { page, settled, see, seeValue, connection } = session;
  connection.hold();
  await page.selectOption("#size", "s");
  await page.check("#agree");
  await page.fill("#text", "x");
  await page.selectOption("#size", "l");
  connection.release();
  await settled();
  await see("#echo", "X true l");
  await seeValue("#size", "l");
  assert.ok(await page.locator("#agree").isChecked());
});

// Large texts in forms, and what a handler or a connection can't take.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

const OURS = { clients: ["bennu"] };

/** Puts a text into the field in one go, as a paste does, and sends the form if that is wanted. */
async function paste({ page }, text, count, submits = false) {
  const fill = ([text, count, submits]) => {
    const field = document.querySelector("#text");
    field.focus();
    field.value = text.repeat(count);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (submits) document.querySelector("#save").click();
  };
  await page.evaluate(fill, [text, count, submits]);
}

for (const [what, text, count] of [["kana", "か", 60_000], ["letters", "x", 700_000]]) {
  spec(`a large text of ${what} arrives, and so does its form`, "/large", async (session) => {
    const { see, settled, sent } = session;
    await paste(session, text, count);
    await see("#length", String(count));
    await settled();
    await paste(session, `${text}y`, count / 2, true);
    await see("#saved", "true");
    await see("#length", String(count));
    await settled();
    assert.equal(sent("phx_join").length, 1);
  });
}

spec("a text that is too large is held, its form says so, and all else goes on", "/large", OURS, async (session) => {
  const { page, see, settled, sent, allow } = session;
  allow(/#note was to send more than \d+ bytes \[message\.too-large\]/);
  await page.evaluate(() => {
    window.told = [];
    window.addEventListener("phx:live-view:diagnostic", ({ detail }) => window.told.push(detail.code));
  });
  await paste(session, "x", 3_000_000);
  await page.locator("#note.phx-too-large").waitFor();
  const field = page.locator("#text");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.equal(await field.evaluate((field) => field.validationMessage), "Too much text.");
  // Trying to send it does no harm either.
  await page.click("#save");
  await page.fill("#word", "beside");
  await see("#said", "beside");
  await page.click("#add");
  await see("#count", "1");
  await settled();
  assert.equal(sent("phx_join").length, 1);
  assert.deepEqual(await page.evaluate(() => window.told), ["message.too-large"]);
  assert.equal(await field.evaluate(({ value }) => value.length), 3_000_000);

  await paste(session, "x", 10);
  await see("#length", "10");
  await settled();
  assert.equal(await page.locator("#note").getAttribute("class"), "");
  await page.click("#save");
  await see("#saved", "true");
});

spec("what makes a handler panic is not sent again, and stays in its field", "/large", OURS, async (session) => {
  const { page, see, settled, sent } = session;
  await page.fill("#lit", "boom");
  await session.eventually("another join", () => sent("phx_join").length, 2);
  await settled();
  await page.click("#add");
  await see("#count", "1");
  await settled();
  assert.equal(sent("phx_join").length, 2);
  assert.equal(await page.inputValue("#lit"), "boom");
  await page.fill("#lit", "fizz");
  await see("#burnt", "fizz");
});

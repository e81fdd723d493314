// What waits for an answer: how it looks, and that nothing older than what the user did shows up.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

/** Notes what an element says each time that another one changes. */
const watch = (page, changing, noted) =>
  page.evaluate(
    ([changing, noted]) => {
      window.notes = [];
      const note = () => notes.push(document.querySelector(noted).textContent);
      const options = { childList: true, characterData: true, subtree: true };
      new MutationObserver(note).observe(document.querySelector(changing), options);
    },
    [changing, noted],
  );
const notes = (page) => page.evaluate(() => window.notes);

spec("what changes in a button that waits is shown with the answer", "/locks", async (session) => {
  const { page, see, settled, connection, url } = session;
  await watch(page, "#ticks", "#button");
  await connection.hold();
  await page.request.get(`${url}/tick`);
  await page.click("#button");
  await connection.release();
  await see("#button", "1 and 1more");
  await settled();
  assert.deepEqual(await notes(page), ["0 and 0"]);
  assert.equal(await page.locator("#button").getAttribute("data-ticks"), "1");
  await page.request.get(`${url}/tick`);
  await see("#button", "2 and 1more");
});

spec("a form shows no answer to what is no longer in it", "/locks", async (session) => {
  const { page, see, seeValue, settled, connection } = session;
  await watch(page, "#echo", "#echo");
  await connection.hold();
  await page.locator("#field").pressSequentially("abc");
  await connection.release();
  await see("#text", "abc");
  await settled();
  await see("#echo", "abc");
  await seeValue("#field", "abc");
  assert.deepEqual(await notes(page), ["abc"]);
});

spec("a submitted form is read-only and disabled until the answer", "/locks", async (session) => {
  const { page, see, settled, connection } = session;
  const state = () =>
    page.evaluate(() => {
      const find = (id) => document.getElementById(id);
      return [
        find("field").readOnly,
        find("given").readOnly,
        find("save").disabled,
        find("never").disabled,
        find("save").textContent,
        find("form").classList.contains("phx-submit-loading"),
        find("save").classList.contains("phx-submit-loading"),
      ];
    });
  const before = await state();
  assert.deepEqual(before, [false, true, false, true, "Save 0", false, false]);
  await page.fill("#field", "text");
  await see("#text", "text");
  await settled();
  await connection.hold();
  await page.click("#save");
  assert.deepEqual(await state(), [true, true, true, true, "Saving…", true, true]);
  await connection.release();
  await see("#text", "text!");
  await settled();
  assert.deepEqual(await state(), before);
});

spec("the page hears of a push and of its answer, and may lock more", "/locks", async (session) => {
  const { page, see, settled, connection, url } = session;
  await page.evaluate(() => {
    window.calls = [];
    const button = document.querySelector("#button");
    addEventListener("phx:push", ({ target, detail }) => calls.push(`push ${target.id} ${detail.event} ${detail.eventType}`));
    addEventListener("phx:push:click", async ({ detail }) => {
      calls.push(`push:click ${detail.event}`);
      button.addEventListener(`phx:undo-loading:${detail.ref}`, () => calls.push("undo loading"));
      button.addEventListener(`phx:undo-lock:${detail.ref}`, () => calls.push("undo lock"));
      await detail.lock(document.querySelector("#other"));
      calls.push("free");
    });
  });
  await watch(page, "#ticks", "#other");
  await connection.hold();
  await page.request.get(`${url}/tick`);
  await page.click("#button");
  await connection.release();
  await see("#other", "1");
  await settled();
  assert.deepEqual(await notes(page), ["0"]);
  const calls = await page.evaluate(() => window.calls);
  assert.deepEqual(calls.sort(), ["free", "push button click click", "push:click click", "undo loading", "undo lock"]);
});

spec("a button that waits takes no second click, and shows it", "/locks", async (session) => {
  const { page, settled, sent, connection, client } = session;
  connection.hold();
  await page.dblclick("#button");
  // Another button does, and its answer comes in its turn.
  await page.click("#other");
  assert.equal(await page.locator(".phx-click-loading").count(), 2);
  if (client === "bennu") assert.equal(await page.locator("#button.phx-click-refused").count(), 1);
  connection.release();
  await settled();
  assert.equal(await page.locator(".phx-click-loading,.phx-click-refused").count(), 0);
  assert.equal(sent("event").length, 2);
});

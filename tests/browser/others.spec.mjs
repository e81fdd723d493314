// What the browser and scripts set stays: at the join, and when a newer server has
// another template.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

/** Opens all that opens, and does what a custom element does. */
async function open(page) {
  await page.click("#details summary");
  await page.evaluate(() => {
    const box = document.querySelector("#box");
    box.classList.add("hydrated");
    box.setAttribute("role", "img");
    box.append(document.createElement("canvas"));
  });
  await page.click("#show");
  await page.evaluate(() => document.querySelector("#popover").showPopover());
  await page.fill("#text", "typed");
}

const state = (page) =>
  page.evaluate(() => {
    const box = document.querySelector("#box");
    return {
      isModal: document.querySelector("#box-dialog").matches(":modal[open]"),
      isOpen: document.querySelector("#details").open,
      isOver: document.querySelector("#popover").matches(":popover-open"),
      text: document.querySelector("#text").value,
      box: `${box.className} ${box.role} ${box.innerHTML}`,
    };
  });

const OPEN = { isModal: true, isOpen: true, isOver: true, text: "typed", box: "box hydrated img <canvas></canvas>" };

// Phoenix's client keeps none of it.
const OURS = { clients: ["bennu"], allow: DISCONNECTS };

spec("what was opened before the join stays open", null, OURS, async ({ page, url, connection, settled, see }) => {
  connection.hold();
  await page.goto(`${url}/others`);
  await open(page);
  assert.deepEqual(await state(page), OPEN);
  connection.release();
  await settled();
  assert.deepEqual(await state(page), OPEN);
  await page.click("#add");
  await see("#count", "1");
  // The browser ends what is over the page at a click beside it.
  assert.deepEqual(await state(page), { ...OPEN, isOver: false });
});

spec("what the page's own scripts did before it connected stays", null, OURS, async ({ page, goto, see }) => {
  await page.addInitScript(() => {
    const draw = (element) => element.append(document.createElement("canvas"));
    // While the page is parsed, and when it is: before the client runs, and after.
    customElements.define("own-box", class extends HTMLElement { connectedCallback() { draw(this); } });
    window.addEventListener("DOMContentLoaded", () => {
      const box = document.querySelector("#box");
      box.classList.add("hydrated");
      box.setAttribute("role", "img");
      document.querySelector("#details").open = true;
    });
  });
  await goto("/others");
  await page.click("#show");
  await page.click("#add");
  await see("#count", "1");
  const { isOpen, box } = await state(page);
  assert.deepEqual([isOpen, box], [true, OPEN.box]);
});

spec("what is open stays open when a newer server takes over", "/others", OURS, async (session) => {
  const { page, url, server, settled, see } = session;
  await open(page);
  await page.request.get(`${url}/deploy`);
  await server.stop();
  await server.start();
  await see("#version", "new");
  await settled();
  assert.deepEqual(await state(page), OPEN);
  await page.click("#add");
  await see("#count", "1");
  await page.keyboard.press("Escape");
  await session.eventually("the popover", async () => (await state(page)).isOver, false);
  await page.keyboard.press("Escape");
  await session.eventually("the dialog", async () => (await state(page)).isModal, false);
});

// A board of cards: by mouse, by keyboard, in two browsers, and renamed while it moves.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const cards = (page, lane) =>
  page.locator(`#lane-${lane} > li`).evaluateAll((list) => list.map((card) => card.querySelector(".title")?.textContent));

/** A card of this spec's own at the end of the first lane; the board is shared by the file. */
async function add({ page, client, settled }, title) {
  const name = `${title} ${client}`;
  await page.fill("#new-card", name);
  await page.press("#new-card", "Enter");
  const card = page.locator(`li.item:has-text("${name}")`);
  await card.waitFor();
  await settled();
  return { name, id: await card.getAttribute("data-card") };
}

spec("a card is dragged to another lane, and other browsers follow", "/kanban", async (session) => {
  const { page, visitor, settled, eventually } = session;
  const { id, name } = await add(session, "drag");
  const other = await visitor("/kanban");
  await page.dragAndDrop(`#card-${id}`, "#lane-work", { sourcePosition: { x: 4, y: 4 } });
  await eventually("the lane", async () => (await cards(page, "work")).includes(name), true);
  await settled();
  await eventually("the other's lane", async () => (await cards(other, "work")).includes(name), true);
  assert.ok(!(await cards(page, "plan")).includes(name));
  // On another card it goes before that one.
  const { id: second, name: secondName } = await add(session, "second");
  await page.dragAndDrop(`#card-${second}`, `#card-${id}`, { sourcePosition: { x: 4, y: 4 } });
  await eventually("the lane", async () => {
    const shown = await cards(page, "work");
    return shown.indexOf(secondName) === shown.indexOf(name) - 1;
  }, true);
  await settled();
});

// Its driver can't drag: what WebKit asks of a drag is here.
spec("a card that is dragged has data", "/kanban", { also: ["firefox", "webkit"] }, async (session) => {
  const { id } = await add(session, "data");
  const data = await session.page.evaluate((id) => {
    const dataTransfer = new DataTransfer();
    document.querySelector(`#card-${id}`).dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer }));
    return dataTransfer.getData("text/plain");
  }, id);
  assert.equal(data, id);
});

spec("a move is shown before it is answered", "/kanban", { clients: ["bennu"] }, async (session) => {
  const { page, connection, settled, eventually } = session;
  const { id, name } = await add(session, "soon");
  const isThere = async () => (await cards(page, "done")).includes(name);
  connection.hold();
  await page.dragAndDrop(`#card-${id}`, "#lane-done", { sourcePosition: { x: 4, y: 4 } });
  // The browser tells the page of a drop in its own time; no answer comes meanwhile.
  await eventually("the lane", isThere, true);
  connection.release();
  await settled();
  assert.ok(await isThere());
});

spec("the keyboard moves a card through the lanes and up", "/kanban", async (session) => {
  const { page, settled, eventually } = session;
  const { id, name } = await add(session, "keys");
  await page.locator(`#up-${id}`).focus();
  const before = (await cards(page, "plan")).indexOf(name);
  await page.keyboard.press("Enter");
  await eventually("the place", async () => (await cards(page, "plan")).indexOf(name), before - 1);
  await settled();
  await page.locator(`#right-${id}`).focus();
  await page.keyboard.press("Enter");
  await eventually("the lane", async () => (await cards(page, "work")).includes(name), true);
  await settled();
  await page.locator(`#left-${id}`).focus();
  await page.keyboard.press("Enter");
  await eventually("the lane", async () => (await cards(page, "plan")).includes(name), true);
  await settled();
});

spec("a card that is renamed keeps its form while another moves it", "/kanban", async (session) => {
  const { page, client, visitor, seeValue, settled, eventually } = session;
  const { id } = await add(session, "name");
  const other = await visitor("/kanban");
  await page.click(`#edit-${id}`);
  await seeValue(`#title-${id}`, `name ${client}`);
  await settled();
  await page.fill(`#title-${id}`, `renamed ${client}`);
  await other.click(`#right-${id}`);
  await page.locator(`#lane-work #card-${id}`).waitFor();
  await seeValue(`#title-${id}`, `renamed ${client}`);
  await page.press(`#title-${id}`, "Enter");
  await eventually("the title", async () => (await cards(other, "work")).includes(`renamed ${client}`), true);
  await settled();
});

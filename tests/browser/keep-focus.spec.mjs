// Where the keyboard's focus goes when what has it goes, on each page with a list.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const focused = (page) =>
  page.evaluate(() => {
    const { id, ariaLabel, textContent } = document.activeElement;
    return id || ariaLabel || textContent.trim();
  });

async function press(session, selector, key = "Enter") {
  await session.page.locator(selector).focus();
  await session.page.keyboard.press(key);
  await session.settled();
}

spec("a card keeps it over lanes and down, and gives it to the next when it goes", "/kanban", async (session) => {
  const { page, client, settled, eventually } = session;
  const ids = [];
  for (const title of ["one", "two"]) {
    await page.fill("#new-card", `focus ${title} ${client}`);
    await page.press("#new-card", "Enter");
    const card = page.locator(`li.item:has-text("focus ${title} ${client}")`);
    await card.waitFor();
    await settled();
    ids.push((await card.getAttribute("id")).slice("card-".length));
  }
  const [one, two] = ids;
  const order = () => page.locator("#lane-plan > li").evaluateAll((cards) => cards.map(({ id }) => id).slice(-2));
  await press(session, `#down-${one}`);
  await eventually("the order", order, [`card-${two}`, `card-${one}`]);
  // At the end there is no further down.
  await eventually("the focus", () => focused(page), `up-${one}`);
  await press(session, `#right-${two}`);
  await page.locator(`#lane-work #card-${two}`).waitFor();
  await eventually("the focus", () => focused(page), `right-${two}`);
  await page.keyboard.press("Enter");
  await page.locator(`#lane-done #card-${two}`).waitFor();
  await settled();
  // The last lane: it stays with the card.
  await eventually("the focus", () => page.evaluate(() => document.activeElement.closest("li")?.id), `card-${two}`);
  await press(session, `#card-${two} [aria-label^=Delete]`);
  await page.locator(`#card-${two}`).waitFor({ state: "detached" });
  await eventually("the focus", async () => (await focused(page)).startsWith("Delete"), true);
});

spec("to-dos that are deleted give it to the next, the last one to the field", "/todo", { also: ["firefox"] }, async (session) => {
  const { page, settled, eventually } = session;
  for (const title of ["first", "second"]) {
    await page.fill("#new-todo", title);
    await page.press("#new-todo", "Enter");
    await page.locator(`.todo:has-text("${title}")`).waitFor();
    await settled();
  }
  await press(session, ".todo:first-child [aria-label^=Delete]");
  await page.locator(".todo").nth(1).waitFor({ state: "detached" });
  await eventually("the focus", async () => (await focused(page)).startsWith("Delete"), true);
  await page.keyboard.press("Enter");
  await page.locator(".todo").waitFor({ state: "detached" });
  await eventually("the focus", () => focused(page), "new-todo");
  await settled();
});

spec("an invoice's line that goes gives it to the next, the last one to the button that adds", "/invoice", async (session) => {
  const { page, settled, eventually } = session;
  await page.click("text=Add a line");
  await page.locator("#lines > li").nth(1).waitFor();
  await settled();
  await press(session, "[aria-label='Remove line 1']");
  await page.locator("#lines > li").nth(1).waitFor({ state: "detached" });
  await eventually("the focus", () => focused(page), "Remove line 1");
  await page.keyboard.press("Enter");
  await page.locator("#lines > li").waitFor({ state: "detached" });
  await eventually("the focus", () => focused(page), "Add a line");
  await settled();
});

spec("a page whose list changes elsewhere leaves the focus where the visitor put it", "/instant", async (session) => {
  const { page, settled } = session;
  await page.locator('#soon [data-entry="1"] .remove').focus();
  await page.locator("#restart").focus();
  await page.evaluate(() => document.querySelector('#late [data-entry="1"] .remove').click());
  await page.locator('#soon [data-entry="1"]').waitFor({ state: "detached" });
  await settled();
  assert.equal(await focused(page), "restart");
  await page.keyboard.press("Enter");
  await page.locator('#soon [data-entry="1"]').waitFor();
  await settled();
});

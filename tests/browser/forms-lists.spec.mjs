// Lists in a form: entries are added, moved and removed, and stay what they are.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const titles = (page) => () => page.locator("#lines > li > .field input[name$='[title]']").evaluateAll((fields) => fields.map(({ value }) => value));
const button = (page, name) => page.getByRole("button", { name, exact: true });

/** Adds lines with these titles. */
async function add({ page, settled, eventually }, ...names) {
  for (const name of names) {
    const before = (await titles(page)()).length;
    await button(page, "Add a line").click();
    await eventually("the lines", async () => (await titles(page)()).length, before + 1);
    await page.locator("#lines > li").last().locator("input[name$='[title]']").fill(name);
    await settled();
  }
}

spec("entries are added, moved and removed", "/forms", async (session) => {
  const { page, eventually, settled } = session;
  await add(session, "a", "b", "c");
  await button(page, "Move line 3 up").click();
  await eventually("the lines", titles(page), ["a", "c", "b"]);
  await settled();
  await button(page, "Move line 1 down").click();
  await eventually("the lines", titles(page), ["c", "a", "b"]);
  await settled();
  // There and back with the same boxes.
  await button(page, "Move line 1 down").click();
  await eventually("the lines", titles(page), ["a", "c", "b"]);
  await settled();
  await button(page, "Remove line 1").click();
  await eventually("the lines", titles(page), ["c", "b"]);
  await settled();
  await add(session, "d");
  await eventually("the lines", titles(page), ["c", "b", "d"]);
});

spec("a second click before the answer takes no button's first one back", "/forms", async (session) => {
  const { page, eventually, settled } = session;
  const twice = async (name, lines) => {
    await button(page, name).evaluate((button) => [1, 2].forEach(() => button.click()));
    await eventually(`the lines after "${name}"`, titles(page), lines);
    await settled();
    assert.deepEqual(await titles(page)(), lines);
  };
  await add(session, "a", "b", "c");
  await twice("Move line 1 down", ["b", "a", "c"]);
  await twice("Move line 3 up", ["b", "c", "a"]);
  await twice("Remove line 2", ["b", "a"]);
  await twice("Add a line", ["b", "a", ""]);
});

spec("an entry that moves keeps its elements and what is typed in them", "/forms", async (session) => {
  const { page, eventually, settled } = session;
  await add(session, "a", "b");
  const name = await page.locator("#lines > li").first().locator("input[name$='[title]']").getAttribute("name");
  await page.evaluate(() => document.querySelector("#lines > li").classList.add("mine"));
  await page.locator("#lines > li").first().locator("input[name$='[count]']").fill("x");
  await button(page, "Move line 1 down").click();
  await eventually("the lines", titles(page), ["b", "a"]);
  await settled();
  const last = page.locator("#lines > li").last();
  assert.equal(await last.locator("input[name$='[title]']").getAttribute("name"), name);
  assert.equal(await last.locator("input[name$='[count]']").inputValue(), "x");
  // Its error came along.
  assert.match(await last.locator(".errors").nth(1).textContent(), /whole number/);
});

// Phoenix's client gives the focus back to fields only.
spec("by keyboard the focus stays on the button that moves", "/forms", { clients: ["bennu"] }, async (session) => {
  const { page, eventually, settled } = session;
  await add(session, "a", "b", "c");
  await button(page, "Move line 3 up").focus();
  await page.keyboard.press("Enter");
  await eventually("the lines", titles(page), ["a", "c", "b"]);
  await settled();
  await page.keyboard.press("Space");
  await eventually("the lines", titles(page), ["c", "a", "b"]);
  await settled();
  const label = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await eventually("the focus", label, "Move line 1 up");
  // The first one moves no further, and nothing is sent.
  const sent = session.sent("event").length;
  await page.keyboard.press("Enter");
  await settled();
  assert.equal(session.sent("event").length, sent);
  assert.equal(await page.locator("*:focus").getAttribute("aria-disabled"), "true");
});

spec("what is asked for stays asked for while one types on", "/forms", async (session) => {
  const { page, eventually, settled, connection, sent } = session;
  await add(session, "a", "b");
  const before = sent("event").length;
  connection.hold();
  await button(page, "Remove line 1").click();
  await button(page, "Add a line").click();
  await page.fill("#order_name", "Ada");
  await eventually("what was sent", () => sent("event").length > before, true);
  connection.release();
  await eventually("the lines", titles(page), ["b", ""]);
  await settled();
  await eventually("the lines", titles(page), ["b", ""]);
  assert.equal(await page.inputValue("#order_name"), "Ada");
});

spec("a new entry shows no errors before one came to it", "/forms", async (session) => {
  const { page, settled, eventually, see } = session;
  await add(session, "a");
  await page.click("#save");
  await settled();
  const errors = () => page.locator("#lines > li").last().locator(":scope > .field .errors").allTextContents();
  await eventually("errors", errors, ["", "is required"]);
  await button(page, "Add a line").click();
  await eventually("the lines", titles(page), ["a", ""]);
  await settled();
  await eventually("errors", errors, ["", ""]);
  await page.fill("#order_name", "Ada");
  await settled();
  await eventually("errors", errors, ["", ""]);
  await page.click("#save");
  await eventually("errors", errors, ["", "is required"]);
  await see("#saved", "");
});

spec("lists stand in lists, and are saved in their order", "/forms", async (session) => {
  const { page, settled, eventually, see } = session;
  await add(session, "a", "b");
  const notes = (line) => page.locator("#lines > li").nth(line).locator("li input:visible");
  await button(page, "Add a note to line 2").click();
  await eventually("notes", () => notes(1).count(), 1);
  await settled();
  await notes(1).first().fill("x");
  await settled();
  await button(page, "Add a note to line 2").click();
  await eventually("notes", () => notes(1).count(), 2);
  await settled();
  await notes(1).last().fill("y");
  await settled();
  await button(page, "Move line 2 up").click();
  await eventually("the lines", titles(page), ["b", "a"]);
  await settled();
  await button(page, "Remove note 1 of line 1").click();
  await eventually("notes", () => notes(0).count(), 1);
  await settled();
  for (const count of await page.locator("input[name$='[count]']").all()) await count.fill("2");
  await page.fill("#order_name", "Ada");
  await page.fill("#order_delivery_street", "Nile");
  await page.fill("#order_delivery_zip", "7");
  await page.fill("#order_delivery_day", "2026-02-03");
  await page.getByLabel("Large").check();
  await page.click("#save");
  await see("#saved", 'Nile 7 Large - 2026-02-03 [] [] false "" b×2(y), a×2()');
});

spec("an error of the list stays once its buttons were pressed", "/forms", { allow: DISCONNECTS }, async (session) => {
  const { page, settled, eventually, see, gone, connection, disconnected } = session;
  const notice = "must not be empty";
  // The rule runs once all fields parse; its error doesn't show before the list is used.
  await page.fill("#order_name", "Ada");
  await page.fill("#order_delivery_street", "Nile");
  await page.fill("#order_delivery_zip", "7");
  await page.fill("#order_delivery_day", "2026-02-03");
  await page.getByLabel("Large").check();
  await settled();
  await gone("#lines-error");
  await button(page, "Add a line").click();
  await eventually("the lines", titles(page), [""]);
  await settled();
  await button(page, "Remove line 1").click();
  await see("#lines-error", notice);
  await settled();
  await page.fill("#order_name", "Bea");
  await settled();
  await see("#lines-error", notice);
  // The view is mounted anew, and hears of the form from the page.
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  await see("#changes", "1");
  await see("#lines-error", notice);
});

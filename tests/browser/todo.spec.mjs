// The to-do list: what one does with it, the filters in the URL, several tabs, the keyboard.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const row = (title) => `#todos li:has(:text-is("${title}"))`;
const titles = (page) => () => page.locator("#todos li span").allTextContents();

/** The specs share the server's list: each begins with one that is its own. */
async function startWith({ page, settled, see }, ...entries) {
  for (let left = await page.locator("#todos li").count(); left > 0; left--) {
    await page.click("#todos li [aria-label^=Delete] >> nth=0");
    await settled();
  }
  for (const title of entries) await add(page, see, title);
  await settled();
}

async function add(page, see, title) {
  await page.fill("#new-todo", title);
  await page.press("#new-todo", "Enter");
  await page.locator(row(title)).waitFor();
}

spec("to-dos are added, ticked and deleted", "/todo", async (session) => {
  const { page, client, see, settled, eventually, seeValue } = session;
  await startWith(session);
  await see("#todos + .empty", "Nothing to do. Add something above.");
  await see("#left", "0 things left");

  await page.fill("#new-todo", "tea");
  await page.click("text=Add");
  await eventually("the list", titles(page), ["tea"]);
  await see("#left", "1 thing left");
  // Phoenix's client leaves what was taken in a field with the focus.
  if (client === "bennu") await seeValue("#new-todo", "");
  await add(page, see, "cake");
  await eventually("the list", titles(page), ["tea", "cake"]);
  // The field keeps the focus: the next one can be typed at once.
  assert.equal(await page.evaluate(() => document.activeElement.id), "new-todo");

  await page.check(`${row("tea")} input`);
  await see("#left", "1 thing left");
  await settled();
  assert.ok(await page.locator(`${row("tea")} input`).isChecked());
  assert.ok(!(await page.locator(`${row("cake")} input`).isChecked()));
  await page.uncheck(`${row("tea")} input`);
  await see("#left", "2 things left");

  await page.click(`${row("tea")} [aria-label="Delete tea"]`);
  await eventually("the list", titles(page), ["cake"]);
});

spec("ticks change one row among others", "/todo", async (session) => {
  const { page, see, settled, eventually } = session;
  // An entry of the list is a single nested template: a change of it is no new entry.
  await startWith(session, "one", "two", "three");
  await page.evaluate(() => document.querySelectorAll("#todos li").forEach((li) => (li.knownAs = li.id)));
  for (const title of ["two", "one"]) {
    await page.check(`${row(title)} input`);
    await settled();
  }
  await see("#left", "1 thing left");
  await eventually("the list", titles(page), ["one", "two", "three"]);
  const ticked = await page.locator("#todos input").evaluateAll((all) => all.map((box) => box.checked));
  assert.deepEqual(ticked, [true, true, false]);
  const kept = await page.evaluate(() =>
    [...document.querySelectorAll("#todos li")].every((li) => li.knownAs === li.id),
  );
  assert.ok(kept, "rows keep their nodes");

  await page.click("#clear-done");
  await eventually("the list", titles(page), ["three"]);
  await settled();
  assert.ok(await page.locator("#clear-done").isDisabled());
});

spec("a title without anything in it is refused, and stays", "/todo", async (session) => {
  const { page, see, settled, seeValue, eventually } = session;
  await startWith(session, "tea");
  await page.fill("#new-todo", "   ");
  await page.click("text=Add");
  await see("#new-todo-error", /./);
  await settled();
  assert.equal(await page.getAttribute("#new-todo", "aria-invalid"), "true");
  await seeValue("#new-todo", "   ");
  await eventually("the list", titles(page), ["tea"]);
  await add(page, see, "cake");
  await see("#new-todo-error", "");
});

spec("markup in a title is text", "/todo", async (session) => {
  const { page, see, eventually } = session;
  const title = `<b>&amp; "it's"</b>`;
  await startWith(session);
  await page.fill("#new-todo", title);
  await page.press("#new-todo", "Enter");
  await eventually("the list", titles(page), [title]);
  await page.click("#todos button >> nth=0");
  await page.locator("#todos input[type=text]").waitFor();
  assert.equal(await page.inputValue("#todos input[type=text]"), title);
  await page.keyboard.press("Escape");
  await eventually("the list", titles(page), [title]);
  await see("#left", "1 thing left");
});

spec("a title is edited in place", "/todo", { also: ["firefox"] }, async (session) => {
  const { page, settled, see, eventually, gone } = session;
  await startWith(session, "one", "two", "three");
  await page.click('[aria-label="Edit two"]');
  const field = page.locator("#todos input[type=text]");
  await field.waitFor();
  await settled();
  // It comes with the focus and its text selected.
  await eventually("the focus", () => page.evaluate(() => document.activeElement.name), "title");
  await eventually("what is selected", () => page.evaluate(() => getSelection().toString()), "two");
  await page.keyboard.type("zwei");
  await page.keyboard.press("Enter");
  await eventually("the list", titles(page), ["one", "zwei", "three"]);
  await gone("#todos input[type=text]");
  await settled();
  await eventually("the focus", () => page.evaluate(() => document.activeElement.getAttribute("aria-label")), "Edit zwei");

  await page.keyboard.press("Enter");
  await field.waitFor();
  await page.keyboard.type("not this");
  await page.keyboard.press("Escape");
  await eventually("the list", titles(page), ["one", "zwei", "three"]);

  await page.click('[aria-label="Edit zwei"]');
  await field.fill(" ");
  await page.keyboard.press("Enter");
  await see("#todos .error", /./);
  await field.fill("deux");
  await page.click("#todos button:text-is('Save')");
  await eventually("the list", titles(page), ["one", "deux", "three"]);
});

spec("filters are in the URL, with back, forward and reload", "/todo", { also: ["firefox"] }, async (session) => {
  const { page, settled, eventually, back, forward, goto, see } = session;
  await startWith(session, "tea", "cake", "jam");
  await page.evaluate(() => void (window.isSameDocument = true));
  await page.check(`${row("cake")} input`);
  await see("#left", "2 things left");
  await settled();

  const filter = (name) => `#filters a:has-text("${name}")`;
  const search = () => new URL(page.url()).search;
  await page.click(filter("Active"));
  await eventually("the list", titles(page), ["tea", "jam"]);
  assert.equal(search(), "?show=active");
  await settled();
  await page.click(filter("Done"));
  await eventually("the list", titles(page), ["cake"]);
  assert.equal(search(), "?show=done");
  await see("#filters [aria-current=page]", "Done 1");
  await settled();

  await back();
  await eventually("the list", titles(page), ["tea", "jam"]);
  assert.equal(search(), "?show=active");
  await back();
  await eventually("the list", titles(page), ["tea", "cake", "jam"]);
  await forward();
  await forward();
  await eventually("the list", titles(page), ["cake"]);
  assert.ok(await page.evaluate(() => window.isSameDocument));

  // What is no longer what the filter shows leaves the list.
  // A click, for there may be no box any more to look at after it.
  await page.click(`${row("cake")} input`);
  await eventually("the list", titles(page), []);
  await see("#todos + .empty", "Nothing is done yet.");
  await settled();

  await goto("/todo?show=active");
  await eventually("the list", titles(page), ["tea", "cake", "jam"]);
  await see("#filters [aria-current=page]", "Active 3");
});

spec("a filter that doesn't exist is no page", null, { clients: ["bennu"] }, async ({ page, url }) => {
  const response = await page.request.get(`${url}/todo?show=nothing`);
  assert.equal(response.status(), 400);
});

spec("tabs stay in step", "/todo", async (session) => {
  const { page, see, tab, visitor, eventually, gone } = session;
  await startWith(session, "tea");
  const second = await tab("/todo");
  const stranger = await visitor("/todo?show=active");
  await eventually("the list", titles(second), ["tea"]);

  await add(page, see, "cake");
  await eventually("the list", titles(second), ["tea", "cake"]);
  await eventually("the list", titles(stranger), ["tea", "cake"]);

  await second.check(`${row("tea")} input`);
  await eventually("the tick", () => page.locator(`${row("tea")} input`).isChecked(), true);
  // Each tab has a filter of its own.
  await eventually("the list", titles(stranger), ["cake"]);

  await stranger.click('[aria-label="Delete cake"]');
  await eventually("the list", titles(page), ["tea"]);
  await eventually("the list", titles(second), ["tea"]);

  // Somebody else's change takes nothing from what is being typed.
  await page.click('[aria-label="Edit tea"]');
  await page.locator("#todos input[type=text]").fill("tea, gre");
  await add(second, see, "jam");
  await page.locator(row("jam")).waitFor();
  await page.keyboard.type("en");
  await page.keyboard.press("Enter");
  await gone("#todos input[type=text]");
  await eventually("the list", titles(second), ["tea, green", "jam"]);
});

spec("a half-typed to-do survives what others do", "/todo", async (session) => {
  const { page, see, tab, seeValue } = session;
  await startWith(session);
  const second = await tab("/todo");
  await page.fill("#new-todo", "half");
  await page.evaluate(() => document.activeElement.setSelectionRange(1, 3));
  await add(second, see, "theirs");
  await page.locator(row("theirs")).waitFor();
  await seeValue("#new-todo", "half");
  const caret = await page.evaluate(() => {
    const { id, selectionStart, selectionEnd } = document.activeElement;
    return [id, selectionStart, selectionEnd];
  });
  assert.deepEqual(caret, ["new-todo", 1, 3]);
});

spec("the keyboard is enough", "/todo", async (session) => {
  const { page, settled, see, eventually } = session;
  await startWith(session);
  await page.locator("#new-todo").focus();
  await page.keyboard.type("tea");
  await page.keyboard.press("Enter");
  await eventually("the list", titles(page), ["tea"]);
  await settled();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await see("#left", "0 things left");
  await settled();
  assert.ok(await page.locator("#todos input").isChecked());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("#todos input[type=text]").waitFor();
  await settled();
  await page.keyboard.type("green tea");
  await page.keyboard.press("Enter");
  await eventually("the list", titles(page), ["green tea"]);
  await settled();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await eventually("the list", titles(page), []);
});

spec("fields have labels, and rows say what their buttons do", "/todo", async (session) => {
  const { page, see, settled } = session;
  await startWith(session, "tea");
  await page.getByLabel("New to-do").fill("x");
  await page.getByRole("checkbox", { name: "tea" }).check();
  await see("#left", "0 things left");
  await settled();
  await page.getByRole("button", { name: "Edit tea" }).click();
  await page.getByLabel("Title").waitFor();
});

spec("what a browser remembers of ticks over a reload is no tick of another row", "/todo", { clients: ["bennu"], also: ["firefox"] }, async (session) => {
  const { page, settled, eventually } = session;
  await startWith(session, "A", "B", "C");
  await page.check(`${row("B")} input`);
  await settled();
  await page.click(`${row("A")} [aria-label="Delete A"]`);
  await settled();
  await page.reload();
  await settled();
  const ticks = () => page.locator("#todos input[type=checkbox]").evaluateAll((boxes) => boxes.map(({ checked }) => checked));
  await eventually("the ticks", ticks, [true, false]);
});

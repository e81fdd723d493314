// What a person typed or chose is kept by meaning, and given up when the server took it.

import assert from "node:assert/strict";

import { app, tick } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);
const ours = { clients: ["bennu"] };

const isFocused = (page, selector) => page.evaluate((selector) => document.activeElement === document.querySelector(selector), selector);
const chosen = (page, selector) => page.evaluate((selector) => document.querySelector(selector).selectedOptions[0].textContent, selector);

for (const [form, select, label] of [["choose", "#who", "Ms "], ["pick", "#chosen_whom", ""]]) {
  spec(`a choice in #${form} stays with its value when others come in front`, "/kept", ours, async (session) => {
    const { page, settled, see, eventually } = session;
    await page.locator(select).focus();
    await tick(session);
    await page.selectOption(select, { label: `${label}bea` });
    await see("#chosen-one", "bea");
    await page.selectOption(select, { label: `${label}cyd` });
    await see("#chosen-one", "cyd");
    await settled();
    // With the focus and without.
    await tick(session);
    await eventually("the choice", () => chosen(page, select), `${label}cyd`);
    await page.locator("#q").focus();
    await tick(session);
    await eventually("the choice", () => chosen(page, select), `${label}cyd`);
    const pairs = await page.locator(`${select} option`).evaluateAll((options) => options.map(({ value, text }) => text.endsWith(value)));
    assert.ok(pairs.every(Boolean));
  });
}

spec("a button among several stays with its value", "/kept", ours, async (session) => {
  const { page, settled, see } = session;
  await page.getByLabel("cyd", { exact: true }).check();
  await see("#chosen-one", "cyd");
  await settled();
  await tick(session);
  assert.equal(await page.locator("#tick :checked").inputValue(), "cyd");
});

spec("a form that was taken is empty, and keeps the focus", "/kept", ours, async ({ page, settled, see, seeValue }) => {
  await page.locator("#answer").focus();
  for (const answer of ["red", "blue"]) {
    await page.keyboard.type(answer);
    await page.keyboard.press("Enter");
    await settled();
    await seeValue("#answer", "");
    assert.ok(await isFocused(page, "#answer"));
  }
  await see("#answers", "red blue");
});

spec("what was said is gone from its field, what was refused stays", "/kept", ours, async ({ page, settled, see, seeValue }) => {
  await page.fill("#say", "one");
  await page.press("#say", "Enter");
  await see("#said", "one");
  await seeValue("#say", "");
  await page.fill("#say", "two");
  await page.click("text=Say");
  await see("#said", "one two");
  await seeValue("#say", "");
  await page.fill("#say", "wrong");
  await page.press("#say", "Enter");
  await page.locator("#say[aria-invalid]").waitFor();
  await settled();
  await seeValue("#say", "wrong");
  await page.fill("#say", "three");
  await page.press("#say", "Enter");
  await see("#said", "one two three");
  await seeValue("#say", "");
});

spec("what a failing server or a lost answer left stays typed", "/kept", { ...ours, allow: [...DISCONNECTS, /view crashed/] }, async (session) => {
  const { page, settled, seeValue, connection, disconnected } = session;
  await page.fill("#failing", "typed");
  await page.press("#failing", "Enter");
  await disconnected();
  await settled();
  await seeValue("#failing", "typed");
  connection.hold();
  await page.fill("#say", "lost");
  await page.press("#say", "Enter");
  connection.cut();
  connection.release();
  await disconnected();
  connection.mend();
  await settled();
  await seeValue("#say", "lost");
});

spec("after the answer fields show what the server has, where it has a say", "/kept", ours, async (session) => {
  const { page, settled, seeValue, eventually } = session;
  await page.fill("#remark", "mine");
  await page.locator("#own").check();
  await settled();
  await page.selectOption("#kind", "c");
  await seeValue("#kind", "b");
  await page.locator("#sure").click();
  await eventually("the box", () => page.locator("#sure").isChecked(), false);
  await page.locator("#flip").click();
  await eventually("the box", () => page.locator("#flip").isChecked(), false);
  await settled();
  await seeValue("#remark", "mine");
  assert.ok(await page.locator("#own").isChecked());
});

spec("what the server made of a text shows when its field is left, each time", "/kept", ours, async ({ page, settled, seeValue }) => {
  for (let time = 0; time < 2; time++) {
    await page.fill("#price", "7,5");
    await settled();
    await seeValue("#price", "7,5");
    await page.locator("#q").focus();
    await seeValue("#price", "7.50");
  }
});

spec("what was done before the join is told after it", "/notes", ours, async (session) => {
  const { page, url, settled, see, seeValue, connection, sent } = session;
  connection.hold();
  await page.goto(`${url}/kept`);
  await page.locator(".phx-loading").waitFor();
  await page.click("#more");
  await page.click("#more");
  await page.locator("#more.phx-click-loading").waitFor();
  await page.locator("#q").pressSequentially("al");
  await page.fill("#say", "early");
  await page.press("#say", "Enter");
  await page.press("#say", "Enter");
  connection.release();
  await settled();
  await see("#count", "2");
  await see("#said", "early");
  await see("#hits", "hits of al");
  await seeValue("#q", "al");
  await page.press("#q", "End");
  await page.keyboard.type("an");
  await see("#hits", "hits of alan");
  assert.equal(sent("event").filter(({ event }) => event === "say").length, 1);
  assert.equal(await page.locator(".phx-click-loading, .phx-submit-loading").count(), 0);
});

spec("a form that nobody touched is recovered too", "/kept", { allow: DISCONNECTS }, async ({ connection, disconnected, settled, see }) => {
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  await see("#recovered", "1");
});

spec("a button that says that its form changed is in what is sent, at its place", "/kept", async ({ page, see }) => {
  await page.click("#between");
  await see("#sorted", "one new two");
});

spec("the same form in two components has its own fields in each", "/notes", async ({ page, settled }) => {
  const ids = await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
  await page.locator("#second").getByText("Title").click();
  assert.ok(await page.evaluate(() => document.activeElement === document.querySelector("#second [name=title]")));
  await page.locator("#second").getByText("Add an item").click();
  await page.locator("#second .item").waitFor();
  await settled();
  assert.equal(await page.locator("#first .item").count(), 0);
});

spec("a custom control keeps what is typed in it", "/kept", ours, async ({ page, settled, see, connection, sent }) => {
  const value = (selector) => page.evaluate((selector) => document.querySelector(selector).value, selector);
  await page.locator("#custom").click();
  connection.hold();
  await page.keyboard.type("a");
  await page.waitForFunction(() => document.querySelector("#customs.phx-change-loading"));
  await page.keyboard.type("b");
  connection.release();
  await see("#custom-text", "ab");
  await settled();
  assert.equal(await value("#custom"), "ab");
  assert.ok(await isFocused(page, "#custom"));

  await page.locator("#editor").focus();
  await page.keyboard.type("abc");
  await see("#custom-text", "ab abc");
  await settled();
  assert.equal(await value("#editor"), "abc");
  assert.ok(await isFocused(page, "#editor"));
  await page.locator("#q").focus();
  await settled();
  assert.equal(await value("#editor"), "abc");
  assert.ok(sent("event").length > 1);
});

spec("keys of an input method are none of ours", "/kept", ours, async ({ page, settled, see, sent }) => {
  await page.locator("#key").evaluate((field) => {
    const press = (init) => field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, ...init }));
    press({ isComposing: true });
    press({ keyCode: 229 });
    press({});
  });
  await see("#entered", "1");
  await settled();
  assert.equal(sent("event").length, 1);
});

// What a form holds comes back when its view had to be mounted anew.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

async function reconnect({ connection, disconnected, settled }, meanwhile = async () => {}) {
  connection.cut();
  await disconnected();
  await meanwhile();
  connection.mend();
  await settled();
}

const titles = (page) => () => page.locator("input[name$='[title]']").evaluateAll((fields) => fields.map(({ value }) => value));
const button = (page, name) => page.getByRole("button", { name, exact: true });

spec("groups, choices and lists come back", "/forms", { allow: DISCONNECTS }, async (session) => {
  const { page, settled, eventually, see, seeValue } = session;
  for (const title of ["a", "b"]) {
    await button(page, "Add a line").click();
    await settled();
    await page.locator("input[name$='[title]']").last().fill(title);
    await settled();
  }
  await button(page, "Add a note to line 2").click();
  await settled();
  await page.getByLabel("Remark").fill("noted");
  await button(page, "Move line 2 up").click();
  await eventually("the lines", titles(page), ["b", "a"]);
  await settled();
  await page.getByLabel("Large").check();
  await page.getByLabel("Basil").check();
  await settled();
  await reconnect(session, () => page.fill("#order_delivery_zip", "x"));
  await eventually("the lines", titles(page), ["b", "a"]);
  await settled();
  await seeValue("#order_delivery_zip", "x");
  await see("#order_delivery_zip_errors", "must be a whole number");
  assert.equal(await page.getByLabel("Remark").inputValue(), "noted");
  assert.ok(await page.getByLabel("Large").isChecked());
  assert.ok(await page.getByLabel("Basil").isChecked());
  // The view was mounted anew and heard of the form once.
  await see("#changes", "1");
  await button(page, "Remove line 1").click();
  await eventually("the lines", titles(page), ["a"]);
});

spec("a list that only grew comes back", "/forms", { allow: DISCONNECTS }, async (session) => {
  const { page, settled, eventually } = session;
  await button(page, "Add a line").click();
  await eventually("the lines", titles(page), [""]);
  await settled();
  await reconnect(session);
  await eventually("the lines", titles(page), [""]);
});

spec("another event may recover a form", "/forms?recover=again", { allow: DISCONNECTS }, async (session) => {
  const { page, settled, see, seeValue } = session;
  await page.fill("#order_name", "Ada");
  await settled();
  await reconnect(session);
  await see("#recoveries", "1");
  await see("#changes", "0");
  await seeValue("#order_name", "Ada");
});

spec("a form may begin anew", "/forms?recover=ignore", { allow: DISCONNECTS }, async (session) => {
  const { page, settled, see } = session;
  await page.fill("#order_name", "Ada");
  await see("#changes", "1");
  await settled();
  await reconnect(session);
  await see("#recoveries", "0");
  await see("#changes", "0");
});

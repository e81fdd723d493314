// Controls of all kinds: what they send, and what a screen reader learns of them.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

spec("every kind sends what was chosen and shows it again", "/forms", { also: ["firefox", "webkit"] }, async (session) => {
  const { page, see, settled, eventually } = session;
  await page.fill("#order_name", "Ada");
  await settled();
  await page.fill("#order_delivery_street", "Nile");
  await settled();
  await page.fill("#order_delivery_zip", "1000");
  await settled();
  await page.getByLabel("Small").check();
  await settled();
  await page.selectOption("#order_delivery_country", "be");
  await settled();
  await page.fill("#order_delivery_day", "2026-11-20");
  await settled();
  await page.getByLabel("Anise").check();
  await settled();
  await page.getByLabel("Cumin").check();
  await settled();
  await page.selectOption("#order_extras", ["b", "c"]);
  await settled();
  await page.getByLabel("Express").check();
  await settled();
  await page.fill("#order_note", "\none\ntwo");
  await settled();
  await page.getByRole("button", { name: "Add a line" }).click();
  await settled();
  await page.fill("#order_lines_0_title", "tea");
  await page.fill("#order_lines_0_count", "3");
  await page.click("#save");
  await see("#saved", 'Nile 1000 Small be 2026-11-20 [a c] [b c] true "\\none\\ntwo" tea×3()');
  await settled();
  const shown = () =>
    page.evaluate(() => [
      document.querySelector("#order_note").value,
      [...document.querySelector("#order_extras").selectedOptions].map(({ value }) => value).join(),
      document.querySelector("#order_express").checked,
      document.querySelectorAll("input[name='order[toppings][]']:checked").length,
    ]);
  await eventually("the form", shown, ["\none\ntwo", "b,c", true, 2]);

  await page.getByLabel("Anise").uncheck();
  await page.getByLabel("Cumin").uncheck();
  await page.getByLabel("Express").uncheck();
  await page.selectOption("#order_extras", []);
  await page.selectOption("#order_delivery_country", "");
  await page.click("#save");
  await see("#saved", /^Nile 1000 Small - 2026-11-20 \[\] \[\] false/);
});

spec("a group says what is wrong with it, and everything has its name", "/forms", async (session) => {
  const { page, settled } = session;
  await page.fill("#order_delivery_day", "2026-11-20");
  await page.click("#save");
  await settled();
  const radios = page.getByRole("radiogroup", { name: "Size" });
  assert.equal(await radios.getAttribute("aria-invalid"), "true");
  assert.equal(await radios.getAttribute("aria-describedby"), "order_delivery_size_errors");
  assert.equal(await page.textContent("#order_delivery_size_errors"), "is required");
  const name = page.getByLabel("Name");
  assert.equal(await name.getAttribute("aria-invalid"), "true");
  assert.equal(await name.evaluate((field) => field.required), true);
  assert.equal(await page.locator("#order_name_errors").getAttribute("aria-live"), "polite");
  await page.getByRole("group", { name: "Toppings" }).getByRole("checkbox", { name: "Basil" }).check();
  await page.getByRole("combobox", { name: "Country" }).selectOption("nz");
  await page.getByRole("listbox", { name: "Extras" }).selectOption("a");
  assert.equal(await page.getByLabel("Plan").getAttribute("type"), "file");
  await settled();
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id));
  assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), [], "ids are unique");
});

spec("errors show for fields that one came to", "/forms", async (session) => {
  const { page, see, settled } = session;
  await page.fill("#order_delivery_zip", "x");
  await see("#order_delivery_zip_errors", "must be a whole number");
  await settled();
  await see("#order_delivery_street_errors", "");
  await see("#order_name_errors", "");
});

spec("a form may call no field unused", "/forms?quiet=true", async (session) => {
  const { page, see, sent, settled } = session;
  await page.fill("#order_delivery_zip", "x");
  await see("#order_name_errors", "is required");
  await settled();
  assert.ok(sent("event").every(({ value }) => !value.includes("_unused_")));
});

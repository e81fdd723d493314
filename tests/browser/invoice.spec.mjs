// The invoice editor: lines that come, move and go, exact sums, saving, opening again.

import assert from "node:assert/strict";

import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite("showcase");

/** The database is shared by the specs of this file. */
let invoices = 0;
const newNumber = () => `N-${++invoices}`;

const button = (page, name) => page.getByRole("button", { name, exact: true });
const line = (page, index) => page.locator("#lines > li").nth(index);
const titles = (page) => () => page.locator("#lines input[name$='[title]']").evaluateAll((fields) => fields.map(({ value }) => value));
const sums = (page) => () => page.locator("#lines output").allTextContents();

async function fillLine(page, index, title, quantity, price) {
  await line(page, index).getByLabel("What").fill(title);
  await line(page, index).getByLabel("Quantity").fill(quantity);
  await line(page, index).getByLabel("Price").fill(price);
}

async function addLine({ page, eventually, settled }) {
  const count = await page.locator("#lines > li").count();
  await settled();
  await button(page, "Add a line").click();
  await eventually("the lines", () => page.locator("#lines > li").count(), count + 1);
  await settled();
  // The command that focuses the new line does so again two frames later.
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
}

async function fillHead(page, number) {
  await page.getByLabel("Number").fill(number);
  await page.getByLabel("Customer").fill("Ada & Co");
  await page.getByLabel("Issued on").fill("2026-11-20");
}

spec("sums are exact, line by line and in all", "/invoice", async (session) => {
  const { page, see, eventually } = session;
  await fillLine(page, 0, "Tea", "1.5", "19.99");
  await eventually("the sums", sums(page), ["29.99"]);
  await addLine(session);
  await fillLine(page, 1, "Ten cents", "3", "0,10");
  await eventually("the sums", sums(page), ["29.99", "0.30"]);
  await see("#net", "30.29");
  await see("#tax", "5.76");
  await see("#total", "36.05");
  await page.getByLabel("Tax").selectOption("7");
  await see("#total", "32.41");
  // What is half typed counts nothing and stays.
  await line(page, 1).getByLabel("Price").fill("0.1x");
  await eventually("the sums", sums(page), ["29.99", "–"]);
  await see("#net", "29.99");
  assert.match(await line(page, 1).locator(".errors").nth(2).textContent(), /must be a number such as/);
  assert.equal(await line(page, 1).getByLabel("Price").inputValue(), "0.1x");
});

spec("an invoice is saved, listed and opened again", "/invoice", async (session) => {
  const { page, see, seeValue, settled, eventually } = session;
  const number = newNumber();
  await fillHead(page, number);
  await fillLine(page, 0, "Tea", "2", "5");
  await addLine(session);
  await fillLine(page, 1, "Cups", "4", "2.25");
  await addLine(session);
  await fillLine(page, 2, "Gone", "1", "1");
  await settled();
  await button(page, "Move line 2 up").click();
  await eventually("the lines", titles(page), ["Cups", "Tea", "Gone"]);
  await settled();
  await button(page, "Remove line 3").click();
  await eventually("the lines", titles(page), ["Cups", "Tea"]);
  await settled();
  await button(page, "Save").click();
  await see("#flash-info p", `Invoice ${number} is saved.`);
  await see("#saved a[aria-current]", new RegExp(`${number}.*Ada & Co.*22.61`));
  await settled();

  await page.click("text=New invoice");
  await seeValue("#invoice_number", "");
  await eventually("the lines", titles(page), [""]);
  await settled();
  await page.locator("#saved a", { hasText: number }).first().click();
  await seeValue("#invoice_number", number);
  await eventually("the lines", titles(page), ["Cups", "Tea"]);
  await settled();

  // A second one can't have its number.
  await page.click("text=New invoice");
  await seeValue("#invoice_number", "");
  await settled();
  await fillHead(page, number);
  await fillLine(page, 0, "Tea", "1", "1");
  await settled();
  await button(page, "Save").click();
  await see("#invoice_number_errors", "is that of another invoice");
});

spec("what is missing is said field by field", "/invoice", async (session) => {
  const { page, see, settled } = session;
  await button(page, "Save").click();
  await see("#invoice_number_errors", "is required");
  await see("#invoice_issued_errors", "is required");
  await see("#invoice_lines_0_quantity_errors", "is required");
  await settled();
  await button(page, "Remove line 1").click();
  await page.locator("#lines > li").waitFor({ state: "detached" });
  await settled();
  await fillHead(page, newNumber());
  await settled();
  await button(page, "Save").click();
  await see("#lines-errors", "The invoice needs a line.");
});

spec("the focus goes to a line that was added", "/invoice", async (session) => {
  const { page, eventually, settled } = session;
  await button(page, "Add a line").focus();
  await page.keyboard.press("Enter");
  await eventually("the focus", () => page.evaluate(() => document.activeElement.id), "invoice_lines_1_title");
  await page.keyboard.type("Tea");
  await settled();
  await eventually("the lines", titles(page), ["", "Tea"]);
});

spec("a half-typed invoice survives a lost connection", "/invoice", { allow: DISCONNECTS }, async (session) => {
  const { page, connection, disconnected, settled, eventually, see } = session;
  await fillHead(page, newNumber());
  await fillLine(page, 0, "Tea", "2", "5");
  await addLine(session);
  await fillLine(page, 1, "Cups", "3", "x");
  await settled();
  await button(page, "Move line 2 up").click();
  await eventually("the lines", titles(page), ["Cups", "Tea"]);
  await settled();
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  await eventually("the lines", titles(page), ["Cups", "Tea"]);
  await eventually("the sums", sums(page), ["–", "10.00"]);
  await see("#total", "11.90");
});

spec("fields, tax and total agree after a reload", "/invoice", { clients: ["bennu"], also: ["firefox"] }, async (session) => {
  const { page, see, settled } = session;
  await fillHead(page, newNumber());
  await fillLine(page, 0, "Tea", "1", "100");
  await page.selectOption("#invoice_tax", "0");
  await see("#total", "100.00");
  await settled();
  await page.reload();
  await settled();
  const [price, tax] = [await line(page, 0).getByLabel("Price").inputValue(), await page.inputValue("#invoice_tax")];
  const total = (Number(price) * (100 + Number(tax))) / 100;
  await see("#total", total.toFixed(2));
});

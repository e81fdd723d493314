// Fields by the names of what elements have, which a form has before all else, and forms and images
// by those of what the document has.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);
// Phoenix's client asks forms for what its fields take the place of.
const ours = { clients: ["bennu"], allow: DISCONNECTS };

/** The names of all properties of forms, fields, dialogs, texts and documents in this browser. */
const namesOf = () => {
  const types = [HTMLFormElement, HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement, HTMLDialogElement, HTMLTemplateElement, Text, Document];
  const names = new Set();
  for (const { prototype } of types) {
    for (let owner = prototype; owner; owner = Object.getPrototypeOf(owner)) {
      for (const name of Object.getOwnPropertyNames(owner)) names.add(name);
    }
  }
  return [...names];
};

spec("a form with fields by all names of the DOM is told of, patched, moved and recovered", "/names", ours, async (session) => {
  const { page, goto, settled, eventually, connection, disconnected } = session;
  const names = await page.evaluate(namesOf);
  assert.ok(names.includes("closest") && names.includes("elements") && names.includes("__proto__"));
  await goto(`/names?names=${names.join(",")}`);
  await settled();
  // The harness of the browser asks forms as any script does, so the page acts by itself.
  const first = () => page.evaluate(() => document.querySelector("#form-1 [name=first]").value);
  const press = (text) =>
    page.evaluate((text) => [...document.querySelectorAll("button")].find(({ textContent }) => textContent === text).click(), text);
  const text = () => page.evaluate(() => document.querySelector("#form-1 p")?.textContent);
  const shape = () =>
    page.evaluate(() => [...document.querySelectorAll("main > form")].map((form) => Element.prototype.getAttribute.call(form, "class")).join());
  const isClobbered = await page.evaluate(() => typeof document.querySelector("#form-1").closest);
  assert.equal(isClobbered, "object");

  await page.evaluate(() => {
    const field = document.querySelector("#form-1 [name=first]");
    field.focus();
    field.value = "typed";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await eventually("the change", text, "1 changes, 0 submits");
  await settled();
  assert.equal(await shape(), "changed-1,changed-1");
  await press("Turn");
  await eventually("the order", () => page.evaluate(() => document.querySelector("main > form p").parentNode === document.querySelector("#form-2")), true);
  await settled();
  assert.equal(await first(), "typed");

  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  // The view was mounted anew and heard once of each form.
  await eventually("the recovery", text, "2 changes, 0 submits");
  assert.equal(await first(), "typed");

  await press("Submit 1");
  await eventually("the submit", text, "2 changes, 1 submits");
  await settled();
  await eventually("the field", first, "");
  await press("Remove");
  await eventually("the rest", shape, "changed-2");
});

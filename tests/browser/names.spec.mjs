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
// Playwright itself asks the document by its names: it gets no answer of such a page in Chromium.
const elsewhere = { ...ours, clients: [], also: ["firefox", "webkit"] };

for (const [by, what] of [["form", "a form"], ["img", "an image"]]) {
  spec(`a page with ${what} by each name of the document's is live`, null, elsewhere, async (session) => {
    const { page, url, eventually, connection } = session;
    // Where there is a document to ask for them.
    await page.goto(`${url}/login`);
    const names = await page.evaluate(namesOf);
    assert.ok(["querySelector", "body", "cookie", "activeElement", "addEventListener", "dispatchEvent"].every((name) => names.includes(name)));
    await page.goto(`${url}/names?by=${by}&names=${names.join(",")}`);
    assert.equal(await page.evaluate(() => typeof document.querySelector), "object");
    // What the page is asked, and told, goes by what no name hides.
    const find = (selector, what) =>
      page.evaluate(({ selector, what }) => {
        const found = Document.prototype.querySelector.call(document, selector);
        return what === "click" ? found.click() : found?.[what];
      }, { selector, what });
    const press = (selector) => find(selector, "click");
    const joined = (is) => eventually("the join", async () => (await find("[data-phx-main]", "className")).includes("phx-connected"), is);
    const text = () => find("#form-1 p", "textContent");

    await joined(true);
    await page.evaluate(() => {
      const field = Document.prototype.querySelector.call(document, "#form-1 [name=first]");
      field.focus();
      field.value = "typed";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await eventually("the change", text, "1 changes, 0 submits");
    await press("button");
    await eventually("the order", () => find("main > form", "id"), "form-2");
    const title = () => page.evaluate(() => Object.getOwnPropertyDescriptor(Document.prototype, "title").get.call(document));
    await eventually("the title", title, /Turned/);
    const focused = () => page.evaluate(() => Object.getOwnPropertyDescriptor(Document.prototype, "activeElement").get.call(document).value);
    assert.equal(await focused(), "typed");

    connection.cut();
    await joined(false);
    connection.mend();
    await joined(true);
    // The view was mounted anew and heard once of each form.
    await eventually("the recovery", text, "2 changes, 0 submits");
    await press("#form-1 button");
    await eventually("the submit", text, "2 changes, 1 submits");
    await press("a[data-phx-link]");
    await eventually("the next page", () => page.evaluate(() => typeof document.querySelector), "function");
    await session.settled();
    await session.see("h1", "Names");
  });
}

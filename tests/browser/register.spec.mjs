// The form: errors as one types, values that don't parse, the database's word, success.

import assert from "node:assert/strict";

import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite("showcase");

/** The database is shared by the specs of this file. */
let people = 0;
const address = () => `person${people++}@example.org`;

async function fill(page, { name, email, age, city = "" }) {
  await page.fill("#name", name);
  await page.fill("#email", email);
  await page.fill("#age", age);
  await page.fill("#city", city);
}

const errors = (page) => async () => {
  const shown = await page.locator("#registration .error").allTextContents();
  return shown.map((text) => text.trim());
};

spec("a field says what is wrong only when it was touched", "/register", async (session) => {
  const { page, see, eventually, settled } = session;
  await page.fill("#email", "ada");
  await see("#email-error", /must be an address/);
  await settled();
  await eventually("the errors", errors(page), ["", await page.textContent("#email-error").then((text) => text.trim()), "", ""]);
  assert.equal(await page.getAttribute("#email", "aria-invalid"), "true");
  assert.equal(await page.getAttribute("#name", "aria-invalid"), null);

  await page.fill("#email", "ada@example.org");
  await see("#email-error", "");
  await settled();
  assert.equal(await page.getAttribute("#email", "aria-invalid"), null);

  // Touched and left empty again.
  await page.fill("#name", "A");
  await page.fill("#name", "");
  await see("#name-error", /Name is required/);
  await see("#age-error", "");
});

spec("what doesn't parse stays as it was typed", "/register", async (session) => {
  const { page, see, seeValue, settled } = session;
  await page.fill("#age", "abc");
  await see("#age-error", /Age must be a whole number/);
  await page.fill("#name", "Ada");
  await page.locator("#city").focus();
  await settled();
  await seeValue("#age", "abc");
  await page.click("text=Register >> nth=-1");
  await see("#email-error", /E-mail is required/);
  await settled();
  await seeValue("#age", "abc");
  await seeValue("#name", "Ada");
  await page.fill("#age", "7");
  await see("#age-error", /from 16 to 120/);
  await page.fill("#age", "36");
  await see("#age-error", "");
});

spec("an empty form tells all that is required", "/register", async ({ page, see, settled }) => {
  await page.click("#registration button[type=submit]");
  await see("#name-error", /required/);
  await see("#email-error", /required/);
  await see("#age-error", /./);
  await see("#city-error", "");
  await settled();
  assert.ok(await page.locator("#registration button[type=submit]").isEnabled());
});

spec("typing goes on while answers arrive", "/register", { also: ["firefox"] }, async (session) => {
  const { page, see, seeValue, settled, connection, eventually, sent } = session;
  await page.locator("#name").focus();
  connection.hold();
  await page.keyboard.type("Ada ");
  // Typed until here when the form was sent, and more before the answer came.
  await eventually("a form that was sent", () => sent("event").length > 0, true);
  await page.keyboard.type("Lovelace");
  connection.release();
  await settled();
  await eventually("the last form", () => new URLSearchParams(sent("event").at(-1).value).get("name"), "Ada Lovelace");
  await settled();
  await seeValue("#name", "Ada Lovelace");
  assert.equal(await page.evaluate(() => document.activeElement.selectionStart), "Ada Lovelace".length);
  await see("#name-error", "");
});

spec("a person is registered, once", "/register", async (session) => {
  const { page, see, seeValue, settled, gone, goto } = session;
  const email = address();
  await fill(page, { name: "Ada", email, age: "36", city: "London" });
  await page.click("#registration button[type=submit]");
  await see("#welcome h2", "Welcome, Ada");
  await see("#flash-info p", "Ada is registered.");
  await settled();
  const count = await page.textContent("#welcome .muted");

  // A notice is dismissed, and the page stays as it is.
  await page.click("#flash-info button");
  await gone("#flash-info");
  await see("#welcome h2", "Welcome, Ada");

  await page.click("#another");
  await page.locator("#registration").waitFor();
  await settled();
  for (const field of ["#name", "#email", "#age", "#city"]) await seeValue(field, "");

  // The database knows that the address is taken, in any case.
  await fill(page, { name: "Augusta", email: email.toUpperCase(), age: "37" });
  await page.press("#age", "Enter");
  await see("#email-error", /E-mail is registered already/);
  await settled();
  await seeValue("#name", "Augusta");
  await seeValue("#email", email.toUpperCase());
  await see("#name-error", "");

  // A correction takes the word back.
  const second = address();
  await page.fill("#email", second);
  await see("#email-error", "");
  await page.click("#registration button[type=submit]");
  await see("#welcome h2", "Welcome, Augusta");
  assert.notEqual(await page.textContent("#welcome .muted"), count);

  // Nothing of it is shown to the next visit.
  await goto("/register");
  assert.equal(await page.locator("#flash-info").count(), 0);
});

spec("a double click on the button registers once", "/register", async (session) => {
  const { page, see, sent, connection, settled } = session;
  await fill(page, { name: "Twice", email: address(), age: "50" });
  await settled();
  connection.hold();
  await page.click("#registration button[type=submit]");
  // The button says that it works, and takes nothing more.
  await see("#registration button[type=submit]", "Saving…");
  assert.ok(await page.locator("#registration button[type=submit]").isDisabled());
  await page.press("#age", "Enter");
  connection.release();
  await see("#welcome h2", "Welcome, Twice");
  assert.equal(sent("event").filter(({ event }) => event === "save").length, 1);
});

spec("the last keystrokes before Enter are in what is saved", "/register", async (session) => {
  const { page, see } = session;
  await fill(page, { name: "Ada", email: address(), age: "36" });
  await page.locator("#name").focus();
  await page.keyboard.press("End");
  await page.keyboard.type(" Byron");
  await page.keyboard.press("Enter");
  await see("#welcome h2", "Welcome, Ada Byron");
});

spec("what was typed survives a lost connection", "/register", { also: ["firefox", "webkit"], allow: DISCONNECTS }, async (session) => {
  const { page, connection, disconnected, settled, seeValue, see } = session;
  await page.fill("#email", "ada");
  await see("#email-error", /address/);
  await page.fill("#name", "Ada");
  connection.cut();
  await disconnected();
  await page.fill("#city", "Turin");
  connection.mend();
  await settled();
  await seeValue("#name", "Ada");
  await seeValue("#email", "ada");
  await seeValue("#city", "Turin");
  // The server is told what the form holds, and says again what is wrong with it.
  await see("#email-error", /address/);
});

spec("fields have labels and say where their errors are", "/register", async ({ page }) => {
  for (const [label, id] of [["Name", "name"], ["E-mail", "email"], ["Age", "age"], ["City", "city"]]) {
    const field = page.getByLabel(label, { exact: true });
    assert.equal(await field.getAttribute("id"), id);
    assert.match(await field.getAttribute("aria-describedby"), new RegExp(`${id}-error`));
  }
});

spec("what a browser remembers over a reload is told to the server", "/register", { clients: ["bennu"], also: ["firefox"] }, async (session) => {
  const { page, see, settled } = session;
  await page.fill("#email", "ada");
  await see("#email-error", /must be an address/);
  await settled();
  await page.reload();
  await settled();
  const shown = await page.inputValue("#email");
  assert.ok(["", "ada"].includes(shown));
  await see("#email-error", shown ? /must be an address/ : "");
});

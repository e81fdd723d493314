// A form that the server has the browser post: `phx-trigger-action`.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

spec("a form that is right is posted, with its token and its submitter", "/sign", { also: ["firefox"] }, async (session) => {
  const { page, see, settled } = session;
  await page.click("#sign-seal");
  await see("#name_errors", "is required");
  await settled();
  assert.equal(new URL(page.url()).pathname, "/sign");
  await page.fill("#name", "Ada");
  await page.click("#sign-seal");
  await see("#signed", "Ada by seal");
});

spec("Enter posts it too", "/sign", async (session) => {
  const { page, see } = session;
  await page.fill("#name", "Ada");
  await page.press("#name", "Enter");
  await see("#signed", "Ada by pen");
});

spec("without a token of the visitor nothing is taken", "/sign", { allow: [/403/, /favicon/] }, async (session) => {
  const { page, see } = session;
  await page.context().clearCookies();
  await page.fill("#name", "Ada");
  await page.click("#sign-pen");
  await see("body", /no token of this visitor/);
});

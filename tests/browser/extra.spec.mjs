// The client's second script: asked for by the pages that need it, once, and by no others.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const showcase = suite("showcase");
const spec = suite(app);

/** Lists how often a page asks for the extra from here on. */
function requests(page) {
  const asked = [];
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (path.startsWith("/live/assets/extra-")) asked.push(path);
  });
  return asked;
}

showcase("a page with nothing but events never asks for the extra", "/counter", async (session) => {
  const { page, goto, see } = session;
  const asked = requests(page);
  await goto("/counter");
  await page.click("text=+");
  await see("#count", "1");
  assert.deepEqual(asked, []);
});

spec("a page with commands asks for the extra once, by its markup", "/late", async (session) => {
  const { page, goto } = session;
  const asked = requests(page);
  await goto("/commands");
  await page.click("#add");
  await page.click("#patched");
  assert.equal(asked.length, 1);
  assert.equal(await page.locator("script[src*='/extra-']").count(), 1);
});

spec("a command that comes with a diff works at once", "/late", async (session) => {
  const { page, client, see, settled } = session;
  const asked = requests(page);
  await page.click("#more");
  await see("#count", "1");
  assert.deepEqual(asked, []);
  await page.click("#open");
  await page.waitForSelector("#hide");
  const isHidden = await page.evaluate(() => {
    document.querySelector("#hide").click();
    return document.querySelector("#text").hidden;
  });
  assert.ok(isHidden);
  await see("#count", "2");
  await settled();
  assert.equal(asked.length, client === "stock" ? 0 : 1);
});

spec("a page whose extra can't be had goes on without", "/late", async (session) => {
  const { page, client, see, allow } = session;
  await page.route("**/live/assets/extra-*.js", (route) => route.abort());
  if (client === "bennu") allow(/extra\.unavailable/, /ERR_FAILED/, /command\.unknown/);
  await page.click("#open");
  await page.click("#hide");
  await see("#count", "1");
  await page.unroute("**/live/assets/extra-*.js");
  await page.click("#hide");
  await see("#count", "2");
  await page.locator("#text").waitFor({ state: "hidden" });
});

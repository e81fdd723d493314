// What specs of several browsers rely on: in Chromium it is Playwright's own page that answers, in
// the others ours, and both must answer alike.

import assert from "node:assert/strict";
import { createServer } from "node:http";

import { Server, suite } from "./harness/index.mjs";

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css"><script defer src="/page.js"></script></head>
<body>
<form id="form">
  <label for="name">Name</label><input id="name">
  <label>Remark <textarea id="remark"></textarea></label>
  <label>Day <input id="day" type="date"></label>
  <label><input id="agree" type="checkbox"> I agree</label>
  <label>Size <select id="size"><option value="s">Small</option><option value="l">Large</option></select></label>
</form>
<ul id="list"><li><span>tea</span> <button aria-label="Delete tea">×</button></li>
<li><span>green tea</span> <button aria-label="Delete green tea">×</button></li><li hidden><span>gone</span></li></ul>
<button id="late" disabled>Late</button> <button id="hidden">Hidden</button> <button id="moving">Moving</button>
<div id="under"><button id="covered">Covered</button><div id="cover"></div></div>
<div id="far"><button id="below">Below</button></div>
</body></html>`;

const STYLE = `#hidden { visibility: hidden } #under { position: relative; width: 9em } #far { margin-top: 200vh }
#cover { position: absolute; inset: 0 } .ready #cover { display: none } .ready #hidden { visibility: visible }
#moving { position: relative; animation: move 0.3s linear infinite alternate } .ready #moving { animation: none }
@keyframes move { to { left: 20em } }`;

// What a spec waits for happens some time after it was asked for.
const SCRIPT = `window.log = [];
for (const type of ["click", "dblclick", "input", "change"])
  addEventListener(type, ({ target }) => log.push(type + " " + target.id), true);
window.makeReady = () => setTimeout(() => {
  document.body.className = "ready";
  document.querySelector("#late").disabled = false;
}, 150);`;

class StaticServer extends Server {
  async launch(port) {
    const answers = { "/page.css": ["text/css", STYLE], "/page.js": ["text/javascript", SCRIPT] };
    const http = createServer((request, response) => {
      const [type, body] = answers[request.url] ?? ["text/html", PAGE];
      response.writeHead(200, { "content-type": type, "content-security-policy": "default-src 'self'; img-src data:" }).end(body);
    });
    await new Promise((resolve) => http.listen(port, "127.0.0.1", resolve));
    return {
      async stop() {
        http.closeAllConnections();
        await new Promise((resolve) => http.close(resolve));
      },
    };
  }
}

const declare = suite(() => new StaticServer());
const spec = (name, body) => declare(name, "/", { clients: ["bennu"], also: ["firefox", "webkit"] }, body);
const log = (page) => page.evaluate(() => log.splice(0));

spec("elements are found by selector, text, label and role", async ({ page }) => {
  const texts = (selector) => page.locator(selector).allTextContents();
  assert.deepEqual(await texts("#list span"), ["tea", "green tea", "gone"]);
  assert.deepEqual(await texts("#list li:visible span"), ["tea", "green tea"]);
  assert.deepEqual(await texts('li:has(:text-is("tea")) span'), ["tea"]);
  assert.deepEqual(await texts('li:has-text("TEA") > span'), ["tea", "green tea"]);
  assert.deepEqual(await texts("#list >> text=green"), ["green tea"]);
  assert.deepEqual(await texts("#list span >> nth=-1"), ["gone"]);
  // What is around an element is no part of a selector in it.
  assert.equal(await page.locator("#list").locator("ul li").count(), 0);
  assert.equal(await page.getByLabel("name").getAttribute("id"), "name");
  assert.equal(await page.getByLabel("Remark", { exact: true }).getAttribute("id"), "remark");
  assert.equal(await page.getByRole("button", { name: "Delete" }).count(), 2);
  assert.equal(await page.getByRole("button", { name: "Delete tea", exact: true }).count(), 1);
  assert.equal(await page.getByRole("checkbox", { name: "I agree" }).isChecked(), false);
});

spec("fields are filled as by a user", async ({ page }) => {
  await page.fill("#name", "Ada");
  await page.fill("#name", "Ada Lovelace");
  assert.equal((await log(page)).filter((entry) => entry === "input name").length, 2);
  await page.fill("#remark", "\none\ntwo");
  await page.fill("#day", "2026-11-20");
  await page.check("#agree");
  await page.check("#agree");
  await page.selectOption("#size", "l");
  assert.deepEqual(
    await page.evaluate(() => ["name", "remark", "day", "size"].map((id) => document.getElementById(id).value)),
    ["Ada Lovelace", "\none\ntwo", "2026-11-20", "l"],
  );
  assert.ok(await page.isChecked("#agree"));
  await page.focus("#name");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("B c");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Delete");
  assert.equal(await page.inputValue("#name"), "");
});

spec("a click waits until it can be done, and nothing else gets it", async ({ page }) => {
  for (const id of ["late", "hidden", "moving", "covered", "below"]) {
    await page.evaluate(() => {
      document.body.className = "";
      document.querySelector("#late").disabled = true;
      makeReady();
    });
    await page.click(`#${id}`);
    assert.deepEqual(await log(page), [`click ${id}`]);
  }
  await page.dblclick("#late");
  assert.deepEqual((await log(page)).sort(), ["click late", "click late", "dblclick late"]);
});

spec("a locator is of one element", async ({ page }) => {
  await assert.rejects(page.locator("#list span").textContent(), /strict mode violation/);
  await assert.rejects(page.locator("#list button").click(), /strict mode violation/);
  await page.click("#list button");
  assert.equal(await page.textContent("#list span"), "tea");
  assert.equal(await page.locator("#nothing").isVisible(), false);
});

spec("what a function gives comes as it is", async ({ page }) => {
  assert.deepEqual(await page.evaluate(([one, two]) => [two, one, undefined, null], [1, "2"]), ["2", 1, undefined, null]);
  assert.equal(await page.evaluate(() => Promise.resolve(document.title)), "Page");
  assert.equal(await page.evaluate("1 + 1"), 2);
  await assert.rejects(page.evaluate(() => document.querySelector("#nothing").id), /null/);
  const url = page.url();
  await page.evaluate(() => history.pushState(null, "", "/next"));
  await page.waitForURL("**/next");
  assert.equal(page.url(), new URL("/next", url).href);
});

spec("the console is heard", async ({ page, allow, eventually }) => {
  const heard = [];
  page.on("console", (message) => heard.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => heard.push(String(error)));
  allow(/on purpose/);
  await page.evaluate(() => {
    console.warn("warned on purpose");
    console.error("failed on purpose");
    setTimeout(() => {
      throw new Error("thrown on purpose");
    });
  });
  // WebKit's is heard when the page is asked next.
  const count = async () => (await page.evaluate(() => {}), heard.length);
  await eventually("what the page said", count, 3);
  assert.deepEqual(heard.slice(0, 2), ["warning: warned on purpose", "error: failed on purpose"]);
  assert.match(heard[2], /thrown on purpose/);
});

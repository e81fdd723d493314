// Client commands: what they do at once, and what of it outlives the server's changes.

import assert from "node:assert/strict";

import { app, tick } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

const attribute = (page, selector, name) => page.locator(selector).getAttribute(name);
const focused = (page) => page.evaluate(() => document.activeElement.id);

spec("classes stay as commands have made them", "/effects", async (session) => {
  const { page, eventually } = session;
  const target = (expected) =>
    eventually("the classes", async () => (await attribute(page, "#target", "class")).split(" ").sort(), expected);
  await page.click("#mark");
  await page.click("#flip");
  await target(["flipped", "marked", "tick-0"]);
  await tick(session);
  await target(["flipped", "marked", "tick-1"]);
  await page.click("#flip");
  await target(["marked", "tick-1"]);
  await page.click("#mark");
  await target(["marked"]);
  await tick(session);
  await target(["marked", "tick-2"]);
});

spec("attributes stay as commands have made them", "/effects", async (session) => {
  const { page, eventually } = session;
  const attributes = async () => {
    const names = ["title", "lang", "aria-expanded"];
    return Promise.all(names.map((name) => attribute(page, "#target", name)));
  };
  await page.click("#name");
  await eventually("the attributes", attributes, ["mine", null, "true"]);
  await tick(session);
  assert.deepEqual(await attributes(), ["mine", null, "true"]);
  await page.click("#name");
  await eventually("the attributes", attributes, ["mine", null, "false"]);
});

spec("an attribute may be the browser's alone", "/effects", async (session) => {
  const { page } = session;
  const isOpen = () => page.locator("#details").evaluate(({ open }) => open);
  await page.click("summary");
  assert.equal(await isOpen(), true);
  await tick(session);
  assert.equal(await isOpen(), true);
  await page.click("summary");
  await tick(session);
  assert.equal(await isOpen(), false);
});

spec("what is shown stays shown, what is hidden stays hidden", "/effects", async (session) => {
  const { page } = session;
  const panel = page.locator("#panel");
  await page.click("#toggle");
  await panel.waitFor({ state: "visible" });
  assert.equal(await panel.evaluate(({ style }) => style.display), "flex");
  await tick(session);
  assert.equal(await panel.isVisible(), true);
  await page.click("#toggle");
  await panel.waitFor({ state: "hidden" });
  await tick(session);
  assert.equal(await panel.isVisible(), false);
});

spec("patches wait while something is shown or hidden", "/effects", async (session) => {
  const { page, see, url, eventually } = session;
  const seen = page.evaluate(
    () =>
      new Promise((resolve) => {
        const panel = document.querySelector("#panel");
        const log = [];
        const ticks = () => document.querySelector("#ticks").textContent;
        panel.addEventListener("phx:show-start", () => log.push(`start ${panel.getClientRects().length} ${ticks()}`));
        panel.addEventListener("phx:show-end", () => log.push(`shown ${panel.style.display} ${ticks()}`));
        panel.addEventListener("phx:hide-end", () => {
          log.push(`hidden ${panel.style.display}`);
          resolve(log);
        });
      }),
  );
  await page.click("#show");
  await page.request.get(`${url}/tick`);
  await see("#ticks", "1");
  await eventually("the classes", () => attribute(page, "#panel", "class"), "");
  await page.click("#hide");
  assert.deepEqual(await seen, ["start 0 0", "shown block 0", "hidden none"]);
  await eventually("the classes", () => attribute(page, "#panel", "class"), "");
});

spec("a push shows where it is waited for", "/effects", async ({ page, see, settled, connection }) => {
  await page.evaluate(() => {
    window.calls = [];
    for (const when of ["start", "stop"]) {
      addEventListener(`phx:page-loading-${when}`, ({ detail }) => calls.push(`${when} ${detail.kind} ${detail.target?.id}`));
    }
  });
  await connection.hold();
  await page.click("#say");
  await page.locator("#target.phx-click-loading").waitFor();
  await page.locator("#say.phx-click-loading.said").waitFor();
  await connection.release();
  await see("#log", "both");
  await settled();
  assert.deepEqual(await page.evaluate(() => calls), ["start element say", "stop element say"]);
  assert.equal(await attribute(page, "#say", "class"), "said");
});

spec("events are dispatched around, classes given inside", "/effects", async ({ page }) => {
  await page.evaluate(() => {
    addEventListener("app:shout", ({ target, detail }) => {
      window.heard = [target.localName, detail.word, detail.dispatcher.id];
    });
  });
  await page.click("#dispatch");
  await page.waitForFunction(() => window.heard);
  assert.deepEqual(await page.evaluate(() => heard), ["section", "hey", "dispatch"]);
  await page.click("#inner");
  await page.locator("#inner b.inner").waitFor();
});

spec("commands of another attribute run, asked for here or by the server", "/effects", async ({ page, see }) => {
  await page.click("#exec");
  await page.locator("#target.flipped").waitFor();
  await page.click("#open");
  await see("#log", "mounted");
  await page.locator("#target:not(.flipped)").waitFor();
});

spec("the focus goes into a dialog and back", "/effects", async ({ page, eventually }) => {
  await page.click("#dialog-open");
  await eventually("the focus", () => focused(page), "first");
  await page.click("#dialog-close");
  await eventually("the focus", () => focused(page), "dialog-open");
});

spec("what is added runs its commands, what is removed too", "/effects", async ({ page, see, gone, settled }) => {
  await page.click("#open");
  await see("#log", "mounted");
  assert.equal(await attribute(page, "#greeter", "data-mounted"), "yes");
  await settled();
  await page.click("#open");
  await see("#log", "mounted, removed");
  await gone("#greeter");
});

spec("an entry leaves with a transition, and the list goes on", "/effects", { also: ["firefox"] }, async (session) => {
  const { page, gone, eventually, lookOut } = session;
  const items = () => page.locator("#items li").evaluateAll((all) => all.map(({ id }) => id));
  const fading = await lookOut("#item-2.fading");
  await page.click("#item-2 button");
  await fading();
  await gone("#item-2");
  await page.click("#add");
  await eventually("the items", items, ["item-1", "item-3", "item-9"]);
  await tick(session);
  await page.click("#item-1 button");
  await gone("#item-1");
  assert.deepEqual(await items(), ["item-3", "item-9"]);
});

spec("commands patch and navigate", "/effects", async ({ page, settled, see }) => {
  await page.click("#patch");
  await page.waitForURL("**/effects?patched");
  await settled();
  await page.click("#navigate");
  await see("h1", "Events");
  await page.waitForURL("**/events");
});

spec("scripts run commands", "/effects", async (session) => {
  const { page, see } = session;
  await page.evaluate(() => {
    const js = liveSocket.js();
    const target = document.querySelector("#target");
    js.addClass(target, "one two");
    js.removeClass(target, "tick-1");
    js.setAttribute(target, "title", "scripted");
    js.show(document.querySelector("#panel"), { display: "grid" });
    js.push(target, "say", { value: { word: "script" }, callback: () => (window.isAnswered = true) });
  });
  await see("#log", "script");
  await page.waitForFunction(() => window.isAnswered);
  await tick(session);
  assert.equal(await attribute(page, "#target", "title"), "scripted");
  await page.locator("#target.one.two").waitFor();
  await page.locator("#panel").waitFor({ state: "visible" });
});

// The machine, measured once a second: numbers move while the page stays where the reader is.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const points = (page) => () => page.locator("#cpu polyline").getAttribute("points");

/** Waits until the page shows another measurement. */
async function nextSecond({ page, eventually }) {
  const shown = await points(page)();
  await eventually("another measurement", async () => (await points(page)()) !== shown, true);
}

spec("the numbers change each second", "/system", async (session) => {
  const { page, see, frames } = session;
  await see("#cpu-title", /^CPU \d+\.\d %$/);
  await see("#memory-title", /^Memory \d+\.\d %$/);
  await see("#load", /^Load \d/);
  await see("#uptime", /has been up for/);
  await nextSecond(session);
  await nextSecond(session);
  const diffs = frames.filter(({ from, text }) => from === "server" && text.includes('"diff"'));
  assert.ok(diffs.length >= 2);
});

spec("focus and scroll stay while numbers change", "/system", { context: { viewport: { width: 800, height: 400 } } }, async (session) => {
  const { page } = session;
  await page.locator("#processes tbody tr").first().waitFor();
  await page.locator("#processes thead a >> nth=1").focus();
  await page.evaluate(() => {
    scrollTo(0, 200);
    document.querySelector("#cpu svg").isSameNode_ = true;
  });
  await nextSecond(session);
  await nextSecond(session);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Memory");
  assert.equal(await page.evaluate(() => scrollY), 200);
  assert.ok(await page.evaluate(() => document.querySelector("#cpu svg").isSameNode_));
});

spec("selected text stays selected while numbers change", "/system", async (session) => {
  const { page } = session;
  await page.locator("#uptime").waitFor();
  await page.evaluate(() => getSelection().selectAllChildren(document.querySelector("#processes th")));
  const selected = await page.evaluate(() => getSelection().toString());
  await nextSecond(session);
  assert.equal(selected.trim(), "Name");
  assert.equal(await page.evaluate(() => getSelection().toString()), selected);
});

spec("processes sort by memory, and the URL says so", "/system", async (session) => {
  const { page, see, settled, goto, eventually } = session;
  await page.evaluate(() => void (window.isSameDocument = true));
  await see("#processes th[aria-sort]", "CPU");
  await page.click("#processes th a:text-is('Memory')");
  await see("#processes th[aria-sort]", "Memory");
  assert.equal(new URL(page.url()).search, "?by=memory");
  assert.ok(await page.evaluate(() => window.isSameDocument));

  const memory = async () => {
    const shown = await page.locator("#processes tbody td:nth-child(4)").allTextContents();
    const bytes = shown.map((text) => {
      const [number, unit] = text.split(" ");
      return Number(number) * 1024 ** ["B", "KB", "MB", "GB", "TB"].indexOf(unit);
    });
    return bytes.length > 1 && bytes.every((size, row) => row === 0 || size <= bytes[row - 1]);
  };
  await eventually("rows by falling memory", memory, true);
  await nextSecond(session);
  await eventually("rows by falling memory", memory, true);

  await goto(page.url().slice(session.url.length));
  await see("#processes th[aria-sort]", "Memory");
  await settled();
});

spec("a process keeps its row", "/system?by=memory", async (session) => {
  const { page } = session;
  await page.locator("#processes tbody tr").first().waitFor();
  await page.evaluate(() => {
    for (const row of document.querySelectorAll("#processes tbody tr")) row.knownAs = row.id;
  });
  await nextSecond(session);
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll("#processes tbody tr")].map(({ id, knownAs }) => [id, knownAs]),
  );
  const kept = rows.filter(([, knownAs]) => knownAs);
  assert.ok(kept.length > 0);
  for (const [id, knownAs] of kept) assert.equal(id, knownAs);
});

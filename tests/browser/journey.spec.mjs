// From place to place: at a link's or the server's word, with notices, and where no one is let in.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

const mark = (page) => page.evaluate(() => void (window.isSameDocument = true));
const isMarked = (page) => page.evaluate(() => window.isSameDocument === true);
const place = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

spec("a patch keeps the view, with its state", "/journey/a", async (session) => {
  const { page, see, settled, back, forward } = session;
  await mark(page);
  const number = await page.textContent("#number");
  await page.click("#add");
  await see("#count", "1");
  await page.click("#to-step");
  await see("#uri", "/journey/a?step=9");
  await settled();
  await page.click("#patch");
  await see("#uri", "/journey/a?step=1");
  await settled();
  assert.equal(place(page), "/journey/a?step=1");

  await back();
  await see("#uri", "/journey/a?step=9");
  await back();
  await see("#uri", "/journey/a");
  await forward();
  await see("#uri", "/journey/a?step=9");
  await see("#number", number);
  await see("#count", "1");
  assert.ok(await isMarked(page));
});

spec("a patch in place of an entry leaves no trace in the history", "/journey/a", async (session) => {
  const { page, see, settled, back } = session;
  await page.click("#to-step");
  await see("#uri", "/journey/a?step=9");
  await settled();
  await page.click("#replace");
  await see("#uri", "/journey/a?step=2");
  await settled();
  assert.equal(place(page), "/journey/a?step=2");
  await back();
  await see("#uri", "/journey/a");
});

spec("a navigation mounts another view without a page load", "/journey/a", async (session) => {
  const { page, see, settled, back } = session;
  await mark(page);
  const number = await page.textContent("#number");
  await page.click("#add");
  await see("#count", "1");
  await page.click("#to-b");
  await see("#uri", "/journey/b");
  await settled();
  assert.notEqual(await page.textContent("#number"), number);
  await see("#count", "0");
  await page.click("#navigate");
  await see("#flash .info", "navigated");
  await settled();
  // To where one is adds nothing to go back to, as with any link.
  await back();
  await see("#uri", "/journey/a");
  assert.ok(await isMarked(page));
});

spec("a patch that leads on is one move, to where it ends", "/journey/a", { allow: DISCONNECTS }, async (session) => {
  const { page, see, settled, eventually, back, connection, disconnected } = session;
  await mark(page);
  const full = () => page.evaluate(() => location.pathname + location.search + location.hash);
  const isScrolled = () => page.evaluate(() => scrollY > 0);
  for (const id of ["to-on", "patch-on", "push-on"]) {
    const { length } = await page.evaluate(() => ({ length: history.length }));
    await page.click(`#${id}`);
    await eventually("the place", full, "/journey/a?step=3#bottom");
    await see("#uri", "/journey/a?step=3");
    await settled();
    await eventually("whether it is scrolled", isScrolled, true);
    assert.equal(await page.evaluate(() => history.length), id === "to-on" ? length + 1 : length, id);
    await back();
    await eventually("the place", full, "/journey/a");
    await see("#uri", "/journey/a");
  }
  await page.click("#replace-on");
  await eventually("the place", full, "/journey/a?step=3#bottom");
  await settled();
  connection.cut();
  await disconnected();
  connection.mend();
  await settled();
  assert.equal(new URL(session.sent("phx_join").at(-1).url).search, "?step=3");
  // Of another view too.
  await page.click("#to-b-on");
  await eventually("the place", full, "/journey/b?step=3#bottom");
  await settled();
  await back();
  await eventually("the place", full, "/journey/a?step=3#bottom");
  assert.ok(await isMarked(page));
});

spec("a query or a fragment alone keeps the path, whoever follows it", "/journey/a", async (session) => {
  const { page, see, settled, eventually } = session;
  await mark(page);
  const number = await page.textContent("#number");
  for (const [id, uri, hash = ""] of [
    ["to-query", "/journey/a?step=a%20b"],
    ["command-query", "/journey/a?step=%226%22"],
    ["to-fragment", "/journey/a?step=%226%22", "#bottom"],
    ["push-query", "/journey/a?step=7"],
  ]) {
    await page.click(`#${id}`);
    await eventually("the place", () => place(page) + new URL(page.url()).hash, uri + hash);
    await see("#uri", uri);
    await settled();
  }
  await see("#number", number);
  await page.click("#to-query-anew");
  await see("#uri", "/journey/a?step=%C3%A4");
  await settled();
  assert.equal(place(page), "/journey/a?step=%C3%A4");
  assert.notEqual(await page.textContent("#number"), number);
  assert.ok(await isMarked(page));
});

spec("a redirect loads the page", "/journey/a", async ({ page, see, settled }) => {
  await mark(page);
  await page.click("#redirect");
  await see("#uri", "/journey/c");
  await settled();
  await see("#flash .info", "redirected");
  assert.ok(!(await isMarked(page)));
});

spec("a page that patches itself ends up at its own URL", "/journey/a?on=/journey/a?step=5", async (session) => {
  await session.see("#uri", "/journey/a?step=5");
  assert.equal(place(session.page), "/journey/a?step=5");
});

spec("notices come along, once", "/journey/a", async (session) => {
  const { page, see, settled, gone } = session;
  await page.click("#notice");
  await see("#flash .info", "a notice");
  await settled();
  await page.click("#clear");
  await gone("#flash .info");
  await settled();

  // With a navigation, and with the next one no more.
  await page.click("#navigate");
  await see("#flash .info", "navigated");
  await settled();
  await page.click("#to-step");
  await see("#uri", "/journey/a?step=9");
  await gone("#flash .info");
  await settled();

  // With a page load, and with a reload no more.
  await page.click("#redirect");
  await see("#uri", "/journey/c");
  await settled();
  await see("#flash .info", "redirected");
  await page.reload();
  await settled();
  await gone("#flash .info");
});

spec("a notice of the view that patches stays", "/journey/a", async ({ page, see, settled }) => {
  await page.click("#patch");
  await see("#uri", "/journey/a?step=1");
  await see("#flash .info", "patched");
  await settled();
});

spec("the title changes, and falls back", "/journey/a", async ({ page, eventually, settled }) => {
  assert.equal(await page.title(), "Journey · App");
  await page.click("#title");
  await eventually("the title", () => page.title(), "New & <b> · App");
  await settled();
  await page.click("#no-title");
  await eventually("the title", () => page.title(), "Specs · App");
});

for (const way of ["to-elsewhere", "navigate-elsewhere"]) {
  spec(`between layouts the page is loaded: ${way}`, "/journey/a", async (session) => {
    const { page, see, settled, eventually } = session;
    await mark(page);
    await page.click(`#${way}`);
    await see("#uri", "/elsewhere");
    await settled();
    await eventually("the layout", () => page.getAttribute("body", "data-session"), "elsewhere");
    assert.ok(!(await isMarked(page)));
    if (way === "navigate-elsewhere") await see("#flash .info", "navigated");
    // And back again.
    await page.click("#to-b");
    await see("#uri", "/journey/b");
    await settled();
    await eventually("the layout", () => page.getAttribute("body", "data-session"), "default");
    await page.goBack();
    await see("#uri", "/elsewhere");
  });
}

spec("a page for known visitors is shown to them, live", "/journey/a", async (session) => {
  const { page, see, settled } = session;
  await page.evaluate(() => (document.cookie = "user=ada; path=/"));
  // The connection's own cookies are those of its beginning.
  await page.reload();
  await settled();
  await mark(page);
  await page.click("#to-private");
  await see("#uri", "/private");
  await settled();
  assert.ok(await isMarked(page));
  await page.click("#add");
  await see("#count", "1");
});

spec("what middleware refuses is loaded, and shows why", "/journey/a", { allow: [/401/] }, async (session) => {
  const { page, see } = session;
  await page.click("#to-private");
  await see("h1", "Not for you");
  assert.equal(place(page), "/private");
});

spec("where middleware redirects, the browser goes", "/journey/a", async ({ page, see }) => {
  await page.click("#to-members");
  await see("h1", "Please log in");
  assert.equal(place(page), "/login");
});

spec("a link to a page without a view loads it", "/journey/a", async ({ page, see }) => {
  await page.click("#to-login");
  await see("h1", "Please log in");
});

spec("a visitor who is known no more is refused at the next join", "/journey/a", { allow: [/401/] }, async (session) => {
  const { page, goto, see, allow, connection } = session;
  allow(/WebSocket connection/, /net::ERR/);
  await page.evaluate(() => (document.cookie = "user=ada; path=/"));
  await goto("/private");
  await see("#uri", "/private");
  await page.evaluate(() => (document.cookie = "user=; path=/; max-age=0"));
  connection.drop();
  await see("h1", "Not for you");
});

spec("a link can lead to a place on the page", "/journey/a", async ({ page, see, settled, eventually }) => {
  await page.click("#to-hash");
  await see("#uri", "/journey/a?step=8");
  await settled();
  assert.equal(new URL(page.url()).hash, "#bottom");
  await eventually("the place", () => page.evaluate(() => document.querySelector("#bottom").getBoundingClientRect().top < innerHeight), true);
});

spec("a link to what can't be found loads it, and shows that", "/journey/a", { allow: [/404/] }, async (session) => {
  const { page, see } = session;
  await page.click("#to-nowhere");
  await see("h1", "404 Not Found");
  assert.equal(place(page), "/nowhere");
});

spec("a link to a view that refuses to be mounted shows its status", "/journey/a", { allow: [/404/] }, async (session) => {
  const { page, see } = session;
  await page.click("#to-faults");
  await see("h1", "404 Not Found");
  assert.equal(place(page), "/faults?fail=404");
});

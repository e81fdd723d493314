// Commands that the browser runs by itself, as `Js` builds them.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const suited = suite(app);
const spec = (name, ...rest) => suited(name, "/commands", ...rest);

/** Reads an attribute until it is the expected one; null when it is missing. */
const attribute = ({ page, eventually }, selector, name) => (expected) =>
  eventually(`${name} of ${selector}`, () => page.locator(selector).getAttribute(name), expected);

/** Has the server render the page again. */
async function patch({ page, see, settled }) {
  const words = (await page.textContent("#log")).split(", ").filter(Boolean);
  await page.click("#patched");
  await see("#log", [...words, "patched"].join(", "));
  await settled();
}

spec("elements are shown and hidden, and stay so", async (session) => {
  const { page } = session;
  const style = attribute(session, "#help", "style");
  await page.click("#show");
  await style("display: flex;");
  await patch(session);
  await style("display: flex;");
  await page.click("#hide");
  await style("display: none;");
  await page.click("#toggle");
  await style("display: block;");
  await patch(session);
  await style("display: block;");
  await page.click("#slide");
  await style("display: none;");
  await page.click("#slide");
  await style("display: block;");
  await attribute(session, "#help", "class")("");
});

spec("classes are added, removed and toggled, and stay so", async (session) => {
  const { page } = session;
  const classes = attribute(session, "#box", "class");
  await page.click("#add");
  await classes("one two");
  await page.click("#remove");
  await classes("two");
  await patch(session);
  await classes("two");
  await page.click("#flip");
  await classes("two flipped");
  await page.click("#flip");
  await classes("two");
});

spec("attributes are set, removed and toggled, and stay so", async (session) => {
  const { page } = session;
  const title = attribute(session, "#box", "title");
  await page.click("#set");
  await title("browser");
  await patch(session);
  await title("browser");
  await page.click("#unset");
  await title(null);
  await patch(session);
  await title(null);
  const open = attribute(session, "#box", "data-open");
  await page.click("#open");
  await open("");
  await page.click("#open");
  await open(null);
  const side = attribute(session, "#box", "data-side");
  await page.click("#switch");
  await side("left");
  await page.click("#switch");
  await side("right");
});

spec("ignored attributes are the browser's", { also: ["firefox"] }, async (session) => {
  const { page, see } = session;
  await page.click("#details summary");
  await patch(session);
  await see("#details summary", "More 1");
  await attribute(session, "#details", "open")("");
});

spec("a command means itself, what is around or what is inside", async (session) => {
  const { page } = session;
  await page.click("#scoped");
  await attribute(session, "#scoped", "class")("self");
  await attribute(session, "#scopes", "class")("outer around");
  await attribute(session, "#scoped b", "class")("within");
});

spec("the focus goes in and comes back", async ({ page, eventually }) => {
  const focused = (id) => eventually("the focus", () => page.evaluate(() => document.activeElement.id), id);
  await page.click("#enter");
  await focused("first");
  await page.click("#leave");
  await focused("enter");
  await page.click("#details summary");
  await page.click("#focus");
  await focused("enter");
});

spec("an event is dispatched with its detail", async ({ page, eventually }) => {
  await page.click("#dispatch");
  await eventually("calls", () => page.evaluate(() => window.calls), ["zoom box 2 by dispatch"]);
});

spec("an element says how it is closed", async (session) => {
  await session.page.click("#close");
  await attribute(session, "#closable", "class")("closed");
});

spec("one click does things and tells the server", async (session) => {
  const { page, see } = session;
  await page.click("#both");
  await see("#log", `it's "<this>"`);
  await attribute(session, "#box", "class")("pushed");
});

spec("commands come with an event of the server", async (session) => {
  await session.page.click("#tell");
  await attribute(session, "#box", "class")("told");
});

spec("an element does things when it comes and when it goes", async (session) => {
  const { page, see, gone } = session;
  await page.click("#notify");
  await page.locator("#notice.mounted").waitFor();
  await see("#log", "mounted");
  await page.click("#notify");
  await gone("#notice");
  await see("#log", "mounted, removed");
});

spec("another element waits with the one that is clicked", async ({ page, connection, see, settled }) => {
  connection.hold();
  await page.click("#valued");
  await page.locator("#box.phx-click-loading").waitFor();
  connection.release();
  await see("#log", "so-so");
  await settled();
  assert.equal(await page.locator(".phx-click-loading").count(), 0);
});

spec("values of a command reach the server as they are", async ({ page, see, sent }) => {
  await page.click("#valued");
  await see("#log", "so-so");
  assert.deepEqual(sent("event").at(-1).value, { value: "", word: "so", twice: true });
});

spec("commands patch and navigate", async ({ page, see, settled, back }) => {
  await page.click("#elsewhere");
  await see("#page", "1");
  await settled();
  await page.click("#replaced");
  await see("#page", "2");
  await settled();
  await back();
  await see("#page", "0");
  await page.click("#away");
  await page.waitForURL("**/journey/start");
  await settled();
});

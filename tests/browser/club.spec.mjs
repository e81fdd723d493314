// Log-outs whose handlers disconnect the member first and answer later: the page that waits for the
// answer stays where it is until then, every other one follows to the log-in.

import { app, open } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);
// Phoenix's client connects again at once, and is led to the log-in.
const options = { clients: ["bennu"], also: ["firefox", "webkit"], allow: DISCONNECTS };

let members = 0;

/** A member with a name of their own comes to a page. */
async function enter(session, path) {
  const { page, url } = session;
  const name = `member-${session.browser}-${++members}`;
  await page.goto(`${url}/enter/${name}`);
  await session.goto(path);
  await session.see("h1", "Club");
  return name;
}

const click = (selector) => document.querySelector(selector).click();

/** Leaves in the first of two tabs; the other one is at the log-in before the handler answers. */
async function leaves(session, path, work, argument) {
  const name = await enter(session, path);
  const other = await session.tab(path);
  await session.page.evaluate(work, argument);
  // A page that waits for another can't be asked, nor waited with.
  await other.locator("h1", { hasText: "Please log in" }).waitFor();
  await open(session, `leave-${name}`);
  await session.see("h1", `Goodbye, ${name}`);
}

const ways = { form: "#by-form", link: "#by-link", "form that the view submits": "#by-trigger" };
for (const [way, selector] of Object.entries(ways)) {
  for (const [pages, path] of Object.entries({ "a page": "/club", "a page with views inside": "/club?family" })) {
    spec(`who leaves ${pages} by a ${way} gets the answer, though it is disconnected before`, null, options, async (session) => {
      await leaves(session, path, click, selector);
    });
  }
}

spec("a page that a script lets go gets the answer too", null, options, async (session) => {
  await leaves(session, "/club", () => void (location.href = "/leave"));
});

spec("a page that stays after all follows to the log-in", null, { clients: ["bennu"], allow: DISCONNECTS }, async (session) => {
  const { page, disconnected, see } = session;
  await page.clock.install();
  const name = await enter(session, "/club");
  await open(session, `leave-${name}`);
  await page.evaluate(click, "#by-staying");
  await disconnected();
  await see("h1", "Club");
  await page.clock.runFor(30_000);
  await see("h1", "Please log in");
});

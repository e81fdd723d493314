import { JOIN, Session } from "./support/server.ts";
import { findBy } from "./support/beside.ts";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { lacking } from "../src/beside.ts";
import { extendNavigation } from "../src/core.ts";
import { installNavigation } from "../src/navigation.ts";
import { give } from "../src/navigation/index.ts";

const LINK = '<a href="/other" data-phx-link="redirect" data-phx-link-state="push">r</a>';
const ORIGIN = "http://localhost:4000";

let session: Session;
beforeEach(() => {
  installNavigation(undefined);
  lacking.clear();
  findBy({ navigation: "/live/assets/navigation-2.js" });
});
afterEach(() => session.end());

/** The scripts that were asked for; jsdom loads none. */
const asked = () => [...document.head.querySelectorAll("script")].map((script) => script.getAttribute("src"));
const NAVIGATION = [`${ORIGIN}/live/assets/navigation-2.js`];

function arrive(): void {
  extendNavigation(give);
  document.head.querySelector("script")!.onload!(new Event("load"));
}

const fail = () => document.head.querySelector("script")!.dispatchEvent(new Event("error"));

const click = () =>
  session.find("a").dispatchEvent(Object.assign(new Event("click", { bubbles: true, cancelable: true }), { button: 0 }));

test("a page that leads nowhere asks for no live navigation, and leaves history and scroll to the browser", () => {
  history.scrollRestoration = "auto";
  session = new Session();
  session.join();
  session.push("diff", { "0": "patch, navigate and data" });
  assert.deepEqual(asked(), []);
  assert.equal(history.state, null);
  assert.equal(history.scrollRestoration, "auto");
});

test("a message that brings a link waits for live navigation; then the link works", () => {
  session = new Session();
  session.join();
  session.push("diff", { "0": LINK });
  assert.equal(session.el.textContent, "hello");
  assert.deepEqual(asked(), NAVIGATION);
  arrive();
  assert.equal(history.scrollRestoration, "manual");
  assert.equal(click(), false, "the browser does not follow the link");
  const join = session.sent().find(([, , , event]) => event === "phx_join")!;
  assert.equal(join[4].redirect, `${ORIGIN}/other`);
});

test("a link is one of the browser's where live navigation can't be had", () => {
  session = new Session(LINK);
  session.join({ rendered: { s: [LINK] } });
  assert.deepEqual(asked(), NAVIGATION);
  fail();
  assert.equal(click(), true);
});

for (const [what, send] of [
  ["live_redirect", () => session.push("live_redirect", { to: "/other", kind: "push" })],
  ["live_patch", () => session.push("live_patch", { to: "/other", kind: "push" })],
  ["a command of a script", () => session.liveSocket.execJS(session.el, '[["navigate",{"href":"/other"}]]')],
] as const) {
  test(`${what} brings live navigation, and is a load of the page where that can't be had`, () => {
    session = new Session();
    session.join();
    send();
    assert.deepEqual(asked(), NAVIGATION);
    assert.deepEqual(session.loads, []);
    fail();
    // It is tried once more when the message is handled that waited for it.
    if (what !== "a command of a script") fail();
    assert.deepEqual(session.loads, ["/other"]);
  });
}

test("a page that was come back to goes on where it was left", () => {
  const scrolled: number[] = [];
  const { scrollTo } = globalThis;
  globalThis.scrollTo = ((_x: number, y: number) => void scrolled.push(y)) as typeof scrollTo;
  session = new Session("<p>hello</p>", {}, "", undefined, { stay: 7, position: 3, scroll: 400 });
  session.join(JOIN);
  assert.deepEqual(asked(), NAVIGATION);
  arrive();
  assert.equal(scrolled[0], 400);
  assert.equal(history.state.stay, 7);
  globalThis.scrollTo = scrollTo;
});

import { JOIN, Session, TOPIC } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { navigate, patch } from "../src/navigation/moves.ts";
import { EXTENSIONS } from "../src/wire.ts";

let session: Session;
const LINKS = `<a id="p" href="/items?x=2" data-phx-link="patch" data-phx-link-state="push">p</a>
<a id="r" href="/other" data-phx-link="redirect" data-phx-link-state="push">r</a>
<a id="q" href="/items?x=3" data-phx-link="patch" data-phx-link-state="replace">q</a>`;

function start(options?: ConstructorParameters<typeof Session>[1]): void {
  session = new Session(LINKS, options);
  session.join({ rendered: { s: [LINKS] } });
}

afterEach(() => session.end());

const click = (selector: string, init: MouseEventInit = {}) => {
  const event = Object.assign(new Event("click", { bubbles: true, cancelable: true }), { button: 0, ...init });
  return session.find(selector).dispatchEvent(event);
};
/** Answers are promises: their consequences come after the present task. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
function heard(name: string): unknown[] {
  const log: unknown[] = [];
  window.addEventListener(name, (event) => log.push((event as CustomEvent).detail));
  return log;
}

/** jsdom goes back by timers, which the session holds. */
async function go(delta: number): Promise<void> {
  if (delta) history.go(delta);
  for (let step = 0; step < 3; step++) {
    session.tick(1);
    await settled();
  }
}

// First, before anything that other tests leave to the browser's clock.
test("a page that one goes back to keeps its position, also when one leaves it at once", async (t) => {
  t.mock.method(globalThis, "scrollTo", (_x: number, y: number) => {
    Object.assign(globalThis, { scrollY: y });
    window.dispatchEvent(new Event("scroll"));
  });
  start();
  navigate("/other");
  session.reply(session.sent()[1]!, JOIN);
  session.tick(200);
  // What is scrolled here is noted after a pause, by when the page before is shown and not yet scrolled.
  scrollTo(0, 1605);
  await go(-1);
  session.tick(90);
  session.reply(session.sent()[1]!, JOIN);
  session.tick(10);
  session.tick(10);
  assert.equal(scrollY, 0);
  await go(1);
  session.reply(session.sent()[1]!, JOIN);
  session.tick(20);
  await go(-1);
  session.reply(session.sent()[1]!, JOIN);
  session.tick(20);
  assert.equal(scrollY, 0);
  await go(1);
});

test("a patch link asks the view and then changes the URL", async () => {
  start();
  const navigations = heard("phx:navigate");
  const before = history.length;
  assert.equal(click("#p"), false, "the browser does not follow the link");
  const frame = session.frame();
  assert.deepEqual(frame.slice(3), ["live_patch", { url: "http://localhost:4000/items?x=2" }]);
  assert.equal(location.search, "?x=1");
  assert.ok(session.find("#p").classList.contains("phx-click-loading"));
  session.reply(frame, { diff: { t: "Two" } });
  await settled();
  assert.equal(location.search, "?x=2");
  assert.equal(history.length, before + 1);
  assert.deepEqual(Object.keys(history.state), ["stay", "position"]);
  assert.equal(session.find("#p").className, "");
  assert.deepEqual(navigations, [{ href: "http://localhost:4000/items?x=2", patch: true, pop: false, direction: "forward" }]);
});

test("a patch that leads on ends where that led, also when both are heard in one task", async () => {
  start();
  const before = history.length;
  click("#p");
  // As after a transition, or when a script has arrived.
  session.reply(session.frame(), {});
  session.push("live_patch", { to: "/items?x=9", kind: "replace" });
  await settled();
  assert.equal(location.search, "?x=9");
  assert.equal(history.length, before + 1);
});

test("a link leads on to where the answer to its click says", async () => {
  const statics = ['<a id="next" data-phx-link="patch" data-phx-link-state="push" href="', '">next</a>'];
  session = new Session("");
  session.join({ rendered: { s: statics, "0": "/items?x=2" } });
  click("#next");
  session.reply(session.frame(), { diff: { "0": "/items?x=3" } });
  await settled();
  assert.equal(session.find("#next").getAttribute("href"), "/items?x=3");
});

test("a link that replaces adds no history", async () => {
  start();
  const before = history.length;
  click("#q");
  session.reply(session.frame());
  await settled();
  assert.equal(location.search, "?x=3");
  assert.equal(history.length, before);
});

test("a rejoin asks for the URL that was patched to", async () => {
  start();
  click("#p");
  session.reply(session.frame());
  await settled();
  session.lose();
  session.tick(10);
  session.open();
  assert.equal(session.frame()[4].url, "http://localhost:4000/items?x=2");
});

test("a navigation leaves and joins the same topic, and replaces the page", () => {
  start();
  const link = session.find("#r");
  const starts = heard("phx:page-loading-start");
  const stops = heard("phx:page-loading-stop");
  click("#r");
  const [leave, join] = session.sent() as [Frame, Frame];
  assert.deepEqual(leave.slice(2), [TOPIC, "phx_leave", {}]);
  assert.deepEqual(join, [join[1], join[1], TOPIC, "phx_join", {
    redirect: "http://localhost:4000/other",
    params: { _csrf_token: "CSRF", _mounts: 0, _mount_attempts: 0, _live_referer: "http://localhost:4000/items?x=1", _track_static: [], _bennu: EXTENSIONS },
    session: "SESS",
    static: "STAT",
    sticky: false,
  }]);
  assert.ok(link.isConnected, "the old page stays until the new one is there");
  const loading = { to: "http://localhost:4000/other", kind: "redirect" };
  assert.deepEqual([starts, stops], [[loading], []]);
  session.receive([leave[0], leave[0], TOPIC, "phx_close", {}]);
  session.reply(leave);
  session.reply(join, JOIN);
  assert.equal(session.html(), "<p>hello</p>");
  assert.equal(location.pathname, "/other");
  assert.deepEqual(stops, [loading]);
});

test("a navigated view keeps asking by redirect and takes its container", () => {
  start();
  click("#r");
  const join = session.sent()[1]!;
  session.reply(join, { ...JOIN, container: ["section", { class: "wide" }] });
  assert.equal(session.el.tagName, "SECTION");
  assert.equal(session.el.className, "wide phx-connected");
  assert.equal(session.el.dataset["phxSession"], "SESS");
  session.lose();
  session.tick(10);
  session.open();
  const again = session.frame();
  assert.equal(again[4].redirect, "http://localhost:4000/other");
  assert.equal(again[4].params._mounts, 1);
});

test("only the last of several navigations counts", () => {
  start();
  click("#r");
  const [, first] = session.sent() as [Frame, Frame];
  navigate("/third");
  const second = session.sent().find(([, , , event]) => event === "phx_join")!;
  session.reply(first, JOIN);
  assert.equal(location.pathname, "/items");
  session.reply(second, JOIN);
  assert.equal(location.pathname, "/third");
});

test("a view that can't take the patch is navigated to", async () => {
  start();
  click("#p");
  session.reply(session.frame(), { link_redirect: true });
  await settled();
  const join = session.sent().find(([, , , event]) => event === "phx_join")!;
  assert.equal(join[4].redirect, "http://localhost:4000/items?x=2");
  session.reply(join, JOIN);
  assert.equal(location.search, "?x=2");
});

test("the server may patch, navigate and redirect", () => {
  start();
  session.push("live_patch", { to: "/items?x=9", kind: "push" });
  assert.equal(location.search, "?x=9");
  session.push("live_redirect", { to: "/other", kind: "push", flash: "FL" });
  const join = session.sent().find(([, , , event]) => event === "phx_join")!;
  assert.equal(join[4].flash, "FL");
  session.reply(join, JOIN);
  assert.equal(location.pathname, "/other");
  session.push("redirect", { to: "https://example.com/" });
  assert.deepEqual(session.loads, ["https://example.com/"]);
});

test("a view that patches while it joins changes the URL", () => {
  session = new Session();
  session.join({ ...JOIN, live_patch: { to: "/items?page=1", kind: "replace" } });
  assert.equal(location.search, "?page=1");
});

test("going back asks the view for a patch, and scrolls", async () => {
  start();
  click("#p");
  session.reply(session.frame());
  await settled();
  history.back();
  // jsdom goes back by timers, which the session holds.
  for (let step = 0; step < 3; step++) {
    session.tick(1);
    await settled();
  }
  const frame = session.frame();
  assert.deepEqual(frame.slice(3), ["live_patch", { url: "http://localhost:4000/items?x=1" }]);
  session.reply(frame);
  await settled();
  assert.equal(session.liveSocket.main!.href, "http://localhost:4000/items?x=1");
});

test("clicks that mean another tab, and clicks while disconnected, are the browser's", () => {
  start();
  for (const init of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { button: 1 }]) {
    assert.equal(click("#p", init), true);
  }
  session.lose();
  assert.equal(click("#p"), true);
});

test("a patch that is lost with the connection is made up for by the next join", async () => {
  start();
  click("#p");
  session.lose();
  await settled();
  assert.equal(location.search, "?x=2");
  session.tick(10);
  session.open();
  assert.equal(session.frame()[4].url, "http://localhost:4000/items?x=2");
  assert.deepEqual(session.loads, []);
});

test("going back within a view patches, to another view navigates at once", async () => {
  start();
  const log: unknown[] = [];
  const listen = (event: Event) => log.push((event as CustomEvent).detail);
  window.addEventListener("phx:navigate", listen);
  const first = history.state.stay;
  navigate("/other");
  session.reply(session.sent()[1]!, JOIN);
  const second = history.state.stay;
  assert.notEqual(second, first);
  patch("/other?y=1");
  session.reply(session.frame());
  await settled();
  assert.equal(history.state.stay, second);
  log.length = 0;
  await go(-1);
  const asked = session.frame();
  assert.deepEqual(asked.slice(3), ["live_patch", { url: "http://localhost:4000/other" }]);
  session.reply(asked);
  await settled();
  await go(-1);
  const [leave, join] = session.sent();
  assert.deepEqual([leave![3], join![3]], ["phx_leave", "phx_join"]);
  assert.equal(join![4].redirect, "http://localhost:4000/items?x=1");
  await go(2);
  const [, again] = session.sent();
  assert.equal(again![4].redirect, "http://localhost:4000/other?y=1");
  session.reply(join!, JOIN);
  session.reply(again!, JOIN);
  await go(-1);
  assert.equal(session.frame()[3], "live_patch");
  window.removeEventListener("phx:navigate", listen);
  assert.deepEqual(log, [
    { href: "http://localhost:4000/other", patch: true, pop: true, direction: "backward" },
    { href: "http://localhost:4000/items?x=1", patch: false, pop: true, direction: "backward" },
    { href: "http://localhost:4000/other?y=1", patch: false, pop: true, direction: "forward" },
    { href: "http://localhost:4000/other", patch: true, pop: true, direction: "backward" },
  ]);
});

test("going back while disconnected within a view joins that URL later", async () => {
  start();
  patch("/items?x=2");
  session.reply(session.frame());
  await settled();
  session.lose();
  await go(-1);
  session.tick(10);
  session.open();
  assert.equal(session.frame()[4].url, "http://localhost:4000/items?x=1");
  assert.deepEqual(session.loads, []);
});

test("an entry that the browser made for a hash belongs to the view", async () => {
  start();
  location.hash = "part";
  await go(0);
  patch("/items?x=2");
  session.reply(session.frame());
  await settled();
  await go(-1);
  assert.equal(session.frame()[3], "live_patch");
});

test("a navigation that the connection is lost in goes on with the next", async () => {
  start();
  click("#r");
  session.sent();
  session.lose();
  assert.equal(location.pathname, "/items");
  session.tick(10);
  session.open();
  const join = session.frame();
  assert.equal(join[4].redirect, "http://localhost:4000/other");
  session.reply(join, JOIN);
  assert.equal(location.pathname, "/other");
  assert.equal(session.html(), "<p>hello</p>");
});

test("a link around the view stops waiting when the page is there", () => {
  start();
  document.body.insertAdjacentHTML("beforeend", '<a id="n" href="/next" data-phx-link="redirect">n</a>');
  click("#n");
  const link = session.find("#n");
  assert.equal(link.className, "phx-click-loading");
  session.reply(session.sent()[1]!, JOIN);
  assert.equal(link.outerHTML, '<a id="n" href="/next" data-phx-link="redirect">n</a>');
});

test("a link's own click event is sent before it is followed", () => {
  const link = '<a href="/items?x=2" data-phx-link="patch" data-phx-link-state="push" phx-click="seen">p</a>';
  session = new Session(link);
  session.join({ rendered: { s: [link] } });
  click("a");
  assert.deepEqual(session.sent().map(([, , , event]) => event), ["event", "live_patch"]);
});

test("a link to the URL that is shown adds no history", async () => {
  start();
  const before = history.length;
  patch(location.href);
  session.reply(session.frame());
  await settled();
  assert.equal(history.length, before);
});

test("a navigation may be refused before it begins", async () => {
  start();
  const asked = heard("phx:before-navigate");
  const refuse = (event: Event) => event.preventDefault();
  window.addEventListener("phx:before-navigate", refuse);
  assert.equal(click("#p"), false);
  assert.deepEqual(session.sent(), []);
  window.removeEventListener("phx:before-navigate", refuse);
  click("#p");
  session.reply(session.frame());
  await settled();
  const href = "http://localhost:4000/items?x=2";
  assert.deepEqual(asked, [1, 2].map(() => ({ href, patch: true, pop: false, direction: "forward" })));
});

test("a link of a drawing is one, and a hash may be any text", async () => {
  const link = '<svg><a id="s" href="/items?x=2#100%" data-phx-link="patch" data-phx-link-state="push"></a></svg>';
  session = new Session(link);
  session.join({ rendered: { s: [link] } });
  click("#s");
  assert.deepEqual(session.frame().slice(3), ["live_patch", { url: "http://localhost:4000/items?x=2#100%" }]);
  session.end();
  start();
  patch("/items?x=5#100%");
  session.reply(session.frame());
  await settled();
  session.tick(20);
  assert.equal(location.hash, "#100%");
});

test("going back may be refused, and the history is as before", async () => {
  start();
  click("#p");
  session.reply(session.frame());
  await settled();
  const refuse = (event: Event) => event.preventDefault();
  window.addEventListener("phx:before-navigate", refuse, { once: true });
  await go(-1);
  await go(0);
  assert.equal(location.search, "?x=2");
  assert.deepEqual(session.sent(), []);
  await go(-1);
  assert.deepEqual(session.frame().slice(3), ["live_patch", { url: "http://localhost:4000/items?x=1" }]);
});

test("a navigation runs phx-remove of what it leaves behind", () => {
  const html = `<b phx-remove='[["add_class",{"names":["gone"]}],["push",{"event":"bye"}]]'>x</b>`;
  session = new Session(html);
  session.join({ rendered: { s: [html] } });
  const bold = session.find("b");
  navigate("/other");
  assert.equal(bold.className, "gone");
  assert.deepEqual(session.sent().map(([, , , event]) => event), ["phx_leave", "phx_join"]);
});

test("a navigation may leave phx-remove inside of the page alone", () => {
  const html = `<b phx-remove='[["add_class",{"names":["gone"]}]]'>x</b>`;
  session = new Session(html, { cascadePhxRemoveOnNavigation: false });
  session.join({ rendered: { s: [html] } });
  const bold = session.find("b");
  session.el.setAttribute("phx-remove", '[["add_class",{"names":["left"]}]]');
  navigate("/other");
  assert.equal(bold.className, "");
  assert.ok(session.el.classList.contains("left"));
});

test("a navigation that fails again and again loads the page that it was to show", () => {
  start();
  navigate("/other");
  session.failJoins();
  session.tick(10_000);
  assert.deepEqual(session.loads, ["http://localhost:4000/other"]);
});

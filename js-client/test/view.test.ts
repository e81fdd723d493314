import { FakeWebSocket, JOIN, Session, TOPIC } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { EXTENSIONS } from "../src/wire.ts";

/** Answers are promises: their consequences come after the present task. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

let session: Session;

function start(...args: ConstructorParameters<typeof Session>): Session {
  return (session = new Session(...args));
}

afterEach(() => session.end());

const counter = (count: number) => ({
  rendered: { s: ['<span id="n">', '</span><button id="inc" phx-click="inc">+</button>'], "0": String(count) },
});
const COUNTER = '<span id="n">0</span><button id="inc" phx-click="inc">+</button>';

function heard(name: string, log: unknown[] = []): unknown[] {
  const listen = (event: Event) => log.push((event as CustomEvent).detail);
  window.addEventListener(name, listen);
  return log;
}

test("the join says where the page is and who it is", () => {
  start();
  session.open();
  assert.match(session.connection.url, /^ws:\/\/localhost:4000\/live\/websocket\?_csrf_token=CSRF&vsn=2\.0\.0$/);
  assert.deepEqual(session.frame(), [
    "1", "1", TOPIC, "phx_join",
    {
      url: "http://localhost:4000/items?x=1",
      params: { _csrf_token: "CSRF", _mounts: 0, _mount_attempts: 0, _track_static: [], _bennu: EXTENSIONS },
      session: "SESS",
      static: "STAT",
      sticky: false,
    },
  ]);
});

test("the join keeps every node of the dead render", () => {
  start(COUNTER);
  const before = [...session.el.querySelectorAll("*")];
  session.join(counter(0));
  assert.deepEqual([...session.el.querySelectorAll("*")], before);
});

test("the join corrects what the dead render shows otherwise", () => {
  start(COUNTER);
  const span = session.find("#n");
  session.join(counter(7));
  assert.equal(session.find("#n"), span);
  assert.equal(span.textContent, "7");
});

test("text that was typed before the join stays", () => {
  start('<input name="q" value=""><textarea name="t"></textarea>');
  session.find<HTMLInputElement>("input").value = "typed";
  session.find<HTMLTextAreaElement>("textarea").value = "more";
  session.join({ rendered: { s: ['<input name="q" value="', '"><textarea name="t">', "</textarea>"], "0": "", "1": "" } });
  assert.equal(session.find<HTMLInputElement>("input").value, "typed");
  assert.equal(session.find<HTMLTextAreaElement>("textarea").value, "more");
});

test("a click is sent, and its reply's diff is shown", () => {
  start(COUNTER);
  const join = session.join(counter(0));
  session.find("#inc").click();
  const frame = session.frame();
  assert.deepEqual(frame, [join[0], frame[1], TOPIC, "event", { type: "click", event: "inc", value: { value: "" } }]);
  session.reply(frame, { diff: { "0": "1" } });
  assert.equal(session.find("#n").textContent, "1");
});

test("the view's state shows in its classes", () => {
  start();
  assert.equal(session.el.className, "phx-loading");
  session.join();
  assert.equal(session.el.className, "phx-connected");
  session.push("phx_error", {});
  assert.equal(session.el.className, "phx-loading");
  session.tick(499);
  assert.equal(session.el.className, "phx-loading");
  session.tick(1);
  assert.equal(session.el.className, "phx-loading phx-error phx-server-error");
  session.tick(500);
  session.reply(session.frame(), JOIN);
  assert.equal(session.el.className, "phx-connected");
  session.lose();
  session.tick(500);
  assert.equal(session.el.className, "phx-loading phx-error phx-client-error");
});

test("a connection that is back at once was never gone to see", () => {
  const starts = heard("phx:page-loading-start");
  const error = (el: HTMLElement) => el.classList.contains("phx-error");
  start();
  session.join();
  session.lose();
  session.tick(499);
  session.join();
  session.tick(10_000);
  assert.equal(session.el.className, "phx-connected");
  assert.equal(starts.length, 1);
  session.lose();
  assert.ok(!error(session.el));
  session.tick(500);
  assert.ok(error(session.el));
  assert.equal(starts.length, 2);
});

test("page loading is announced for the first join and for an error", () => {
  const starts = heard("phx:page-loading-start");
  const stops = heard("phx:page-loading-stop");
  start();
  session.join();
  const initial = { to: "http://localhost:4000/items?x=1", kind: "initial" };
  assert.deepEqual([starts, stops], [[initial], [initial]]);
  session.push("phx_error", {});
  session.tick(1000);
  session.reply(session.frame(), JOIN);
  assert.deepEqual(stops[1], { ...initial, kind: "error" });
});

test("the title is dressed in prefix, default and suffix", () => {
  start();
  session.join();
  session.push("diff", { t: "News" });
  assert.equal(document.title, "News - Bennu");
  session.push("diff", { t: "" });
  assert.equal(document.title, "Home - Bennu");
});

test("events are dispatched after the patch, in order, unless they ask to come before", () => {
  start();
  session.join();
  const log: string[] = [];
  for (const name of ["a", "b", "early"]) {
    window.addEventListener(`phx:${name}`, (event) => log.push(`${name} ${(event as CustomEvent).detail.n} ${session.html()}`));
  }
  session.push("diff", { "0": "new", e: [["a", { n: 1 }], ["early", { n: 2 }, true], ["b", { n: 3 }]] });
  assert.deepEqual(log, ["early 2 <p>hello</p>", "a 1 <p>new</p>", "b 3 <p>new</p>"]);
});

for (const reason of ["stale", "unauthorized"]) {
  test(`a join refused as ${reason} loads the page`, () => {
    start();
    session.open();
    session.reply(session.frame(), { reason }, "error");
    assert.deepEqual(session.loads, ["http://localhost:4000/items?x=1"]);
    assert.equal(session.connection.closed, 1000);
  });
}

test("a join refused with reload loads the page with the token in a cookie", () => {
  start();
  session.open();
  session.reply(session.frame(), { reason: "reload", status: 404, token: "TOK" }, "error");
  assert.match(document.cookie, /__phoenix_reload_status__=TOK/);
  assert.equal(session.loads.length, 1);
});

test("a join may redirect, with events and a flash", () => {
  start();
  const seen = heard("phx:seen");
  session.open();
  const error = { redirect: { to: "/login", flash: "FL" }, events: [["seen", { a: 1 }]] };
  session.reply(session.frame(), error, "error");
  assert.deepEqual(seen, [{ a: 1 }]);
  assert.match(document.cookie, /__phoenix_flash__=FL/);
  assert.deepEqual(session.loads, ["/login"]);
});

test("a join may navigate", () => {
  start();
  session.open();
  session.reply(session.frame(), { live_redirect: { to: "/other", kind: "replace", flash: "FL" } }, "error");
  const again = session.sent().find(([, , , event]) => event === "phx_join")!;
  assert.equal(again[4].redirect, "http://localhost:4000/other");
  assert.equal(again[4].flash, "FL");
  assert.equal("url" in again[4], false);
});

test("a first join that fails otherwise is tried thrice, and then the page is loaded some seconds later", () => {
  start();
  session.open();
  session.failJoins();
  assert.match(session.el.className, /phx-server-error|phx-client-error/);
  session.tick(4999);
  assert.equal(session.loads.length, 0);
  session.tick(5001);
  assert.equal(session.loads.length, 1);
});

test("who joins again and fails tries until it works: a page in use is never loaded again", () => {
  start();
  session.join();
  session.lose();
  session.tick(10);
  session.open();
  const answer = (response: object, status: string) => {
    for (const frame of session.sent()) {
      if (frame[3] === "phx_join") session.reply(frame, response, status);
      else session.reply(frame);
    }
  };
  for (let tries = 0; tries < 20; tries++) {
    answer({ reason: "join crashed" }, "error");
    session.tick(20_000);
  }
  assert.deepEqual(session.loads, []);
  answer(JOIN, "ok");
  assert.equal(session.el.className, "phx-connected");
});

test("a join without an answer is a failed one, and the next may take longer", () => {
  start();
  session.open();
  const joins = () => session.sent().filter(([, , , event]) => event === "phx_join");
  assert.equal(joins().length, 1);
  session.tick(10_000);
  session.tick(1000);
  const [join] = joins();
  session.tick(19_000);
  session.reply(join!, JOIN);
  assert.equal(session.el.className, "phx-connected");
  assert.deepEqual(session.loads, []);
});

for (const answer of [{ reason: "stale" }, { reason: "unauthorized" }, { redirect: { to: "/items?x=1" } }]) {
  test(`a page whose joins lead nowhere but to itself is not loaded all the time: ${JSON.stringify(answer)}`, () => {
    start();
    session.open();
    session.reply(session.frame(), answer, "error");
    assert.equal(session.loads.length, 1, "at once");
    const reloads = localStorage.getItem("/items-consecutive-reloads");
    session.end();
    start();
    localStorage.setItem("/items-consecutive-reloads", reloads!);
    session.open();
    session.reply(session.frame(), answer, "error");
    session.tick(4999);
    assert.equal(session.loads.length, 0);
    session.tick(5001);
    assert.equal(session.loads.length, 1);
  });
}

test("a code of the server's is not ours: no page stops by it", () => {
  start();
  session.join();
  session.lose(4000);
  assert.equal(document.querySelector(".phx-stopped"), null);
});

for (const kind of ["click", "submit"] as const) {
  test(`a ${kind} without a connection is refused where everyone sees it, until the next one`, async () => {
    start();
    const html = '<button phx-click="go">Go</button><form phx-submit="go"></form>';
    session.join({ rendered: { s: [html] } });
    session.lose();
    const source = session.find(kind === "click" ? "button" : "form");
    const act = () => source.dispatchEvent(new window.Event(kind, { bubbles: true, cancelable: true }));
    act();
    await settled();
    assert.ok(source.classList.contains(`phx-${kind}-refused`));
    assert.match(session.el.className, /phx-error/, "at once: who acts has waited");
    session.tick(10);
    session.open();
    session.reply(session.sent().find(([, , , event]) => event === "phx_join")!, { rendered: { s: [html] } });
    assert.ok(source.classList.contains(`phx-${kind}-refused`));
    act();
    assert.equal(source.className, `phx-${kind}-loading`);
    session.reply(session.frame());
    assert.equal(source.className, "");
  });
}

test("code 1000 from the server loads the page instead of reconnecting", () => {
  start();
  session.join();
  session.lose(1000);
  session.tick(4999);
  assert.equal(session.loads.length, 0);
  session.tick(5001);
  assert.equal(session.loads.length, 1);
});

test("the tenth reload in a row waits half a minute, and a join that lasts forgets them", () => {
  start();
  localStorage.setItem("/items-consecutive-reloads", "9");
  session.join();
  session.tick(9999);
  assert.equal(localStorage.getItem("/items-consecutive-reloads"), "9");
  session.tick(1);
  assert.equal(localStorage.getItem("/items-consecutive-reloads"), null);
  localStorage.setItem("/items-consecutive-reloads", "9");
  session.lose(1000);
  session.tick(29_999);
  assert.equal(session.loads.length, 0);
  session.tick(1);
  assert.equal(session.loads.length, 1);
});

test("the application may say when a page is loaded again, and when it is once too often", () => {
  const pauses = { reloadJitterMin: 50, reloadJitterMax: 50, maxReloads: 3, failsafeJitter: 1000 };
  session = new Session("<p>hello</p>", pauses);
  session.join();
  session.lose(1000);
  session.tick(49);
  assert.equal(session.loads.length, 0);
  session.tick(1);
  assert.equal(session.loads.length, 1);
  localStorage.setItem("/items-consecutive-reloads", "2");
  session.liveSocket.reloadWithJitter();
  session.tick(999);
  assert.equal(session.loads.length, 1);
  session.tick(1);
  assert.equal(session.loads.length, 2);
});

test("who watches hears that loading the page again doesn't help", (context) => {
  context.mock.method(console, "error", () => {});
  const codes: string[] = [];
  const logged: string[] = [];
  window.addEventListener("phx:live-view:diagnostic", (event) => void codes.push((event as CustomEvent).detail.code), { once: true });
  session = new Session("<p>hello</p>", { maxReloads: 3, viewLogger: (view, kind) => void logged.push(`${view.id} ${kind}`) });
  session.join();
  session.liveSocket.reloadWithJitter();
  assert.deepEqual(codes, []);
  localStorage.setItem("/items-consecutive-reloads", "2");
  logged.length = 0;
  session.liveSocket.reloadWithJitter();
  assert.deepEqual([codes, logged], [["page.failsafe"], ["phx-MAIN join"]]);
});

test("a push that is never answered ends the connection, and the view joins again", () => {
  start(COUNTER);
  session.join(counter(0));
  session.find("#inc").click();
  const { connection } = session;
  session.tick(30_000);
  assert.equal(connection.closed, 1000);
  session.tick(50);
  session.join(counter(7));
  assert.equal(session.find("#inc").className, "");
  session.tick(60_000);
  assert.equal(session.loads.length, 0);
});

test("a browser without cookies is told once, and the page is left as it is", (context) => {
  const errors = context.mock.method(console, "error", () => {});
  start();
  session.open();
  session.reply(session.frame(), { reason: "no cookie" }, "error");
  session.tick(120_000);
  assert.equal(errors.mock.callCount(), 1);
  assert.equal(FakeWebSocket.all.length, 1);
  assert.deepEqual(session.loads, []);
  assert.ok(session.el.classList.contains("phx-error"));
});

test("a reply may redirect the page or navigate", () => {
  start(COUNTER);
  session.join(counter(0));
  session.find("#inc").click();
  session.reply(session.frame(), { redirect: { to: "/away" } });
  assert.deepEqual(session.loads, ["/away"]);
});

test("a rejoin writes only what differs and keeps the nodes", () => {
  start(COUNTER);
  session.join(counter(0));
  const button = session.find("#inc");
  session.lose();
  session.tick(10);
  session.open();
  session.reply(session.frame(), counter(5));
  assert.equal(session.find("#inc"), button);
  assert.equal(session.find("#n").textContent, "5");
});

test("an update is announced on the document", () => {
  start();
  session.join();
  const updates = heard("phx:update");
  session.push("diff", { "0": "x" });
  session.push("diff", { t: "only a title" });
  assert.equal(updates.length, 1);
});

test("an error in a dom callback or a listener of ours stops no patch", (context) => {
  const error = context.mock.method(console, "error", () => {});
  const fail = () => { throw new Error("no"); };
  start(COUNTER, { dom: { onPatchStart: fail, onPatchEnd: fail } });
  session.join(counter(0));
  document.addEventListener("phx:update", fail, { once: true });
  session.push("diff", { "0": "1" });
  assert.equal(session.find("#n").textContent, "1");
  assert.ok(error.mock.callCount() >= 4);
  assert.ok(session.liveSocket.main!.isConnected());
});

const MALFORMED: Record<string, object | string> = {
  "JSON that is cut off": '["1",null,"lv:phx',
  "a diff for a place that isn't there": { "0": "half", "7": "x" },
  "a component that no one has sent": { "0": "half", "1": 3 },
  "a diff of a list for a text": { "0": "half", "1": { "0": "x" } },
  "statics that no table has": { "0": "half", "1": { s: 4, "0": "x" } },
  "a list's entry that isn't there": { "0": "half", "2": { k: { "0": 9, kc: 1, km: true } } },
};

for (const [name, message] of Object.entries(MALFORMED)) {
  test(`${name} is reported and ends in a rejoin that heals the page`, (context) => {
    const error = context.mock.method(console, "error", () => {});
    const TREE = {
      s: ["<b>", "</b><i>", '</i><ul>', '</ul><input id="f">'], "0": "a", "1": "b",
      "2": { s: ['<li id="', '">x</li>'], k: { "0": { "0": "one" }, "1": { "0": "two" }, kc: 2 } },
    };
    start();
    session.join({ rendered: structuredClone(TREE) });
    const html = session.html();
    const field = session.find("#f");
    field.focus();
    let failed: unknown;
    session.liveSocket.main!.push("event", {}, { kind: "hook", loading: [session.find("b")] }).catch((error) => (failed = error));
    session.sent();
    if (typeof message === "string") session.connection.onmessage!({ data: message });
    else session.push("diff", message);
    assert.equal(error.mock.callCount(), 1);
    assert.equal(session.el.querySelector(".phx-hook-loading"), null);
    session.tick(500);
    assert.ok(session.el.classList.contains("phx-error"));
    session.tick(500);
    session.reply(session.frame(), { rendered: structuredClone(TREE) });
    assert.equal(session.html(), html);
    assert.equal(document.activeElement, field);
    assert.deepEqual([...session.el.classList], ["phx-connected"]);
    session.push("diff", { "0": "A", "2": { k: { "0": 1, kc: 1, km: true } } });
    assert.equal(session.html(), html.replace("<b>a", "<b>A").replace('<li id="one">x</li>', ""));
    return Promise.resolve().then(() => assert.match(String(failed), /disconnected/));
  });
}

test("an answer that can't be applied fails its push and is joined anew, and the same failure again stops the page", async (context) => {
  const told = context.mock.method(console, "error", () => {});
  start(COUNTER);
  session.join(counter(0));
  const pushed = session.liveSocket.main!.push("event", {}, { kind: "hook", loading: [session.find("#n")] });
  session.reply(session.frame(), { diff: { "9": "x" } });
  await assert.rejects(pushed, /disconnected/);
  session.tick(1000);
  session.reply(session.frame(), { rendered: counter(4).rendered });
  assert.match(session.html(), /4/);
  const [message, part] = told.mock.calls[0]!.arguments;
  assert.match(message, /could not show a message in lv:phx-MAIN \[view.failed\]/);
  assert.equal(part, (counter(0).rendered as any).s.join("…"));
  // Another failure is none of this kind.
  session.push("diff", { "0": { s: 7 } });
  session.tick(2000);
  session.reply(session.frame(), { rendered: counter(5).rendered });
  session.push("diff", { "9": "x" });
  assert.equal(session.liveSocket.isConnected(), false);
  assert.equal(document.querySelector("[role=alert]")?.textContent, "This page has stopped working. Load it again");
  session.tick(120_000);
  assert.deepEqual(session.sent(), []);
  assert.match(session.el.className, /phx-error/);
});

test("an answer that says why nothing was done fails its push", async () => {
  start(COUNTER);
  session.join(counter(0));
  const pushed = session.liveSocket.main!.push("event", {});
  session.reply(session.frame(), { reason: "too many messages are waiting" });
  await assert.rejects(pushed, /too many messages are waiting/);
  assert.ok(session.liveSocket.main!.isConnected());
});

const CARDS = {
  s: ["<div>", "", "</div>"], "0": 1, "1": 2,
  c: { "1": { s: ["<b id=\"", '"><i phx-click="e" phx-target="#', '">x</i></b>'], "0": "one", "1": "two" }, "2": { s: 1, "0": "two", "1": "one" } },
};

test("an event whose target is an element goes to the component around that", () => {
  start();
  session.join({ rendered: structuredClone(CARDS) });
  session.find("#one i").click();
  const [, , , event, { cid }] = session.frame();
  assert.deepEqual([event, cid], ["event", 2]);
});

test("components that left are taken leave of, but for those that came back meanwhile", async () => {
  start();
  session.join({ rendered: structuredClone(CARDS) });
  session.push("diff", { "0": "", "1": "" });
  const [, , , will, first] = session.frame();
  assert.deepEqual([will, first], ["cids_will_destroy", { cids: [1, 2] }]);
  session.push("diff", { "1": 2 });
  assert.deepEqual(session.sent(), []);
  session.push("diff", { "0": "", "1": "" });
  const again = session.frame();
  assert.deepEqual(again[4], { cids: [2] });
  session.push("diff", { "0": 2 });
  session.reply(again);
  await Promise.resolve();
  assert.deepEqual(session.sent(), []);
  session.push("diff", { c: { "2": { "0": "still" } } });
  assert.match(session.html(), /^<div><b id="still">/);
});

test("the server says which components are deleted", async () => {
  start();
  session.join({ rendered: structuredClone(CARDS) });
  session.push("diff", { "0": "" });
  session.reply(session.frame());
  await Promise.resolve();
  const destroyed = session.frame();
  assert.deepEqual([destroyed[3], destroyed[4]], ["cids_destroyed", { cids: [1] }]);
  session.reply(destroyed, { cids: [1] });
  await Promise.resolve();
  session.push("diff", { "0": 3, c: { "3": { s: -2, "0": "three", "1": "x" } } });
  assert.match(session.html(), /<b id="three">/);
});

import { JOIN, Session, TOPIC } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

let session: Session;
let join: Frame;
beforeEach(() => {
  session = new Session();
  join = session.join();
});
afterEach(() => session.end());

test("a message of an earlier join is dropped, one without a join is taken", () => {
  session.receive(["99", null, TOPIC, "diff", { "0": "stale" }]);
  assert.equal(session.html(), "<p>hello</p>");
  session.receive([null, null, TOPIC, "diff", { "0": "all" }]);
  assert.equal(session.html(), "<p>all</p>");
  session.receive([join[0], null, TOPIC, "diff", { "0": "mine" }]);
  assert.equal(session.html(), "<p>mine</p>");
});

test("a crash is followed by joins with fresh refs after 1, 2, 5 and then 10 to 20 seconds", (context) => {
  session.receive([join[0], join[0], TOPIC, "phx_error", { reason: "channel_crash" }]);
  let last = join[1];
  let random = 0;
  context.mock.method(Math, "random", () => (random += 0.25));
  // Not all pages at once.
  for (const pause of [1000, 2000, 5000, 12_500, 15_000]) {
    session.tick(pause - 1);
    assert.deepEqual(session.sent().filter(([, , topic]) => topic === TOPIC), []);
    session.tick(1);
    const [again] = session.sent().filter(([, , topic]) => topic === TOPIC) as [Frame];
    assert.equal(again[3], "phx_join");
    assert.equal(again[0], again[1]);
    assert.notEqual(again[1], last);
    assert.equal(again[4].params._mounts, 1);
    last = again[1];
    session.receive([again[0], again[0], TOPIC, "phx_error", {}]);
  }
});

test("a rejoin that works shows the new tree, and one that lasts starts the pauses anew", () => {
  const again = () => session.reply(session.frame(), { rendered: { s: ["<p>", "</p>"], "0": "again" } });
  session.push("phx_error", {});
  session.tick(1000);
  again();
  assert.equal(session.html(), "<p>again</p>");
  session.tick(9999);
  session.push("phx_error", {});
  session.tick(1999);
  assert.deepEqual(session.sent(), [], "a view that fails soon again takes longer");
  session.tick(1);
  again();
  session.tick(10_000);
  session.push("phx_error", {});
  session.tick(1000);
  assert.equal(session.frame()[3], "phx_join");
});

test("a new connection joins at once", () => {
  session.lose();
  session.tick(10);
  session.open();
  const again = session.frame();
  assert.equal(again[3], "phx_join");
  assert.equal(again[4].params._mounts, 1);
  session.reply(again, JOIN);
  assert.ok(session.liveSocket.main!.isConnected());
});

test("a topic that the server closes is joined again, one that was left is not", () => {
  session.receive([join[0], join[0], TOPIC, "phx_close", {}]);
  session.tick(1000);
  const again = session.frame();
  assert.equal(again[3], "phx_join");
  session.reply(again, JOIN);
  session.liveSocket.main!.destroy();
  assert.equal(session.frame()[3], "phx_leave");
  session.receive([again[0], again[0], TOPIC, "phx_close", {}]);
  session.tick(60_000);
  assert.ok(session.sent().every(([, , topic]) => topic === "phoenix"));
});

test("an answer may take as long as a slow line needs for what was sent", () => {
  showForm();
  session.liveSocket.socket.longest = 3_000_000;
  session.tick(0);
  type("a", "x".repeat(100_000));
  const [change] = events();
  // At 5 KB a second; a heartbeat waits behind it.
  session.tick(29_000 + Math.floor(100_000 / 16_384) * 3000);
  assert.equal(session.connection.closed, undefined);
  session.reply(change!, {});
  session.reply(session.sent().find(([, , , event]) => event === "heartbeat")!, {});
  session.find("button").click();
  session.tick(30_000);
  assert.notEqual(session.connection.closed, undefined, "what is small has no more time than before");
});

const events = () => session.sent().filter(([, , , event]) => event === "event");

/** A page with a form of two fields and a button. */
function showForm(): void {
  session.push("diff", { "0": "" });
  session.lose();
  session.tick(10);
  session.join({ rendered: { s: ['<form phx-change="val" phx-submit="save"><input name="a"><input name="b"></form><button phx-click="go"></button>'] } });
}

function type(name: string, text: string): void {
  const field = session.find<HTMLInputElement>(`[name=${name}]`);
  field.value = text;
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
}

const brief = (frames: Frame[]) => frames.map(([, , , , { event, value, meta }]) => `${event} ${meta?._target ?? ""} ${typeof value === "string" ? value.replace(/_unused_\w=&/g, "") : ""}`);

test("while a change waits for its answer, only the latest of those after it is sent, when it has come", () => {
  showForm();
  type("a", "1");
  const [first] = events();
  for (const text of ["12", "123", "1234"]) type("a", text);
  assert.deepEqual(events(), []);
  assert.ok(session.find("form").classList.contains("phx-change-loading"));
  session.reply(first!);
  const next = events();
  assert.deepEqual(brief(next), ["val a a=1234&b="]);
  assert.ok(session.find("form").classList.contains("phx-change-loading"), "the next one waits by now");
  session.reply(next[0]!);
  assert.deepEqual(events(), []);
  assert.equal(session.find("form").className, "");
});

test("another field's change is sent in its turn, and so are clicks and submits", () => {
  showForm();
  type("b", "x");
  type("a", "1");
  const frames = events();
  assert.deepEqual(brief(frames), ["val b a=&b=x", "val a a=1&b=x"]);
  type("a", "12");
  type("b", "xy");
  session.find("button").click();
  session.find("form").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  assert.deepEqual(events(), [], "nothing overtakes what was typed before");
  session.reply(frames[0]!);
  assert.deepEqual(events(), []);
  session.reply(frames[1]!);
  assert.deepEqual(brief(events()), ["val a a=12&b=x", "val b a=12&b=xy", "go  ", "save  a=12&b=xy"]);
});

test("changes of two forms that are alike do not wait for each other", () => {
  const form = (name: string) => `<form phx-change="val"><input name="a" id="${name}"></form>`;
  session.lose();
  session.tick(10);
  session.join({ rendered: { s: [form("one") + form("two")] } });
  for (const id of ["one", "two"]) {
    session.find<HTMLInputElement>(`#${id}`).value = id;
    session.find(`#${id}`).dispatchEvent(new window.Event("input", { bubbles: true }));
  }
  assert.deepEqual(brief(events()), ["val a a=one", "val a a=two"]);
});

test("what waits when the connection is lost is not sent later, and nothing waits for it", () => {
  showForm();
  type("a", "1");
  type("a", "12");
  session.sent();
  session.lose();
  assert.equal(session.find("form").className, "");
  session.tick(50);
  session.join({ rendered: { s: ['<button phx-click="go"></button>'] } });
  assert.deepEqual(events(), []);
  session.find("button").click();
  assert.deepEqual(brief(events()), ["go  "]);
});

test("a change that is never answered ends the connection and is recovered; the page is not loaded", () => {
  session.lose();
  session.tick(10);
  const page = { rendered: { s: ['<form id="f" phx-change="val"><input name="a"></form>'] } };
  session.join(page);
  type("a", "typed");
  const before = session.connection;
  session.tick(30_000);
  assert.equal(before.closed, 1000);
  session.tick(50);
  session.join(page);
  assert.deepEqual(brief(events()), ["val a a=typed"]);
  assert.deepEqual(session.loads, []);
});

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

test("a crash is followed by joins with fresh refs after 1, 2, 5 and 10 seconds", () => {
  session.receive([join[0], join[0], TOPIC, "phx_error", { reason: "channel_crash" }]);
  let last = join[1];
  for (const pause of [1000, 2000, 5000, 10_000, 10_000]) {
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

test("a rejoin that works shows the new tree and starts the pauses anew", () => {
  session.push("phx_error", {});
  session.tick(1000);
  session.reply(session.frame(), { rendered: { s: ["<p>", "</p>"], "0": "again" } });
  assert.equal(session.html(), "<p>again</p>");
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

test("a closed topic is not joined again", () => {
  session.receive([join[0], join[0], TOPIC, "phx_close", {}]);
  session.tick(60_000);
  assert.ok(session.sent().every(([, , topic]) => topic === "phoenix"));
});

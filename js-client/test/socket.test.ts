import { FakeWebSocket, Session } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;
afterEach(() => session.end());

test("the URL carries nested parameters as Plug reads them", () => {
  session = new Session("", { params: { a: { b: "c d" }, list: [1, 2], no: undefined } });
  const { search } = new URL(session.connection.url);
  assert.equal(search, "?a%5Bb%5D=c+d&list%5B0%5D=1&list%5B1%5D=2&vsn=2.0.0");
});

test("a heartbeat goes out every 30 seconds once the last is answered", () => {
  session = new Session();
  session.join();
  session.tick(30_000);
  const first = session.frame();
  assert.deepEqual(first, [null, first[1], "phoenix", "heartbeat", {}]);
  session.reply(first);
  session.tick(30_000);
  assert.equal(session.frame()[3], "heartbeat");
});

test("without an answer to the heartbeat the connection is opened anew", () => {
  session = new Session();
  session.join();
  session.tick(30_000);
  session.tick(30_000);
  assert.equal(session.connection.closed, 1000);
  session.tick(10);
  assert.equal(FakeWebSocket.all.length, 2);
  assert.deepEqual(session.loads, []);
});

test("a lost connection is opened again, later each time", (context) => {
  context.mock.method(Math, "random", () => 1);
  session = new Session();
  session.join();
  const pauses = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000, 5000];
  pauses.forEach((pause, tries) => {
    session.lose();
    session.tick(pause - 1);
    assert.equal(FakeWebSocket.all.length, tries + 1);
    session.tick(1);
    assert.equal(FakeWebSocket.all.length, tries + 2);
  });
  session.join();
  session.lose();
  session.tick(4999);
  assert.equal(FakeWebSocket.all.length, pauses.length + 1, "one that opens is not one that lasts");
  session.tick(1);
  session.join();
  session.tick(10_000);
  session.lose();
  session.tick(10);
  assert.equal(FakeWebSocket.all.length, pauses.length + 3, "a join that has lasted starts from the front");
});

test("a server that has too much to do is left alone for a while", (context) => {
  context.mock.method(Math, "random", () => 1);
  session = new Session();
  session.join();
  session.lose(1013);
  session.tick(4999);
  assert.equal(FakeWebSocket.all.length, 1);
  session.tick(1);
  assert.equal(FakeWebSocket.all.length, 2);
});

test("an attempt to connect is given up after five seconds", () => {
  session = new Session();
  const stuck = session.connection;
  session.tick(4999);
  assert.equal(stuck.closed, undefined);
  session.tick(1);
  assert.equal(stuck.closed, 1000);
  session.tick(10);
  assert.notEqual(session.connection, stuck);
  session.join();
  assert.ok(session.el.classList.contains("phx-connected"));
});

for (const [type, target] of [["visibilitychange", "document"], ["resume", "document"], ["online", "window"]] as const) {
  test(`on ${type} a connection has two seconds to answer`, () => {
    session = new Session();
    session.join();
    const first = session.connection;
    const wake = () => (target === "window" ? window : document).dispatchEvent(new Event(type, { bubbles: type !== "resume" }));
    wake();
    const probe = session.frame();
    assert.equal(probe[3], "heartbeat");
    session.tick(1999);
    session.reply(probe);
    session.tick(1);
    assert.equal(first.closed, undefined);

    session.sent();
    session.tick(1000);
    wake();
    session.tick(2000);
    assert.equal(first.closed, 1000);
    session.tick(50);
    session.join();
    assert.ok(session.el.classList.contains("phx-connected"));
    assert.deepEqual(session.loads, []);
  });
}

test("who comes back to a page that is still sending waits for it", () => {
  session = new Session();
  session.join();
  Object.assign(session.connection, { bufferedAmount: 1 });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  session.tick(2000);
  assert.equal(session.connection.closed, undefined);
});

test("what waits for the end of the connection runs when it is closed", () => {
  session = new Session();
  session.join();
  const { connection } = session;
  const log: string[] = [];
  session.liveSocket.disconnect(() => log.push("closed"));
  assert.equal(connection.closed, 1000);
  assert.equal(log.join(), "");
  connection.onclose!({ code: 1000 });
  assert.equal(log.join(), "closed");
  session.liveSocket.disconnect(() => log.push("again"));
  assert.equal(log.join(), "closed,again");
});

test("a hidden page does not reconnect until it is seen again", (context) => {
  session = new Session();
  session.join();
  let isHidden = true;
  context.mock.getter(Document.prototype, "hidden", () => isHidden);
  session.lose();
  session.tick(60_000);
  assert.equal(FakeWebSocket.all.length, 1);
  isHidden = false;
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  assert.equal(FakeWebSocket.all.length, 2);
});

test("after disconnect nothing is sent and nothing is opened", () => {
  session = new Session();
  session.join();
  session.liveSocket.disconnect();
  assert.equal(session.connection.closed, 1000);
  session.tick(120_000);
  assert.equal(FakeWebSocket.all.length, 1);
  assert.deepEqual(session.sent(), []);
});

test("a listener that throws stops neither the join nor the next attempt", () => {
  session = new Session();
  const fail = () => { throw new Error("no"); };
  session.liveSocket.socket.onOpen(fail);
  session.liveSocket.socket.onClose(fail);
  assert.throws(() => session.open(), /no/);
  assert.equal(session.frame()[3], "phx_join");
  assert.throws(() => session.lose(), /no/);
  session.tick(10);
  assert.equal(FakeWebSocket.all.length, 2);
});

test("pages come back at different times", (context) => {
  const random = context.mock.method(Math, "random", () => 0);
  session = new Session();
  session.join();
  session.lose();
  session.tick(5);
  assert.equal(FakeWebSocket.all.length, 2);
  assert.equal(random.mock.callCount() > 0, true);
});

test("parameters that can't be made are asked for again", () => {
  let fails = false;
  const params = () => {
    if (fails) throw new Error("no token");
    return {};
  };
  session = new Session("", { params });
  session.join();
  fails = true;
  session.lose();
  assert.throws(() => session.tick(10), /no token/);
  assert.throws(() => session.tick(50), /no token/);
  fails = false;
  session.tick(100);
  assert.equal(FakeWebSocket.all.length, 2);
  session.join();
});

test("a page that goes offline knows it at once, and connects when it is online", () => {
  session = new Session();
  session.join();
  const first = session.connection;
  window.dispatchEvent(new Event("offline"));
  assert.equal(first.closed, 1000);
  assert.ok(session.el.classList.contains("phx-loading"));
  window.dispatchEvent(new Event("online"));
  assert.equal(FakeWebSocket.all.length, 2);
  session.join();
  assert.ok(session.el.classList.contains("phx-connected"));
});

test("another transport takes over at once", () => {
  session = new Session();
  session.join();
  const { connection } = session;
  class Other extends FakeWebSocket {}
  session.liveSocket.replaceTransport(Other as unknown as typeof WebSocket);
  assert.equal(connection.closed, 1000);
  assert.ok(session.connection instanceof Other);
});

import { FakeWebSocket, JOIN, Session } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { TestContext } from "node:test";

let session: Session;
afterEach(() => session.end());

test("parameters may depend on the view's element", () => {
  session = new Session("", { params: (el) => ({ where: el?.id ?? "socket" }) });
  assert.match(session.connection.url, /\?where=socket&/);
  session.open();
  assert.equal(session.frame()[4].params.where, "phx-MAIN");
});

test("every root view on the page is joined, the main one with the URL", () => {
  session = new Session('</div><div id="phx-2" data-phx-session="S2"><p>two</p>');
  session.open();
  const joins = session.sent();
  assert.deepEqual(joins.map(([, , topic, , { url, session }]) => [topic, !!url, session]), [
    ["lv:phx-MAIN", true, "SESS"],
    ["lv:phx-2", false, "S2"],
  ]);
  for (const join of joins) session.reply(join, JOIN);
  session.receive([null, null, "lv:phx-2", "diff", { "0": "second" }]);
  assert.equal(session.find("#phx-2").textContent, "second");
  assert.equal(session.el.textContent, "hello");
});

test("patches are announced to the application around them", () => {
  const log: string[] = [];
  const note = (when: string) => (el: HTMLElement) => void log.push(`${when} ${el.textContent}`);
  session = new Session("<p>hello</p>", { dom: { onPatchStart: note("start"), onPatchEnd: note("end") } });
  session.join();
  session.push("diff", { "0": "bye" });
  assert.deepEqual(log.slice(2), ["start hello", "end bye"]);
});

test("a page that comes back from the browser's cache joins again", () => {
  session = new Session();
  session.join();
  window.dispatchEvent(new Event("pagehide"));
  assert.equal(session.liveSocket.isConnected(), false);
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  session.join({ rendered: { s: ["<p>", "</p>"], "0": "again" } });
  assert.equal(session.html(), "<p>again</p>");
  assert.deepEqual(session.loads, []);
});

/** A form, a link or a script has the browser load another page; `after` moves the clock by milliseconds. */
function leave(context: TestContext): (ms: number) => void {
  let now = 1_000_000;
  context.mock.method(Date, "now", () => now);
  window.dispatchEvent(new Event("beforeunload"));
  return (ms) => {
    now += ms;
    session.tick(ms);
  };
}

test("while the browser may be loading another page nothing connects", (context) => {
  session = new Session();
  session.join();
  const after = leave(context);
  session.lose();
  for (let second = 0; second < 14; second++) after(1000);
  assert.equal(FakeWebSocket.all.length, 1);
  // It has stayed: what was loaded is a file, or the user stopped it.
  for (let second = 0; second < 7; second++) after(1000);
  assert.equal(FakeWebSocket.all.length, 2);
});

test("a form that the browser sends counts, one that a script sends does not", () => {
  const form = '<form><input name="a"></form>';
  session = new Session(form);
  session.join({ rendered: { s: [form] } });
  const submit = () => session.find("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  session.find("form").addEventListener("submit", (event) => event.preventDefault(), { once: true });
  submit();
  session.lose();
  session.tick(1000);
  session.join({ rendered: { s: [form] } });
  const { length } = FakeWebSocket.all;
  assert.equal(length, 2);
  submit();
  session.lose();
  session.tick(1000);
  assert.equal(FakeWebSocket.all.length, length);
});

test("a page that was left connects at once when it is come back to", (context) => {
  session = new Session();
  session.join();
  leave(context);
  session.lose();
  window.dispatchEvent(new Event("pagehide"));
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  assert.equal(FakeWebSocket.all.length, 2);
});

test("a join that leads elsewhere waits for the page that the browser is loading", (context) => {
  session = new Session();
  session.open();
  const [join] = session.sent();
  const after = leave(context);
  session.reply(join!, { redirect: { to: "/login", flash: "token" } }, "error");
  assert.deepEqual(session.loads, []);
  assert.doesNotMatch(document.cookie, /__phoenix_flash__/);
  for (let second = 0; second < 14; second++) after(1000);
  assert.deepEqual(session.loads, []);
  after(1000);
  assert.deepEqual(session.loads, ["/login"]);
});

test("latency is simulated until it is not", () => {
  session = new Session();
  session.join();
  session.liveSocket.enableLatencySim(100);
  session.push("diff", { "0": "later" });
  assert.equal(session.el.textContent, "hello");
  session.tick(100);
  assert.equal(session.el.textContent, "later");
  session.liveSocket.disableLatencySim();
  session.push("diff", { "0": "now" });
  assert.equal(session.el.textContent, "now");
});

test("frames are written to the console while that is wanted", (context) => {
  const debug = context.mock.method(console, "debug", () => {});
  session = new Session();
  session.join();
  assert.equal(debug.mock.callCount(), 0);
  session.liveSocket.enableDebug();
  assert.ok(session.liveSocket.isDebugEnabled());
  session.push("diff", { "0": "x" });
  assert.deepEqual(debug.mock.calls[0]!.arguments.slice(0, 5), ["←", null, null, "lv:phx-MAIN", "diff"]);
  session.liveSocket.disableDebug();
  session.push("diff", { "0": "y" });
  assert.equal(debug.mock.callCount(), 1);
});

test("joins and patches are timed in the console while that is wanted", (context) => {
  const calls: string[] = [];
  for (const method of ["time", "timeEnd"] as const) {
    context.mock.method(console, method, (label: string) => void calls.push(`${method} ${label} ${session.el.textContent}`));
  }
  session = new Session("dead");
  session.liveSocket.enableProfiling();
  session.join();
  assert.ok(session.liveSocket.isProfileEnabled());
  session.push("diff", { "0": "x" });
  session.push("diff", { e: [["told", {}]] });
  assert.deepEqual(calls, [
    "time join phx-MAIN dead", "timeEnd join phx-MAIN hello",
    "time patch phx-MAIN hello", "timeEnd patch phx-MAIN x",
  ]);
  session.liveSocket.disableProfiling();
  assert.equal(sessionStorage.getItem("phx:live-socket:profiling"), null);
  assert.equal(session.liveSocket.isProfileEnabled(), false);
  session.push("diff", { "0": "y" });
  assert.equal(calls.length, 4);
});

test("the application may keep what the browser doesn't let it keep", (context) => {
  const stores = [new Map<string, string>(), new Map<string, string>()];
  const [sessionStorage, localStorage] = stores.map((store) => ({
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
    removeItem: (key: string) => void store.delete(key),
  })) as unknown as Storage[];
  const refused = () => {
    throw new Error("SecurityError");
  };
  context.mock.getter(window, "sessionStorage", refused);
  context.mock.method(console, "debug", () => {});
  session = new Session("", { sessionStorage: sessionStorage!, localStorage: localStorage! });
  session.liveSocket.enableDebug();
  session.liveSocket.enableProfiling();
  session.liveSocket.enableLatencySim(10);
  assert.deepEqual([...stores[0]!.values()], ["true", "true", "10"]);
  session.liveSocket.disableProfiling();
  session.join();
  assert.equal(session.el.textContent, "");
  session.tick(10);
  assert.equal(session.el.textContent, "hello");
  session.liveSocket.reloadWithJitter();
  assert.deepEqual([...stores[1]!], [["/items-consecutive-reloads", "1"]]);
});

test("the application hears what comes for a view, and what goes wrong with it", () => {
  const heard: unknown[][] = [];
  session = new Session("", {
    viewLogger: (view, ...rest) => void heard.push([view.id, ...rest]),
  });
  session.join();
  session.push("diff", { "0": "x", t: "T" });
  session.push("phx_error", {});
  session.tick(2000);
  session.reply(session.sent().find(([, , , event]) => event === "phx_join")!, { reason: "no" }, "error");
  session.lose();
  assert.deepEqual(heard, [
    ["phx-MAIN", "mount", "received diff", JOIN.rendered],
    ["phx-MAIN", "update", "received diff", { "0": "x", t: "T" }],
    ["phx-MAIN", "error", "view crashed", {}],
    ["phx-MAIN", "error", "unable to join", { reason: "no" }],
  ]);
});

test("what goes wrong has a code and says who has to mend it", (context) => {
  context.mock.method(console, "error", () => {});
  const heard: any[] = [];
  const listen = (event: Event) => heard.push((event as CustomEvent).detail);
  window.addEventListener("phx:live-view:diagnostic", listen);
  session = new Session('<p id="p" phx-hook="None"></p>');
  session.join({ rendered: { s: ['<p id="p" phx-hook="None"></p>'] } });
  session.liveSocket.execJS(session.find("p"), '[["fly",{}]]');
  session.connection.onmessage!({ data: "{" });
  window.removeEventListener("phx:live-view:diagnostic", listen);
  assert.deepEqual(heard.map(({ version, code, attribution }) => [version, code, attribution]), [
    [1, "hook.unknown", "app"],
    [1, "command.unknown", "app"],
    [1, "socket.malformed-message", "network"],
  ]);
});

test("a page that may keep nothing works, and is loaded again only seldom", (context) => {
  const { localStorage, sessionStorage } = globalThis;
  context.after(() => Object.assign(globalThis, { localStorage, sessionStorage }));
  const refuse = () => {
    throw new Error("SecurityError");
  };
  const none = { clear() {}, getItem: refuse, setItem: refuse, removeItem: refuse };
  Object.assign(globalThis, { localStorage: none, sessionStorage: none });
  session = new Session();
  session.join();
  session.push("diff", { "0": "bye" });
  assert.equal(session.el.textContent, "bye");
  session.liveSocket.reloadWithJitter();
  session.tick(29_999);
  assert.deepEqual(session.loads, []);
  session.tick(1);
  assert.equal(session.loads.length, 1);
});

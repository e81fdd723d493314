import { Session, TOPIC } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;
afterEach(() => session.end());

const child = (id: string, session: string, content = "") =>
  `<div id="${id}" data-phx-session="${session}" data-phx-static="${session ? "" : `STATIC-${id}`}" data-phx-parent-id="phx-MAIN">${content}</div>`;
const sticky = (id: string, content = "") => `<div id="${id}" data-phx-session="STICKY" data-phx-static="" data-phx-sticky>${content}</div>`;
const MAIN = (content: string) => ({ rendered: { s: ["<h1>a</h1>", ""], "0": content } });
const PAGE = (text: string) => ({ rendered: { s: ["<p>", "</p>"], "0": text } });

const joins = (frames: Frame[]) => frames.filter(([, , , event]) => event === "phx_join");
const join = (id: string, frames = session.sent()) => joins(frames).find(([, , topic]) => topic === `lv:${id}`)!;

/** A page, with more in it, whose child is about to join. */
function start(more = ""): Frame {
  session = new Session(`<h1>a</h1>${child("c", "", "<p>dead</p>")}`);
  session.join(MAIN(child("c", "SESSION") + more));
  return join("c");
}

test("a child joins with the session of the connected render and what the dead one left", () => {
  const frame = start();
  const { params, url, ...payload } = frame[4];
  assert.deepEqual(payload, { session: "SESSION", static: "STATIC-c", sticky: false });
  assert.equal(url, undefined);
  assert.equal(params._mounts, 0);
  assert.equal(session.find("#c").innerHTML, "<p>dead</p>");
  session.reply(frame, PAGE("alive"));
  assert.equal(session.find("#c").textContent, "alive");
  assert.ok(session.find("#c").classList.contains("phx-connected"));
});

test("a patch of the parent leaves the child alone", () => {
  session.reply(start(), PAGE("alive"));
  const text = session.find("#c p");
  session.push("diff", { "0": child("c", "OTHER") + "<i>x</i>" });
  assert.equal(session.find("#c p"), text);
  assert.equal(session.find("#c").dataset.phxSession, "SESSION");
  assert.ok(session.find("#c").classList.contains("phx-connected"));
  assert.deepEqual(session.sent(), []);
});

test("a click in a child whose connection went is refused visibly", () => {
  session.reply(start(), { rendered: { s: ['<button id="b" phx-click="go">Go</button>'] } });
  session.lose();
  session.find("#b").click();
  assert.equal(session.find("#b").className, "phx-click-refused");
});

test("a child whose element goes is left, and its own children with it", () => {
  session.reply(start(), { rendered: { s: [child("d", "S").replace("phx-MAIN", "c")] } });
  session.reply(join("d"), PAGE("inner"));
  session.push("diff", { "0": "" });
  assert.deepEqual(session.sent().map(([, , topic, event]) => [topic, event]), [["lv:c", "phx_leave"], ["lv:d", "phx_leave"]]);
  assert.deepEqual([...session.liveSocket.views.keys()], ["phx-MAIN"]);
});

test("an element that gets another id becomes another view", () => {
  session = new Session();
  const statics = ['<div id="', '" data-phx-session="', '" data-phx-static="" data-phx-parent-id="phx-MAIN"></div>'];
  session.join({ rendered: { s: statics, "0": "c", "1": "ONE" } });
  session.reply(join("c"), PAGE("first"));
  session.push("diff", { "0": "c~2", "1": "TWO" });
  const frames = session.sent();
  assert.deepEqual(frames.map(([, , topic, event]) => [topic, event]), [["lv:c", "phx_leave"], ["lv:c~2", "phx_join"]]);
  assert.equal(frames[1]![4].session, "TWO");
  session.reply(frames[1]!, PAGE("second"));
  assert.equal(session.el.textContent, "second");
});

test("a parent that fails takes its children along, and they are joined anew after it", () => {
  session.reply(start(), PAGE("alive"));
  session.push("phx_error", {});
  assert.deepEqual(session.sent().map(([, , topic, event]) => [topic, event]), [["lv:c", "phx_leave"]]);
  session.tick(1000);
  session.reply(session.frame(), MAIN(child("c", "AGAIN")));
  const frame = join("c");
  assert.equal(frame[4].session, "AGAIN");
  assert.equal(frame[4].params._mounts, 1);
  assert.equal(session.find("#c").textContent, "alive");
  session.reply(frame, PAGE("again"));
  assert.equal(session.find("#c").textContent, "again");
});

test("a child that fails is joined again alone, as long as its element is there", () => {
  let frame = start();
  for (const pause of [1000, 2000]) {
    session.reply(frame, { reason: "join crashed" }, "error");
    session.tick(500);
    assert.ok(session.find("#c").classList.contains("phx-error"));
    session.tick(pause - 500);
    frame = join("c");
  }
  for (const pause of [5000, 20_000, 20_000]) {
    session.reply(frame, { reason: "join crashed" }, "error");
    session.sent();
    session.tick(pause);
    frame = join("c");
  }
  session.reply(frame, { reason: "join crashed" }, "error");
  session.push("diff", { "0": "" });
  session.sent();
  session.tick(60_000);
  assert.equal(join("c"), undefined);
  assert.deepEqual(session.loads, []);
});

test("the page shows that a child is missed, until it has joined", () => {
  const bound = `<b id="gone" phx-disconnected='[["add_class",{"names":["shown"]}]]'></b>`;
  let frame = start(bound);
  for (const pause of [1000, 2000, 0]) {
    assert.equal(session.el.className, pause === 1000 ? "phx-loading" : "phx-connected");
    session.reply(frame, { reason: "join crashed" }, "error");
    session.tick(pause);
    frame = join("c");
  }
  assert.equal(session.el.className, "phx-loading phx-error phx-server-error");
  assert.equal(session.find("#gone").className, "shown");
  session.push("diff", { "0": child("c", "SESSION") + "<i>alive</i>" });
  assert.equal(session.find("i").textContent, "alive");
  session.tick(5000);
  session.reply(join("c"), PAGE("there"));
  assert.equal(session.el.className, "phx-connected");
  assert.equal(session.find("#c").className, "phx-connected");
});

test("hooks belong to the view that they are in", () => {
  const log: string[] = [];
  session = new Session("", {
    hooks: {
      Log: {
        mounted() {
          log.push(`mounted ${this.el.id}`);
          this.pushEvent("hello", {}, () => {});
        },
        destroyed() {
          log.push(`destroyed ${this.el.id}`);
        },
      },
    },
  });
  session.join(MAIN(`<i id="m" phx-hook="Log"></i>${child("c", "SESSION")}`));
  const frames = session.sent();
  assert.deepEqual(frames.filter(([, , , event]) => event === "event").map(([, , topic]) => topic), ["lv:phx-MAIN"]);
  const reply = { rendered: { s: ['<i id="n" phx-hook="Log"></i>'] } };
  session.reply(join("c", frames), reply);
  assert.deepEqual(session.frame().slice(2, 4), ["lv:c", "event"]);
  session.push("phx_error", {});
  session.sent();
  session.tick(1000);
  session.reply(session.frame(), MAIN(`<i id="m" phx-hook="Log"></i>${child("c", "AGAIN")}`));
  session.reply(join("c"), reply);
  assert.deepEqual(log, ["mounted m", "mounted n", "destroyed n", "mounted n"]);
});

test("a page that one navigates to is shown when its children are there", () => {
  session.reply(start(), PAGE("alive"));
  session.push("live_redirect", { to: "/next", kind: "push" });
  const frames = session.sent();
  assert.deepEqual(frames.map(([, , topic, event]) => [topic, event]), [["lv:phx-MAIN", "phx_leave"], ["lv:c", "phx_leave"], ["lv:phx-MAIN", "phx_join"]]);
  session.reply(frames[2]!, { rendered: { s: ["<h1>b</h1>", ""], "0": child("c", "NEW"), e: [["shown", {}]] }, container: ["main", { class: "x" }] });
  assert.equal(session.find("h1").textContent, "a");
  const inner = child("d", "INNER").replace("phx-MAIN", "c");
  session.reply(join("c"), { rendered: { s: [`<b>next</b>${inner}`] } });
  assert.equal(session.find("h1").textContent, "a");
  assert.equal(location.pathname, "/items");
  const shown: unknown[] = [];
  window.addEventListener("phx:shown", () => shown.push(session.el.textContent), { once: true });
  session.reply(join("d"), PAGE("deep"));
  assert.equal(session.el.textContent, "bnextdeep");
  assert.equal(session.el.localName, "main");
  assert.equal(location.pathname, "/next");
  assert.deepEqual(shown, ["bnextdeep"]);
  assert.equal(document.querySelectorAll("#phx-MAIN").length, 1);
});

test("a child that fails holds up no page", () => {
  session = new Session();
  session.join();
  session.push("live_redirect", { to: "/next", kind: "push" });
  session.reply(join("phx-MAIN"), MAIN(child("c", "NEW")));
  session.reply(join("c"), { reason: "join crashed" }, "error");
  assert.equal(session.find("h1").textContent, "a");
});

test("a navigation that another one overtakes shows nothing", () => {
  session = new Session("<h1>old</h1>");
  session.join({ rendered: { s: ["<h1>old</h1>"] } });
  session.push("live_redirect", { to: "/next", kind: "push" });
  session.reply(join("phx-MAIN"), MAIN(child("c", "NEW")));
  session.sent();
  session.push("live_redirect", { to: "/last", kind: "push" });
  session.reply(join("phx-MAIN"), PAGE("last"));
  assert.equal(session.el.textContent, "last");
  assert.equal(location.pathname, "/last");
  assert.deepEqual([...session.liveSocket.views.keys()], ["phx-MAIN"]);
});

test("a sticky view joins of its own, and stays with its nodes on the next page", () => {
  session = new Session(`<h1>a</h1>${sticky("s", "<p>dead</p>")}`);
  session.open();
  const frames = session.sent();
  const [main, view] = [join("phx-MAIN", frames), join("s", frames)];
  assert.equal(view[4].sticky, true);
  assert.equal(view[4].url, undefined);
  session.reply(view, PAGE("alive"));
  session.reply(main, MAIN(sticky("s")));
  const node = session.find("#s p");
  assert.equal(node.textContent, "alive");
  session.push("live_redirect", { to: "/next", kind: "push" });
  session.reply(join("phx-MAIN"), { rendered: { s: ["<section>", "</section>"], "0": { s: [sticky("s"), ""], "0": "x" } } });
  assert.equal(session.find("section #s p"), node);
  assert.deepEqual(session.sent(), []);
  session.push("diff", { "0": { "0": "y" } });
  assert.equal(session.find("section").textContent, "alivey");
  session.push("diff", { "0": "" });
  assert.deepEqual(session.frame().slice(2, 4), ["lv:s", "phx_leave"]);
});

test("a sticky view that comes with a page joins when that is shown", () => {
  session = new Session();
  session.join();
  session.push("live_redirect", { to: "/next", kind: "push" });
  session.reply(join("phx-MAIN"), MAIN(sticky("s") + child("c", "NEW")));
  const frames = session.sent();
  assert.deepEqual(joins(frames).map(([, , topic]) => topic), ["lv:c"]);
  session.reply(frames[0]!, PAGE("child"));
  session.reply(join("s"), PAGE("stays"));
  assert.equal(session.find("#s").textContent, "stays");
});

test("events go to the view around their element", () => {
  session.reply(start(), { rendered: { s: ['<b phx-click="e">x</b>'] } });
  session.find("#c b").click();
  assert.equal(session.frame()[2], "lv:c");
});

/** A page whose next one waits for two children of its own. */
function leaving(options = {}): { main: Frame; frames: Frame[] } {
  session = new Session("<h1>a</h1>", options);
  session.join(MAIN(sticky("s")));
  session.reply(join("s"), PAGE("sticky"));
  session.push("live_redirect", { to: "/next", kind: "push" });
  const main = join("phx-MAIN");
  session.reply(main, MAIN(child("c", "C") + child("d", "D")));
  return { main, frames: session.sent() };
}

const tell = (topic: string, diff: object) => session.receive([null, null, topic, "diff", diff]);

test("a page that is on its way arrives, whatever it and sticky views are told meanwhile", () => {
  const { main, frames } = leaving();
  tell("lv:s", { "0": "ticks" });
  const title: string[] = [];
  window.addEventListener("phx:tick", () => title.push(session.el.textContent!), { once: true });
  session.receive([main[0], null, TOPIC, "diff", { "0": child("c", "C") + child("d", "D") + "told", t: "New", e: [["tick", {}]] }]);
  session.reply(join("c", frames), PAGE("c"));
  tell("lv:c", { "0": "changed" });
  assert.equal(document.title, "t");
  assert.deepEqual(title, []);
  session.reply(join("d", frames), PAGE("d"));
  assert.equal(session.el.textContent, "achangeddtold");
  assert.equal(document.title, "New - Bennu");
  assert.deepEqual(title, ["achangeddtold"]);
  assert.equal(location.pathname, "/next");
});

test("a page that is on its way waits no more for a child that it has let go, and for one that has come since", () => {
  const { main, frames } = leaving();
  session.reply(join("c", frames), PAGE("c"));
  session.receive([main[0], null, TOPIC, "diff", { "0": child("c", "C") + child("e", "E") }]);
  const sent = session.sent();
  assert.deepEqual(sent.map(([, , topic, event]) => [topic, event]), [["lv:d", "phx_leave"], ["lv:e", "phx_join"]]);
  assert.equal(location.pathname, "/items");
  session.reply(join("e", sent), PAGE("e"));
  assert.equal(session.el.textContent, "ace");
  assert.equal(location.pathname, "/next");
});

test("a child that fails twice counts once", () => {
  const { frames } = leaving();
  session.reply(join("c", frames), { reason: "join crashed" }, "error");
  session.tick(1000);
  session.reply(join("c"), PAGE("c"));
  assert.equal(location.pathname, "/items");
  session.reply(join("d", frames), PAGE("d"));
  assert.equal(session.el.textContent, "acd");
});

test("a page whose connection breaks while it waits for its children arrives later", () => {
  leaving();
  session.lose();
  session.tick(2000);
  session.open();
  let frames = session.sent();
  session.reply(join("phx-MAIN", frames), { ...MAIN(child("c", "AGAIN")), live_patch: { to: "/other", kind: "push" } });
  frames = session.sent();
  assert.equal(location.pathname, "/items");
  const { length } = history;
  session.reply(join("c", frames), PAGE("c"));
  assert.equal(session.el.textContent, "ac");
  assert.equal(location.pathname, "/other");
  assert.equal(document.querySelectorAll("#phx-MAIN").length, 1);
  assert.ok(history.length <= length + 2);
});

test("a click on the page that is being left reaches no view", () => {
  session = new Session('<b phx-click="e">x</b>');
  session.join({ rendered: { s: ['<b phx-click="e">x</b>'] } });
  session.push("live_redirect", { to: "/next", kind: "push" });
  session.reply(join("phx-MAIN"), MAIN(child("c", "C")));
  session.sent();
  session.find("b").click();
  assert.deepEqual(session.sent(), []);
});

test("a view counts as connected when the views in it have joined too", () => {
  const stops: unknown[] = [];
  window.addEventListener("phx:page-loading-stop", () => stops.push(session.el.className), { once: true });
  const frame = start(`<b id="there" phx-connected='[["add_class",{"names":["shown"]}]]'></b>`);
  session.reply(frame, { rendered: { s: [child("d", "INNER").replace("phx-MAIN", "c")] } });
  assert.deepEqual([session.el.className, session.find("#c").className, stops], ["phx-loading", "phx-loading", []]);
  assert.equal(session.find("#there").className, "");
  session.reply(join("d"), PAGE("inner"));
  assert.deepEqual([session.el.className, session.find("#c").className], ["phx-connected", "phx-connected"]);
  assert.deepEqual(stops, ["phx-connected"]);
  assert.equal(session.find("#there").className, "shown");
});

test("a view whose child went before it joined is connected", () => {
  start();
  session.push("diff", { "0": "" });
  assert.equal(session.el.className, "phx-connected");
});

test("an element that takes a child's place under its id is no view", () => {
  session.reply(start(), PAGE("alive"));
  session.push("diff", { "0": '<div id="c"><p>plain</p></div>' });
  assert.deepEqual(session.frame().slice(2, 4), ["lv:c", "phx_leave"]);
  assert.equal(session.find("#c").textContent, "plain");
  assert.equal(session.find("#c").dataset.phxSession, undefined);
  session.push("diff", { "0": child("c", "AGAIN") });
  session.reply(join("c"), PAGE("again"));
  assert.equal(session.find("#c").textContent, "again");
});

test("a child that is placed elsewhere before its place goes joins there", () => {
  session = new Session();
  session.join({ rendered: { s: ["<u>", "</u><i>", "</i>"], "0": child("c", "S"), "1": "" } });
  session.reply(join("c"), PAGE("here"));
  session.push("diff", { "1": child("c", "S") });
  session.push("diff", { "0": "" });
  const frames = session.sent();
  assert.deepEqual(frames.map(([, , topic, event]) => [topic, event]), [["lv:c", "phx_leave"], ["lv:c", "phx_join"]]);
  session.reply(join("c", frames), PAGE("there"));
  assert.equal(session.find("i").textContent, "there");
});

test("a child that leaves with a component comes back with it, and so do hooks", () => {
  const log: string[] = [];
  session = new Session("", { hooks: { Log: { mounted() { log.push("mounted"); }, destroyed() { log.push("destroyed"); } } } });
  const component = { s: ["<section>", '<b id="h" phx-hook="Log"></b></section>'], "0": child("c", "S") };
  session.join({ rendered: { s: ["", ""], "0": 1, c: { "1": component } } });
  session.reply(join("c"), PAGE("alive"));
  session.push("diff", { "0": "" });
  assert.equal(session.el.textContent, "");
  session.sent();
  session.push("diff", { "0": 1 });
  session.reply(join("c"), PAGE("again"));
  assert.equal(session.el.textContent, "again");
  assert.deepEqual(log, ["mounted", "destroyed", "mounted"]);
});

test("who watches hears once of a child that is missed", (context) => {
  context.mock.method(console, "error", () => {});
  const codes: string[] = [];
  const logged: string[] = [];
  window.addEventListener("phx:live-view:diagnostic", (event) => void codes.push((event as CustomEvent).detail.code));
  session = new Session("", { viewLogger: (view, kind, message) => void logged.push(`${view.id} ${kind} ${message}`) });
  session.join(MAIN(child("c", "SESSION")));
  for (const pause of [1000, 2000, 5000, 20_000]) {
    session.reply(join("c"), { reason: "join crashed" }, "error");
    session.tick(pause);
  }
  assert.deepEqual(codes, ["view.missed"]);
  assert.equal(logged.filter((line) => line === "c error unable to join").length, 4);
});

import { Session } from "./support/server.ts";
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

test("a child that fails is joined again alone, and given up after three attempts", () => {
  let frame = start();
  for (const pause of [1000, 2000]) {
    session.reply(frame, { reason: "join crashed" }, "error");
    session.tick(500);
    assert.ok(session.find("#c").classList.contains("phx-error"));
    session.tick(pause - 500);
    frame = join("c");
  }
  session.reply(frame, { reason: "join crashed" }, "error");
  session.sent();
  session.tick(60_000);
  assert.equal(join("c"), undefined);
  assert.deepEqual(session.loads, []);
});

test("the page shows that a child was given up, until it has joined again", () => {
  const bound = `<b id="gone" phx-disconnected='[["add_class",{"names":["shown"]}]]'></b>`;
  let frame = start(bound);
  for (const pause of [1000, 2000, 0]) {
    assert.equal(session.el.className, "phx-connected");
    session.reply(frame, { reason: "join crashed" }, "error");
    session.tick(pause);
    frame = join("c");
  }
  assert.equal(session.el.className, "phx-loading phx-error phx-server-error");
  assert.equal(session.find("#gone").className, "shown");
  session.push("diff", { "0": "alive" });
  assert.equal(session.el.textContent, "aalive");
  session.lose();
  session.tick(2000);
  session.join(MAIN("again"));
  assert.equal(session.el.className, "phx-connected");
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

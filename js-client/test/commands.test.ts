import { Session, TOPIC } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;
const FRAME = 16;

// jsdom lays nothing out: what has no `display: none` is visible here.
Element.prototype.getClientRects = function (this: HTMLElement) {
  return (this.style.display === "none" ? [] : [{}]) as unknown as DOMRectList;
};

/** A joined page with this HTML before and after a dynamic class. */
function show(html: string): Session {
  const statics = ['<p id="p" class="', `">text</p>${html}`];
  session = new Session(`<p id="p" class="a">text</p>${html}`);
  session.join({ rendered: { s: statics, "0": "a" } });
  return session;
}

afterEach(() => session.end());

const run = (...commands: [string, object][]) =>
  session.liveSocket.execJS(session.find("#p"), JSON.stringify(commands));
const p = () => session.find("#p");
const payload = ([, , , , body]: Frame) => body;
const events = () => session.sent().filter(([, , topic, event]) => topic === TOPIC && event === "event").map(payload);
/** Until the promises of a reply have run. */
const answered = () => new Promise(setImmediate);
const TRANSITION = [["run"], ["start"], ["end"]];

test("commands run in order, and an unknown one is reported", (context) => {
  show("");
  const error = context.mock.method(console, "error", () => {});
  run(["add_class", { names: ["x"] }], ["fly", {}], ["remove_class", { names: ["a"] }]);
  assert.equal(p().className, "x");
  assert.equal(error.mock.callCount(), 1);
});

test("a push carries the element's values and its own, to the target", () => {
  show('<button id="b" phx-value-a="1" value="v"></button>');
  session.liveSocket.execJS(session.find("#b"), '[["push",{"event":"go","value":{"b":2},"target":3}]]');
  assert.deepEqual(events(), [{ type: null, event: "go", value: { a: "1", value: "v", b: 2 }, cid: 3 }]);
});

test("what a push names as loading waits with it", async () => {
  show('<i id="i"></i>');
  const loads: string[] = [];
  for (const when of ["start", "stop"]) {
    window.addEventListener(`phx:page-loading-${when}`, ({ detail }: any) => loads.push(`${when} ${detail.kind}`), { once: true });
  }
  session.el.insertAdjacentHTML("beforeend", `<b phx-click='[["push",{"event":"go","loading":"#i","page_loading":true}]]'></b>`);
  session.find("b").click();
  assert.equal(session.find("#i").className, "phx-click-loading");
  session.reply(session.frame());
  assert.equal(session.find("#i").className, "");
  await answered();
  assert.deepEqual(loads, ["start element", "stop element"]);
});

test("an element keeps the classes it was given or taken when the server writes its class", () => {
  show("");
  run(["add_class", { names: ["x"] }], ["remove_class", { names: ["b"] }]);
  session.push("diff", { "0": "a b" });
  assert.equal(p().className, "a b x");
  run(["toggle_class", { names: ["b", "y"] }]);
  assert.equal(p().className, "a x y");
  session.push("diff", { "0": "b c" });
  assert.equal(p().className, "c x y");
});

test("a class that the server gave is the server's to take", () => {
  show("");
  run(["add_class", { names: ["a"] }]);
  session.push("diff", { "0": "" });
  assert.equal(p().className, "");
});

test("scopes: the document, the closest, the inner", () => {
  show('<div class="card"><u><b id="b"></b></u></div><u></u>');
  const add = (name: string, to: unknown) => ["add_class", { names: [name], to }];
  session.liveSocket.execJS(session.find("u"), JSON.stringify([add("d", "u"), add("c", { closest: ".card" }), add("i", { inner: "b" }), add("n", { closest: "table" })]));
  assert.equal(session.html().slice(28), '<div class="card c"><u class="d"><b class="i" id="b"></b></u></div><u class="d"></u>');
});

test("attributes are set, removed and toggled, and stay so over patches", () => {
  session = new Session();
  session.join({ rendered: { s: ['<p id="p" title="', '" lang="', '">x</p>'], "0": "a", "1": "en" } });
  run(["set_attr", { attr: ["title", "mine"] }], ["remove_attr", { attr: "lang" }]);
  run(["toggle_attr", { attr: ["open", ""] }], ["toggle_attr", { attr: ["aria-busy", "true", "false"] }]);
  session.push("diff", { "0": "b", "1": "fr" });
  assert.equal(session.html(), '<p aria-busy="true" id="p" open="" title="mine">x</p>');
  run(["toggle_attr", { attr: ["open", ""] }], ["toggle_attr", { attr: ["aria-busy", "true", "false"] }]);
  assert.equal(session.html(), '<p aria-busy="false" id="p" title="mine">x</p>');
});

test("an ignored attribute is the browser's from then on", () => {
  session = new Session();
  session.join({ rendered: { s: ['<p id="p" open="', '" data-x="', '" title="', '">x</p>'], "0": "", "1": "a", "2": "t" } });
  run(["ignore_attrs", { attrs: ["open", "data-*"] }]);
  p().removeAttribute("open");
  session.push("diff", { "0": "1", "1": "b", "2": "u" });
  assert.equal(session.html(), '<p data-x="a" id="p" title="u">x</p>');
});

test("show, hide and toggle change the display and tell when", () => {
  show('<table><tr id="r" style="display: none"></tr></table>');
  const log: string[] = [];
  for (const name of ["show-start", "show-end", "hide-start", "hide-end"]) p().addEventListener(`phx:${name}`, () => log.push(name));
  run(["show", {}], ["hide", {}], ["hide", {}], ["toggle", { display: "flex" }]);
  assert.deepEqual(log, ["hide-start", "hide-end", "show-start", "show-end"]);
  assert.equal(p().style.display, "flex");
  run(["show", { to: "#r" }]);
  assert.equal(session.find("#r").style.display, "table-row");
});

test("a transition goes through its classes, and messages wait for its end", () => {
  show("");
  const seen = () => p().className;
  run(["hide", { transition: TRANSITION, time: 100 }]);
  session.push("diff", { "0": "b" });
  assert.equal(seen(), "a start");
  session.tick(FRAME);
  assert.equal(seen(), "a start run");
  session.tick(FRAME);
  assert.equal(seen(), "a run end");
  session.tick(100 - 2 * FRAME - 1);
  assert.equal(p().style.display, "");
  session.tick(1);
  assert.equal(p().style.display, "none");
  assert.equal(seen(), "b");
  run(["show", { transition: TRANSITION, time: 100 }]);
  assert.equal(p().style.display, "none");
  session.tick(FRAME);
  assert.equal(p().style.display, "block");
  session.tick(100);
  assert.equal(seen(), "b");
});

test("a transition that doesn't block lets patches through and keeps its classes", () => {
  show("");
  run(["transition", { transition: TRANSITION, time: 100, blocking: false }]);
  session.tick(FRAME);
  session.tick(FRAME);
  session.push("diff", { "0": "b" });
  assert.equal(p().className, "b run end");
  session.tick(100);
  assert.equal(p().className, "b end");
});

test("classes are added when their transition ends, however short it is", () => {
  show("");
  run(["add_class", { names: ["x"], transition: TRANSITION, time: 0 }]);
  session.tick(100);
  assert.equal(p().className, "a end x");
});

test("an event is dispatched with its detail and dispatcher", () => {
  show("<i></i>");
  const heard: CustomEvent[] = [];
  const listen = (event: Event) => heard.push(event as CustomEvent);
  window.addEventListener("my:event", listen);
  run(["dispatch", { event: "my:event", to: "i", detail: { a: 1 } }], ["dispatch", { event: "my:event", bubbles: false }]);
  window.removeEventListener("my:event", listen);
  assert.deepEqual(heard.map(({ detail, target }) => [detail.a, detail.dispatcher.id, (target as Element).localName]), [[1, "p", "i"]]);
});

test("patches wait for who took a blocking event, once", () => {
  show("");
  let done: () => void;
  p().addEventListener("my:event", ({ detail }: any) => (done = detail.done), { once: true });
  run(["dispatch", { event: "my:event", blocking: true }]);
  session.push("diff", { "0": "b" });
  assert.equal(p().className, "a");
  done!();
  done!();
  assert.equal(p().className, "b");
});

test("a dispatched click clicks", () => {
  show('<input type="checkbox" id="c">');
  run(["dispatch", { event: "click", to: "#c" }]);
  assert.equal(session.find<HTMLInputElement>("#c").checked, true);
});

test("the focus is moved, remembered and given back", () => {
  show('<div id="d"><i tabindex="-1"></i><input type="hidden"><input id="in"></div><button id="b"></button>');
  session.find("#b").focus();
  run(["push_focus", { to: "#b" }], ["focus_first", { to: "#d" }]);
  assert.equal(document.activeElement?.id, "in");
  run(["focus", { to: "#b" }], ["focus_first", { to: "#d" }], ["pop_focus", {}]);
  assert.equal(document.activeElement?.id, "b");
  session.tick(2 * FRAME);
  assert.equal(document.activeElement?.id, "b");
});

test("commands may stand in another attribute", () => {
  show(`<i id="i" data-do='[["add_class",{"names":["done"]}]]'></i>`);
  run(["exec", { attr: "data-do", to: "#i" }]);
  assert.equal(session.find("#i").className, "done");
});

test("an element with phx-mounted runs it once when it is added, the first page included", () => {
  const mounted = (name: string) => `phx-mounted='[["add_class",{"names":["${name}"]}],["push",{"event":"${name}"}]]'`;
  session = new Session(`<i ${mounted("first")}></i>`);
  session.join({ rendered: { s: [`<i ${mounted("first")}></i>`, ""], "0": "" } });
  assert.equal(session.find("i").className, "first");
  assert.deepEqual(events(), [{ type: null, event: "first", value: {} }]);
  session.push("diff", { "0": { s: [`<b ${mounted("second")}></b>`] } });
  assert.deepEqual(events(), [{ type: null, event: "second", value: {} }]);
  session.lose();
  session.tick(10);
  session.join({ rendered: { s: [`<i ${mounted("first")}></i>`, ""], "0": { s: [`<b ${mounted("second")}></b>`] } } });
  assert.deepEqual(events(), []);
});

test("an element with phx-remove stays until its transition has ended", () => {
  const remove = `phx-remove='[["push",{"event":"bye"}],["hide",{"time":100,"transition":[["run"],[],[]]}]]'`;
  const item = { s: [`<li id="`, `" ${remove}>`, "</li>"] };
  session = new Session();
  session.join({ rendered: { s: ["<ul>", "</ul>"], "0": { ...item, k: { "0": { "0": "a", "1": "A" }, "1": { "0": "b", "1": "B" }, kc: 2 } } } });
  const a = session.find("#a");
  session.push("diff", { "0": { k: { "0": 1, kc: 1, km: true } } });
  assert.deepEqual(events(), [{ type: "remove", event: "bye", value: {} }].map((event) => ({ ...event, value: { value: 0 } })));
  assert.ok(a.isConnected);
  session.push("diff", { "0": { k: { "0": { "1": "B2" }, "1": { "0": "a", "1": "A2" }, kc: 2 } } });
  session.tick(100);
  assert.equal(a.isConnected, false);
  assert.deepEqual([...session.el.querySelectorAll("li")].map(({ id, textContent }) => id + textContent), ["bB2", "aA2"]);
});

test("what leaves is not taken for what comes", () => {
  session = new Session();
  session.join({ rendered: { s: ["", ""], "0": { s: [`<b phx-remove='[["hide",{"blocking":false,"time":50,"transition":[["r"],[],[]]}],["dispatch",{"event":"wait","blocking":true}]]'>old</b>`] } } });
  const old = session.find("b");
  let done: () => void;
  old.addEventListener("wait", ({ detail }: any) => (done = detail.done));
  session.push("diff", { "0": "" });
  assert.ok(old.isConnected);
  done!();
  assert.equal(session.html(), "");
});

test("scripts have the commands as functions", async () => {
  show('<b id="b" data-do=\'[["add_class",{"names":["done"]}]]\'></b>');
  const js = session.liveSocket.js();
  js.addClass(p(), "x y");
  js.removeClass(p(), ["a"]);
  js.toggleClass(p(), "y z");
  js.setAttribute(p(), "title", "t");
  js.setAttribute(p(), "lang", "en");
  js.removeAttribute(p(), "lang");
  js.toggleAttribute(p(), "open", "");
  js.hide(p());
  js.toggle(p(), { display: "flex" });
  js.exec(session.find("#b"), session.find("#b").dataset.do!);
  assert.equal(p().outerHTML, '<p id="p" class="x z" title="t" open="" style="display: flex;">text</p>');
  assert.equal(session.find("#b").className, "done");
  js.transition(p(), "fade", { time: 10, blocking: false });
  session.tick(FRAME - 7);
  js.transition(p(), ["fade", "from", "to"], { blocking: false });
  assert.equal(p().className, "x z from");
  js.ignoreAttributes(p(), "class");
  session.push("diff", { "0": "b" });
  assert.equal(p().className, "x z from");
  let reply: unknown;
  js.push(p(), "go", { value: { a: 1 }, callback: (answer) => (reply = answer) });
  const frame = session.frame();
  assert.deepEqual(frame[4], { type: "js", event: "go", value: { a: 1 } });
  session.reply(frame, { diff: { r: { ok: 1 } } });
  await answered();
  assert.deepEqual(reply, { ok: 1 });
});

test("scripts navigate and patch", () => {
  show("");
  session.liveSocket.js().patch("/items?x=2", { replace: true });
  const frame = session.frame();
  assert.deepEqual([frame[3], frame[4]], ["live_patch", { url: "http://localhost:4000/items?x=2" }]);
});

test("a component that leaves may come back", () => {
  const statics = [`<b phx-remove='[["hide",{"time":50,"transition":[["r"],[],[]]}]]'>`, "</b>"];
  session = new Session();
  session.join({ rendered: { s: ["<p>", "</p><i>", "</i>"], "0": 1, "1": "", c: { 1: { s: statics, "0": "one", r: 1 } } } });
  const root = session.find("b");
  session.push("diff", { "0": "" });
  assert.ok(root.isConnected);
  session.push("diff", { "1": 1, c: { 1: { s: statics, "0": "two", r: 1 } } });
  session.tick(50);
  assert.equal(session.find("i").textContent, "two");
  assert.equal(session.find("p").textContent, "");
  assert.equal(session.find("b").hasAttribute("inert"), false);
});

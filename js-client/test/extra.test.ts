import { JOIN, Session, TOPIC } from "./support/server.ts";
import { findBy } from "./support/beside.ts";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { extend } from "../src/core.ts";
import { installExtra } from "../src/extra.ts";
import { give } from "../src/extra/index.ts";

const HIDE = String.raw` phx-click='[["hide",{}]]'`;
const COMMON = String.raw` phx-click='[["push",{"event":"x"}],["patch",{"href":"/"}]]'`;

let session: Session;
beforeEach(() => {
  installExtra(undefined);
  findBy({ extra: "/live/assets/extra-2.js" });
});
afterEach(() => session.end());

/** The script that was asked for; jsdom loads none. */
const asked = () => [...document.head.querySelectorAll("script")];

function arrive(): void {
  extend(give);
  asked().at(-1)!.onload!(new Event("load"));
}

const fail = () => asked().at(-1)!.dispatchEvent(new Event("error"));

test("what every page has asks for nothing", () => {
  session = new Session();
  session.join({ rendered: { s: ["<p", ' phx-click="inc" data-a=\'[[1,["predict",2]],{"a":["show",[]]}]\'>', "</p>"], "0": COMMON, "1": "" } });
  session.push("diff", { e: [["hide", {}], ["show", {}]], "1": "[[show]] predict" });
  assert.equal(session.el.textContent, "[[show]] predict");
  assert.deepEqual(asked(), []);
});

for (const mention of [
  HIDE,
  HIDE.replaceAll('"', "&quot;"),
  String.raw` phx-click='[["push",{"event":"x"}],["push_focus",{}]]'`,
  String.raw` phx-click='[["push",{"event":"x","predict":[["text",null,"y"]]}]]'`,
  ' phx-window-keydown="k"',
  ' phx-click-away="x"',
  ' data-phx-portal=""',
  ' phx-throttle="9"',
  ' phx-viewport-top="more"',
  ' phx-hook="Phoenix.FocusWrap"',
]) {
  test(`a message that mentions${mention} waits for the extra, and the next with it`, () => {
    session = new Session();
    session.join();
    session.push("diff", { "0": `<i id="i"${mention}><u></u></i>` });
    session.push("diff", { "0": "then" });
    session.push("diff", { "0": `<i${mention}><u></u></i>` });
    assert.equal(session.el.textContent, "hello");
    const [script, ...more] = asked();
    assert.deepEqual([script!.getAttribute("src"), script!.nonce, more.length], [
      "http://localhost:4000/live/assets/extra-2.js", "N", 0,
    ]);
    const seen: string[] = [];
    session.liveSocket.dom.onPatchEnd = (el) => void seen.push(el.textContent! || el.innerHTML.slice(4, 6));
    arrive();
    assert.deepEqual(seen, ["i ", "then", "i "]);
    session.push("diff", { "0": `<i${mention}><b></b></i>` });
    assert.ok(session.find("b"));
    assert.equal(asked().length, 1);
  });
}

test("commands of a page that mentioned them nowhere run together, and hold messages, until they can", () => {
  session = new Session('<p id="p">hello</p>');
  session.join({ rendered: { s: ["<p id=p>hello</p>"] } });
  const element = session.find("#p");
  session.liveSocket.execJS(element, '[["push",{"event":"before"}],["set_attr",{"attr":["lang","en"]}],["push",{"event":"after"}]]');
  session.liveSocket.js().setAttribute(element, "title", "t");
  session.receive([null, null, TOPIC, "diff", { e: [["told", {}]] }]);
  let told = false;
  window.addEventListener("phx:told", () => (told = true), { once: true });
  assert.deepEqual([session.sent(), element.lang, told], [[], "", false]);
  arrive();
  assert.deepEqual(session.sent().map(([, , , , { event }]) => event), ["before", "after"]);
  assert.deepEqual([element.lang, element.title, told], ["en", "t", true]);
  session.liveSocket.js().setAttribute(element, "title", "at once");
  assert.equal(element.title, "at once");
});

test("without the extra messages go on, what can be done is done, and the next need tries again", (context) => {
  const { mock } = context.mock.method(console, "error", () => {});
  session = new Session();
  session.join();
  session.push("diff", { "0": `<i id="i"${HIDE}></i>` });
  fail();
  assert.ok(session.find("#i"));
  assert.match(`${mock.calls[0]!.arguments[0]}`, /\[extra\.unavailable\]$/);
  const element = session.find("#i");
  session.liveSocket.execJS(element, '[["set_attr",{"attr":["lang","en"]}],["push",{"event":"x"}]]');
  fail();
  assert.equal(session.frame()[4].event, "x");
  session.liveSocket.js().setAttribute(element, "lang", "de");
  arrive();
  assert.equal(element.lang, "de");
  assert.equal(asked().length, 3);
});

test("the page around the views brings it along", () => {
  session = new Session(`</div><nav phx-click-away='[["set_attr",{"attr":["hidden",""]}]]'></nav><div>`);
  assert.equal(asked().length, 1);
  arrive();
});

test("a stream waits for the extra", () => {
  session = new Session();
  session.join();
  const items = { s: ['<i id="', '"></i>'], k: { "0": { "0": "one" }, kc: 1 }, stream: ["0", [["one", -1, null]], []] };
  session.push("diff", { "0": { s: ["<b>", "</b>"], "0": items } });
  assert.equal(session.el.textContent, "hello");
  arrive();
  assert.ok(session.find("b > #one"));
});

test("a component waits for the extra", () => {
  session = new Session();
  session.join();
  session.push("diff", { "0": { s: ["<b>", "</b>"], "0": 1 }, c: { "1": { s: ["<i>", "</i>"], "0": "one" } } });
  session.push("diff", { c: { "1": { "0": "two" } } });
  assert.equal(session.el.textContent, "hello");
  arrive();
  assert.equal(session.find("b > [data-phx-component='1']").textContent, "two");
});

test("a hook that nobody knows is looked for in the extra", (context) => {
  const { mock } = context.mock.method(console, "error", () => {});
  session = new Session('<p id="p" phx-hook="None"></p>');
  session.join({ rendered: { s: ['<p id="p" phx-hook="None"></p>'] } });
  assert.equal(mock.callCount(), 0);
  arrive();
  assert.match(`${mock.calls[0]!.arguments[0]}`, /\[hook\.unknown\]$/);
  session.push("diff", JOIN.rendered);
  assert.equal(asked().length, 1);
});

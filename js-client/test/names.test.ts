// Names of fields that are names of what the client needs of a form.

import { page } from "./support/dom.ts";
import { Session } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import * as natives from "../src/natives.ts";
import { NAMES, shadowAll, shadowDocument } from "./support/names.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

shadowAll();

let session: Session | undefined;
afterEach(() => {
  session?.end();
  session = undefined;
});

const fields = NAMES.map((name) => `<input name="${name}">`).join("");
const FORM = [`<form id="f" phx-change="change" phx-submit="submit" `, `>${fields}<p>`, `</p><b class="`, `"></b></form>`];
const form = (more: object = {}) => ({ "0": "", "1": "", "2": "", s: FORM, ...more });
const query = (value = "") => NAMES.map((name, at) => `${encodeURIComponent(name)}=${at ? "" : value}`).join("&");

const find = () => document.getElementById("f") as HTMLFormElement;
const all = () => document.querySelectorAll("#f input");
const field = () => document.querySelector("#f input") as HTMLInputElement;
const attribute = (name: string) => Element.prototype.getAttribute.call(find(), name);
const text = () => document.querySelector("#f p")!.textContent;
const events = (frames: Frame[]) => frames.filter(([, , , event]) => event === "event");

function type(value: string): Frame {
  field().focus();
  field().value = value;
  field().dispatchEvent(new window.Event("input", { bubbles: true }));
  return session!.frame();
}

function submit(): void {
  const event = new window.Event("submit", { bubbles: true, cancelable: true });
  page.EventTarget.prototype.dispatchEvent.call(find(), event);
}

/** What is wrong would be told and stop the page. */
function start(rendered: object, dead = "", options = {}): void {
  session = new Session(dead, options);
  session!.join({ rendered });
  session!.sent();
}

test("the names are those of methods, properties and objects", () => {
  for (const name of ["elements", "attributes", "closest", "__proto__", "parentNode", "value"]) assert.ok(NAMES.includes(name), name);
});

test("the form of the page as it was loaded stays, and is told of and patched", () => {
  const dead = `<form id="f" phx-change="change" phx-submit="submit">${fields}<p>dead</p><b></b></form>`;
  session = new Session(dead);
  const form = find();
  session!.join({ rendered: { s: ["", ""], "0": { s: FORM, "0": "", "1": "live", "2": "" } } });
  assert.equal(find(), form);
  assert.equal(text(), "live");
  session!.push("diff", { "0": { "0": ' class="a" id="f" title="t"', "1": "&lt;", "2": "b" } });
  assert.equal(attribute("class"), "a");
  assert.equal(text(), "<");
  assert.equal(document.querySelector("#f b")!.className, "b");
});

test("changes and submits are sent, and their answers shown", () => {
  start(form());
  for (const name of NAMES) assert.equal((find() as any)[name], all()[NAMES.indexOf(name)], name);
  const change = type("typed");
  assert.ok(change[4].value.includes(query("typed").split("&")[0]), change[4].value.slice(0, 80));
  assert.match(attribute("class")!, /phx-change-loading/);
  session!.reply(change, { diff: { "1": "heard" } });
  assert.equal(text(), "heard");
  assert.equal(attribute("class"), null);
  submit();
  const sent = session!.frame();
  assert.equal(sent[4].event, "submit");
  assert.equal(sent[4].value, query("typed"));
  session!.reply(sent, { diff: { "1": "taken" } });
  assert.equal(text(), "taken");
  assert.equal(field().value, "");
});

test("what is in it is told again after a reconnect, also if its element is another one", () => {
  start({ s: ["<main>", "</main>"], "0": form() });
  session!.reply(type("typed"));
  for (const around of ["main", "div"]) {
    session!.lose();
    session!.tick(10_000);
    session!.join({ rendered: { s: [`<${around}>`, `</${around}>`], "0": form({ "1": around }) } });
    const [event] = events(session!.sent());
    assert.ok(event![4].value.includes(query("typed").split("&")[0]));
    assert.equal(text(), around);
    session!.reply(event!);
  }
});

test("as an entry of a list it is moved, changed and removed", () => {
  const entry = (id: string) => ({ "0": id, "1": id, "2": "" });
  const ENTRY = [`<form id="`, `" phx-change="change">${fields}<p>`, `</p><b class="`, `"></b></form>`];
  start({ s: ["<main>", "</main>"], "0": { s: ENTRY, k: { "0": entry("x"), "1": entry("f"), "2": entry("y"), kc: 3 } } });
  const form = find();
  session!.push("diff", { "0": { k: { "0": [1, { "1": "moved" }], "1": 2, kc: 2 } } });
  assert.equal(document.querySelector("main form"), form);
  assert.equal(text(), "moved");
  assert.equal(document.querySelectorAll("main form").length, 2);
  field().focus();
  session!.push("diff", { "0": { k: { kc: 0 } } });
  assert.equal(document.querySelectorAll("main form").length, 0);
});

test("as an item of a stream it comes, moves and goes", () => {
  const ITEM = [`<form id="`, `">${fields}<p>`, `</p></form>`];
  const order = (...inserts: [string, number][]) => inserts.reverse().map(([id, at]) => [id, at, null, null]);
  const items = (...ids: string[]) => Object.assign({ kc: ids.length }, ids.map((id) => ({ "0": id, "1": id })));
  start({ s: ['<main id="m" phx-update="stream">', "</main>"], "0": { s: ITEM, k: items("a", "f"), stream: ["0", order(["a", -1], ["f", -1]), []] } });
  const form = find();
  session!.push("diff", { "0": { k: items("f", "b"), stream: ["0", order(["f", 0], ["b", -1]), ["f", "a"]] } });
  const ids = () => [...document.querySelectorAll("main form")].map((form) => Element.prototype.getAttribute.call(form, "id"));
  assert.deepEqual(ids(), ["f", "b"]);
  assert.equal(find(), form);
  session!.push("diff", { "0": { k: { kc: 0 }, stream: ["0", [], ["f"]] } });
  assert.deepEqual(ids(), ["b"]);
});

test("its hook, its click and its removal by a command work", () => {
  const heard: string[] = [];
  const hooks = { H: { mounted: () => void heard.push("mounted"), updated: () => void heard.push("updated"), destroyed: () => void heard.push("destroyed") } };
  const REMOVE = `phx-hook="H" phx-click="go" phx-value-a="1" phx-mounted='[["set_attr",{"attr":["title","there"]}]]' phx-remove='[["hide",{}]]'`;
  const statics = [FORM[0] + REMOVE, ...FORM.slice(1)];
  start({ s: ["<main>", "</main>"], "0": form({ s: statics }) }, "", { hooks });
  assert.equal(attribute("title"), "there");
  session!.push("diff", { "0": { "1": "new" } });
  assert.deepEqual(heard, ["mounted", "updated"]);
  field().click();
  assert.deepEqual(session!.frame()[4].value, { a: "1" });
  session!.push("diff", { "0": "" });
  assert.deepEqual(heard, ["mounted", "updated", "destroyed"]);
  assert.equal(find(), null);
});

test("the browser is asked to submit it where the server says so", () => {
  start(form());
  let submits = 0;
  const { prototype } = HTMLFormElement;
  const { requestSubmit } = prototype;
  prototype.requestSubmit = () => void submits++;
  session!.push("diff", { "0": "phx-trigger-action" });
  prototype.requestSubmit = requestSubmit;
  assert.equal(submits, 1);
  assert.equal(attribute("phx-trigger-action"), null);
});

test("it may be ignored, and shown in a portal", () => {
  const ignored = [`<form id="f" phx-update="ignore">${fields}<p>`, "</p></form>"];
  start({ s: ["<main>", "</main>"], "0": { s: ignored, "0": "kept" } });
  session!.push("diff", { "0": { "0": "not written" } });
  assert.equal(text(), "kept");
  session!.end();
  session = new Session();
  document.body.insertAdjacentHTML("beforeend", '<aside id="away"></aside>');
  const shown = form({ s: [`<template id="p" data-phx-portal="#away">${FORM[0]}`, ...FORM.slice(1, 3), `${FORM[3]}</template>`] });
  session!.join({ rendered: shown });
  session!.sent();
  assert.equal(document.querySelector("#away form"), find() ?? "shown");
  session!.reply(type("typed"), { diff: { "1": "there" } });
  assert.equal(text(), "there");
});

test("on a page with a form by each name of the document's, events are sent and their answers shown", () => {
  start({ s: ["<main>", '<b id="b" phx-hook="H" phx-click="go">', "</b></main>"], "0": form(), "1": "old" }, "", { hooks: { H: {} } });
  const shown = find();
  const button = document.getElementById("b")!;
  const giveBack = shadowDocument(document.createElement("form"));
  try {
    assert.equal(document.parentNode!.nodeName, "FORM");
    for (const name of ["parentNode", "nextSibling", "previousSibling"] as const) assert.ok(natives[name](document) === null, name);
    assert.equal(natives.closest(document, "form"), undefined);
    assert.deepEqual([...natives.childNodes(document)].map(({ nodeName }) => nodeName), ["html", "HTML"]);
    assert.ok(natives.isConnected(document) && natives.contains(document, shown));
    button.click();
    session!.reply(session!.frame(), { diff: { "1": "new" } });
  } finally {
    giveBack();
  }
  assert.equal(button.textContent, "new");
});

for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
  test(`a command, a hook, a value and a key may be called ${name}`, (context) => {
    const told: string[] = [];
    context.mock.method(console, "error", (text: string) => void told.push(text));
    const ENTRY = ['<i id="', '" phx-click="', '" phx-hook="', '"></i>'];
    const entry = { "0": name, "1": name, "2": name };
    start({ s: ["<main>", "</main>"], "0": { s: ENTRY, k: { "0": entry, kc: 1 } }, e: [[name, {}]] });
    session!.push("diff", { "0": { k: { "0": entry, "1": { ...entry, "0": "b" }, kc: 2 } } });
    document.querySelector<HTMLElement>("main i")!.click();
    const frame = session!.frame();
    assert.equal(frame[4].event, name);
    session!.reply(frame, { diff: { r: { [name]: 1 } } });
    session!.liveSocket.execJS(document.body, JSON.stringify([[name, {}]]));
    assert.deepEqual([...new Set(told)], [`unknown hook "${name}" [hook.unknown]`, `unknown command "${name}" [command.unknown]`]);
    session!.liveSocket.execJS(document.body, JSON.stringify([["push", { event: "x", predict: [[name, null]] }]]));
  });

  test(`a value called ${name} is sent`, () => {
    start({ s: [`<b phx-click="go" phx-value-${name}="`, '"></b>'], "0": "1" });
    document.querySelector<HTMLElement>("b")!.click();
    // As the server reads it: names of attributes are in small letters.
    assert.ok(JSON.stringify(session!.frame()[4].value).includes(`"${name.toLowerCase()}":"1"`));
  });
}

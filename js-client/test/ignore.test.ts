import { Session } from "./support/server.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HookDefinition } from "../src/hooks.ts";
import { Page } from "./support/tree.ts";

const STATICS = ['<p id="i" phx-update="ignore" title="', '" data-n="', '">', "</p>", ""];
const ROW = ["<b>", "</b>"];
const rows = (...values: string[]) => ({ k: { ...values.map((value) => ({ "0": value })), kc: values.length } });
const whole = (n: string, content: unknown) => ({ s: STATICS, "0": n, "1": n, "2": content, "3": "" });

test("what is ignored is made like any other, then only its data change", () => {
  const page = new Page().apply(whole("1", "one"));
  assert.equal(page.html(), '<p id="i" phx-update="ignore" title="1" data-n="1">one</p>');
  page.apply({ "0": "2", "1": "2", "2": "two", "3": "behind" });
  assert.equal(page.html(), '<p id="i" phx-update="ignore" title="1" data-n="2">one</p>behind');
});

test("diffs inside what is ignored break nothing, whatever the page did there", () => {
  for (const own of [null, "", "<i>mine</i>"]) {
    const page = new Page().apply(whole("1", { s: ROW, ...rows("a", "b") }));
    const element = page.find("p");
    if (own !== null) element.innerHTML = own;
    const nodes = [...element.childNodes];
    page.apply({ "2": { k: { "0": 1, "1": [0, { "0": "x" }], "2": { "0": "new" }, kc: 3, km: true } } });
    page.apply({ "2": "<u>raw</u>" });
    page.apply({ "2": { s: ["<table>", "</table>"], "0": { s: ["<tr><td>", "</td></tr>"], "0": "cell" } } });
    page.apply({ "2": { "0": { "0": "other" } } });
    page.apply({ "2": { s: ["", '<input id="f" value="', '">'], "0": "text", "1": "v" } });
    page.apply({ "2": "" });
    page.apply(whole("2", { s: ROW, ...rows("c") }));
    assert.deepEqual([...page.find("p").childNodes], nodes);
    assert.equal(page.find("p"), element);
    assert.equal(page.find("p").dataset.n, "2");
  }
});

test("templates within templates, lists and printed ones keep what they ignore", () => {
  const row = ['<p id="', '" phx-update="ignore">', "</p>"];
  const page = new Page().apply({ s: ["<div>", "</div>"], "0": { s: row, k: { "0": { "0": "a", "1": "1" }, "1": { "0": "b", "1": "2" }, kc: 2 } } });
  const [a, b] = page.el.querySelectorAll("p");
  page.apply({ "0": { k: { "0": [1, { "1": "3" }], "1": [0, { "1": "4" }], "2": { "0": "c", "1": "5" }, kc: 3, km: true } } });
  assert.deepEqual([...page.el.querySelectorAll("p")].slice(0, 2), [b, a]);
  assert.equal(page.el.textContent, "215");
  page.apply({ "0": { k: { kc: 1 } } });
  assert.deepEqual([...page.el.querySelectorAll("p")], [b]);
  const printed = new Page().apply({ s: ["<", '><p id="i" phx-update="ignore">', "</p>"], "0": "hr", "1": "1" });
  assert.equal(printed.apply({ "1": "2" }).find("p").textContent, "1");
});

test("the dynamic that says what is ignored counts where the element is made", () => {
  const page = new Page().apply({ s: ['<p id="i"', ' class="', '">', "</p>"], "0": ' phx-update="ignore"', "1": "c", "2": "one" });
  page.apply({ "0": "", "1": "d", "2": "two" });
  assert.equal(page.html(), '<p id="i" class="c" phx-update="ignore">one</p>');
});

test("what is ignored goes with its branch", () => {
  const page = new Page().apply({ s: ["", ""], "0": whole("1", "one") });
  page.apply({ "0": { s: ['<p id="i">', "</p>"], "0": "free" } });
  assert.equal(page.html(), '<p id="i">free</p>');
  page.apply({ "0": { "0": "still" } });
  assert.equal(page.html(), '<p id="i">still</p>');
  assert.equal(page.apply({ "0": whole("1", "one") }).apply({ "0": "" }).html(), "");
});

test("a field that is ignored keeps its value, typed or not", () => {
  const page = new Page().apply({ s: ['<input id="i" phx-update="ignore" value="', '"><textarea id="t" phx-update="ignore">', "</textarea>"], "0": "a", "1": "b" });
  page.apply({ "0": "c", "1": "d" });
  assert.equal(page.find<HTMLInputElement>("input").value, "a");
  assert.equal(page.find<HTMLTextAreaElement>("textarea").value, "b");
});

test("what is ignored outlasts the join, a rejoin and a failed patch", (context) => {
  const log: string[] = [];
  const note = (name: string) => function (this: { el: Element }) { log.push(`${name} ${this.el.id}`); };
  const Logger = { mounted: note("mounted"), updated: note("updated"), destroyed: note("destroyed") } as HookDefinition;
  const dead = '<p id="i" phx-update="ignore" title="0" data-n="0" data-old="">one</p>';
  const session = new Session(dead, { hooks: { Logger } });
  const element = session.find("#i");
  element.innerHTML = '<i id="own">mine</i>';
  element.title = "mine";
  const kept = (n: string) => {
    assert.equal(session.html(), `<p data-n="${n}" id="i" phx-update="ignore" title="mine"><i id="own">mine</i></p>`);
    assert.equal(session.find("#i"), element);
  };
  const inner = { s: ['<b id="b" phx-hook="Logger">', "</b>"], "0": "x" };
  session.join({ rendered: whole("1", inner) });
  kept("1");
  session.push("diff", { "1": "2", "2": { "0": "y" } });
  kept("2");
  session.join({ rendered: whole("3", inner) });
  kept("3");
  context.mock.method(console, "error", () => {});
  session.push("diff", { "2": { s: ["", ""], "0": 1 } });
  session.join({ rendered: whole("4", inner) });
  kept("4");
  assert.deepEqual(log, []);
  session.end();
});

test("hooks in what is ignored are mounted once, in the nodes that are shown", () => {
  const log: Element[] = [];
  const Logger = { mounted() { log.push(this.el); }, updated() { log.push(this.el); } } as HookDefinition;
  const session = new Session("", { hooks: { Logger } });
  session.join({ rendered: whole("1", { s: ['<b id="b" phx-hook="Logger">', "</b>"], "0": "x" }) });
  session.push("diff", { "2": { "0": "y" } });
  session.push("diff", { "2": '<b id="c" phx-hook="Logger"></b>' });
  assert.deepEqual(log, [session.find("#b")]);
  session.end();
});

import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { longestRun } from "../src/list.ts";
import { Page } from "./support/tree.ts";

const row = (id: number | string, text = `row ${id}`) => ({ "0": String(id), "1": text });
const STATICS = ['<li id="r', '">', "</li>"];

function show(...ids: number[]): Page {
  const entries = Object.fromEntries(ids.map((id, index) => [index, row(id)]));
  return new Page().apply({ s: ["<ul>", "</ul>"], "0": { s: STATICS, k: { ...entries, kc: ids.length } } });
}

const update = (page: Page, k: object) => page.apply({ "0": { k } });
const ids = (page: Page) => [...page.el.querySelectorAll("li")].map(({ id }) => id).join(" ");

/** Counts the elements that are put somewhere while `act` runs. */
function moves(page: Page, act: () => void): number {
  const list = page.find("ul");
  const insertBefore = list.insertBefore;
  let count = 0;
  list.insertBefore = function <N extends Node>(node: N, before: Node | null): N {
    if (node.nodeType !== 3) count++;
    return insertBefore.call(this, node, before) as N;
  };
  act();
  list.insertBefore = insertBefore;
  return count;
}

test("a moved entry keeps its DOM node", () => {
  const page = show(1, 2, 3);
  const nodes = [...page.el.querySelectorAll("li")];
  update(page, { "0": 2, "1": 0, "2": 1, kc: 3, km: true });
  assert.equal(ids(page), "r3 r1 r2");
  assert.deepEqual([...page.el.querySelectorAll("li")], [nodes[2], nodes[0], nodes[1]]);
});

test("as few entries as possible are moved", () => {
  const page = show(1, 2, 3, 4, 5, 6);
  const swap = { "1": 4, "4": 1, kc: 6, km: true };
  assert.equal(moves(page, () => update(page, swap)), 2);
  assert.equal(ids(page), "r1 r5 r3 r4 r2 r6");
  assert.equal(moves(page, () => update(page, { "0": 5, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, kc: 6, km: true })), 1);
});

test("entries at the front are put there without moving the rest", () => {
  const page = show(1, 2, 3);
  assert.equal(moves(page, () => update(page, { "0": row(0), "1": 0, "2": 1, "3": 2, kc: 4, km: true })), 1);
  assert.equal(ids(page), "r0 r1 r2 r3");
});

test("a new entry in the place of another gets nodes of its own", () => {
  const page = show(1, 2, 3);
  const nodes = [...page.el.querySelectorAll("li")];
  update(page, { "1": row(9), ko: [0, 1, -1, 1, 2, 1] });
  assert.equal(ids(page), "r1 r9 r3");
  assert.deepEqual([...page.el.querySelectorAll("li")].map((node) => nodes.includes(node)), [true, false, true]);
  update(page, { "0": row(5), "1": row(6), "2": row(7), ko: [-1, 3] });
  assert.equal(ids(page), "r5 r6 r7");
  assert.ok([...page.el.querySelectorAll("li")].every((node) => !nodes.includes(node)));
});

test("an entry that changes in all dynamics but its id keeps its node", () => {
  const page = show(1, 2);
  const second = page.find("#r2");
  update(page, { "1": row(2, "changed"), kc: 2 });
  assert.equal(page.find("#r2"), second);
  assert.equal(second.textContent, "changed");
});

test("a longest run rises and leaves out what is new", () => {
  const run = (values: number[]) => [...longestRun(values)].sort((a, b) => a - b).map((index) => values[index]);
  assert.deepEqual(run([]), []);
  assert.deepEqual(run([-1, -1]), []);
  assert.deepEqual(run([3, 0, 1, 2]), [0, 1, 2]);
  assert.deepEqual(run([0, -1, 4, 1, 5, 2, 3]), [0, 1, 2, 3]);
  assert.equal(run([5, 4, 3, 2, 1]).length, 1);
});

test("a change within an entry of one nested template is no new entry", () => {
  const entry = (id: number) => ({ "0": { s: STATICS, ...row(id) } });
  const rendered = { s: ["<ul>", "</ul>"], "0": { s: ["", ""], k: { "0": entry(1), "1": entry(2), kc: 2 } } };
  const page = new Page().apply(rendered);
  const nodes = [...page.el.querySelectorAll("li")];
  update(page, { "1": { "0": { "1": "changed" } }, kc: 2 });
  assert.deepEqual([...page.el.querySelectorAll("li")], nodes);
  assert.equal(nodes[1]!.textContent, "changed");
});

test("a whole list, as at a rejoin, finds its entries by id wherever they are now", () => {
  const page = show(1, 2, 3);
  const nodes = [1, 2, 3].map((id) => page.find(`#r${id}`));
  page.apply({ s: ["<ul>", "</ul>"], "0": { s: STATICS, k: { "0": row(9), "1": row(3, "new"), "2": row(1), "3": row(2), kc: 4 } } });
  assert.equal(ids(page), "r9 r3 r1 r2");
  assert.deepEqual([1, 2, 3].map((id) => page.find(`#r${id}`)), nodes);
  assert.equal(nodes[2]!.textContent, "new");
  // The indices of the next message are those of the new order.
  update(page, { "0": 2, "1": [1, { "1": "moved" }], kc: 2, km: true });
  assert.equal(ids(page), "r1 r3");
  assert.equal(nodes[2]!.textContent, "moved");
});

test("a whole list of entries with and without ids has each of them once", () => {
  const entry = (id: string, text: string) => ({ "0": id, "1": text });
  const whole = (...entries: object[]) => ({
    s: ["<ul>", "</ul>"],
    "0": { s: ["<li", ">", "</li>"], k: { ...entries, kc: entries.length } },
  });
  const page = new Page().apply(whole(entry(' id="a"', "a"), entry("", "b"), entry(' id="c"', "c")));
  page.rejoin().apply(whole(entry(' id="c"', "c"), entry("", "new"), entry("", "b"), entry(' id="a"', "a")));
  assert.deepEqual([...page.el.querySelectorAll("li")].map(({ id, textContent }) => [id, textContent]), [["c", "c"], ["", "new"], ["", "b"], ["a", "a"]]);
});

test("a field by the name of id hides no entry's own", () => {
  const entry = (id: number) => ({ "0": `f${id}` });
  const whole = (...ids: number[]) => ({
    s: ["<div>", "</div>"],
    "0": { s: ['<form id="', '"><input type="hidden" name="id"></form>'], k: { ...ids.map(entry), kc: ids.length } },
  });
  const page = new Page().apply(whole(1, 2));
  const [first, second] = page.el.querySelectorAll("form");
  page.rejoin().apply(whole(2, 1));
  assert.deepEqual([...page.el.querySelectorAll("form")], [second, first]);
});

test("a whole list with an id twice shows what it says", () => {
  const page = show(1, 2);
  for (const order of [[2, 2, 1], [1, 1], [2, 1, 2, 1], [1, 2]]) {
    page.apply({ s: ["<ul>", "</ul>"], "0": { s: STATICS, k: { ...order.map((id) => row(id)), kc: order.length } } });
    assert.equal(ids(page), order.map((id) => `r${id}`).join(" "));
  }
});

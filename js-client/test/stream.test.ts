import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { unobserved, watchOthers } from "../src/others.ts";
import { canonical, Page } from "./support/tree.ts";

const ITEM = ['<li id="', '"><input>', "</li>"];
type Insert = [id: string, at: number, limit?: number | null, updateOnly?: boolean];

/** A message's stream; the text of an item is its id, or what `texts` has for it. */
function stream(inserts: Insert[], deleted: string[] = [], more: unknown[] = [], texts: Record<string, unknown> = {}) {
  const entries = inserts.map(([id]) => ({ "0": id, "1": texts[id] ?? id }));
  const orders = inserts.map(([id, at, limit = null, updateOnly = null]) => [id, at, limit, updateOnly]).reverse();
  return { k: { ...entries, kc: entries.length }, stream: ["0", orders, deleted, ...more] };
}

const STATICS = ['<ul id="u" phx-update="stream">', "</ul>"];
const all = (...ids: string[]) => stream(ids.map((id) => [id, -1]));

function show(...ids: string[]): Page {
  return new Page().apply({ s: STATICS, "0": { ...all(...ids), s: ITEM } });
}

const ids = (page: Page) => [...page.find("ul").children].map(({ id }) => id).join(" ");
const items = (page: Page, ...ids: string[]) => ids.map((id) => page.find(`#${id}`));

test("items carry the stream's name", () => {
  assert.equal(show("a").find("#a").dataset.phxStream, "0");
});

test("an item that changes keeps its nodes and its place", () => {
  const page = show("a", "b");
  const nodes = items(page, "a", "b");
  page.find<HTMLInputElement>("#a input").value = "typed";
  page.apply({ "0": stream([["a", -1]], [], [], { a: "A" }) });
  assert.deepEqual(items(page, "a", "b"), nodes);
  assert.equal(ids(page), "a b");
  assert.equal(nodes[0]!.textContent, "A");
  assert.equal(page.find<HTMLInputElement>("#a input").value, "typed");
});

test("a reset that brings all items again in their order moves none", () => {
  const page = show("a", "b", "c");
  const nodes = items(page, "a", "b", "c");
  let moves = 0;
  const list = page.find("ul");
  const { insertBefore } = list;
  list.insertBefore = function <N extends Node>(node: N, before: Node | null): N {
    moves++;
    return insertBefore.call(this, node, before) as N;
  };
  page.apply({ "0": stream([["a", -1], ["b", -1], ["c", -1]], [], [true]) });
  assert.equal(moves, 0);
  page.apply({ "0": stream([["b", -1], ["c", -1], ["a", -1]], [], [true]) });
  assert.equal(moves, 1);
  assert.equal(ids(page), "b c a");
  assert.deepEqual(items(page, "a", "b", "c"), nodes);
});

test("a reset takes positions and limits into account as if all were new", () => {
  const page = show("a", "b", "c", "d");
  page.apply({ "0": stream([["d", 0], ["a", 0], ["c", 1], ["n", -1]], [], [true]) });
  assert.equal(ids(page), "a c d n");
  page.apply({ "0": stream([["n", -1, -2], ["a", -1, -2], ["d", -1, -2]], [], [true]) });
  assert.equal(ids(page), "a d");
});

test("children that are no items stay, and what is appended goes before them", () => {
  const statics = [`${STATICS[0]}<li id="first"></li>`, '<li id="last"></li></ul>'];
  const page = new Page().apply({ s: statics, "0": { ...all("a"), s: ITEM } });
  page.apply({ "0": all("b") });
  assert.ok(ids(page).endsWith("last"), ids(page));
  page.apply({ "0": stream([], [], [true]) });
  assert.equal(ids(page), "first last");
  page.apply({ "0": stream([["c", 0]]) });
  assert.equal(ids(page), "c first last");
});

test("a limit at the side of the insert takes what is inserted", () => {
  const page = show("a", "b", "c");
  page.apply({ "0": stream([["d", -1, 3]]) });
  assert.equal(ids(page), "a b c");
  page.apply({ "0": stream([["e", 0, -3]]) });
  assert.equal(ids(page), "a b c");
});

test("a limit neither takes nor counts a child that is no item", () => {
  const page = new Page().apply({ s: [`${STATICS[0]}`, '<li id="last"></li></ul>'], "0": { ...all("a", "b"), s: ITEM } });
  page.apply({ "0": stream([["c", 0, 2]]) });
  assert.equal(ids(page), "c a last");
  page.apply({ "0": stream([["d", -1, -2]]) });
  assert.equal(ids(page), "a d last");
});

test("a limit holds when the application has removed an item", () => {
  const page = show("a", "b");
  page.find("#a").remove();
  page.apply({ "0": stream([["c", -1, -1]]) });
  assert.equal(ids(page), "c");
});

test("the items of a dead render that the join does not bring vanish", () => {
  const page = new Page('<ul id="u" phx-update="stream"><li id="old"><input>old</li><li id="a"><input>a</li></ul>');
  const node = page.find("#a");
  page.apply({ s: STATICS, "0": { ...all("a"), s: ITEM } });
  assert.equal(ids(page), "a");
  assert.equal(page.find("#a"), node);
  page.apply({ "0": stream([["b", 0]], ["a"]) });
  assert.equal(ids(page), "b");
});

test("a rejoin shows what it brings, on the nodes that are there", () => {
  const page = show("a", "b", "c");
  const nodes = items(page, "c", "a");
  const again = { ...stream([["c", -1], ["n", -1], ["a", -1]]), s: ITEM };
  page.rejoin().apply({ s: STATICS, "0": { ...again, stream: ["7", ...again.stream.slice(1)] } });
  assert.equal(ids(page), "c n a");
  assert.deepEqual(items(page, "c", "a"), nodes);
  page.rejoin().apply({ s: STATICS, "0": "" });
  assert.equal(ids(page), "");
});

test("an empty string says nothing about a stream, unless it comes with a join", () => {
  const page = show("a").apply({ "0": "" });
  assert.equal(ids(page), "a");
});

test("an update of an item that is not there is dropped, even at a reset", () => {
  const page = show("a", "b");
  page.apply({ "0": stream([["b", -1, null, true], ["x", -1, null, true]], [], [true]) });
  assert.equal(ids(page), "b");
});

test("components in items keep their nodes when the item is sent again", () => {
  const card = { s: ["<b>", "</b>"], "0": "card" };
  const page = new Page().apply({ s: STATICS, "0": { ...stream([["a", -1]], [], [], { a: 1 }), s: ITEM }, c: { "1": card } });
  const node = page.find("b");
  page.apply({ "0": stream([["a", -1]], [], [], { a: 1 }), c: { "1": { "0": "changed" } } });
  assert.equal(page.find("#a > b"), node);
  assert.equal(node.textContent, "changed");
  page.apply({ "0": stream([], ["a"]) });
  assert.deepEqual(page.tree.components!.left(), [1]);
});

test("a stream within an item keeps its items when the item is sent again", () => {
  const inner = (message: object) => ({ s: ['<ol id="o" phx-update="stream">', "</ol>"], "0": message });
  const first = { ...all("x", "y"), s: ITEM };
  const page = new Page().apply({ s: STATICS, "0": { ...stream([["a", -1]], [], [], { a: inner(first) }), s: ITEM } });
  page.apply({ "0": stream([["a", -1]], [], [], { a: inner({ ...stream([["z", 0]]), s: ITEM }) }) });
  assert.equal([...page.find("ol").children].map(({ id }) => id).join(" "), "z x y");
});

test("an item that the application took elsewhere comes back when it is inserted", () => {
  const page = show("a", "b");
  document.body.append(page.find("#a"));
  page.apply({ "0": stream([["a", 0]], [], [], { a: "A" }) });
  assert.equal(ids(page), "a b");
  document.body.append(page.find("#b"));
  page.apply({ "0": stream([], ["b"]) });
  assert.equal(document.querySelectorAll("#b").length, 0);
});

test("a stream that gives way to something else takes its items along", () => {
  const page = show("a", "b").apply({ "0": "none" });
  assert.equal(canonical(page.find("ul").innerHTML), "none");
});

test("a child behind a stream stays behind it, whatever part it is", () => {
  const page = new Page().apply({ s: ['<ul phx-update="stream">', "", "</ul>"], "0": { ...all("a", "b"), s: ITEM }, "1": { s: ['<li id="none"></li>'] } });
  assert.equal(ids(page), "a b none");
  page.apply({ "0": stream([["c", -1]]) });
  assert.equal(ids(page), "a b c none");
  page.apply({ "0": stream([], ["a", "b", "c"]) }).apply({ "0": stream([["d", -1], ["e", -1]]) });
  assert.equal(ids(page), "d e none");
});

test("items stay in order whatever comes and goes behind them", () => {
  const page = new Page().apply({ s: ['<ul phx-update="stream">', "", "</ul>"], "0": { ...all("a"), s: ITEM }, "1": { s: ['<li id="none"></li>'] } });
  page.apply({ "0": stream([["b", -1]]) }).apply({ "1": "" }).apply({ "0": stream([["c", -1]]) });
  assert.equal(ids(page), "a b c");
  page.apply({ "1": { s: ['<li id="none"></li>'] } });
  assert.equal(ids(page), "a b c none");
  // Two come back in another order, behind one that stays.
  page.apply({ "0": stream([["c", -1], ["b", -1]], ["b", "c"]) }).apply({ "1": "", "0": stream([["d", -1]]) });
  assert.equal(ids(page), "a c b d");
});

test("what others put into a stream counts for no position", () => {
  const page = new Page().apply({ s: ['<ul phx-update="stream">', '<li id="none"></li></ul>'], "0": { ...all("a", "b"), s: ITEM } });
  watchOthers();
  page.find("ul").prepend(Object.assign(document.createElement("li"), { id: "ext" }));
  const apply = (message: object) => unobserved(() => page.apply(message));
  apply({ "0": stream([["c", -1]]) });
  apply({ "0": stream([["d", -1]]) });
  assert.equal(ids(page), "ext a b c d none");
  apply({ "0": stream([["e", 2]]) });
  assert.equal(ids(page), "ext a b e c d none");
});

test("a position beyond the items is their end, also when they are new in the same turn", () => {
  const statics = ['<ul id="u" phx-update="stream"><li id="first"></li>', '<li id="last"></li><li id="very-last"></li></ul>'];
  for (const [deleted, more] of [[[], []], [["a", "b"], []], [[], [true]]] as [string[], unknown[]][]) {
    const page = new Page().apply({ s: statics, "0": { ...all("a", "b"), s: ITEM } });
    page.apply({ "0": stream([["b", 9], ["c", 2], ["a", 9], ["d", 3]], deleted, more) });
    const isNew = deleted.length + more.length;
    assert.equal(ids(page), isNew ? "first b c d a last very-last" : "first a c d b last very-last");
  }
});

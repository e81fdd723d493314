import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, Page } from "./support/tree.ts";

const CARD = ['<b id="', '"><input>', "</b>"];
const card = (id: string, text = id) => ({ "0": id, "1": text });
const whole = (id: string, text = id) => ({ ...card(id, text), s: CARD });

function show(): Page {
  return new Page().apply({ s: ["<div>", "", "</div>"], "0": 1, "1": 2, c: { "1": whole("a"), "2": { ...card("b"), s: 1 } } });
}

test("a component's root says which one it is", () => {
  assert.equal(show().find("#b").dataset.phxComponent, "2");
});

test("a change of one component writes to no other and to nothing around", async () => {
  const page = show();
  const records: MutationRecord[] = [];
  const observer = new window.MutationObserver((found) => records.push(...found));
  observer.observe(page.el, { subtree: true, childList: true, characterData: true, attributes: true });
  page.apply({ c: { "2": { "1": "B" } } });
  records.push(...observer.takeRecords());
  assert.deepEqual(records.map(({ type, target }) => [type, target.nodeValue]), [["characterData", "B"]]);
});

test("components change places with their nodes and what was typed", () => {
  const page = show();
  const nodes = [page.find("#a"), page.find("#b")];
  nodes[0]!.querySelector("input")!.value = "typed";
  page.apply({ "0": 2, "1": 1 });
  assert.deepEqual([...page.el.querySelectorAll("b")], nodes.reverse());
  assert.equal(page.find<HTMLInputElement>("#a input").value, "typed");
  assert.deepEqual(page.tree.components!.left(), []);
});

test("a component that moves into new content around it keeps its nodes", () => {
  const page = show();
  const node = page.find("#a");
  page.apply({ "0": { s: ["<section>", "</section>"], "0": 1 } });
  assert.equal(page.find("section > #a"), node);
  assert.equal(page.find("section + #b").id, "b");
});

test("one that is gone is named once, and comes back as it was", () => {
  const page = show();
  const node = page.find("#a");
  page.apply({ "0": "x" });
  assert.deepEqual(page.tree.components!.left(), [1]);
  assert.deepEqual(page.tree.components!.left(), []);
  assert.deepEqual(page.tree.components!.out([1]), [1]);
  page.apply({ c: { "1": { "1": "changed" } } }).apply({ "0": 1 });
  assert.deepEqual(page.tree.components!.left(), []);
  assert.deepEqual(page.tree.components!.out([1]), []);
  assert.equal(page.find("#a"), node);
  assert.equal(node.textContent, "changed");
});

test("one that goes with all that is around it is named too, and comes back elsewhere", () => {
  const list = { s: ["<li>", "</li>"], k: { "0": { "0": 1 }, "1": { "0": 2 }, kc: 2 } };
  const page = new Page().apply({ s: ["<div>", "", "</div>"], "0": list, "1": "", c: { "1": whole("a"), "2": whole("b") } });
  const node = page.find("#b");
  page.apply({ "0": { k: { kc: 1 } } });
  assert.deepEqual(page.tree.components!.left(), [2]);
  page.apply({ "1": 2 });
  assert.equal(canonical(page.html()), '<div><li><b id="a"><input>a</b></li><b id="b"><input>b</b></div>');
  assert.equal(page.find("#b"), node);
});

test("one that is not placed next to others at the root of what goes can still change", () => {
  const bare = { s: ["", ""], k: { "0": { "0": 1 }, "1": { "0": 2 }, kc: 2 } };
  const page = new Page().apply({ s: ["<div>", "", "</div>"], "0": bare, "1": "", c: { "1": whole("a"), "2": whole("b") } });
  page.apply({ "0": { k: { kc: 0 } } });
  page.apply({ c: { "2": { s: ["<i>", "</i>"], "0": "other" } } }).apply({ "1": 2 });
  assert.equal(canonical(page.html()), "<div><i>other</i></div>");
});

test("a forgotten component's number throws", () => {
  const page = show().apply({ "0": "" });
  page.tree.components!.forget([1]);
  assert.throws(() => page.apply({ "0": 1 }), /no component 1/);
});

test("at a rejoin the nodes stay with their places, whatever the numbers are", () => {
  const page = show().apply({ "0": 2, "1": 1 });
  const nodes = [...page.el.querySelectorAll("b")];
  page.find<HTMLInputElement>("#b input").value = "typed";
  page.rejoin().apply({ s: ["<div>", "", "</div>"], "0": 1, "1": 2, c: { "1": whole("b"), "2": whole("a", "A") } });
  assert.deepEqual([...page.el.querySelectorAll("b")], nodes);
  assert.equal(page.find<HTMLInputElement>("#b input").value, "typed");
  page.apply({ c: { "2": { "1": "again" } } });
  assert.equal(page.find("#a").textContent, "again");
  assert.equal(page.find("#a").dataset.phxComponent, "2");
});

test("a copy has nodes of its own, and nothing of what its model becomes", () => {
  const statics = ["<ul>", "</ul>"];
  const rows = { s: ["<li>", "</li>"], k: { "0": { "0": { s: ["<i>", "</i>"], "0": "x" } }, kc: 1 } };
  const page = new Page().apply({ s: ["<div>", "", "</div>"], "0": 1, "1": "", c: { "1": { s: statics, "0": rows } } });
  page.apply({
    "1": 2,
    c: { "1": { "0": { k: { kc: 0 } } }, "2": { s: -1, "0": { k: { "0": [0, { "0": { "0": "y" } }], "1": { "0": { s: ["<u>", "</u>"], "0": "z" } }, kc: 2, km: true } } } },
  });
  assert.equal(canonical(page.html()), "<div><ul></ul><ul><li><i>y</i></li><li><u>z</u></li></ul></div>");
  page.apply({ c: { "2": { "0": { k: { "0": { "0": { "0": "Y" } }, kc: 2 } } } } });
  assert.equal(page.el.textContent, "Yz");
});

test("components that name each other in a circle throw", () => {
  assert.throws(() => new Page().apply({ s: ["", ""], "0": 1, c: { "1": { s: 2 }, "2": { s: 1 } } }));
});

const STREAM = ['<ul id="u" phx-update="stream">', "</ul>"];
type Insert = [id: string, at: number, limit: number | null, updateOnly?: boolean];

/** A message whose stream inserts items, each with a component of its own. */
function items(inserts: Insert[], cids: number[]): object {
  const entries = Object.fromEntries(inserts.map(([id], index) => [index, { "0": id, "1": cids[index] }]));
  return {
    "0": { s: ['<li id="', '">', "</li>"], k: { ...entries, kc: inserts.length }, stream: ["0", inserts, []] },
    c: Object.fromEntries(cids.map((cid) => [cid, whole(`c${cid}`)])),
  };
}

test("one in an item that a limit displaces at once is named as gone", () => {
  const page = new Page().apply({ s: STREAM, ...items([["a", -1, null], ["b", -1, null]], [1, 2]) });
  assert.deepEqual(page.tree.components!.left(), []);
  // There is room for two, and for one of these.
  page.apply(items([["c", -1, 2]], [3])).apply(items([["d", -1, -1], ["e", -1, -1]], [4, 5]));
  assert.deepEqual([...page.el.querySelectorAll("li")].map(({ id }) => id), ["e"]);
  assert.deepEqual(page.tree.components!.left(), [1, 2, 3, 4]);
});

test("one in an item that is only updated and isn't there is named as gone", () => {
  const page = new Page().apply({ s: STREAM, ...items([["a", -1, null]], [1]) });
  page.apply(items([["b", -1, null, true]], [2]));
  assert.deepEqual([...page.el.querySelectorAll("li")].map(({ id }) => id), ["a"]);
  assert.deepEqual(page.tree.components!.left(), [2]);
  assert.deepEqual(page.tree.components!.left(), []);
  assert.deepEqual(page.tree.components!.out([2]), [2]);
  page.tree.components!.forget([2]);
  assert.deepEqual(page.tree.components!.out([2]), []);
  // The same one can come again with an item that is there.
  page.apply(items([["a", -1, null, true]], [3]));
  assert.equal(page.find("#a").textContent, "c3");
  assert.deepEqual(page.tree.components!.left(), [1]);
});

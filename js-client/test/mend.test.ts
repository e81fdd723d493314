// What the page has lost to others (a translation, a script) is made anew by
// what touches it next, from the client's own tree.

import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Page } from "./support/tree.ts";

/** What a browser's translation does. */
function translate(root: Element): void {
  const walker = document.createTreeWalker(root, 4);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const outer = document.createElement("font");
    outer.append(document.createElement("font"));
    outer.firstElementChild!.append(text.data);
    text.replaceWith(outer);
  }
}

const text = (page: Page) => page.el.textContent!.replace(/\s+/g, " ").trim();

test("a text that was translated shows what comes", () => {
  const page = new Page().apply({ s: ["<p>Count: <b>", "</b> of ", "</p>"], "0": "0", "1": "9" });
  const bold = page.find("b");
  for (const count of ["1", "2"]) {
    translate(page.el);
    page.apply({ "0": count });
    assert.equal(text(page), `Count: ${count} of 9`);
  }
  assert.equal(page.find("b"), bold);
  assert.equal(page.find("b font"), null);
});

test("a choice whose options were translated shows what comes, and keeps what was chosen", () => {
  const option = (id: string) => ({ "0": id, "1": id });
  const page = new Page().apply({
    s: ["<select>", "</select>"],
    "0": { s: ['<option value="', '">Ms ', "</option>"], k: { "0": option("a"), "1": option("b"), kc: 2 } },
  });
  const select = page.find<HTMLSelectElement>("select");
  select.value = "b";
  translate(page.el);
  page.apply({ "0": { k: { "0": option("n"), "1": [0, { "1": "A" }], "2": 1, kc: 3 } } });
  assert.equal(page.find("select"), select);
  assert.equal(select.value, "b");
  assert.deepEqual([...select.options].slice(0, 2).map(({ value, text }) => [value, text]), [["n", "Ms n"], ["a", "Ms A"]]);
});

test("a text node that a script has removed comes back", () => {
  const page = new Page().apply({ s: ["<p>", " and ", "</p>"], "0": "one", "1": "two" });
  page.find("p").replaceChildren();
  page.apply({ "1": "three" });
  assert.equal(text(page), "one and three");
});

test("texts that a script has merged show what comes", () => {
  const page = new Page().apply({ s: ["<p>", "", "</p>"], "0": "", "1": "two" });
  page.el.normalize();
  page.apply({ "0": "one " });
  assert.equal(text(page), "one two");
});

test("an element that was taken out comes back with what is in it", () => {
  const page = new Page().apply({
    s: ["<main><p class=\"", "\">", "</p><input></main>"],
    "0": "a",
    "1": { s: ["<b>", "</b>"], "0": "one" },
  });
  const input = page.find<HTMLInputElement>("input");
  const bold = page.find("b");
  page.find("p").remove();
  page.apply({ "0": "b" });
  assert.equal(page.el.querySelectorAll("p.b").length, 1);
  assert.equal(text(page), "one");
  assert.equal(page.find("b"), bold);
  page.apply({ "1": { "0": "two" } });
  assert.equal(text(page), "two");
  assert.equal(page.find("input"), input);
});

test("a view that was emptied comes back", () => {
  const page = new Page().apply({ s: ["<h1>", "</h1><p>", "</p>"], "0": "title", "1": "text" });
  for (const empty of [() => page.el.replaceChildren(), () => page.find("h1").remove(), () => page.find("p").remove()]) {
    empty();
    page.apply({ "1": "text" }).apply({ "1": "changed" });
    assert.deepEqual([...page.el.children].map(({ localName, textContent }) => [localName, textContent]), [["h1", "title"], ["p", "changed"]]);
  }
});

test("entries that were taken out don't stop a list", () => {
  const row = (id: number) => ({ "0": `${id}` });
  const page = new Page().apply({
    s: ["<ul>", "</ul>"],
    "0": { s: ["<li>", "</li>"], k: { "0": row(1), "1": row(2), "2": row(3), kc: 3 } },
  });
  const shown = () => [...page.find("ul").children].map((li) => li.textContent).join();
  page.find("li:nth-child(2)").remove();
  page.apply({ "0": { k: { "0": row(0), ko: [-1, 1, 0, 3] } } });
  assert.equal(shown(), "0,1,3");
  page.apply({ "0": { k: { "2": row(7), kc: 4 } } });
  assert.equal(shown(), "0,1,7,3");
  page.find("li").remove();
  page.apply({ "0": { k: { ko: [1, 3] } } });
  assert.equal(shown(), "1,7,3");
  page.find("li:last-child").remove();
  page.apply({ "0": { k: { "0": row(3), "2": row(1), ko: [2, 1, 1, 1, 0, 1] } } });
  assert.equal(shown(), "3,7,1");
  page.find("ul").replaceChildren();
  page.apply({ "0": { k: { "0": row(5), kc: 3 } } });
  assert.equal(shown(), "5,7,1");
});

test("items of a stream that were taken out don't stop it", () => {
  const item = (id: string, text = id) => ({ "0": id, "1": text });
  const stream = (inserts: [string, string?][], deleted: string[] = []) => ({
    k: { ...inserts.map(([id, text]) => item(id, text)), kc: inserts.length },
    stream: ["0", inserts.map(([id]) => [id, -1, null, null]).reverse(), deleted],
  });
  const page = new Page().apply({
    s: ['<ul id="u" phx-update="stream">', "</ul>"],
    "0": { ...stream([["a"], ["b"], ["c"]]), s: ['<li id="', '">', "</li>"] },
  });
  const shown = () => [...page.find("ul").children].map((li) => li.textContent).join();
  page.find("#b").remove();
  page.apply({ "0": stream([["d"]]) });
  assert.equal(shown(), "a,c,d");
  page.apply({ "0": stream([["b", "B"]], ["a"]) });
  assert.equal(shown(), "c,d,B");
});

test("a component whose element was taken out comes back where it was", () => {
  const page = new Page().apply({
    s: ["<main>", "<i></i></main>"],
    "0": 1,
    c: { "1": { s: ["<p>", "</p>"], r: 1, "0": "one" } },
  });
  page.find("p").remove();
  page.apply({ c: { "1": { "0": "two" } } });
  assert.equal(page.find("main").innerHTML.replace(/ data-phx-component="1"/, ""), "<p>two</p><i></i>");
});

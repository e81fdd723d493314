import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Page } from "./support/tree.ts";

/** A page with this HTML that then shows the other. */
function change(html: string, act: (page: Page) => void, next: string): Page {
  const page = new Page().apply({ s: ["", ""], "0": html });
  act(page);
  return page.apply({ "0": next });
}

test("nodes that mean the same stay, others come and go around them", () => {
  let bold: Element;
  const page = change("<i>1</i><b>2</b>", (page) => (bold = page.find("b")), "<u>0</u><b class='x'>3</b>tail");
  assert.equal(page.html(), '<u>0</u><b class="x">3</b>tail');
  assert.equal(page.find("b"), bold!);
});

test("an element with an id is found wherever it went", () => {
  let two: Element;
  const page = change('<p id="1"></p><p id="2"></p>', (page) => (two = page.find("[id='2']")), '<p id="2">x</p><p id="3"></p><p id="1"></p>');
  assert.equal(page.html(), '<p id="2">x</p><p id="3"></p><p id="1"></p>');
  assert.equal(page.find("[id='2']"), two!);
});

test("what was typed stays in the same field and never enters another", () => {
  const type = (page: Page) => (page.find<HTMLInputElement>("input").value = "typed");
  const same = change('<input name="a">', type, '<input name="a" class="error">');
  assert.equal(same.find<HTMLInputElement>("input").value, "typed");
  const other = change('<input name="a">', type, '<input name="b">');
  assert.equal(other.find<HTMLInputElement>("input").value, "");
});

test("attributes that are gone are removed", () => {
  assert.equal(change('<p class="x" hidden>a</p>', () => {}, "<p>a</p>").html(), "<p>a</p>");
});

test("the texts that the parser has joined are split where parts begin", () => {
  const page = new Page("<p>Count: 3 items</p>");
  const text = page.find("p").firstChild;
  page.apply({ s: ["<p>Count: ", " items</p>"], "0": "3" });
  assert.equal(page.find("p").firstChild, text);
  assert.equal(page.apply({ "0": "4" }).html(), "<p>Count: 4 items</p>");
});

test("a table keeps the body that the parser gave it", () => {
  const page = new Page("<table><tr><td>1</td></tr></table>");
  const row = page.find("tr");
  page.apply({ s: ["<table>", "</table>"], "0": { s: ["<tr><td>", "</td></tr>"], k: { "0": { "0": "1" }, kc: 1 } } });
  assert.equal(page.find("tbody > tr"), row);
  page.apply({ "0": { k: { kc: 0 } } }).apply({ "0": { k: { "0": { "0": "2" }, kc: 1 } } });
  assert.equal(page.html(), "<table><tbody><tr><td>2</td></tr></tbody></table>");
});

test("a table has a body for its rows, and for nothing else", () => {
  const page = new Page().apply({ s: ["<table>", "</table>"], "0": { s: ["<tr><td>1</td></tr>"] } });
  assert.equal(page.html(), "<table><tbody><tr><td>1</td></tr></tbody></table>");
  assert.equal(page.apply({ "0": "" }).html(), "<table></table>");
  page.apply({ "0": { s: ["<tr><td>2</td></tr>"] } });
  assert.equal(page.apply({ "0": { s: ["<caption>c</caption>"] } }).html(), "<table><caption>c</caption></table>");
  assert.equal(page.apply({ "0": "<tr><td>3</td></tr>" }).html(), "<table><tbody><tr><td>3</td></tr></tbody></table>");
});

test("a component that is a row of a table comes back into its body", () => {
  const row = (text: string) => ({ s: ["<tr><td>", "</td></tr>"], "0": text });
  const page = new Page().apply({ s: ["<table>", "</table>"], "0": 1, c: { "1": row("a"), "2": row("b") } });
  page.apply({ "0": 2 }).apply({ "0": 1 });
  assert.equal(page.find("table").innerHTML, '<tbody><tr data-phx-component="1"><td>a</td></tr></tbody>');
});

test("lists of rows share the body that the template writes, and have one each where it writes none", () => {
  const ROW = ["<tr><td>", "</td></tr>"];
  const rows = (...texts: string[]) => ({ s: ROW, k: { ...texts.map((text) => ({ "0": text })), kc: texts.length } });
  const show = (before: string, after: string) =>
    new Page().apply({ s: [`<table>${before}`, "", `${after}</table>`], "0": rows("a"), "1": rows("b") }).apply({ "0": { k: { kc: 0 } } });
  const row = "<tr><td>b</td></tr>";
  assert.equal(show("<tbody>", "</tbody>").html(), `<table><tbody>${row}</tbody></table>`);
  assert.equal(show("", "").html(), `<table><tbody></tbody><tbody>${row}</tbody></table>`);
});

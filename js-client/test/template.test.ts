import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { SlotKind, Template, templateOf } from "../src/template.ts";
import type { Namespace } from "../src/template.ts";
import { intern } from "../src/wire.ts";

/** A template's slots in short: kind, path, strings and name. */
function slots(statics: string[], namespace: Namespace = ""): string {
  const { slots, isPrinted } = new Template(statics, namespace);
  if (isPrinted) return "printed";
  const kinds = { [SlotKind.Child]: "child", [SlotKind.Attribute]: "attribute", [SlotKind.Tag]: "tag", [SlotKind.Data]: "data" };
  return slots
    .map(({ kind, path, strings, name }) => {
      const around = kind === SlotKind.Attribute || kind === SlotKind.Data ? ` ${name} ${JSON.stringify(strings)}` : "";
      return `${kinds[kind]} ${path.join(".")}${around}`;
    })
    .join("; ");
}

const CASES: [what: string, statics: string[], slots: string][] = [
  ["text", ["<p>", "</p>"], "child 0.0"],
  ["texts side by side", ["", "", ""], "child 0; child 1"],
  ["text between texts", ["a ", " b<i>", "</i>"], "child 1; child 3.0"],
  ["an attribute", ['<p class="', '">'], 'attribute 0 class ["",""]'],
  ["an attribute of many pieces", ["<p class='a ", " b ", "'>"], 'attribute 0 class ["a "," b ",""]'],
  ["an attribute's value that looks like markup", ['<p title="a > b <i ', '">', "</p>"], 'attribute 0 title ["a > b <i ",""]; child 0.0'],
  ["a query string in an attribute", ['<a href="/?p=', '&amp;q=', '">x</a>'], 'attribute 0 href ["/?p=","&q=",""]'],
  ["the inside of a tag", ["<button", ">go</button>"], "tag 0"],
  ["two insides of a tag between attributes", ['<p id="a"', ' lang="b" ', "/>"], "tag 0; tag 0"],
  ["two insides side by side", ["<p", "", ">"], "tag 0; tag 0"],
  ["a comment", ["<!-- a ", " --><b>", "</b>"], 'data 0  [" a "," "]; child 1.0'],
  ["a comment that looks like markup", ['<!-- <p class="', '"> -->'], 'data 0  [" <p class=\\"","\\"> "]'],
  ["a text area", ['<textarea name="', '">', "</textarea>"], 'attribute 0 name ["",""]; data 0.0 textarea ["",""]'],
  ["a style", ["<style>a > b { ", " }</style>", ""], 'data 0.0 style ["a > b { "," }"]; child 1'],
  ["rows of a table", ["<table><tbody>", "</tbody></table>"], "child 0.0.0"],
  ["cells", ["<tr><td>", "</td></tr>"], "child 0.0.0"],
  ["options", ["<select>", "</select>"], "child 0.0"],
  ["an option", ['<option value="', '"', ">", "</option>"], 'attribute 0 value ["",""]; tag 0; child 0.0'],
  ["text that looks like an attribute", ["<p>a=", "</p>"], "child 0.1"],
  ["a lone less-than sign", ["<p>a < b ", "</p>"], "child 0.1"],
  ["a tag's name", ["<", ">x</p>"], "printed"],
  ["the name of an end tag", ["<p>x</", ">"], "printed"],
  ["part of an attribute's name", ["<p data-", '="x">'], "printed"],
  ["a value without quotes", ["<p class=", ">"], "printed"],
  ["a place that the parser drops", ["<p>a</p></div", ">"], "printed"],
];

for (const [what, statics, expected] of CASES) {
  test(`a dynamic is placed: ${what}`, () => assert.equal(slots(statics), expected));
}

test("a formatting element that the parser doubles makes the template a printed one", () => {
  assert.equal(slots(['<b class="', '"><p>x</b>y</p>']), "printed");
});

test("an instance always has a node to stand by", () => {
  assert.equal(new Template([""], "").content.childNodes.length, 1);
});

test("one template is prepared for each content and namespace", () => {
  const statics = intern(["<a>", "</a>"]);
  assert.equal(templateOf(statics, ""), templateOf(intern(["<a>", "</a>"]), ""));
  assert.notEqual(templateOf(statics, ""), templateOf(statics, "svg"));
  assert.equal(templateOf(statics, "svg").content.firstElementChild!.namespaceURI, "http://www.w3.org/2000/svg");
});

test("inside a foreign object markup is HTML again", () => {
  const { slots } = new Template(["<svg>", "<foreignObject>", "</foreignObject></svg>"], "");
  assert.deepEqual(slots.map(({ namespace }) => namespace), ["svg", ""]);
});

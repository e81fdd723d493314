import "./support/dom.ts";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { witness } from "../src/writes.ts";
import { Page } from "./support/tree.ts";

let page: Page;
let written: Node[];

beforeEach(() => {
  page = new Page().apply({
    s: ['<p class="', '" title="a ', " b ", '">', "</p>", "", ""],
    "0": "c", "1": "1", "2": "2", "3": "text", "4": { s: ["<i>", "</i>"], "0": "x" }, "5": "<b>m</b>",
  });
  written = [];
  witness.added = [];
  witness.beforeWrite = (node) => written.push(node);
});

const names = () => written.map((node) => node.nodeName);

test("a value that is there already is not written", () => {
  page.apply({ "0": "c", "1": "1", "3": "text", "4": { "0": "x" }, "5": "<b>m</b>" });
  page.apply({ "4": { s: ["<i>", "</i>"], "0": "x" } });
  assert.deepEqual(names(), []);
});

test("a diff writes the parts that it names and no other", () => {
  page.apply({ "3": "new" });
  assert.deepEqual(names(), ["#text"]);
});

test("two dynamics of one attribute are one write", () => {
  page.apply({ "1": "3", "2": "4" });
  assert.deepEqual(names(), ["P"]);
  assert.equal(page.find("p").title, "a 3 b 4");
});

test("markup that changes keeps what it can", () => {
  const bold = page.find("b");
  page.apply({ "5": "<b>n</b>" });
  assert.equal(page.find("b"), bold);
  assert.deepEqual(names(), ["#text"]);
});

test("elements that are added are told once, as their roots", () => {
  page.apply({ "4": { s: ["<u>", "</u>"], "0": { s: ["<s><q></q></s>"] } } });
  assert.deepEqual(witness.added.map(({ nodeName }) => nodeName), ["U"]);
});

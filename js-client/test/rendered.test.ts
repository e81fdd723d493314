import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { merge, print } from "../src/rendered.ts";
import type { Dynamic } from "../src/wire.ts";

const node = (...values: Dynamic[]): Dynamic => ({ s: ["<", ">"], ...values }) as Dynamic;
const list = (...values: string[]): Dynamic => ({
  s: ["", ","],
  k: { ...values.map((value) => ({ "0": value })), kc: values.length },
});

test("a string prints as it is, nothing as nothing", () => {
  assert.equal(print("a"), "a");
  assert.equal(print(undefined), "");
});

test("trees and lists print their statics around their dynamics", () => {
  assert.equal(print(node(list("a", "b"))), "<a,b,>");
});

test("a diff changes what it names and leaves the old tree alone", () => {
  const old = { s: ["", "-", ""], "0": "a", "1": node("b") } as Dynamic;
  const merged = merge(old, { "1": { "0": "c" } } as Dynamic);
  assert.equal(print(merged), "a-<c>");
  assert.equal(print(old), "a-<b>");
});

test("statics or another kind replace what was there", () => {
  assert.equal(print(merge(node("a"), { s: ["[", "]"], "0": "b" } as Dynamic)), "[b]");
  assert.equal(print(merge(node("a"), "b")), "b");
  assert.equal(print(merge("b", list("a"))), "a,");
});

test("entries move, change, come and go", () => {
  const moved = merge(list("a", "b", "c"), { k: { "0": 2, "1": [0, { "0": "A" }], "2": { "0": "n" }, kc: 3, km: true } });
  assert.equal(print(moved), "c,A,n,");
  assert.equal(print(merge(moved, { k: { kc: 1 } })), "c,");
});

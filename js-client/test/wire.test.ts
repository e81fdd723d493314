import "./support/dom.ts";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Stock } from "./support/stock.ts";
import { canonical, Page } from "./support/tree.ts";
import { intern, resolve } from "../src/wire.ts";

/** What a client prints after each message, or what its page shows then: of streams only that says it all. */
interface Case {
  name: string;
  steps: { message: object; html: string }[];
}

const folder = "../tests/wire/";
/** Extensions: the stock client neither offers nor gets them. */
const ours = "ours/";
const names = [...readdirSync(folder), ...readdirSync(folder + ours).map((name) => ours + name)];
for (const file of names.filter((name) => name.endsWith(".json"))) {
  const { cases, pages = [] } = JSON.parse(readFileSync(folder + file, "utf8")) as { cases: Case[]; pages?: Case[] };
  for (const { name, steps } of [...cases, ...pages]) {
    if (!file.startsWith(ours) && !pages.some((page) => page.name === name)) {
      test(`${file}: ${name}: the stock client agrees`, () => {
        const stock = new Stock();
        for (const { message, html } of steps) assert.equal(stock.apply(message), html);
      });
    }

    test(`${file}: ${name}: our client agrees`, () => {
      const page = new Page();
      for (const { message, html } of steps) {
        assert.equal(canonical(page.apply(message).html()), canonical(html));
      }
    });

    test(`${file}: ${name}: a page that shows the first step already keeps its nodes`, () => {
      const page = new Page(steps[0]!.html);
      const before = [...page.el.querySelectorAll("*")];
      page.apply(steps[0]!.message);
      assert.deepEqual([...page.el.querySelectorAll("*")], before);
      for (const { message, html } of steps.slice(1)) {
        assert.equal(canonical(page.apply(message).html()), canonical(html));
      }
    });
  }
}

test("statics of one content are one array", () => {
  assert.equal(intern(["a", "b"]), intern(["a", "b"]));
  assert.notEqual(intern(["a", "b"]), intern(["ab"]));
});

test("references to statics are replaced wherever they stand", () => {
  const message = {
    "0": { s: 0, "0": "x" },
    "1": { s: 1, k: { "0": { "0": { s: 0, "0": "y" } }, "1": [0, { "0": { s: 0, "0": "z" } }], kc: 2, km: true } },
    s: 1,
    p: { "0": ["<b>", "</b>"], "1": ["", "", ""] },
    e: [["name", { s: 0, p: {} }]],
    r: { "0": { s: 0 } },
  };
  const b = ["<b>", "</b>"];
  assert.deepEqual(resolve(message), {
    "0": { s: b, "0": "x" },
    "1": { s: ["", "", ""], k: { "0": { "0": { s: b, "0": "y" } }, "1": [0, { "0": { s: b, "0": "z" } }], kc: 2, km: true } },
    s: ["", "", ""],
    e: [["name", { s: 0, p: {} }]],
    r: { "0": { s: 0 } },
  });
});

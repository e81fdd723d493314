import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Model, random, Writer } from "./support/random.ts";
import { Stock } from "./support/stock.ts";
import { canonical, Page } from "./support/tree.ts";

test("random diffs give the DOM of a fresh render and the stock client's HTML", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const below = random(seed);
    const model = new Model(below);
    const writer = new Writer();
    let tree = model.tree(3);
    const first = writer.message(!below(2), () => writer.full(tree) as Record<string, unknown>);
    const stock = new Stock();
    const html = stock.apply(first);
    // Every other page is adopted from its dead render.
    const page = new Page(seed % 2 ? html : "").apply(first);
    assert.equal(canonical(page.html()), canonical(html), `seed ${seed}`);
    for (let step = 1; step <= 6; step++) {
      const next = model.change(tree, 3);
      const diff = writer.message(!below(2), () => (writer.diff(tree, next) ?? {}) as Record<string, unknown>);
      const html = stock.apply(diff);
      const fresh = new Page().apply(writer.message(false, () => writer.full(next) as Record<string, unknown>));
      const where = `seed ${seed}, step ${step}: ${JSON.stringify(diff)}`;
      document.body.append(page.el);
      page.apply(diff);
      assert.equal(canonical(page.html()), canonical(html), where);
      assert.equal(canonical(fresh.html()), canonical(html), where);
      tree = next;
    }
    // A rejoin brings a whole tree, of the same view or of what became of it.
    for (const whole of [tree, model.change(tree, 3), model.tree(3)]) {
      const message = writer.message(!below(2), () => writer.full(whole) as Record<string, unknown>);
      document.body.append(page.el);
      page.apply(message);
      assert.equal(canonical(page.html()), canonical(new Stock().apply(message)), `seed ${seed}, rejoin`);
    }
  }
});

test("a splice of a text that somebody else has changed writes all of it", () => {
  const page = new Page().apply({ s: ["<pre>", "</pre>"], "0": "one two three" });
  const pre = page.find("pre");
  const node = [...pre.childNodes].find(({ nodeValue }) => nodeValue)!;
  node.nodeValue = node.nodeValue!.replace("one", "1");
  page.apply({ "0": [8, 3, "2"] });
  assert.equal(pre.textContent, new Page().apply({ s: ["<pre>", "</pre>"], "0": "one two three" }).apply({ "0": [8, 3, "2"] }).find("pre").textContent);
});

test("a splice leaves the text in front of it to its node and its selection", () => {
  const page = new Page().apply({ s: ["<pre>", "</pre>"], "0": "a &lt;long&gt; text" });
  const node = [...page.find("pre").childNodes].find(({ nodeValue }) => nodeValue)!;
  const range = document.createRange();
  range.setStart(node, 2);
  range.setEnd(node, 6);
  page.apply({ "0": [0, 0, " &amp; more"] }).apply({ "0": [11, 4, "word"] });
  assert.equal(page.find("pre").textContent, "a <long> word & more");
  assert.ok(node.isConnected);
  assert.equal(range.toString(), "<lon");
});

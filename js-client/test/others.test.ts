// What scripts and the browser did to the page stays, unless the server has changed its mind.

import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { unobserved, watchOthers } from "../src/others.ts";
import { Page } from "./support/tree.ts";

watchOthers();

/** A page with this HTML of the server's. */
function served(html: string): Page {
  let page: Page;
  unobserved(() => (page = new Page(html)));
  return page!;
}

/** A page of this HTML, what others did to it, and then a join with the HTML as its template. */
async function joined(html: string, act: (page: Page) => void, joined = html): Promise<Page> {
  const page = served(html);
  act(page);
  await Promise.resolve();
  return page.apply({ s: [joined] });
}

test("an attribute that the server says nothing of stays", async () => {
  const page = await joined("<details><p>text</p></details>", (page) => page.find("details").setAttribute("open", ""));
  assert.equal(page.html(), '<details open=""><p>text</p></details>');
});

test("an attribute that the server still has the same way keeps what others made of it", async () => {
  const hydrate = (page: Page) => page.find("b").classList.add("hydrated");
  assert.equal((await joined('<b class="box"></b>', hydrate)).html(), '<b class="box hydrated"></b>');
  assert.equal((await joined('<b class="box"></b>', hydrate, '<b class="new"></b>')).html(), '<b class="new"></b>');
  assert.equal((await joined('<b class="box"></b>', hydrate, "<b></b>")).html(), "<b></b>");
});

test("what the server had and has no more goes", async () => {
  const page = await joined('<p hidden class="x">text</p>', () => {}, "<p>text</p>");
  assert.equal(page.html(), "<p>text</p>");
});

test("an attribute that a dynamic has written since is the server's again", async () => {
  const page = served('<p class="a">x</p>');
  page.find("p").className = "a mine";
  await Promise.resolve();
  page.apply({ s: ['<p class="', '">x</p>'], "0": "a" });
  assert.equal(page.html(), '<p class="a mine">x</p>');
  unobserved(() => page.apply({ "0": "b" }));
  assert.equal(page.html(), '<p class="b">x</p>');
  page.rejoin().apply({ s: ['<p class="', '"><!-- other -->x</p>'], "0": "a" });
  assert.equal(page.find("p").className, "a");
});

test("nodes that others added stay where they are, around those of the server", async () => {
  const add = (page: Page) => {
    page.find("x-editor").append(document.createElement("canvas"));
    page.find("main").prepend(document.createElement("aside"));
  };
  const page = await joined("<main><x-editor></x-editor><p>text</p></main>", add, "<main><x-editor></x-editor><h2>new</h2><p>more</p></main>");
  assert.equal(page.html(), "<main><aside></aside><x-editor><canvas></canvas></x-editor><h2>new</h2><p>more</p></main>");
});

test("a node of the server's that a script has moved is still the server's", async () => {
  const page = served("<ul><li>1</li><li>2</li></ul>");
  const first = page.find("li");
  first.remove();
  await Promise.resolve();
  page.find("ul").append(first);
  await Promise.resolve();
  page.apply({ s: ["<ul><li>3</li></ul>"] });
  assert.equal(page.html(), "<ul><li>3</li></ul>");
});

test("a dialog that the server closes is closed, not hidden", async () => {
  const page = new Page().apply({ s: ["<dialog ", "></dialog>"], "0": "open" });
  let closed = 0;
  Object.assign(page.find("dialog"), { close: () => closed++ });
  page.apply({ "0": "" });
  assert.equal(page.html(), "<dialog></dialog>");
  assert.equal(closed, 1);
});

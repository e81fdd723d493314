import { Session } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;
afterEach(() => session.end());

test("the application may run a patch when it wants to", () => {
  const due: (() => void)[] = [];
  session = new Session("<p>hello</p>", { dom: { onDocumentPatch: (patch) => void due.push(patch) } });
  session.join();
  assert.equal(due.length, 1);
  due.shift()!();
  session.push("diff", { "0": "later", t: "Later" });
  assert.equal(session.html(), "<p>hello</p>");
  due.shift()!();
  assert.equal(session.html(), "<p>later</p>");
  assert.match(document.title, /Later/);
});

test("it hears of each element that is new on the page, and of no other", () => {
  const added: string[] = [];
  session = new Session("<p>hello</p>", { dom: { onNodeAdded: (node) => void added.push(node.id) } });
  session.join({ rendered: { s: ["<p>hello</p>", ""], "0": '<b id="1"><i id="2"></i></b>' } });
  assert.deepEqual(added, ["1", "2"]);
  session.push("diff", { "0": '<b id="1" class="x"><i id="2"></i></b><u id="3"></u>' });
  assert.deepEqual(added, ["1", "2", "3"]);
});

test("it may keep an attribute from changing, or change it otherwise", () => {
  const seen: unknown[] = [];
  session = new Session("", {
    dom: {
      onBeforeElUpdated(from, to) {
        seen.push([from.getAttribute("class"), to.getAttribute("class")]);
        if (to.className === "b") to.className = "B";
        if (to.className === "c") to.className = from.className;
      },
    },
  });
  session.join({ rendered: { s: ['<p class="', '"></p>'], "0": "a" } });
  for (const name of ["b", "c"]) session.push("diff", { "0": name });
  assert.equal(session.find("p").className, "B");
  assert.deepEqual(seen, [["a", "b"], ["B", "c"]]);
});

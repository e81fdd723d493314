// The scripts as they are served, together: names of ours are shortened in all alike.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";

const [bennu, extra, mend] = ["bennu", "extra", "mend"].map((name) => readFileSync(`../crates/bennu/assets/${name}.js`, "utf8"));

function load(...scripts: (string | undefined)[]): any {
  const tags = scripts.map((script) => `<script data-manual>${script}</script>`).join("");
  const html = `<!doctype html>${tags}<p id="p" class="a">text</p><input id="i">`;
  const { window } = new JSDOM(html, { url: "https://example.com/", runScripts: "dangerously", pretendToBeVisual: true });
  return window;
}

test("the extra does through the first script what only both can do", async () => {
  const window = load(bennu, extra);
  const { document, Bennu } = window;
  const client = new Bennu.LiveSocket("/live", Bennu.Socket, {});
  const [p, input] = ["p", "i"].map((id) => document.getElementById(id));
  client.execJS(p, '[["set_attr",{"attr":["lang","en"]}],["add_class",{"names":["b"],"to":"#p"}]]');
  assert.deepEqual([p.lang, p.className], ["en", "a b"]);
  client.js().removeClass(p, "a");
  client.js().toggleAttribute(p, "lang", "en", "de");
  assert.deepEqual([p.lang, p.className], ["de", "b"]);
  client.execJS(p, '[["focus",{"to":"#i"}]]');
  assert.equal(document.activeElement, input);
  let done: (() => void) | undefined;
  p.addEventListener("x", ({ detail }: any) => ({ done } = detail));
  client.js().dispatch(p, "x", { blocking: true });
  done!();
  p.dispatchEvent(new window.Event("scroll"));
});

test("a stream, a portal and a component are shown by both, and mended by a third", async () => {
  const window = load(bennu, extra, mend);
  const { document, Bennu } = window;
  document.body.innerHTML = '<div id="phx-1" data-phx-main data-phx-session="S"></div><div id="to"></div>';
  const sent: any[][] = [];
  let connection: any;
  class Fake {
    readyState = 1;
    constructor() {
      connection = this;
    }
    send(frame: string): void {
      sent.push(JSON.parse(frame) as any[]);
    }
    close(): void {}
  }
  const client = new Bennu.LiveSocket("/live", Bennu.Socket, { transport: Fake });
  if (document.readyState === "loading") {
    await new Promise((resolve) => window.addEventListener("DOMContentLoaded", resolve));
  }
  client.connect();
  connection.onopen();
  const [joinRef, ref, topic] = sent[0]!;
  const receive = (...frame: unknown[]) => connection.onmessage({ data: JSON.stringify(frame) });
  const items = (...ids: string[]) => ({
    k: { ...ids.map((id) => ({ "0": id })), kc: ids.length },
    stream: ["0", ids.map((id) => [id, -1, null]), []],
  });
  const rendered = {
    s: ['<ul phx-update="stream">', '</ul><template data-phx-portal="#to"><b>', "</b></template>", ""],
    "0": { s: ['<li id="', '"></li>'], ...items("a", "b") },
    "1": "shown",
    "2": 1,
    c: { "1": { s: ["<i>", "</i>"], "0": "whole" } },
  };
  receive(joinRef, ref, topic, "phx_reply", { status: "ok", response: { rendered } });
  receive(joinRef, null, topic, "diff", { "0": items("c"), "1": "there", c: { "1": { "0": "changed" } } });
  const ids = [...document.querySelectorAll("li")].map(({ id }: any) => id as string);
  assert.deepEqual([ids.join(), document.querySelector("#to").textContent], ["a,b,c", "there"]);
  assert.equal(document.querySelector("i[data-phx-component='1']").textContent, "changed");
  // Somebody takes out all that is no element, the parts' own nodes too.
  const view = document.querySelector("#phx-1");
  for (const parent of [view, view.querySelector("ul")]) for (const node of [...parent.childNodes]) if (node.nodeType === 3) node.remove();
  receive(joinRef, null, topic, "diff", { "0": items("d"), "1": "mended" });
  const after = [...document.querySelectorAll("li")].map(({ id }: any) => id as string);
  assert.deepEqual([after.join(), document.querySelector("#to").textContent], ["a,b,c,d", "mended"]);
  assert.equal(document.querySelector("i[data-phx-component='1']").textContent, "changed");
  receive(joinRef, null, topic, "diff", { "2": "" });
  assert.deepEqual(sent.at(-1)!.slice(3), ["cids_will_destroy", { cids: [1] }]);
  client.disconnect();
});

test("the extra leaves a page with another client alone", () => {
  for (const other of ["", "window.Bennu = { hooks: {} }"]) {
    const window = load(other, extra);
    assert.deepEqual(Object.keys(window.Bennu ?? {}), other ? ["hooks"] : []);
  }
});

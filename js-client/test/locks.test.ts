import { Session } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;

/** A joined page, with a click on its first bound element under way. */
function clicked(rendered: object): Frame {
  session = new Session();
  session.join({ rendered });
  session.find("[phx-click]").click();
  return session.frame();
}

afterEach(() => session.end());

const BUTTON = ['<button phx-click="go" title="', '">', "</button><p>", "</p>"];

test("what changes in an element that waits is shown with the answer, before its diff", () => {
  const frame = clicked({ s: BUTTON, "0": "a", "1": "1", "2": "1" });
  session.push("diff", { "0": "b", "1": "2", "2": "2" });
  session.push("diff", { "1": "3" });
  assert.equal(session.el.textContent, "12");
  const seen: string[] = [];
  session.liveSocket.dom.onPatchEnd = () => seen.push(session.el.textContent!);
  session.reply(frame, { diff: { "2": "4" } });
  assert.deepEqual(seen, ["34"]);
  assert.equal(session.find("button").title, "b");
  delete session.liveSocket.dom.onPatchEnd;
});

test("an answer without a diff, an error and a lost connection free what waits", () => {
  for (const end of [
    (frame: Frame) => session.reply(frame),
    (frame: Frame) => session.reply(frame, { reason: "no" }, "error"),
    () => session.lose(),
  ]) {
    const frame = clicked({ s: BUTTON, "0": "a", "1": "1", "2": "1" });
    session.push("diff", { "1": "2" });
    assert.equal(session.find("button").textContent, "1");
    end(frame);
    assert.equal(session.find("button").textContent, "2");
    session.end();
  }
  session = new Session();
});

test("moves of entries add up while their list waits", () => {
  const item = { s: ['<li id="', '">', "</li>"] };
  const entry = (name: string) => ({ "0": name, "1": name });
  const list = { ...item, k: { "0": entry("a"), "1": entry("b"), "2": entry("c"), kc: 3 } };
  const frame = clicked({ s: ['<ul phx-click="go">', "</ul>"], "0": list });
  session.push("diff", { "0": { k: { "0": 2, "1": 0, "2": 1, kc: 3, km: true } } });
  session.push("diff", { "0": { k: { "0": { ...entry("d") }, "1": 0, "2": [1, { "1": "A" }], kc: 3, km: true } } });
  assert.equal(session.el.textContent, "abc");
  session.reply(frame);
  assert.equal(session.el.textContent, "dcA");
});

test("an element that waits within what is replaced follows later, with all that came since", () => {
  const one = { s: ['<div><button phx-click="go" class="', '"><b>', "</b></button></div>"], "0": "one", "1": "1" };
  const two = { s: ['<div><button phx-click="go" class="', '"><b>', "</b><i>", "</i></button></div>"], "0": "two", "1": "2", "2": "x" };
  const frame = clicked({ s: ["", ""], "0": one });
  const [button, bold] = [session.find("button"), session.find("b")];
  session.push("diff", { "0": { "1": "late" } });
  session.push("diff", { "0": two });
  session.push("diff", { "0": { "1": "3" } });
  assert.equal(session.find("button"), button);
  assert.equal(button.textContent, "1");
  session.reply(frame, { diff: { "0": { "2": "y" } } });
  assert.equal(session.html(), '<div><button class="two" phx-click="go"><b>3</b><i>y</i></button></div>');
  assert.equal(session.find("b"), bold);
  session.push("diff", { "0": { "0": "three", "1": "4", "2": "z" } });
  assert.equal(session.html(), '<div><button class="three" phx-click="go"><b>4</b><i>z</i></button></div>');
});

test("two pushes of one element both hold it", () => {
  session = new Session();
  session.join({ rendered: { s: ['<form phx-change="val"><input name="a"><i>', "</i></form>"], "0": "0" } });
  const field = session.find<HTMLInputElement>("input");
  const type = (value: string) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  type("a");
  const first = session.frame();
  type("ab");
  session.reply(first, { diff: { "0": "1" } });
  // It waited for the answer to the first one.
  const second = session.frame();
  assert.equal(session.find("i").textContent, "0");
  session.reply(second, { diff: { "0": "2" } });
  assert.equal(session.find("i").textContent, "2");
});

test("a component in what waits follows later; those that share its template have it as it is", () => {
  const component = { s: ["<b>", "</b>"], "0": "one", r: 1 };
  const frame = clicked({ s: ['<nav phx-click="go">', "</nav><p>", "</p>"], "0": 1, "1": "", c: { 1: component } });
  session.push("diff", { c: { 1: { "0": "ONE" } } });
  session.push("diff", { "1": 2, c: { 2: { s: -1 } } });
  assert.deepEqual([session.find("nav").textContent, session.find("p").textContent], ["one", "ONE"]);
  session.reply(frame);
  assert.equal(session.find("nav").textContent, "ONE");
});

test("a hook is told of an update when it is shown", () => {
  const log: string[] = [];
  session = new Session("", { hooks: { H: { updated() { log.push(this.el.textContent!); } } } });
  session.join({ rendered: { s: ['<p id="h" phx-hook="H" phx-click="go">', "</p>"], "0": "1" } });
  session.find("p").click();
  const frame = session.frame();
  session.push("diff", { "0": "2" });
  assert.deepEqual(log, []);
  session.reply(frame);
  assert.deepEqual(log, ["2"]);
});

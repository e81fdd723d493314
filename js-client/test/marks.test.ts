import "./support/dom.ts";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { extendForms } from "../src/core.ts";
import { disabled, frozen } from "../src/forms/frozen.ts";
import { give } from "../src/forms/index.ts";
import { isMarked, lay, lift, mark } from "../src/marks.ts";

extendForms(give);

const HTML =
  '<form class="f"><input name="a"><input name="r" readonly=""><textarea></textarea><select></select>' +
  '<button>one</button><button phx-disable-with="Wait"><b>two</b></button><input type="submit" value="three" phx-disable-with="Sent"></form>';
let form: HTMLFormElement;
beforeEach(() => {
  document.body.innerHTML = HTML;
  form = document.querySelector("form")!;
});

test("what was marked is as before afterwards, whatever the order of the answers", () => {
  for (const order of [[0, 1], [1, 0]]) {
    const undo = [mark({ kind: "submit", loading: [form], overlays: frozen(form) }, "save", 1, {}), mark({ kind: "change", loading: [form, form.elements[0]!] }, "val", 2, {})];
    assert.notEqual(form.outerHTML, HTML);
    for (const index of order) undo[index]!();
    assert.equal(form.outerHTML, HTML);
    assert.equal((form.elements[6] as HTMLInputElement).value, "three");
  }
});

test("a frozen form takes no edits and shows what its buttons say meanwhile", () => {
  const undo = mark({ kind: "submit", loading: [form], overlays: frozen(form) }, "save", 1, {});
  const [a, , area, , one, two, three] = form.elements as unknown as any[];
  assert.deepEqual([a.readOnly, area.readOnly, one.disabled, two.disabled, three.disabled], [true, true, true, true, true]);
  assert.deepEqual([one.textContent, two.textContent, three.value], ["one", "Wait", "Sent"]);
  assert.equal(form.className, "f phx-submit-loading");
  undo();
});

test("for a patch the marks are lifted and then laid again", () => {
  const undo = mark({ kind: "click", loading: [form] }, "go", 1, {});
  lift();
  assert.equal(form.className, "f");
  form.className = "g";
  lay();
  assert.equal(form.className, "g phx-click-loading");
  undo();
  assert.equal(form.className, "g");
});

test("an element counts as waiting until its last push is answered", () => {
  const first = mark({ kind: "change", loading: [form] }, "go", 1, {});
  const second = mark({ kind: "change", loading: [form] }, "go", 1, {});
  first();
  assert.ok(isMarked(form));
  second();
  assert.equal(isMarked(form), false);
});

test("an empty disable-with only disables", () => {
  const button = form.elements[4]!;
  button.setAttribute("phx-disable-with", "");
  const undo = mark({ kind: "click", loading: [button], overlays: disabled(button) }, "go", 1, {});
  assert.deepEqual([(button as HTMLButtonElement).disabled, button.textContent], [true, "one"]);
  undo();
});

test("the page hears of a push, may lock more, and hears of the answer", async () => {
  const log: string[] = [];
  const listen = ({ type, target }: Event) => log.push(`${type} ${(target as Element).localName}`);
  const types = ["phx:push", "phx:push:save", "phx:undo-loading:7", "phx:undo-lock:7"];
  for (const type of types) window.addEventListener(type, listen);
  let detail: any;
  window.addEventListener("phx:push:save", (event) => (detail = (event as CustomEvent).detail), { once: true });
  const undo = mark({ kind: "submit", loading: [form], locked: [] }, "save", 7, { value: "a=b" });
  assert.deepEqual([detail.event, detail.eventType, detail.ref, detail.payload], ["save", "submit", 7, { value: "a=b" }]);
  const area = form.elements[2]!;
  const locked = detail.lock(area);
  assert.ok(isMarked(area));
  detail.unlock(area);
  assert.equal(isMarked(area), false);
  undo();
  assert.equal(await locked, detail);
  assert.equal(await detail.lockComplete, detail);
  assert.deepEqual(log, types.map((type) => `${type} form`));
  for (const type of types) window.removeEventListener(type, listen);
});

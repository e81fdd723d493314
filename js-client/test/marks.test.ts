import "./support/dom.ts";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { disabled, frozen, isMarked, lay, lift, mark } from "../src/marks.ts";

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
    const undo = [mark("submit", [form], frozen(form)), mark("change", [form, form.elements[0]!])];
    assert.notEqual(form.outerHTML, HTML);
    for (const index of order) undo[index]!();
    assert.equal(form.outerHTML, HTML);
    assert.equal((form.elements[6] as HTMLInputElement).value, "three");
  }
});

test("a frozen form takes no edits and shows what its buttons say meanwhile", () => {
  const undo = mark("submit", [form], frozen(form));
  const [a, , area, , one, two, three] = form.elements as unknown as any[];
  assert.deepEqual([a.readOnly, area.readOnly, one.disabled, two.disabled, three.disabled], [true, true, true, true, true]);
  assert.deepEqual([one.textContent, two.textContent, three.value], ["one", "Wait", "Sent"]);
  assert.equal(form.className, "f phx-submit-loading");
  undo();
});

test("for a patch the marks are lifted and then laid again", () => {
  const undo = mark("click", [form]);
  lift();
  assert.equal(form.className, "f");
  form.className = "g";
  lay();
  assert.equal(form.className, "g phx-click-loading");
  undo();
  assert.equal(form.className, "g");
});

test("an element counts as waiting until its last push is answered", () => {
  const first = mark("change", [form]);
  const second = mark("change", [form]);
  first();
  assert.ok(isMarked(form));
  second();
  assert.equal(isMarked(form), false);
});

test("an empty disable-with only disables", () => {
  const button = form.elements[4]!;
  button.setAttribute("phx-disable-with", "");
  const undo = mark("click", [button], disabled(button));
  assert.deepEqual([(button as HTMLButtonElement).disabled, button.textContent], [true, "one"]);
  undo();
});

import "./support/dom.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { isUsedInput, release } from "../src/forms/controls.ts";
import { markUnused, markUsed, serialize } from "../src/forms/serialize.ts";
import { mark } from "../src/marks.ts";
import { writeAttribute } from "../src/writes.ts";
import { Page } from "./support/tree.ts";

function form(html: string): HTMLFormElement {
  document.body.innerHTML = `<form>${html}</form><button>elsewhere</button>`;
  return document.querySelector("form")!;
}
const find = <E extends Element = HTMLInputElement>(selector: string) => document.querySelector<E>(selector)!;

afterEach(() => (document.activeElement as HTMLElement).blur());

test("fields that no one used are named so, under the last part of their name", () => {
  const fields = form('<input name="a" value="1"><input name="u[age]"><input name="u[t][]" value="x"><input name="u[a][b]">');
  assert.equal(
    decodeURIComponent(serialize(fields)),
    "_unused_a=&a=1&u[_unused_age]=&u[age]=&u[_unused_t][]=&u[t][]=x&u[a][_unused_b]=&u[a][b]=",
  );
});

test("used, hidden and opted-out fields and the submitter are plain", () => {
  const fields = form('<input name="a"><input name="h" type="hidden"><input name="o" phx-no-unused-field><button name="b" value="1"></button>');
  markUsed(find("[name=a]"));
  assert.equal(serialize(fields, find<HTMLElement>("form button")), "a=&h=&o=&b=1");
  markUnused(fields);
  assert.equal(isUsedInput(find("[name=a]")), false);
  fields.setAttribute("phx-no-unused-field", "");
  assert.equal(serialize(fields), "a=&h=&o=");
});

test("one used box of a group speaks for all, beside a hidden field of its name", () => {
  const fields = form('<input type="hidden" name="c" value="no"><input type="checkbox" name="c" value="yes" checked>');
  assert.equal(serialize(fields), "_unused_c=&c=no&_unused_c=&c=yes");
  markUsed(find("[type=checkbox]"));
  assert.equal(serialize(fields), "c=no&c=yes");
});

test("disabled fields and files are left out, spaces become plus signs", () => {
  const fields = form(
    '<input name="d" value="x" disabled><fieldset disabled><input name="s" value="x"></fieldset>' +
      '<input type="file" name="f"><input name="a" value="b c">',
  );
  assert.equal(serialize(fields), "_unused_a=&a=b+c");
});

test("one field may be asked for alone", () => {
  assert.equal(serialize(form('<input name="a" value="1"><input name="b" value="2">'), null, "b"), "_unused_b=&b=2");
});

test("a written attribute takes the live state with it", () => {
  form('<input name="a" value="x"><input type="checkbox" name="c"><textarea></textarea>');
  find("[name=a]").value = "typed";
  writeAttribute(find("[name=a]"), "value", "y");
  assert.equal(find("[name=a]").value, "y");
  find("[name=c]").checked = true;
  find("[name=c]").checked = false;
  writeAttribute(find("[name=c]"), "checked", "");
  assert.equal(find("[name=c]").checked, true);
  writeAttribute(find("[name=c]"), "checked", null);
  assert.equal(find("[name=c]").checked, false);
});

test("a focused field is left alone until it is left", () => {
  form('<input name="a" value="x">');
  const field = find("[name=a]");
  field.focus();
  field.value = "typed";
  writeAttribute(field, "value", "server");
  writeAttribute(field, "class", "error");
  release();
  assert.deepEqual([field.value, field.className], ["typed", "error"]);
  field.blur();
  release();
  assert.equal(field.value, "server");
});

test("phx-patch-focused gives a field up", () => {
  form('<input name="a" phx-patch-focused>');
  find("[name=a]").focus();
  writeAttribute(find("[name=a]"), "value", "server");
  assert.equal(find("[name=a]").value, "server");
});

test("the fields of a form that waits for an answer follow afterwards, with the last value", () => {
  const fields = form('<input name="a" value="x">');
  const unmark = mark({ kind: "change", loading: [fields] }, "go", 1, {});
  writeAttribute(find("[name=a]"), "value", "old");
  writeAttribute(find("[name=a]"), "value", "new");
  release();
  assert.equal(find("[name=a]").value, "x");
  unmark();
  release();
  assert.equal(find("[name=a]").value, "new");
});

test("a text area follows its text, unless it is in use", () => {
  const page = new Page().apply({ s: ["<textarea>", "</textarea>"], "0": "a" });
  const area = page.find<HTMLTextAreaElement>("textarea");
  area.value = "typed";
  page.apply({ "0": "b" });
  assert.equal(area.value, "b");
  area.focus();
  area.value = "typed";
  page.apply({ "0": "c" });
  assert.equal(area.value, "typed");
  area.blur();
  release();
  assert.equal(area.value, "c");
});

test("a checkbox with another value is another one, unchecked but for its attribute", () => {
  form('<input type="checkbox" name="c" value="1"><input type="checkbox" name="d" value="1" checked>');
  for (const name of ["c", "d"]) {
    const box = find(`[name=${name}]`);
    box.click();
    writeAttribute(box, "title", "t");
    assert.equal(box.checked, name === "c");
    writeAttribute(box, "value", "2");
    assert.equal(box.checked, name === "d");
  }
});

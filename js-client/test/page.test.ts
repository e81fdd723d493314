import "./support/dom.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { dispatch, isMovingFocus, keepFocus, loading, setTitle } from "../src/page.ts";

test("a title without any dress is set as it is", () => {
  document.head.innerHTML = "<title>old</title>";
  setTitle("new");
  assert.equal(document.title, "new");
});

test("an event says whether a listener has refused it", () => {
  assert.equal(dispatch("phx:free"), true);
  window.addEventListener("phx:refused", (event) => event.preventDefault());
  assert.equal(dispatch("phx:refused"), false);
});

test("loading is announced at its start and its end", () => {
  const log: unknown[] = [];
  for (const name of ["start", "stop"]) {
    window.addEventListener(`phx:page-loading-${name}`, (event) => log.push([name, (event as CustomEvent).detail.kind]));
  }
  const stop = loading({ to: "/", kind: "patch" });
  assert.deepEqual(log, [["start", "patch"]]);
  stop();
  assert.deepEqual(log, [["start", "patch"], ["stop", "patch"]]);
});

test("focus that a patch takes away is given back with its selection, unheard", () => {
  document.body.innerHTML = '<input value="abcdef"><p></p>';
  const field = document.querySelector("input")!;
  field.focus();
  field.setSelectionRange(2, 4);
  const restore = keepFocus();
  assert.ok(isMovingFocus());
  document.querySelector("p")!.append(field);
  assert.notEqual(document.activeElement, field);
  restore();
  assert.equal(document.activeElement, field);
  assert.deepEqual([field.selectionStart, field.selectionEnd, isMovingFocus()], [2, 4, false]);
});

test("focus on what is gone is let go", () => {
  document.body.innerHTML = "<button>x</button>";
  const button = document.querySelector("button")!;
  button.focus();
  const restore = keepFocus();
  button.remove();
  restore();
  assert.equal(document.activeElement, document.body);
});

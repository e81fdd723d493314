import "./support/dom.ts";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { extend } from "../src/core.ts";
import { give } from "../src/extra/index.ts";
import { lay, lift, mark } from "../src/marks.ts";
import { predictions } from "../src/extra/predictions.ts";
import type { Prediction } from "../src/extra/predictions.ts";

extend(give);

const HTML =
  '<ul><li id="a" class="x" lang="en"><b>A</b></li><li id="b"><input type="checkbox"></li></ul><ul id="other"></ul>';

beforeEach(() => void (document.body.innerHTML = HTML));

const find = (selector: string) => document.querySelector<HTMLElement>(selector)!;
const predict = (...list: Prediction[]) =>
  mark({ kind: null, loading: [], overlays: predictions(list, find("#b")) }, "event", 0, {});
const order = () => [...document.querySelectorAll("li")].map(({ id }) => id).join();

test("each prediction is seen, and all are taken away again", () => {
  const undo = predict(
    ["text", "#a", "new"],
    ["class", "#a", "y", true],
    ["class", "#a", "x", false],
    ["attr", "#a", "lang", null],
    ["attr", "#a", "title", "t"],
    ["checked", { inner: "input" }, true],
    ["move", null, "#a", false],
    ["move", "#a", "#other", true],
  );
  assert.equal(find("#other").innerHTML, '<li id="a" class="y" title="t">new</li>');
  assert.equal(find("input").matches(":checked"), true);
  undo();
  assert.equal(find("input").matches(":checked"), false);
  // The order of attributes is no part of the page.
  find("#a").removeAttribute("lang");
  assert.equal(document.body.innerHTML, HTML.replace(' lang="en"', ""));
});

test("what is predicted to go comes back to its place", () => {
  const undo = predict(["move", "#a", null, true]);
  assert.equal(order(), "b");
  undo();
  assert.equal(document.body.innerHTML, HTML);
});

test("what a patch changes meanwhile shows under a prediction, and stays", () => {
  const undo = predict(["class", "#a", "done", true], ["move", "#b", "#a", false]);
  assert.equal(order(), "b,a");
  lift();
  assert.equal(order(), "a,b");
  find("#a").className = "y";
  lay();
  assert.equal(find("#a").className, "y done");
  assert.equal(order(), "b,a");
  undo();
  assert.equal(find("#a").className, "y");
});

test("what has left the page doesn't come back by a prediction", () => {
  const undo = predict(["move", null, "#other", true], ["move", "#a", "#nothing", false]);
  lift();
  find("#b").remove();
  lay();
  assert.equal(order(), "a");
  undo();
  assert.equal(order(), "a");
});

test("a prediction of another version is passed over", () => {
  predict(["sparkle", "#a"], ["class", "#a", "y", true])();
  assert.equal(document.body.innerHTML, HTML);
});

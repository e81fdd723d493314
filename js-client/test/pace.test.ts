import { Session } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;
afterEach(() => session.end());

function show(html: string): void {
  session = new Session(html);
  session.join({ rendered: { s: [html] } });
}

/** What was sent since the last look, and is answered now. */
const values = () => session.sent().filter(([, , , event]) => event === "event").map((frame) => {
  session.reply(frame);
  return frame[4].value;
});
const type = (value: string, selector = "input") => {
  const field = session.find<HTMLInputElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const press = (key: string) =>
  session.find("i").dispatchEvent(Object.assign(new Event("keydown", { bubbles: true }), { key }));

test("a debounced field sends once it was quiet", () => {
  show('<form phx-change="c" phx-no-unused-field><input name="a" phx-debounce="200"></form>');
  type("x");
  session.tick(199);
  type("xy");
  session.tick(199);
  assert.deepEqual(values(), []);
  session.tick(1);
  assert.deepEqual(values(), ["a=xy"]);
});

test("an empty debounce is 300 milliseconds", () => {
  show('<form phx-change="c"><input name="a" phx-debounce></form>');
  type("x");
  session.tick(299);
  assert.deepEqual(values(), []);
  session.tick(1);
  assert.deepEqual(values(), ["a=x"]);
});

test("leaving the field sends what is due, once", () => {
  show('<form phx-change="c"><input name="a" phx-debounce="200"></form>');
  type("x");
  session.find("input").dispatchEvent(new Event("focusout", { bubbles: true }));
  session.tick(1000);
  assert.deepEqual(values(), ["a=x"]);
});

test("debounce until blur waits for that", () => {
  show('<form phx-change="c"><input name="a" phx-debounce="blur"></form>');
  type("x");
  session.tick(10_000);
  assert.deepEqual(values(), []);
  session.find("input").dispatchEvent(new Event("focusout", { bubbles: true }));
  assert.deepEqual(values(), ["a=x"]);
});

test("a submit takes the place of what its fields had due", () => {
  show('<form phx-change="c" phx-submit="s"><input name="a" phx-debounce="200"></form>');
  type("x");
  session.find("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  session.tick(1000);
  assert.deepEqual(values(), ["a=x"]);
});

test("a field that is gone sends nothing", () => {
  show('<form phx-change="c"><input name="a" phx-debounce="200"></form>');
  type("x");
  session.push("diff", { s: ["<p></p>"] });
  session.tick(1000);
  assert.deepEqual(values(), []);
});

test("a throttled key is sent at once and then not for a while, another key is", () => {
  show('<i phx-window-keydown="k" phx-throttle="500"></i>');
  for (const key of ["a", "a", "b", "b"]) press(key);
  assert.deepEqual(values(), [{ key: "a" }, { key: "b" }]);
  session.tick(500);
  press("b");
  assert.deepEqual(values(), [{ key: "b" }]);
});

test("a throttled click is ignored until the time is over", () => {
  show('<p phx-click="c" phx-throttle></p>');
  session.find("p").click();
  session.reply(session.frame());
  session.tick(299);
  session.find("p").click();
  assert.deepEqual(values(), []);
  session.tick(1);
  session.find("p").click();
  assert.equal(values().length, 1);
});

test("focus and blur are never delayed", () => {
  show('<input phx-blur="b" phx-debounce="1000" value="v">');
  session.find("input").dispatchEvent(new Event("focusout", { bubbles: true }));
  assert.deepEqual(values(), [{ value: "v" }]);
});

test("the application says what attributes without a value mean", () => {
  session = new Session('<form phx-change="c" phx-no-unused-field><input name="a" phx-debounce><input name="b" phx-throttle><input name="c" phx-debounce="20"></form>', {
    defaults: { debounce: 50, throttle: 70 },
  });
  session.join({ rendered: { s: [session.el.innerHTML] } });
  type("1");
  session.tick(49);
  assert.deepEqual(values(), []);
  session.tick(1);
  assert.deepEqual(values(), ["a=1&b=&c="]);
  type("2", "[name=c]");
  session.tick(20);
  assert.deepEqual(values(), ["a=1&b=&c=2"]);
  type("3", "[name=b]");
  session.tick(69);
  type("4", "[name=b]");
  assert.deepEqual(values(), ["a=1&b=3&c=2"]);
  session.tick(1);
  type("5", "[name=b]");
  assert.deepEqual(values(), ["a=1&b=5&c=2"]);
});

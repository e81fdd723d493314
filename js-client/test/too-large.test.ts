import { Session } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

let session: Session;
let heard: any[] = [];
const listen = (event: Event) => void heard.push((event as CustomEvent).detail);

const PAGE = { s: ['<form id="f" phx-change="val" phx-submit="save"><textarea name="a"></textarea><input name="b"></form>',
  '<form id="g" phx-change="val"><input name="c"></form>'], "0": "" };

beforeEach((context) => {
  heard = [];
  (context as any).mock.method(console, "error", () => {});
  window.addEventListener("phx:live-view:diagnostic", listen);
  session = new Session();
  session.join({ rendered: PAGE, limit: 1000 });
});
afterEach(() => {
  window.removeEventListener("phx:live-view:diagnostic", listen);
  session.end();
});

const events = () => session.sent().filter(([, , , event]) => event === "event");
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Types and lets what follows happen. */
async function type(selector: string, text: string): Promise<Frame[]> {
  const field = session.find<HTMLTextAreaElement>(selector);
  field.value = text;
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
  await settled();
  return events();
}

test("a change that is too large is held, and its form says so until it holds something else", async () => {
  assert.deepEqual(await type("textarea", "x".repeat(1001)), []);
  const [form, field] = [session.find("#f"), session.find<HTMLTextAreaElement>("textarea")];
  assert.ok(form.classList.contains("phx-too-large"));
  assert.equal(field.getAttribute("aria-invalid"), "true");
  assert.equal(field.validationMessage, "This is too long to be sent.");
  assert.equal(field.value.length, 1001);
  assert.equal(session.connection.closed, undefined);

  const [frame] = await type("textarea", "short");
  assert.equal(frame![4].value, "a=short&_unused_b=&b=");
  session.reply(frame!);
  assert.deepEqual([form.className, field.getAttribute("aria-invalid"), field.validationMessage], ["", null, ""]);
});

test("one diagnostic names the form and the limit, however often it is tried", async () => {
  await type("textarea", "x".repeat(1001));
  await type("textarea", "x".repeat(1002));
  assert.ok(session.find("#f").classList.contains("phx-too-large"));
  session.find("#f").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  await settled();
  assert.deepEqual(heard.map(({ code, message }) => [code, message]), [
    ["message.too-large", "#f was to send more than 1000 bytes"],
  ]);
  assert.deepEqual(events(), []);
  assert.ok(!session.find("#f").classList.contains("phx-submit-loading"));
});

test("the other forms of the page go on", async () => {
  await type("textarea", "x".repeat(1001));
  assert.equal((await type("#g input", "y"))[0]![4].value, "c=y");
});

test("an encoded byte counts as one", async () => {
  assert.equal((await type("textarea", "か".repeat(250))).length, 1);
  assert.deepEqual(await type("textarea", "か".repeat(334)), []);
});

test("what was held is not sent at the next join either, and stays", async () => {
  await type("textarea", "x".repeat(1001));
  session.lose();
  session.tick(10);
  session.join({ rendered: PAGE, limit: 1000 });
  await settled();
  // The other form is told of.
  assert.deepEqual(events().map(([, , , , { meta }]) => meta._target), ["c"]);
  assert.equal(session.find<HTMLTextAreaElement>("textarea").value.length, 1001);
});

test("a server that names no limit has none", async () => {
  session.lose();
  session.tick(10);
  session.join({ rendered: PAGE });
  for (const frame of events()) session.reply(frame);
  assert.equal((await type("textarea", "x".repeat(5000))).length, 1);
});

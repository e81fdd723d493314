import { Session, TOPIC } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;

/** A joined page that shows this HTML and takes it as one template. */
function show(html: string, options?: ConstructorParameters<typeof Session>[1]): Session {
  session = new Session(html, options);
  session.join({ rendered: { s: [html] } });
  return session;
}

afterEach(() => session.end());

const payload = ([, , , , body]: Frame) => body;
const events = () => session.sent().filter(([, , topic, event]) => topic === TOPIC && event === "event").map(payload);
const input = (selector: string, value: string) => {
  const field = session.find<HTMLInputElement>(selector);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field;
};
const fire = (selector: string, type: string, detail: object = {}) =>
  session.find(selector).dispatchEvent(Object.assign(new Event(type, { bubbles: true, cancelable: true }), detail));

test("a click carries phx-value attributes and the element's value", () => {
  show('<button phx-click="go" phx-value-id="7" phx-value-value="x" value="vv"><b>in</b></button>');
  session.find("b").click();
  assert.deepEqual(events(), [{ type: "click", event: "go", value: { id: "7", value: "vv" } }]);
});

test("a paragraph has no value of its own; an unchecked box sends none", () => {
  show('<p phx-click="a" phx-value-k="v"></p><input type="checkbox" phx-click="b" value="on">');
  session.find("p").click();
  const box = session.find<HTMLInputElement>("input");
  box.click();
  session.tick(1);
  const [first, second] = session.sent();
  session.reply(second!);
  box.click();
  assert.deepEqual([first![4], second![4], ...events()], [
    { type: "click", event: "a", value: { k: "v" } },
    { type: "click", event: "b", value: { value: "on" } },
    { type: "click", event: "b", value: {} },
  ]);
});

test("metadata of the application comes first and loses to phx-value", () => {
  show('<p phx-click="a" phx-value-x="attribute"></p>', { metadata: { click: (event) => ({ x: "meta", alt: event.type }) } });
  session.find("p").click();
  assert.deepEqual(events()[0].value, { x: "attribute", alt: "click" });
});

test("a second click is refused, visibly, until the first is answered", () => {
  show('<p id="a" phx-click="a"></p>');
  session.find("#a").click();
  session.find("#a").click();
  const frame = session.frame();
  assert.equal(session.find("#a").className, "phx-click-loading phx-click-refused");
  session.reply(frame);
  assert.equal(session.find("#a").hasAttribute("class"), false);
  session.find("#a").click();
  assert.equal(events().length, 1);
});

test("a click on what waits is sent if the element wants it, or has something for it", () => {
  show('<p id="a" phx-click="a" phx-click-again></p><p id="b" phx-click="b" phx-click-back="c"></p>');
  for (const id of ["a", "b"]) for (let click = 0; click < 3; click++) session.find(`#${id}`).click();
  const frames = session.sent();
  assert.deepEqual(frames.map(([, , , , { event }]) => event), ["a", "a", "a", "b", "c", "b"]);
  for (const frame of frames) session.reply(frame);
  session.find("#b").click();
  assert.deepEqual(events().map(({ event }) => event), ["b"]);
});

test("a disabled button sends nothing, and href # goes nowhere", () => {
  show('<button disabled phx-click="a">x</button><a href="#" phx-click="b">y</a>');
  session.find("button").click();
  assert.equal(fire("a", "click"), false);
  assert.deepEqual(events().map(({ event }) => event), ["b"]);
});

test("without a connection a click is lost and leaves no mark", () => {
  show('<p phx-click="a"></p>');
  session.lose();
  session.find("p").click();
  assert.equal(session.find("p").className, "");
});

test("a lost connection undoes the marks of what was under way", () => {
  show('<button phx-click="a" phx-disable-with="Wait">Go <b>now</b></button>');
  const bold = session.find("b");
  session.find("button").click();
  assert.equal(session.find("button").outerHTML, '<button phx-click="a" phx-disable-with="Wait" class="phx-click-loading" disabled="">Wait</button>');
  session.lose();
  assert.equal(session.find("button").outerHTML, '<button phx-click="a" phx-disable-with="Wait">Go <b>now</b></button>');
  assert.equal(session.find("b"), bold);
});

test("a diff reaches a button that shows another text meanwhile when it is free", () => {
  const statics = ['<button phx-click="a" phx-disable-with="Wait" class="', '">Go ', "</button>"];
  session = new Session('<button phx-click="a" phx-disable-with="Wait" class="x">Go 1</button>');
  session.join({ rendered: { s: statics, "0": "x", "1": "1" } });
  session.find("button").click();
  const frame = session.frame();
  session.push("diff", { "0": "y", "1": "2" });
  assert.equal(session.find("button").textContent, "Wait");
  assert.equal(session.find("button").className, "x phx-click-loading");
  session.reply(frame, {});
  assert.equal(session.find("button").textContent, "Go 2");
  assert.equal(session.find("button").className, "y");
});

test("two events under way end one by one", () => {
  show('<p id="a" phx-click="a"></p><p id="b" phx-click="b"></p>');
  session.find("#a").click();
  session.find("#b").click();
  const [a, b] = session.sent() as [Frame, Frame];
  session.reply(b);
  assert.equal(session.find("#a").className, "phx-click-loading");
  assert.equal(session.find("#b").className, "");
  session.reply(a);
  assert.equal(session.find("#a").className, "");
});

test("keys are sent by the focused element, filtered by phx-key without regard to case", () => {
  show('<input phx-keydown="kd" phx-key="Enter" value="v"><i phx-window-keyup="ku"></i>');
  fire("input", "keydown", { key: "a" });
  fire("input", "keydown", { key: "enter" });
  fire("input", "keydown", {});
  fire("p, input", "keyup", { key: "x" });
  assert.deepEqual(events(), [
    { type: "keydown", event: "kd", value: { key: "enter", value: "v" } },
    { type: "keyup", event: "ku", value: { key: "x" } },
  ]);
});

test("focus and blur are sent for elements and for the window", () => {
  show('<input phx-focus="f" phx-blur="b"><i phx-window-focus="wf" phx-window-blur="wb" phx-value-a="1"></i>');
  fire("input", "focusin");
  fire("input", "focusout");
  window.dispatchEvent(new Event("blur"));
  window.dispatchEvent(new Event("focus"));
  assert.deepEqual(events().map(({ type, event }) => [type, event]), [["focus", "f"], ["blur", "b"], ["blur", "wb"], ["focus", "wf"]]);
});

const FORM = `<form phx-change="val" phx-submit="save" phx-value-k="z">
  <input name="user[name]"><input name="user[tags][]" value="a"><input type="hidden" name="h" value="1">
  <input name="user[age]"><button name="act" value="go">Go</button></form>`;

test("a change carries the whole form, its target and the unused fields", () => {
  show(FORM);
  input("input", "n n");
  assert.deepEqual(events(), [{
    type: "form",
    event: "val",
    value: "user%5Bname%5D=n+n&user%5B_unused_tags%5D%5B%5D=&user%5Btags%5D%5B%5D=a&h=1&user%5B_unused_age%5D=&user%5Bage%5D=",
    meta: { _target: "user[name]", k: "z" },
    uploads: {},
  }]);
});

test("a submit carries the submitter and calls no field unused", () => {
  show(FORM);
  session.find("button").click();
  assert.deepEqual(events(), [{
    type: "form",
    event: "save",
    value: "user%5Bname%5D=&user%5Btags%5D%5B%5D=a&h=1&user%5Bage%5D=&act=go",
    meta: { k: "z" },
  }]);
});

test("a submitted form is frozen until the answer", () => {
  show(FORM);
  session.find("button").click();
  const frame = session.frame();
  const field = session.find<HTMLInputElement>("input");
  const button = session.find<HTMLButtonElement>("button");
  assert.deepEqual([field.readOnly, button.disabled, session.find("form").className], [true, true, "phx-submit-loading"]);
  fire("form", "submit");
  assert.deepEqual(session.sent(), []);
  session.reply(frame);
  assert.deepEqual([field.readOnly, button.disabled, session.find("form").className], [false, false, ""]);
});

test("the change event after an input event says nothing new", () => {
  show(FORM);
  input("input", "a");
  fire("input", "change");
  session.reply(session.frame());
  fire("input", "change");
  assert.equal(events().length, 1, "a change alone counts");
});

test("a field with a binding of its own sends only itself", () => {
  show('<form phx-change="all"><input name="a" phx-change="one" phx-value-x="1" value="v"><input name="b"></form>');
  input("input", "w");
  assert.deepEqual(events()[0], { type: "form", event: "one", value: "a=w", meta: { _target: "a", x: "1" }, uploads: {} });
});

test("both the field and its form show that a change is under way", () => {
  show(FORM);
  const field = input("input", "a");
  assert.ok(field.classList.contains("phx-change-loading"));
  assert.ok(session.find("form").classList.contains("phx-change-loading"));
  session.reply(session.frame());
  assert.equal(session.el.querySelector(".phx-change-loading"), null);
});

for (const reset of ['<input type="reset" name="r">', '<button type="reset" name="r">Reset</button>']) {
  test(`a form that is reset by ${reset} counts as unused again and sends its change`, () => {
    show(`<form phx-change="val"><input name="a" value="x">${reset}</form>`);
    input("input", "y");
    session.sent();
    session.find("[type=reset]").click();
    session.tick(1);
    assert.deepEqual(events().map(({ value }) => value), ["_unused_a=&a=x"]);
  });
}

test("a target may be a component's number or a selector", () => {
  show('<p id="n" phx-click="a" phx-target="3"></p><p id="s" phx-click="b" phx-target="#n"></p><p id="x" phx-click="c" phx-target="#none"></p>');
  for (const id of ["#n", "#s", "#x"]) session.find(id).click();
  assert.deepEqual(events(), [
    { type: "click", event: "a", value: {}, cid: 3 },
    { type: "click", event: "b", value: {} },
  ]);
});

test("a list of commands may push, patch and navigate", () => {
  const commands = [["push", { event: "go", value: { a: 1 }, target: 2 }], ["patch", { href: "/items?x=2", replace: true }]];
  show(`<p phx-click='${JSON.stringify(commands)}'></p>`);
  session.find("p").click();
  const [push, patch] = session.sent() as [Frame, Frame];
  assert.deepEqual(push[4], { type: "click", event: "go", value: { a: 1 }, cid: 2 });
  assert.deepEqual([patch[3], patch[4]], ["live_patch", { url: "http://localhost:4000/items?x=2" }]);
});

test("after a rejoin the view is told what forms hold, touched or not, and they keep it", () => {
  const inner = '<form id="f" phx-change="val"><input name="a" value="';
  const rendered = { s: [inner, '"><input name="b"></form><form id="g" phx-change="val"><input name="c"></form>'], "0": "" };
  session = new Session(`${inner}"><input name="b"></form><form id="g" phx-change="val"><input name="c"></form>`);
  session.join({ rendered });
  const field = input("[name=a]", "typed");
  const [change] = session.sent() as [Frame];
  session.reply(change, { diff: { "0": "typed" } });
  session.lose();
  session.tick(10);
  session.join({ rendered: { ...rendered } });
  const [recovery, ...others] = session.sent();
  assert.deepEqual(recovery![4], {
    type: "form", event: "val", value: "a=typed&_unused_b=&b=", meta: { _target: "a" }, uploads: {},
  });
  assert.deepEqual(others.map(([, , , , { value }]) => value), ["_unused_c=&c="]);
  assert.equal(field.value, "typed");
  session.reply(recovery!, { diff: { "0": "typed" } });
  assert.equal(field.value, "typed");
});

test("a form can do without recovery, or name another event for it", () => {
  const html = '<form id="f" phx-change="val" phx-auto-recover="again"><input name="a"></form><form id="g" phx-change="val" phx-auto-recover="ignore"><input name="b"></form>';
  show(html);
  input("[name=a]", "x");
  input("[name=b]", "y");
  session.sent();
  session.lose();
  session.tick(10);
  session.join({ rendered: { s: [html] } });
  assert.deepEqual(events().map(({ event }) => event), ["again"]);
});

test("a form is recovered although what was touched in it is gone", () => {
  const rendered = { s: ['<form id="f" phx-change="val"><input type="hidden" name="h"><input name="a">', "</form>"], "0": '<input name="b">' };
  session = new Session('<form id="f" phx-change="val"><input type="hidden" name="h"><input name="a"><input name="b"></form>');
  session.join({ rendered });
  input("[name=b]", "x");
  session.reply(session.sent()[0]!, { diff: { "0": "" } });
  session.lose();
  session.tick(10);
  session.join({ rendered });
  assert.deepEqual(events(), [{ type: "form", event: "val", value: "h=&_unused_a=&a=", meta: { _target: "a" }, uploads: {} }]);
});

test("a form that the server sends off is submitted by the browser, once, as it was", () => {
  const rendered = { s: ['<form phx-submit="save"', '><button name="by" value="x"></button></form><i>', "</i>"], "0": "", "1": "" };
  session = new Session('<form phx-submit="save"><button name="by" value="x"></button></form><i></i>');
  session.join({ rendered });
  const posted: unknown[] = [];
  const post = (event: SubmitEvent) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    posted.push(event.submitter?.getAttribute("value"));
  };
  window.addEventListener("submit", post);
  session.find<HTMLButtonElement>("button").click();
  assert.deepEqual(posted, []);
  session.reply(session.sent()[0]!, { diff: { "0": " phx-trigger-action" } });
  session.push("diff", { "1": "more" });
  window.removeEventListener("submit", post);
  assert.deepEqual(posted, ["x"]);
  assert.deepEqual(session.sent(), []);
});

test("while text is composed its changes can wait for the end", () => {
  show(FORM, { blockPhxChangeWhileComposing: true });
  const field = session.find<HTMLInputElement>("input");
  field.value = "k";
  fire("input", "input", { isComposing: true });
  assert.deepEqual(events(), []);
  field.value = "か";
  fire("input", "compositionend");
  assert.equal(events().length, 1);
});
test("what the server has in store for a field shows when that is left, unless something was typed since", () => {
  for (const [typed, shown] of [[[], "server"], [["newer"], "newer"]] as const) {
    session = new Session();
    session.join({ rendered: { s: ['<form phx-submit="go"><input name="a" value="', '"></form>'], "0": "" } });
    const field = session.find<HTMLInputElement>("[name=a]");
    field.focus();
    input("[name=a]", "typed");
    session.push("diff", { "0": "server" });
    assert.equal(field.value, "typed");
    for (const text of typed) input("[name=a]", text);
    field.blur();
    session.tick(1);
    assert.equal(field.value, shown);
    session.end();
  }
  session = new Session();
});

test("a click on a page that is being left is refused visibly", () => {
  show('<button id="b" phx-click="go">Go</button>');
  session.liveSocket.execJS(session.el, '[["navigate",{"href":"/other"}]]');
  const [leave, join] = session.sent();
  assert.deepEqual([leave![3], join![3]], ["phx_leave", "phx_join"]);
  const button = session.find("#b");
  button.click();
  assert.equal(button.className, "phx-click-refused");
  session.reply(join!, { rendered: { s: ['<button id="b" phx-click="go">Go</button>'] } });
  assert.deepEqual(events(), [], "the next page hears nothing of it");
});

test("clicks before the join are held, eight of them, and the next is refused visibly", () => {
  session.end();
  session = new Session('<p id="a" phx-click="a"></p>');
  const element = session.find("#a");
  for (let click = 0; click < 8; click++) element.click();
  assert.equal(element.className, "phx-click-loading");
  element.click();
  assert.equal(element.className, "phx-click-loading phx-click-refused");
  session.join({ rendered: { s: ['<p id="a" phx-click="a"></p>'] } });
  assert.equal(events().length, 8);
});

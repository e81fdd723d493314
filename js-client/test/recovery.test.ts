import { Session } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;
afterEach(() => session.end());

const FORM = ['<form id="f" phx-change="', '" phx-target="', '"><input name="a" value="', '"></form>'];
const form = (binding = "val", target = "", value = "") => ({ s: FORM, "0": binding, "1": target, "2": value });

function type(text: string): void {
  const field = session.find<HTMLInputElement>("#f input");
  field.value = text;
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
  session.sent();
}

/** Loses the connection and answers the join of the new one; returns what is sent then. */
function rejoin(rendered: object): Frame[] {
  session.lose();
  session.tick(10);
  session.join({ rendered });
  return session.sent();
}

const events = (frames: Frame[]) => frames.filter(([, , , event]) => event === "event");

test("a form in a component is sent to the number that this has now", () => {
  session = new Session();
  const page = (cid: number) => ({ s: ["<main>", "</main>"], "0": cid, c: { [cid]: form("val", `${cid}`) } });
  session.join({ rendered: page(1) });
  type("typed");
  const [event] = events(rejoin(page(7)));
  assert.equal(event![4].cid, 7);
  assert.equal(event![4].value, "a=typed");
  assert.equal(session.find<HTMLInputElement>("#f input").value, "typed");
});

test("a form in a child is sent to the child, once that is back", () => {
  const child = (token: string) => `<div id="c" data-phx-session="${token}" data-phx-static="" data-phx-parent-id="phx-MAIN"></div>`;
  const page = (token: string) => ({ s: ["<main>", "</main>"], "0": child(token) });
  const joined = (frames: Frame[]) => frames.find(([, , topic, event]) => topic === "lv:c" && event === "phx_join")!;
  session = new Session();
  session.join({ rendered: page("ONE") });
  session.reply(joined(session.sent()), { rendered: form() });
  type("typed");
  const frames = rejoin(page("TWO"));
  assert.deepEqual(events(frames), []);
  session.reply(joined(frames), { rendered: form() });
  const [event] = events(session.sent());
  assert.equal(event![2], "lv:c");
  assert.equal(event![4].value, "a=typed");
});

test("a form in a portal is sent too", () => {
  session = new Session();
  document.body.insertAdjacentHTML("beforeend", '<aside id="away"></aside>');
  const page = { s: ['<template id="p" data-phx-portal="#away"><div id="modal">', "</div></template>"], "0": form() };
  session.join({ rendered: page });
  type("typed");
  assert.equal(events(rejoin(page))[0]![4].value, "a=typed");
});

test("a form that is there no more, or asks for nothing, is not sent", () => {
  session = new Session();
  session.join({ rendered: { s: ["<main>", "</main>"], "0": form() } });
  type("typed");
  assert.deepEqual(events(rejoin({ s: ["<main>", "</main>"], "0": "gone" })), []);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("what ended the view is not sent again, and stays until it is changed", async () => {
  session = new Session();
  session.join({ rendered: form() });
  const field = session.find<HTMLInputElement>("#f input");
  field.value = "boom";
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
  const [event] = events(session.sent());
  session.receive([event![0], event![0], event![2], "phx_error", {}]);
  await settled();
  session.tick(1000);
  const join = session.frame();
  session.reply(join, { rendered: form("val", "", "server") });
  assert.deepEqual(session.sent(), []);
  assert.equal(field.value, "boom");
  session.push("diff", { "2": "other" });
  assert.equal(field.value, "boom");

  field.value = "fine";
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
  const [again] = events(session.sent());
  assert.equal(again![4].value, "a=fine");
  session.reply(again!, { diff: { "2": "fine!" } });
  assert.equal(field.value, "fine!");
});

test("what was too large for the server is not sent again, what was only lost is", async () => {
  for (const [code, sent] of [[1009, 0], [1006, 1]] as const) {
    session?.end();
    session = new Session();
    session.join({ rendered: form() });
    const field = session.find<HTMLInputElement>("#f input");
    field.value = "text";
    field.dispatchEvent(new window.Event("input", { bubbles: true }));
    session.lose(code);
    await settled();
    session.tick(10);
    session.join({ rendered: form() });
    assert.equal(events(session.sent()).length, sent, `${code}`);
    assert.equal(field.value, "text");
  }
});

test("a form that a newer template makes anew takes what was entered, and the view is told", () => {
  const fields = '<input type="hidden" name="h" value="HIDDEN"><input name="a"><input type="checkbox" name="b" value="1"><input name="c" value="DEFAULT">';
  const html = (hidden: string, text: string) => `<form id="f" phx-change="val">${fields.replace("HIDDEN", hidden).replace("DEFAULT", text)}</form>`;
  session = new Session(html("old", "first"));
  session.join({ rendered: { s: [`<div>${html("old", "first")}</div>`] } });
  const field = session.find<HTMLInputElement>("[name=a]");
  field.value = "typed";
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
  session.find<HTMLInputElement>("[name=b]").click();
  const [told] = events(rejoin({ s: [`<section><h1>new</h1>${html("new", "second")}</section>`] }));
  assert.notEqual(session.find("[name=a]"), field);
  assert.equal(session.find<HTMLInputElement>("[name=a]").value, "typed");
  assert.equal(session.find<HTMLInputElement>("[name=b]").checked, true);
  assert.equal(told![4].value, "h=new&a=typed&b=1&_unused_c=&c=second");
});

test("of a form that was sent, the buttons of a newer template stay as they are", () => {
  const html = (label: string) =>
    `<form id="f" phx-change="val" phx-submit="save"><input name="a"><button>Save</button><input type="submit" value="${label}"><output>${label}</output></form>`;
  session = new Session(html("Send"));
  session.join({ rendered: { s: [`<div>${html("Send")}</div>`] } });
  session.find<HTMLFormElement>("#f").requestSubmit();
  rejoin({ s: [`<section>${html("Order")}</section>`] });
  assert.equal(session.find("#f").outerHTML.match(/<button.*/)![0], '<button>Save</button><input type="submit" value="Order"><output>Order</output></form>');
});

test("a select of several options in a form that a newer template makes anew keeps all that were chosen", () => {
  const html = '<form id="f" phx-change="val"><select name="s" multiple><option>a<option>b<option>c</select></form>';
  session = new Session(html);
  session.join({ rendered: { s: [`<div>${html}</div>`] } });
  const chosen = () => [...session.find<HTMLSelectElement>("select").selectedOptions].map((option) => option.value);
  for (const option of ["a", "c"]) session.find<HTMLSelectElement>("select").options[option === "a" ? 0 : 2]!.selected = true;
  session.find("select").dispatchEvent(new window.Event("input", { bubbles: true }));
  const [told] = events(rejoin({ s: [`<section>${html}</section>`] }));
  assert.deepEqual(chosen(), ["a", "c"]);
  assert.equal(told![4].value, "s=a&s=c");
});

test("a select of several options that was emptied stays so while an older answer comes", () => {
  const select = '<select name="s" multiple><option>a<option selected>b<option selected>c</select>';
  const html = `<form id="f" phx-change="val" phx-submit="save">${select}</form>`;
  session = new Session(`<div>${html}<i>0</i></div>`);
  session.join({ rendered: { s: [`<div>${html}<i>`, "</i></div>"], "0": "0" } });
  for (const option of session.find<HTMLSelectElement>("select").options) option.selected = false;
  session.find("select").dispatchEvent(new window.Event("input", { bubbles: true }));
  session.sent();
  session.push("diff", { "0": "1" });
  assert.equal(session.find("i").textContent, "1");
  assert.deepEqual([...session.find<HTMLSelectElement>("select").selectedOptions], []);
});

import { Session, TOPIC } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createHook, ViewHook } from "../src/hooks.ts";
import type { HookDefinition } from "../src/hooks.ts";
import { navigate } from "../src/navigation/moves.ts";
import { isMovingFocus } from "../src/page.ts";

let session: Session;
let log: string[];

const CALLBACKS = ["mounted", "beforeUpdate", "updated", "destroyed", "disconnected", "reconnected"];
const Logger = Object.fromEntries(
  CALLBACKS.map((name) => [name, function (this: ViewHook) { log.push(`${name} ${this.el.id} ${this.el.textContent}`); }]),
) as HookDefinition;

const STATICS = ['<div id="h" phx-hook="Logger" class="', '">', "</div>", ""];
const tree = (extra = "") => ({ rendered: { s: STATICS, "0": "c", "1": "one", "2": extra } });

function start(hooks: Record<string, HookDefinition> = {}): void {
  log = [];
  session = new Session('<div id="h" phx-hook="Logger" class="c">one</div>', { hooks: { Logger, ...hooks } });
  session.join(tree());
}

afterEach(() => session.end());

test("a hook in the dead render is mounted by the join", () => {
  start();
  assert.deepEqual(log, ["mounted h one"]);
});

test("a write to the element or inside it is an update", () => {
  start();
  session.push("diff", { "1": "two" });
  session.push("diff", { "0": "d" });
  session.push("diff", { "2": "elsewhere" });
  assert.deepEqual(log.slice(1), ["beforeUpdate h one", "updated h two", "beforeUpdate h two", "updated h two"]);
});

test("a hook that is added is mounted, one that is removed is destroyed", () => {
  start();
  session.push("diff", { "2": { s: ["<p>", "</p>"], "0": { s: ['<b id="x" phx-hook="Logger">x</b>'] } } });
  session.push("diff", { "2": "" });
  assert.deepEqual(log.slice(1), ["mounted x x", "destroyed x x"]);
});

test("an element whose id changes gets a new hook", () => {
  log = [];
  session = new Session("", { hooks: { Logger } });
  session.join({ rendered: { s: ['<i id="', '" phx-hook="Logger"></i>'], "0": "a" } });
  session.push("diff", { "0": "b" });
  assert.deepEqual(log, ["mounted a ", "beforeUpdate a ", "destroyed b ", "mounted b "]);
});

test("hooks hear of a lost connection and of the rejoin", () => {
  start();
  session.lose();
  session.tick(10);
  session.open();
  session.reply(session.frame(), tree());
  assert.deepEqual(log.slice(1), ["disconnected h one", "reconnected h one"]);
});

test("hooks end with the view that a navigation replaces", () => {
  start();
  navigate("/other");
  const join = session.sent().find(([, , , event]) => event === "phx_join")!;
  session.reply(join, { rendered: { s: ["<p></p>"] } });
  assert.deepEqual(log.slice(1), ["destroyed h one"]);
});

test("pushEvent gives the reply to a promise or to a callback", async () => {
  let hook: ViewHook;
  start({ Logger: { mounted() { hook = this; } } });
  const reply = hook!.pushEvent("ping", { q: 1 });
  const frame = session.frame();
  assert.deepEqual(frame[4], { type: "hook", event: "ping", value: { q: 1 } });
  assert.ok(hook!.el.classList.contains("phx-hook-loading"));
  session.reply(frame, { diff: { r: { a: 2 }, "1": "shown" } });
  assert.deepEqual(await reply, { a: 2 });
  assert.equal(hook!.el.textContent, "shown");
  const called = new Promise((resolve) => hook.pushEvent("ping", {}, (reply) => resolve(reply)));
  session.reply(session.frame(), { diff: { r: { b: 3 } } });
  assert.deepEqual(await called, { b: 3 });
});

test("pushEvent rejects without a connection and when it is lost", async () => {
  let hook: ViewHook;
  start({ Logger: { mounted() { hook = this; } } });
  const pending = hook!.pushEvent("ping");
  session.lose();
  await assert.rejects(pending as Promise<unknown>);
  await assert.rejects(hook!.pushEvent("ping") as Promise<unknown>);
});

test("a hook may push when its element has gone, as long as its view is there", async (context) => {
  let late: () => Promise<unknown>;
  start({
    Parting: {
      destroyed() {
        this.pushEvent("bye", {}, () => {});
        this.pushEventTo(1, "bye", {}, () => {});
        late = () => this.pushEvent("late") as Promise<unknown>;
      },
    },
  });
  session.push("diff", { "2": '<i id="p" phx-hook="Parting"></i>' });
  session.push("diff", { "2": "" });
  assert.deepEqual(session.sent().map(([, , topic, , { event, cid }]) => [topic, event, cid]), [[TOPIC, "bye", undefined], [TOPIC, "bye", 1]]);
  context.mock.method(console, "error", () => {});
  const pushed = late!();
  assert.equal(session.frame()[4].event, "late");
  navigate("/other");
  await assert.rejects(pushed);
  await assert.rejects(late!());
});

test("handleEvent hears the server's events until the element is gone", () => {
  const seen: unknown[] = [];
  start({ Logger: { mounted() { this.handleEvent("news", (payload) => seen.push(payload)); } } });
  session.push("diff", { e: [["news", { n: 1 }]] });
  session.push("diff", { s: ["<p></p>"], e: [["news", { n: 2 }]] });
  assert.deepEqual(seen, [{ n: 1 }]);
});

test("a hook may stop to hear an event", () => {
  const seen: unknown[] = [];
  start({
    Logger: {
      mounted() {
        const ref = this.handleEvent("news", (payload) => {
          seen.push(payload);
          this.removeHandleEvent(ref);
        });
      },
    },
  });
  session.push("diff", { e: [["news", 1], ["news", 2]] });
  assert.deepEqual(seen, [1]);
});

test("events of the join reach hooks that it mounts", () => {
  const seen: unknown[] = [];
  session = new Session("", { hooks: { Logger: { mounted() { this.handleEvent("hi", (payload) => seen.push(payload)); } } } });
  log = [];
  session.join({ rendered: { ...tree().rendered, e: [["hi", { n: 1 }]] } });
  assert.deepEqual(seen, [{ n: 1 }]);
});

test("a hook may be a class", () => {
  class Chart extends ViewHook {
    points = 3;
    mounted() { log.push(`chart ${this.points} ${this.el.id} ${this.liveSocket === session.liveSocket}`); }
  }
  start({ Logger: Chart });
  assert.deepEqual(log, ["chart 3 h true"]);
});

test("an unknown hook is reported and harms nothing", (context) => {
  const error = context.mock.method(console, "error", () => {});
  session = new Session("", {});
  session.join(tree());
  assert.equal(error.mock.callCount(), 1);
  assert.match(String(error.mock.calls[0]!.arguments[0]), /"Logger"/);
});

for (const name of ["mounted", "beforeUpdate", "updated", "destroyed", "disconnected", "reconnected"]) {
  test(`an error in ${name} is reported and stops nothing`, (context) => {
    const error = context.mock.method(console, "error", () => {});
    const fail = new Error(name);
    start({ Bad: { [name]() { throw fail; } } });
    session.push("diff", { "2": '<input id="f" autofocus><i id="b" phx-hook="Bad">b</i><i id="x" phx-hook="Logger">x</i>' });
    session.find("#f").focus();
    session.push("diff", { "1": "two", "2": '<input id="f" autofocus><i id="b" phx-hook="Bad">c</i><i id="x" phx-hook="Logger">y</i>' });
    assert.equal(document.activeElement, session.find("#f"));
    session.lose();
    session.tick(10);
    session.join(tree('<i id="b" phx-hook="Bad">c</i><i id="x" phx-hook="Logger">z</i>'));
    session.push("diff", { "2": '<i id="x" phx-hook="Logger">z</i>' });
    assert.deepEqual(log.filter((line) => line.includes(" x ")), [
      "mounted x x", "beforeUpdate x x", "updated x y", "disconnected x y", "beforeUpdate x y", "updated x z", "reconnected x z",
    ]);
    assert.deepEqual(error.mock.calls.map(({ arguments: [reported] }) => reported), [fail]);
    assert.equal(isMovingFocus(), false);
  });
}

test("an error in a hook's constructor leaves the other hooks alone", (context) => {
  const error = context.mock.method(console, "error", () => {});
  class Bad extends ViewHook {
    constructor(...args: ConstructorParameters<typeof ViewHook>) {
      super(...args);
      throw new Error("no");
    }
  }
  start({ Bad });
  session.push("diff", { "2": '<i id="b" phx-hook="Bad"></i><i id="x" phx-hook="Logger">x</i>' });
  assert.deepEqual(log.slice(1).filter((line) => line.startsWith("mounted")), ["mounted x x"]);
  assert.equal(error.mock.callCount(), 1);
});

test("an error in a callback of handleEvent or of a reply stops neither events nor diffs", async (context) => {
  const error = context.mock.method(console, "error", () => {});
  start({
    Bad: {
      mounted() {
        this.handleEvent("ping", () => { throw new Error("event"); });
        this.handleEvent("ping", () => log.push("second"));
        this.pushEvent("ask", {}, () => { throw new Error("reply"); });
      },
    },
  });
  session.push("diff", { "2": '<i id="b" phx-hook="Bad"></i>' });
  session.reply(session.frame(), { diff: { r: 1, "1": "answered", e: [["ping", {}]] } });
  assert.equal(session.find("#h").textContent, "answered");
  assert.ok(log.includes("second"));
  await Promise.resolve();
  assert.match(String(error.mock.calls.at(-1)!.arguments[0]), /reply/);
  assert.ok(session.liveSocket.main!.isConnected());
  assert.equal(session.el.querySelector(".phx-hook-loading"), null);
});

/** What a browser makes lists of files with; jsdom has none. */
class FakeTransfer {
  files: File[] = [];
  items = { add: (file: File) => void this.files.push(file) };
}

test("files are handed to the live file input of a name, in the view or where they are sent to", (context) => {
  const { mock } = context.mock.method(console, "error", () => {});
  Object.assign(globalThis, { DataTransfer: FakeTransfer });
  const input = (id: string, name = "pics") => `<input id="${id}" type="file" name="${name}" data-phx-upload-ref="${id}">`;
  const html = `<div id="h" phx-hook="H"></div><div id="one">${input("a")}</div><div id="two">${input("b")}${input("c", "docs")}<input type="file" name="pics"></div>`;
  let hook: ViewHook;
  session = new Session(html, { hooks: { H: { mounted() { hook = this as unknown as ViewHook; } } } });
  session.join({ rendered: { s: [html, ""], "0": 3, c: { "3": { s: [`<p>${input("d")}</p>`] } } } });
  const given: unknown[] = [];
  for (const element of session.el.querySelectorAll<HTMLInputElement>("[type=file]")) {
    Object.defineProperty(element, "files", { set: (files: File[]) => given.push(element.id, ...files.map(({ name }) => name)) });
  }
  session.el.addEventListener("input", ({ target }) => given.push(`input ${(target as Element).id}`));
  const files = [new File(["x"], "x.png"), new File(["y"], "y.png")];
  const got = () => given.splice(0);
  hook!.upload("docs", files);
  assert.deepEqual(got(), ["c", "x.png", "y.png", "input c"]);
  hook!.uploadTo("#two", "pics", files.slice(1));
  assert.deepEqual(got(), ["b", "y.png", "input b"]);
  hook!.uploadTo(session.find("#one"), "pics", files);
  assert.deepEqual(got(), ["a", "x.png", "y.png", "input a"]);
  hook!.uploadTo(3, "pics", []);
  assert.deepEqual(got(), ["d", "input d"]);
  assert.equal(mock.callCount(), 0);
  hook!.upload("pics", files);
  hook!.upload("none", files);
  hook!.uploadTo("#nowhere", "pics", files);
  assert.deepEqual(mock.calls.map(({ arguments: [message] }) => message), [
    'expected one live file input "pics", found 3 [upload.input]',
    'expected one live file input "none", found 0 [upload.input]',
    'expected one live file input "pics", found 0 [upload.input]',
  ]);
  assert.deepEqual(got(), []);
});

test("pushEventTo reaches all that a target stands for, and says how each went", async () => {
  let hook!: ViewHook;
  const Pusher: HookDefinition = { mounted() { hook = this; } };
  session = new Session("", { hooks: { Pusher } });
  const component = { s: ["<b class='c'>", "</b>"], "0": "x", r: 1 };
  session.join({ rendered: { s: ['<p id="h" phx-hook="Pusher"></p>', "", ""], "0": 1, "1": 2, c: { 1: component, 2: { s: 1 } } } });
  const settled = hook.pushEventTo(".c", "ask", { n: 1 });
  const [one, two] = session.sent();
  assert.deepEqual([one![4], two![4]], [1, 2].map((cid) => ({ type: "hook", event: "ask", value: { n: 1 }, cid })));
  session.reply(one!, { diff: { r: { a: 1 } } });
  session.reply(two!, { reason: "no" }, "error");
  const [first, second] = (await settled) as [any, any];
  assert.deepEqual([first.status, first.value.reply], ["fulfilled", { a: 1 }]);
  assert.match(String(second.reason), /no/);
  const replies: unknown[] = [];
  hook.pushEventTo(2, "tell", {}, (reply) => replies.push(reply));
  session.reply(session.frame(), { diff: { r: "told" } });
  await new Promise(setImmediate);
  assert.deepEqual(replies, ["told"]);
  assert.deepEqual(await hook.pushEventTo("#none", "ask"), []);
});

test("a hook outside of the views runs, and can't push", async () => {
  log = [];
  document.body.replaceChildren();
  const definition = { ...Logger, mounted(this: ViewHook) { log.push("mounted"); hook = this; } } as HookDefinition;
  let hook!: ViewHook;
  session = new Session("", { hooks: { Dead: definition } });
  document.body.insertAdjacentHTML("beforeend", '<p id="d" phx-hook="Dead" phx-mounted=\'[["add_class",{"names":["m"]}]]\'></p>');
  session.liveSocket.connect();
  assert.deepEqual(log, ["mounted"]);
  assert.equal(session.find("#d").className, "m");
  session.join();
  assert.deepEqual(log, ["mounted"]);
  await assert.rejects(hook.pushEvent("x") as Promise<unknown>, /no view/);
  hook.js().addClass(hook.el, "more");
  assert.equal(session.find("#d").className, "m more");
});

test("a custom element has the hook that it creates", () => {
  log = [];
  session = new Session('<x-one id="x"></x-one>');
  const hook = createHook(session.find("#x"), Logger as object);
  assert.equal(createHook(session.find("#x"), {}), hook);
  assert.deepEqual(log, []);
  session.join({ rendered: { s: ['<x-one id="x">', "</x-one>"], "0": "a" } });
  assert.deepEqual(log, ["mounted x a"]);
  session.push("diff", { "0": "b" });
  assert.deepEqual(log.slice(1), ["beforeUpdate x a", "updated x b"]);
});

test("a script in the page may define a hook", () => {
  log = [];
  session = new Session();
  (globalThis as any).log = log;
  const script = '<script data-phx-runtime-hook="R">window.phx_hook_R = () => ({ mounted() { window.ran = this.el.id } })</script>';
  session.join({ rendered: { s: ["<div>", "</div>"], "0": "" } });
  // jsdom runs no scripts: what the page would do is done here.
  (window as any).phx_hook_R = () => ({ mounted(this: ViewHook) { log.push(`runtime ${this.el.id}`); } });
  session.push("diff", { "0": { s: [`${script}<p id="r" phx-hook="R"></p>`] } });
  assert.deepEqual(log, ["runtime r"]);
  delete (window as any).phx_hook_R;
});

test("commands run when the connection is there, and when it has been gone for a while", () => {
  const html = `<p id="p" phx-connected='[["remove_class",{"names":["off"]}],["toggle_class",{"names":["on"]}]]' phx-disconnected='[["add_class",{"names":["off"]}]]'></p>`;
  session = new Session(html);
  session.join({ rendered: { s: [html] } });
  assert.equal(session.find("#p").className, "on");
  session.lose();
  session.tick(499);
  assert.equal(session.find("#p").className, "on");
  session.tick(1);
  assert.equal(session.find("#p").className, "on off");
  session.join({ rendered: { s: [html] } });
  assert.equal(session.find("#p").className, "");
  session.lose();
  session.tick(100);
  session.join({ rendered: { s: [html] } });
  session.tick(1000);
  assert.equal(session.find("#p").className, "on");
});

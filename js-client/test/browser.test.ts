// What jsdom can't show, in a real browser with the committed bundle: focus,
// selection, moves that keep state, a strict content security policy.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

const scripts = new Map(
  ["bennu-1.js", "extra.js", "forms.js", "mend.js", "navigation.js"].map((name) => [
    `/live/assets/${name}`,
    readFileSync(`../crates/bennu/assets/${name.replace("-1", "")}`),
  ]),
);
const CSP = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

type Frame = [string | null, string | null, string, string, any];

let dead = "";
let tree: object = {};
let connection: WebSocket;
/** Frames that no one has asked for yet, and who waits for one. */
let frames: Frame[] = [];
let waiting: (() => void) | undefined;
let browser: Browser;
let page: Page;
const violations: string[] = [];

const server = createServer(({ url }, response) => {
  response.setHeader("content-security-policy", CSP);
  const script = scripts.get(url!);
  if (script) {
    response.setHeader("content-type", "text/javascript").end(script);
  } else if (url!.startsWith("/live/assets/")) {
    response.writeHead(404).end();
  } else if (url === "/hooks.js") {
    response.setHeader("content-type", "text/javascript").end("window.log = []; Bennu.hooks.Log = { mounted() { log.push(this.el.id) } };");
  } else {
    response.setHeader("content-type", "text/html").end(`<!doctype html><title>t</title>
<meta name="csrf-token" content="TOKEN">
<script defer src="/live/assets/bennu-1.js" data-socket="/live"></script><script defer src="/hooks.js"></script>
<body><div id="phx-1" data-phx-main data-phx-session="S" data-phx-static="">${dead}</div></body>`);
  }
});

const sockets = new WebSocketServer({ server });
sockets.on("connection", (socket) => {
  connection = socket;
  socket.on("message", (data) => {
    frames.push(JSON.parse(String(data)) as Frame);
    waiting?.();
  });
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell",
    args: FLAGS,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  });
});

after(async () => {
  await browser.close();
  sockets.close();
  connection.terminate();
  server.close();
});

beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
});

async function frame(event: string): Promise<Frame> {
  for (;;) {
    const at = frames.findIndex((frame) => frame[3] === event);
    if (at >= 0) return frames.splice(at, 1)[0]!;
    await new Promise<void>((resolve) => (waiting = resolve));
  }
}

function reply([joinRef, ref, topic]: Frame, response: object = {}): void {
  connection.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response }]));
}

async function push(diff: object): Promise<void> {
  const mark = String(Math.random());
  await page.evaluate((mark) => addEventListener("phx:done", (event) => {
    if ((event as CustomEvent).detail === mark) document.body.dataset["done"] = mark;
  }), mark);
  connection.send(JSON.stringify([null, null, "lv:phx-1", "diff", { ...diff, e: [["done", mark]] }]));
  await page.waitForFunction((mark) => document.body.dataset["done"] === mark, mark);
}

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

/** Loads the page and answers its join, after `meanwhile`. */
async function open(html: string, rendered: object, meanwhile = async () => {}): Promise<void> {
  [dead, tree, frames] = [html, rendered, []];
  await page.goto(url(), { waitUntil: "commit" });
  const join = await frame("phx_join");
  await meanwhile();
  reply(join, { rendered: tree });
  await page.waitForSelector(".phx-connected", { state: "attached" });
}

const rows = (...ids: number[]) => Object.fromEntries(ids.map((id, index) => [index, { "0": String(id), "1": String(id) }]));
const LIST = {
  "0": { s: ['<li id="i', '"><input name="n', '"></li>'], k: { ...rows(1, 2, 3, 4), kc: 4 } },
  s: ["<ul>", "</ul>"],
};
const LIST_HTML = `<ul>${[1, 2, 3, 4].map((id) => `<li id="i${id}"><input name="n${id}"></li>`).join("")}</ul>`;

const focus = () => page.evaluate(() => {
  const { id, name, value, selectionStart, selectionEnd } = document.activeElement as HTMLInputElement;
  return { id, name, value, selectionStart, selectionEnd };
});

test("the join keeps focus, typed text, selection and scroll", async () => {
  const html = '<input id="q" value=""><div id="s"><p>Count: 3 items, and more text to scroll</p></div>';
  const statics = ['<input id="q" value="', '"><div id="s"><p>Count: ', " items, and more text to scroll</p></div>"];
  await open(html, { s: statics, "0": "", "1": "4" }, async () => {
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.insertRule("#s { height: 10px; overflow: scroll }");
      document.adoptedStyleSheets = [sheet];
      document.getElementById("s")!.scrollTop = 5;
    });
    await page.focus("#q");
    await page.keyboard.type("hello");
    await page.keyboard.press("Shift+ArrowLeft");
  });
  assert.deepEqual(await focus(), { id: "q", name: "", value: "hello", selectionStart: 4, selectionEnd: 5 });
  assert.equal(await page.textContent("p"), "Count: 4 items, and more text to scroll");
  assert.equal(await page.evaluate(() => document.getElementById("s")!.scrollTop), 5);
});

test("a selection in text outlives the join", async () => {
  await open("<p>Count: 3 items</p>", { s: ["<p>Count: ", " items</p>"], "0": "3" }, async () => {
    await page.evaluate(() => {
      const text = document.querySelector("p")!.firstChild!;
      getSelection()!.setBaseAndExtent(text, 2, text, 12);
    });
  });
  assert.equal(await page.evaluate(() => String(getSelection())), "unt: 3 ite");
});

test("a focused field in a list keeps focus and selection when the list is reordered", async () => {
  await open(LIST_HTML, LIST);
  await page.focus("[name=n2]");
  await page.keyboard.type("abc");
  await page.keyboard.press("Shift+ArrowLeft");
  const expected = { id: "", name: "n2", value: "abc", selectionStart: 2, selectionEnd: 3 };
  await page.evaluate(() => {
    Object.assign(window, { blurs: 0 });
    document.querySelector("[name=n2]")!.addEventListener("blur", () => ((window as any).blurs++));
  });
  for (const order of [[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]]) {
    await push({ "0": { k: { ...order, kc: 4, km: true } } });
    assert.deepEqual(await focus(), expected);
  }
  assert.equal(await page.evaluate(() => (window as any).blurs), 0, "moved without a blur");
});

test("without moveBefore focus and selection are given back", async () => {
  await page.addInitScript(() => delete (Element.prototype as any).moveBefore);
  await open(LIST_HTML, LIST);
  await page.focus("[name=n2]");
  await page.keyboard.type("abc");
  for (const order of [[3, 2, 1, 0], [1, 0, 3, 2]]) {
    await push({ "0": { k: { ...order, kc: 4, km: true } } });
    assert.deepEqual(await focus(), { id: "", name: "n2", value: "abc", selectionStart: 3, selectionEnd: 3 });
  }
});

test("typing goes on while diffs arrive, and the server's value follows when the field is left", async () => {
  const statics = ['<form phx-change="c"><input name="a" value="', '"><input name="b" value="', '"></form><p>', "</p>"];
  await open("", { s: statics, "0": "", "1": "", "2": "0" });
  await page.focus("[name=a]");
  await page.keyboard.type("x");
  const first = await frame("event");
  await page.keyboard.type("y");
  reply(first, { diff: { "0": "X", "1": "set", "2": "1" } });
  const second = await frame("event");
  assert.equal(second[4].value, "a=xy&_unused_b=&b=");
  await page.waitForFunction(() => document.querySelector("p")!.textContent === "1");
  assert.deepEqual(await page.inputValue("[name=a]"), "xy");
  reply(second, { diff: { "0": "XY" } });
  await push({ "2": "2" });
  assert.equal(await page.inputValue("[name=a]"), "xy");
  assert.equal(await page.inputValue("[name=b]"), "set");
  await page.focus("[name=b]");
  await push({ "2": "3" });
  assert.equal(await page.inputValue("[name=a]"), "XY");
});

test("a focused select keeps the user's choice, an unfocused one follows the server", async () => {
  const option = ['<option value="', '"', ">", "</option>"];
  const entry = (value: string, selected = "") => ({ "0": value, "1": selected, "2": value });
  const list = { s: option, k: { "0": entry("a", " selected"), "1": entry("b"), "2": entry("c"), kc: 3 } };
  await open("", { s: ["<select>", "</select><button>x</button>"], "0": list });
  await page.focus("select");
  await page.keyboard.press("ArrowDown");
  await push({ "0": { k: { "0": { "1": "" }, "2": { "1": " selected" }, kc: 3 } } });
  assert.equal(await page.inputValue("select"), "b");
  await page.focus("button");
  await push({ "0": { k: { "0": { "1": " selected" }, "2": { "1": "" }, kc: 3 } } });
  assert.equal(await page.inputValue("select"), "a");
});

test("a checkbox follows the server when it has no focus", async () => {
  const statics = ['<input type="checkbox"', "><button>x</button>"];
  await open("", { s: statics, "0": "" });
  await page.check("input");
  await page.focus("button");
  await push({ "0": " checked" });
  await push({ "0": "" });
  assert.equal(await page.isChecked("input"), false);
});

test("a field that stays through a switch of templates keeps focus and text", async () => {
  await open("", { s: ["", ""], "0": { s: ['<form><input name="q"></form>'] } });
  await page.focus("input");
  await page.keyboard.type("abc");
  await push({ "0": { s: ['<form><input name="q"><p>', "</p></form>"], "0": "error" } });
  assert.deepEqual(await focus(), { id: "", name: "q", value: "abc", selectionStart: 3, selectionEnd: 3 });
  await push({ "0": { s: ['<form><input name="other"></form>'] } });
  assert.equal(await page.inputValue("input"), "", "another field does not inherit the text");
});

test("click-away is sent for a click outside of what can be seen", async () => {
  const html = '<div id="menu" phx-click-away="close">menu</div><div phx-click-away="never" hidden>x</div><p>outside</p>';
  await open(html, { s: [html] });
  await page.click("#menu");
  await page.click("p");
  const event = await frame("event");
  assert.deepEqual(event[4], { type: "click", event: "close", value: {} });
  assert.equal(frames.some(([, , , name]) => name === "event"), false);
});

test("the page's own hooks are mounted and nothing breaks a strict policy", async () => {
  await open('<i id="h" phx-hook="Log"></i>', { s: ['<i id="h" phx-hook="Log"></i>', ""], "0": "" });
  await push({ "0": "<b>new</b>" });
  assert.deepEqual(await page.evaluate(() => (window as any).log), ["h"]);
  assert.deepEqual(violations, []);
});

test("a thousand rows are adopted without touching one", async () => {
  const entries = Array.from({ length: 1000 }, (_, index) => ({ "0": String(index), "1": `Row ${index}` }));
  const statics = ['<tr id="r', '"><td>', "</td></tr>"];
  const body = entries.map((entry) => `<tr id="r${entry["0"]}"><td>${entry["1"]}</td></tr>`).join("");
  const rendered = { "0": { s: statics, k: { ...entries, kc: 1000 } }, s: ["<table><tbody>", "</tbody></table>"] };
  await open(`<table><tbody>${body}</tbody></table>`, rendered, async () => {
    await page.evaluate(() => {
      Object.assign(window, { touched: 0 });
      const observer = new MutationObserver((records) => {
        for (const { addedNodes, removedNodes } of records) {
          for (const node of [...addedNodes, ...removedNodes]) if (node.nodeType === 1) (window as any).touched++;
        }
      });
      observer.observe(document.querySelector("table")!, { childList: true, subtree: true, attributes: true });
    });
  });
  assert.equal(await page.evaluate(() => (window as any).touched), 0);
  await push({ "0": { k: { "500": { "1": "changed" }, kc: 1000 } } });
  assert.equal(await page.textContent("#r500 td"), "changed");
});

const LINKS = ["b", "c"].map((name) => `<a href="/${name}" data-phx-link="redirect" id="${name}">${name}</a>`).join("");
const view = (name: string) => ({ s: [`<h1>`, `</h1>${LINKS}<p class="tall"></p>`], "0": name });
const tall = () => page.evaluate(() => {
  const sheet = new CSSStyleSheet();
  sheet.insertRule(".tall { height: 5000px }");
  document.adoptedStyleSheets = [sheet];
});

test("going back twice, fast, while a navigation is on its way ends where it should", async () => {
  await open("", view("a"));
  for (const name of ["b", "c"]) {
    await page.click(`#${name}`);
    reply(await frame("phx_join"), { rendered: view(name) });
    await page.waitForURL(`**/${name}`);
  }
  await page.click("#b");
  const late = await frame("phx_join");
  await page.evaluate(() => history.back());
  await page.waitForURL("**/b");
  const middle = await frame("phx_join");
  await page.evaluate(() => history.back());
  await page.waitForURL(url());
  const last = await frame("phx_join");
  assert.equal(last[4].redirect, url());
  reply(late, { rendered: view("late") });
  reply(middle, { rendered: view("middle") });
  reply(last, { rendered: view("last") });
  await page.waitForFunction(() => document.querySelector("h1")!.textContent === "last");
  assert.equal(await page.evaluate(() => document.querySelectorAll(".phx-click-loading").length), 0);
  assert.equal(page.url(), url());
});

test("a page that is loaded again is scrolled to where it was", async () => {
  const html = '<a href="/other" data-phx-link="redirect" data-phx-link-state="push"></a><p class="tall"></p>';
  await open(html, { s: [html] });
  await tall();
  await page.evaluate(() => scrollTo(0, 700));
  await page.waitForFunction(() => history.state.scroll === 700);
  await page.addInitScript(() => {
    const sheet = new CSSStyleSheet();
    sheet.insertRule(".tall { height: 5000px }");
    document.adoptedStyleSheets = [sheet];
  });
  frames = [];
  await page.reload({ waitUntil: "commit" });
  reply(await frame("phx_join"), { rendered: { s: [html] } });
  await page.waitForSelector(".phx-connected", { state: "attached" });
  await page.waitForFunction(() => scrollY === 700);
});

test("a double click on a button with phx-disable-with is one event, and gives the button back", async () => {
  const html = '<button id="go" phx-click="go" phx-disable-with="Wait">Go <b>now</b></button>';
  await open(html, { s: [html] });
  await page.dblclick("#go");
  const event = await frame("event");
  assert.equal(await page.textContent("#go"), "Wait");
  assert.equal(await page.isDisabled("#go"), true);
  reply(event, {});
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>("#go")!.disabled);
  assert.equal(await page.innerHTML("#go"), "Go <b>now</b>");
  assert.equal(frames.filter(([, , , name]) => name === "event").length, 0);
  assert.equal((await focus()).id, "go");
});

test("typing fast while a slow server validates loses no letter", async () => {
  const statics = ['<form id="f" phx-change="check" phx-submit="save"><input id="q" name="q" value="', '"><i>', "</i></form>"];
  await open(statics[0] + '"><i></i></form>', { s: statics, "0": "", "1": "" });
  await page.focus("#q");
  const held = (change: Frame) => new URLSearchParams(change[4].value).get("q");
  await page.keyboard.type("s");
  let change = await frame("event");
  const told = [held(change)];
  // Each answer comes two letters late, and brings the change of both.
  for (const letters of ["lo", "wl", "y"]) {
    await page.keyboard.type(letters);
    reply(change, { diff: { "0": held(change), "1": "checked" } });
    change = await frame("event");
    told.push(held(change));
  }
  assert.deepEqual(told, ["s", "slo", "slowl", "slowly"]);
  assert.equal((await focus()).value, "slowly");
  reply(change, { diff: { "0": held(change) } });
  await page.waitForFunction(() => !document.querySelector(".phx-change-loading"));
  assert.deepEqual(await focus(), { id: "q", name: "q", value: "slowly", selectionStart: 6, selectionEnd: 6 });
});

test("a submit that the connection is lost in gives the form back as it was typed", async () => {
  const html = '<form id="f" phx-change="check" phx-submit="save"><input id="q" name="q" value=""><button id="s" phx-disable-with="Saving">Save</button></form>';
  await open(html, { s: [html] });
  await page.fill("#q", "kept");
  reply(await frame("event"));
  await page.click("#s");
  await frame("event");
  assert.equal(await page.isDisabled("#s"), true);
  connection.terminate();
  reply(await frame("phx_join"), { rendered: { s: [html] } });
  await page.waitForSelector(".phx-connected", { state: "attached" });
  assert.equal((await frame("event"))[4].event, "check");
  assert.equal(await page.inputValue("#q"), "kept");
  assert.equal(await page.textContent("#s"), "Save");
  assert.equal(await page.isEnabled("#s"), true);
});

// Chromium takes such a page from its back/forward cache, where there is memory for one.
test("a page that is gone back to from another site's is live again, and where it was", async () => {
  const link = '<a href="/other" data-phx-link="redirect" data-phx-link-state="push"></a>';
  const html = `${link}<b id="n">0</b><p class="tall"></p>`;
  await page.addInitScript(() => {
    const sheet = new CSSStyleSheet();
    sheet.insertRule(".tall { height: 5000px }");
    document.adoptedStyleSheets = [sheet];
  });
  await open(html, { s: [html] });
  await page.evaluate(() => scrollTo(0, 700));
  await page.waitForFunction(() => history.state.scroll === 700);
  await page.goto(url().replace("127.0.0.1", "localhost") + "hooks.js");
  frames = [];
  await page.goBack({ waitUntil: "commit" });
  reply(await frame("phx_join"), { rendered: { s: [`${link}<b id="n">`, '</b><p class="tall"></p>'], "0": "1" } });
  await page.waitForSelector("#n:text('1')");
  await page.waitForFunction(() => scrollY === 700);
});

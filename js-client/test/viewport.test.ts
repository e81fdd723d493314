import { Session } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

const HEIGHT = 768;
const ROW = 100;
const BINDINGS = 'phx-viewport-top="previous" phx-viewport-bottom="next"';

let session: Session;
/** How far the page is scrolled, and where elements stand on it. */
let scrolled: number;
let tops: Record<string, number>;
let revealed: [string, unknown][];

beforeEach((context) => {
  const { mock } = context as unknown as { mock: typeof import("node:test").mock };
  tops = {};
  revealed = [];
  Object.defineProperty(Document.prototype, "scrollingElement", { value: document.documentElement, configurable: true });
  mock.method(Element.prototype, "getBoundingClientRect", function (this: Element) {
    const top = (tops[this.id] ?? 0) - scrolled;
    return { top, bottom: top + ROW };
  });
  Object.assign(Element.prototype, {
    scrollIntoView(this: Element, { block }: { block: unknown }) {
      // Of an earlier test a frame may still be due.
      if (this.isConnected) revealed.push([this.id, block]);
    },
  });
});

afterEach(() => session.end());

/** A list from 1000 on, whose first row stands at 1010 and its last at 2000. */
function show(bindings = BINDINGS, around: [string, string] = ["", ""]): void {
  scrolled = 0;
  Object.assign(tops, { list: 1000, first: 1010, last: 2000 });
  const html = `${around[0]}<ul id="list" ${bindings}><li id="first"></li><li id="last"></li></ul>${around[1]}`;
  session = new Session(html);
  session.join({ rendered: { s: [html] } });
  document.documentElement.scrollTop = 0;
}

function scroll(to: number, target: Node = document): void {
  scrolled = to;
  const scroller = target === document ? document.documentElement : (target as Element);
  scroller.scrollTop = to;
  target.dispatchEvent(new Event("scroll"));
}

const events = () => session.sent().map(([, , , , { event, value }]) => [event, value]);

/** Answers what was sent, and lets the page settle. */
async function answered(): Promise<void> {
  session.reply(session.frame());
  await new Promise(setImmediate);
}

test("the last row in sight is told, and again only some time after the answer", async () => {
  show();
  scroll(1000);
  assert.deepEqual(events(), [], "its edge is below the window");
  scroll(2000 + ROW - HEIGHT);
  const frame = session.sent();
  assert.deepEqual(frame.map(([, , , , payload]) => payload), [{ type: "hook", event: "next", value: { id: "last" } }]);
  session.reply(frame[0]!);
  await new Promise(setImmediate);
  session.tick(499);
  scroll(2000 + ROW - HEIGHT + 1);
  assert.deepEqual(events(), []);
  session.tick(1);
  assert.deepEqual(events(), [["next", { id: "last" }]], "it was scrolled meanwhile, and is in sight still");
});

test("what was scrolled away from meanwhile is not told", async () => {
  show();
  scroll(1500);
  await answered();
  scroll(1600);
  tops["last"] = 4000;
  scroll(1700);
  session.tick(500);
  assert.deepEqual(events(), []);
});

test("the first row is told on the way up", async () => {
  show();
  scroll(1400);
  await answered();
  session.tick(500);
  scroll(1100);
  assert.deepEqual(events(), [], "it is above the window");
  scroll(1005);
  assert.deepEqual(events(), [["previous", { id: "first" }]]);
});

test("who scrolls above the beginning of a list has overrun it", async () => {
  show();
  scroll(1400);
  await answered();
  session.tick(500);
  scroll(100);
  assert.deepEqual(session.sent().map(([, , , , { value }]) => value), [{ id: "first", _overran: true }]);
});

test("a list is overrun once, until it was scrolled into again", async () => {
  show('phx-viewport-top="previous"');
  scroll(3000);
  scroll(100);
  await answered();
  session.tick(500);
  scroll(50);
  assert.deepEqual(events(), [], "the first row is below the window, and the list was overrun already");
  scroll(3000);
  scroll(40);
  assert.deepEqual(events(), [["previous", { id: "first", _overran: true }]]);
});

test("another element may say what is overrun", () => {
  tops["title"] = 200;
  show(`phx-viewport-top="previous" phx-viewport-overrun-target="title"`, ['<h1 id="title"></h1>', ""]);
  scroll(3000);
  scroll(210);
  assert.deepEqual(events(), [], "the title is above the window");
  scroll(190);
  assert.deepEqual(events(), [["previous", { id: "first", _overran: true }]]);
});

test("a row that the answer has moved away is scrolled back to", async () => {
  show();
  scroll(1500);
  const [frame] = session.sent();
  tops["last"] = 9000;
  session.reply(frame!);
  await new Promise(setImmediate);
  session.tick(16);
  assert.deepEqual(revealed, [["last", "end"]]);
});

test("a row that stays in sight is left where it is", async () => {
  show();
  scroll(1500);
  await answered();
  session.tick(16);
  assert.deepEqual(revealed, []);
});

test("a direction without a binding, and a list without rows, say nothing", () => {
  show('phx-viewport-top="previous"');
  scroll(1500);
  assert.deepEqual(events(), []);
  session.find("#list").replaceChildren();
  scroll(1000);
  assert.deepEqual(events(), []);
});

test("a list in a box of its own minds the scrolling of the box alone", () => {
  show(BINDINGS, ['<div id="box" style="overflow-y: auto">', "</div>"]);
  scroll(1500);
  assert.deepEqual(events(), []);
  // The box is as high as a row: where it ends is where it is looked at.
  tops["box"] = 1500 + 1900;
  tops["last"] = 1500 + 1950;
  scroll(1500, session.find("#box"));
  assert.deepEqual(events(), []);
  tops["last"] = 1500 + 1900;
  scroll(1501, session.find("#box"));
  assert.deepEqual(events(), [["next", { id: "last" }]]);
});

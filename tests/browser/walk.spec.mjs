// Walks through random pages: children, sticky views, streams, portals and forms in all places, as
// the server of js-client/test/shapes.test.ts has them, here in a browser and over a network.
// Whatever happens, address, views and page agree with the server as soon as nothing is under way
// any more, and a page that claims so and doesn't is a fault.
//
// `SEED=7 cargo xtask test browser walk` repeats one walk; a failure tells its steps.

import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

import { DISCONNECTS, suite } from "./harness/index.mjs";
import { importClientTest } from "./harness/typescript.mjs";
import { WalkApp } from "./harness/walk-app.mjs";

const { KNOWN_FAULTS } = await importClientTest("support/known-faults.ts");
const { random } = await importClientTest("support/random.ts");
const { seeds } = await importClientTest("support/seeds.ts");

const spec = suite(() => new WalkApp());

const COUNT = 30;
/** Between two ticks of a server that ticks while the page is busy, in milliseconds. */
const PAUSE = 25;
/** What may happen; what stands here twice happens twice as often. */
const STEPS = [
  ...Array(8).fill("change"),
  ...["tick_page", "tick_sticky", "tick_child", "patch", "navigate", "fail_page", "fail_sticky", "fail_child"],
  ...["click", "click", "click", "follow", "follow", "back", "type", "type", "submit", "cut", "drop"],
];
const TICKS = ["tick_page", "tick_sticky", "tick_child"];
/** What a page can't know of yet when the server or the network has done it. */
const COMES_LATER = /^(patch|navigate|fail|drop)/;
const TEXTS = ["x", "two words", '<b> & "c"', ""];

/** What others have on their lists is left out until they have mended it. */
const knownShapes = KNOWN_FAULTS.ours.flatMap(({ shapes = [] }) => shapes);
const knownRaces = KNOWN_FAULTS.ours.flatMap(({ races = [] }) => races);

/** Imported by the page. */
const print = `data:text/javascript,${encodeURIComponent(readFileSync(new URL("../print.mjs", import.meta.url), "utf8"))}`;

for (const seed of seeds(3, 60)) {
  const options = { clients: ["bennu"], allow: DISCONNECTS };
  spec(`wherever a walk leads, page and server agree or the page says that they don't (${seed})`, null, options, async (session) => {
    const walk = new Walk(session, seed);
    try {
      await walk.go();
    } catch (error) {
      throw new Error(`${error.message}\n\nseed ${seed}:\n${walk.story.join("\n")}`, { cause: error });
    }
  });
}

class Walk {
  /** What has happened so far. */
  story = [];
  #session;
  #seed;
  #below;
  #complaints = [];
  /** Whether something else may happen before the last thing has come to its end. */
  #isHasty;
  /** Whether the server ticks while the page is busy. */
  #isTicking;

  constructor(session, seed) {
    this.#session = session;
    this.#seed = seed;
    this.#below = random(seed);
    this.#isHasty = seed % 2 === 0 && knownRaces.length === 0;
    this.#isTicking = seed % 4 > 1 && !knownRaces.includes("news while joining");
    session.page.on("console", (message) => {
      const text = message.text();
      const isAllowed = !["error", "warning"].includes(message.type()) || DISCONNECTS.some((pattern) => pattern.test(text));
      if (!isAllowed) this.#complaints.push(text);
    });
    session.page.on("pageerror", (error) => this.#complaints.push(`${error.stack ?? error}`));
  }

  async go() {
    const { server, connection, goto } = this.#session;
    if (this.#seed % 3 === 0) connection.slow(100);
    const shapes = await server.shapes();
    await server.begin(this.#seed, shapes.filter((shape) => !knownShapes.includes(shape)));
    await goto("/a/0");
    await this.#agree();
    for (let count = 0; count < COUNT; count++) {
      const step = pick(STEPS, this.#below);
      if (this.#isHasty && this.#below(3) === 0) await this.#take(step);
      else await this.#takeAndRest(step);
    }
    await this.#arrive();
    await this.#agree();
  }

  async #takeAndRest(step) {
    const take = async () => {
      await this.#take(step);
      await this.#session.settled();
    };
    await (this.#isTicking ? this.#whileTicking(take) : take());
    if (this.#isHasty || COMES_LATER.test(step)) await this.#arrive();
    await this.#agree();
  }

  async #whileTicking(work) {
    const { server } = this.#session;
    const end = new AbortController();
    const tick = async () => {
      for (let count = 0; !end.signal.aborted; count++) {
        await server.step(TICKS[count % TICKS.length]);
        await setTimeout(PAUSE);
      }
    };
    const ticking = tick();
    await work().finally(() => end.abort());
    await ticking;
  }

  async #take(step) {
    const { page, connection, server, disconnected, settled } = this.#session;
    if (step === "cut") {
      // A page that is going somewhere may be loaded instead, and find no server.
      await settled();
      connection.cut();
      await disconnected();
      if (this.#below(2)) await this.#take("change");
      connection.mend();
      this.story.push("the connection is cut and mended");
    } else if (step === "drop") {
      this.story.push("the connection breaks");
      connection.dropWebSockets();
    } else if (step === "back") {
      this.story.push("go back");
      await this.#inPage(goBack);
    } else if (step === "click") {
      await this.#click("button[phx-click]");
    } else if (step === "follow") {
      const elsewhere = knownShapes.includes("patch that leads elsewhere") ? ":not([data-phx-link=patch][href$=elsewhere])" : "";
      await this.#click(`a[data-phx-link]${elsewhere}`);
    } else if (step === "submit") {
      await this.#click("form button");
    } else if (step === "type") {
      const text = pick(TEXTS, this.#below);
      if (!(await this.#click("form input"))) return;
      this.story.push(`type ${JSON.stringify(text)}`);
      await page.keyboard.press("ControlOrMeta+A");
      await (text ? page.keyboard.insertText(text) : page.keyboard.press("Delete"));
    } else {
      this.story.push(await server.step(step));
    }
  }

  /** Clicks on one of these, where a person finds it. Tells whether there was one. */
  async #click(selector) {
    const found = await this.#inPage(find, { selector, choice: this.#below(1 << 16) });
    if (!found) return false;
    this.story.push(`click on ${found.name}`);
    await this.#session.page.mouse.click(found.x, found.y);
    return true;
  }

  /** What a page answers, unless it is being left. */
  async #inPage(work, about) {
    try {
      return await this.#session.page.evaluate(work, about);
    } catch (error) {
      if (!/context was destroyed/.test(error)) throw error;
      return undefined;
    }
  }

  /** Lets what happened on the server arrive: once all views show another tick, they have seen it. */
  async #arrive() {
    for (const tick of TICKS) await this.#session.server.step(tick);
  }

  /** Waits until the page is at rest and agrees with the server. */
  async #agree() {
    const { settled, eventually } = this.#session;
    await settled();
    let difference;
    try {
      await eventually("how the page differs", async () => (difference = await this.#difference()), null);
    } catch (error) {
      throw new Error(difference, { cause: error });
    }
    if (this.#complaints.length > 0) throw new Error(`the page complains: ${this.#complaints.join("; ")}`);
  }

  /** How the page and the server differ; null if they don't. */
  async #difference() {
    const { page, server } = this.#session;
    const location = await server.location();
    const html = await server.page(location);
    const { address, shown, expected, duplicates } = await page.evaluate(look, { print, html });
    if (address !== location) return `the address is ${address}, the server shows ${location}`;
    if (duplicates.length > 0) return `these ids stand twice on the page: ${duplicates}`;
    return shown === expected ? null : `the page shows\n${shown}\nand should show\n${expected}`;
  }
}

function pick(items, below) {
  return items[below(items.length)];
}

// The next ones run in the page.

async function look({ print, html }) {
  const { openPortals, printPage } = await import(print);
  const fresh = new DOMParser().parseFromString(html, "text/html");
  openPortals(fresh);
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  return {
    address: location.pathname + location.search,
    shown: printPage(document),
    expected: printPage(fresh),
    duplicates: ids.filter((id, at) => ids.indexOf(id) < at),
  };
}

/** The middle of one of the elements that can be seen and clicked on. */
function find({ selector, choice }) {
  const all = [...document.querySelectorAll(selector)].filter((element) => element.getClientRects().length > 0);
  const element = all[choice % all.length];
  element?.scrollIntoView({ block: "center" });
  const { left, top, width, height } = element?.getClientRects()[0] ?? {};
  const [x, y] = [left + width / 2, top + height / 2];
  if (!element?.contains(document.elementFromPoint(x || 0, y || 0))) return null;
  return { x, y, name: `${element.localName} ${choice % all.length} (${element.textContent || element.id})` };
}

/** Where there is an earlier page of these. The listener is the last one: the client has begun its work. */
function goBack() {
  if (!navigation.canGoBack) return undefined;
  return new Promise((resolve) => {
    addEventListener("popstate", () => resolve(), { once: true });
    history.back();
  });
}

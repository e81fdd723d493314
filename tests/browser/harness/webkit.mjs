// WebKitGTK, driven by plain W3C WebDriver calls on a display that nobody sees. Only what a
// `Window` of page.mjs is asked for is here. The calls themselves are in webdriver.mjs; recorder.mjs
// stands in for the console, of which this driver tells nothing.

import { writeFile } from "node:fs/promises";

import { Context } from "./context.mjs";
import { PageLeft } from "./page.mjs";
import { ProcessGroup } from "./process.mjs";
import { record } from "./recorder.mjs";
import { WebDriver, WebDriverError } from "./webdriver.mjs";

const DISPLAY = ["-screen", "0", "1920x1200x24", "-nolisten", "tcp"];

const ENVIRONMENT = {
  GDK_BACKEND: "x11",
  // The processes of a page may not make name spaces in a container.
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  WEBKIT_DISABLE_DMABUF_RENDERER: "1",
  NO_AT_BRIDGE: "1",
};

const INSTALL = "install WebKitGTK's driver and a display for it (Debian: apt-get install webkit2gtk-driver xvfb)";

/** How long a screenshot may take: this driver's often never comes. In milliseconds. */
const SCREENSHOT = 5_000;

/** The keys that have no character, by Playwright's names, as WebDriver writes them. */
const KEYS = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
  Escape: "\uE00C",
  PageUp: "\uE00E",
  PageDown: "\uE00F",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
  Delete: "\uE017",
  Space: " ",
  ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`F${at + 1}`, String.fromCodePoint(0xe031 + at)])),
};

export class WebKit {
  /** There is nothing to start before a context is wanted. */
  static async start() {
    return new WebKit();
  }

  /**
   * A visitor: a browser of its own, which forgets everything when it ends, on a display of its own,
   * where no other takes the focus. WEBKIT_DRIVER may name another binary of the driver.
   */
  async newContext(options = {}) {
    const display = await ProcessGroup.start("Xvfb", ["-displayfd", "3", ...DISPLAY], { install: INSTALL });
    let driver;
    try {
      const env = { ...process.env, ...ENVIRONMENT, DISPLAY: `:${await display.firstLine()}` };
      driver = await WebDriver.start(process.env.WEBKIT_DRIVER || "WebKitWebDriver", { env, install: INSTALL });
      return new Context(new Visitor(driver, display), options);
    } catch (error) {
      await driver?.stop();
      await display.stop();
      throw error;
    }
  }

  /** Nothing is ever told: a browser that crashes is that of one context. */
  on() {}

  /** Contexts end by themselves. */
  async close() {}
}

/** One session of the driver. It has one window at first, and calls are for the current one. */
class Visitor {
  #driver;
  #display;
  #current = null;
  #isFirstTaken = false;
  /** The last call, where calls wait for one another. */
  #last = null;

  constructor(driver, display) {
    this.#driver = driver;
    this.#display = display;
  }

  async open(viewport) {
    const first = this.#isFirstTaken ? null : await this.#driver.get("/window");
    if (first) this.#current = first;
    // From the second window on calls can't overlap: each may have to change the window first.
    else this.#last ??= Promise.resolve();
    this.#isFirstTaken = true;
    const handle = first ?? (await this.#driver.post("/window/new", { type: "window" })).handle;
    const window = new WebKitWindow((call) => this.#in(handle, call), viewport);
    await window.fit();
    return window;
  }

  async close() {
    await this.#driver.stop();
    await this.#display.stop();
  }

  #in(handle, call) {
    if (!this.#last) return call(this.#driver);
    const next = this.#last.then(async () => {
      if (this.#current !== handle) await this.#driver.post("/window", { handle });
      this.#current = handle;
      return call(this.#driver);
    });
    this.#last = next.catch(() => {});
    return next;
  }
}

class WebKitWindow {
  #in;
  #listener = () => {};

  /** @param {<T>(call: (driver: WebDriver) => Promise<T>) => Promise<T>} within calls for this window */
  constructor(within, size) {
    this.#in = within;
    this.size = size;
    const at = (x, y) => ({ type: "pointerMove", x, y, duration: 0 });
    const [down, up] = ["pointerDown", "pointerUp"].map((type) => ({ type, button: 0 }));
    this.pointer = {
      move: (x, y) => this.#point(at(x, y)),
      click: (x, y, count) => this.#point(at(x, y), ...Array.from({ length: count }, () => [down, up]).flat()),
      down: () => this.#point(down),
      up: () => this.#point(up),
      wheel: (x, y, deltaX, deltaY) => this.#perform("wheel", [{ type: "scroll", x, y, deltaX, deltaY, duration: 0 }]),
    };
    const stroke = (key) => [keyAction("keyDown", key), keyAction("keyUp", key)];
    this.keys = {
      press: (key) => this.#perform("key", stroke(key)),
      down: (key) => this.#perform("key", [keyAction("keyDown", key)]),
      up: (key) => this.#perform("key", [keyAction("keyUp", key)]),
      type: (text) => this.#perform("key", [...text].flatMap((letter) => stroke(letter === "\n" ? "Enter" : letter))),
    };
  }

  /** Makes what the page sees as large as it should be: the browser's own bars take their part. */
  async fit() {
    const { width, height } = this.size;
    const set = (width, height) => this.#in((driver) => driver.post("/window/rect", { x: 0, y: 0, width, height }));
    const measure = () => this.#run("return [innerWidth, innerHeight, outerWidth, outerHeight]");
    await set(width, height);
    const [innerWidth, innerHeight, outerWidth, outerHeight] = await measure();
    await set(width + outerWidth - innerWidth, height + outerHeight - innerHeight);
  }

  async goto(url) {
    await this.#in((driver) => driver.post("/url", { url }));
  }

  async reload() {
    await this.#in((driver) => driver.post("/refresh"));
  }

  async evaluate(expression) {
    // Recorded before and after: what an evaluation itself says belongs to it.
    const script = `const done = arguments[0]; const record = ${record}; const messages = record();
      (${expression}).then((text) => done({ text, messages: [...messages, ...record()] }));`;
    const { text, messages } = await this.#in((driver) => driver.post("/execute/async", { script, args: [] })).catch(rethrow);
    for (const { type, text, url, lineNumber } of messages) {
      if (type === "pageerror") this.#listener("pageerror", Object.assign(new Error(text), { stack: text }));
      else this.#listener("console", { type: () => type, text: () => text, location: () => ({ url, lineNumber }) });
    }
    return text;
  }

  /** Calls make their window the current one by themselves. */
  async activate() {}

  async screenshot(path) {
    const signal = AbortSignal.timeout(SCREENSHOT);
    const image = await this.#in((driver) => driver.get("/screenshot", { signal }));
    await writeFile(path, image, "base64");
  }

  async close() {
    await this.#in((driver) => driver.delete("/window"));
  }

  listen(listener) {
    this.#listener = listener;
  }

  #run(script) {
    return this.#in((driver) => driver.post("/execute/sync", { script, args: [] }));
  }

  #point(...actions) {
    return this.#perform("pointer", actions, { parameters: { pointerType: "mouse" } });
  }

  #perform(type, actions, rest = {}) {
    return this.#in((driver) => driver.post("/actions", { actions: [{ type, id: type, actions, ...rest }] }));
  }
}

function keyAction(type, key) {
  const value = KEYS[key] ?? key;
  if ([...value].length !== 1) throw new Error(`no key is known as ${key}`);
  return { type, value };
}

function rethrow(error) {
  // "Callback was not called before the unload event."
  throw error instanceof WebDriverError && error.kind === "no such frame" ? new PageLeft(error) : error;
}

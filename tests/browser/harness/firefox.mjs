// Firefox, driven by WebDriver BiDi through puppeteer. Only what a `Window` of page.mjs is asked
// for is here; selectors, waiting and clicks on elements are not puppeteer's.

import { existsSync } from "node:fs";

import puppeteer from "puppeteer-core";

import { Context } from "./context.mjs";
import { PageLeft } from "./page.mjs";
import { tie } from "./process.mjs";

const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Besides those that puppeteer sets. */
const PREFERENCES = {
  // Our servers listen on IPv4 alone.
  "network.dns.disableIPv6": true,
  // Nothing leaves this machine: settings are not fetched from their server, and what else there may
  // be ends at a port where nobody listens. Localhost is never asked for by a proxy.
  "services.settings.server": "data:,",
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  // Light, as in the other browsers.
  "layout.css.prefers-color-scheme.content-override": 1,
};

/** The first lets a released Firefox take another server for settings. */
const ENVIRONMENT = { MOZ_REMOTE_SETTINGS_DEVTOOLS: "1", MOZ_CRASHREPORTER_DISABLE: "1" };

/** How long Firefox may take to start. In milliseconds. */
const PATIENCE = 60_000;

/** A spec has a limit of its own. */
const UNLIMITED = { timeout: 0 };

/** How Firefox says that a document went while it was asked something. */
const LEFT = /no such frame|destroyed|AbortError|DiscardedBrowsingContext/;

export class Firefox {
  #browser;
  #windows = new Windows();
  /** Which turn a context is open in. */
  #turns = new WeakMap();
  /** Resolves when the last turn that was given is over. */
  #free = Promise.resolve();
  /** Resolves when Firefox has ended, in an orderly way or not. */
  #ended;

  /** Starts it. FIREFOX may name another binary. */
  static async start() {
    const executablePath = process.env.FIREFOX || PLACES.find((place) => existsSync(place));
    if (!executablePath) {
      throw new Error("no Firefox was found: install it (Debian: apt-get install firefox-esr), or name its binary in FIREFOX");
    }
    const firefox = new Firefox();
    firefox.#browser = await puppeteer.launch({
      browser: "firefox",
      executablePath,
      headless: true,
      env: { ...process.env, ...ENVIRONMENT },
      extraPrefsFirefox: PREFERENCES,
      defaultViewport: null,
      timeout: PATIENCE,
    });
    // Puppeteer ends it too, unless this process is killed.
    const untie = tie(firefox.#browser.process().pid);
    firefox.#ended = new Promise((resolve) => firefox.#browser.once("disconnected", resolve)).then(untie);
    return firefox;
  }

  /**
   * A visitor: cookies, storage and cache of its own. Only one window of a Firefox has the focus, so
   * a context waits until those that were opened before it are closed, except for the one `beside`
   * which it is to be open.
   *
   * @param {{ viewport?: { width: number, height: number } }} [options]
   * @param {Context} [beside]
   */
  async newContext(options = {}, beside) {
    const turn = this.#turns.get(beside) ?? (await this.#nextTurn());
    turn.enter();
    try {
      const visitor = new Visitor(await this.#browser.createBrowserContext(), this.#windows, () => turn.leave());
      const context = new Context(visitor, options);
      this.#turns.set(context, turn);
      return context;
    } catch (error) {
      turn.leave();
      throw error;
    }
  }

  /** Listens to "disconnected". */
  on(name, listener) {
    this.#browser.on(name, listener);
  }

  async close() {
    await this.#browser.close();
  }

  async #nextTurn() {
    const free = this.#free;
    const turn = new Turn();
    this.#free = turn.ended;
    // After the end nobody leaves any more, and whoever waits is told by what fails next.
    await Promise.race([free, this.#ended]);
    return turn;
  }
}

/** The time from the opening of a context to the end of all that were opened beside it. */
class Turn {
  #open = 0;
  #end;
  ended = new Promise((resolve) => (this.#end = resolve));

  enter() {
    this.#open += 1;
  }

  leave() {
    this.#open -= 1;
    if (this.#open === 0) this.#end();
  }
}

/** The pages that are open, and which of them has the keyboard. */
class Windows {
  #open = new Set();
  #front = null;

  /** A page that is alone opens quickly as a tab; a second one must not hide the first. */
  async open(context) {
    const page = await context.newPage({ type: this.#open.size === 0 ? "tab" : "window" });
    this.#open.add(page);
    this.#front = page;
    return page;
  }

  async activate(page) {
    if (this.#front === page) return;
    await page.bringToFront();
    this.#front = page;
  }

  forget(page) {
    this.#open.delete(page);
    if (this.#front === page) this.#front = null;
  }
}

class Visitor {
  #context;
  #windows;
  #leave;
  #pages = [];

  constructor(context, windows, leave) {
    this.#context = context;
    this.#windows = windows;
    this.#leave = leave;
  }

  async open(viewport) {
    const page = await this.#windows.open(this.#context);
    this.#pages.push(page);
    await page.setViewport(viewport).catch((error) => {
      // Firefox before 153 has the size by then, and knows of no orientation.
      if (!/unknown command emulation/.test(error.message)) throw error;
    });
    return new FirefoxWindow(page, viewport, this.#windows);
  }

  async close() {
    await this.#context.close().finally(() => {
      for (const page of this.#pages) this.#windows.forget(page);
      this.#leave();
    });
  }
}

class FirefoxWindow {
  #page;
  #windows;

  constructor(page, size, windows) {
    this.#page = page;
    this.#windows = windows;
    this.size = size;
    const { mouse, keyboard } = page;
    this.pointer = {
      move: (x, y) => mouse.move(x, y),
      click: (x, y, count) => mouse.click(x, y, { count }),
      down: () => mouse.down(),
      up: () => mouse.up(),
      wheel: (x, y, deltaX, deltaY) => mouse.wheel({ deltaX, deltaY }),
    };
    const named = (key) => (key === "Space" ? " " : key);
    this.keys = {
      press: (key) => keyboard.press(named(key)),
      down: (key) => keyboard.down(named(key)),
      up: (key) => keyboard.up(named(key)),
      type: (text) => keyboard.type(text),
    };
  }

  async goto(url) {
    await this.#page.goto(url, UNLIMITED);
  }

  async reload() {
    await this.#page.reload(UNLIMITED);
  }

  async evaluate(expression) {
    try {
      return await this.#page.evaluate(expression);
    } catch (error) {
      throw LEFT.test(error.message) ? new PageLeft(error) : error;
    }
  }

  activate() {
    return this.#windows.activate(this.#page);
  }

  async screenshot(path) {
    await this.#page.screenshot({ path });
  }

  async close() {
    this.#windows.forget(this.#page);
    await this.#page.close();
  }

  listen(listener) {
    this.#page.on("console", (message) => listener("console", translateMessage(message)));
    this.#page.on("pageerror", (error) => listener("pageerror", error));
  }
}

/** A message with Playwright's name for its type. */
function translateMessage(message) {
  const type = message.type() === "warn" ? "warning" : message.type();
  return { type: () => type, text: () => message.text(), location: () => message.location() };
}

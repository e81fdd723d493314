// A page in Firefox or WebKit, with the part of Playwright's `Page` that specs need to run unchanged
// in each browser; in Chromium they get Playwright's own. Names, waiting and strictness are
// Playwright's: `page.click(selector)` takes the first match, `page.locator(selector).click()` fails
// where there are several. What isn't here, such as routes, frames and element handles, a spec of
// several browsers can't use; nor can it drag, since with neither driver a drag ends in a drop.
// Elements are found and acted on in locator.mjs; what a browser can do by itself is a `Window`, of
// which firefox.mjs and webkit.mjs make one each.

import { setTimeout as pause } from "node:timers/promises";

import { Keyboard, Mouse } from "./input.mjs";
import { Locator } from "./locator.mjs";

/**
 * @typedef {object} Window what a driver gives of one window of its browser
 * @property {{ width: number, height: number }} size of what the page sees
 * @property {(url: string) => Promise<void>} goto opens a URL and waits until it is loaded
 * @property {() => Promise<void>} reload
 * @property {(expression: string) => Promise<string>} evaluate waits for the promise of a string that
 *   the expression is in the page; throws `PageLeft` when the page goes meanwhile
 * @property {() => Promise<void>} activate has the window take the keyboard, as a click on it would
 * @property {{ move(x, y), click(x, y, count), down(), up(), wheel(x, y, deltaX, deltaY) }} pointer
 * @property {{ press(key), down(key), up(key), type(text) }} keys with Playwright's names of keys
 * @property {(path: string) => Promise<void>} screenshot
 * @property {() => Promise<void>} close
 * @property {(listener: (name: "console" | "pageerror", what: Message | Error) => void) => void} listen
 *
 * @typedef {{ type(): string, text(): string, location(): { url: string, lineNumber: number } }} Message
 */

/** How long to wait before looking again. In milliseconds. */
const PAUSE = 10;

/** Where a page is before it has opened anything. */
const BLANK = "about:blank";

/** A page was left while it was asked something. The text is what Playwright says then. */
export class PageLeft extends Error {
  constructor(cause) {
    super("Execution context was destroyed, most likely because of a navigation", { cause });
  }
}

export class Page {
  /** @type {Keyboard} */
  keyboard;
  /** @type {Mouse} */
  mouse;
  /** Requests of the harness, without the cookies of the page. */
  request = { get: async (url) => new Answer(await fetch(url)) };

  #window;
  #context;
  #url = BLANK;
  #listeners = [];

  /**
   * @param {Window} window
   * @param {import("./context.mjs").Context} context
   */
  constructor(window, context) {
    this.#window = window;
    this.#context = context;
    this.keyboard = new Keyboard(this, window);
    this.mouse = new Mouse(this, window);
    window.listen((name, what) => {
      for (const [of, listener] of this.#listeners) if (of === name) listener(what);
    });
  }

  /** Listens to "console" or "pageerror"; nothing else is told of. */
  on(name, listener) {
    this.#listeners.push([name, listener]);
  }

  context() {
    return this.#context;
  }

  viewportSize() {
    return this.#window.size;
  }

  /** Opens a page and waits until it is loaded. There is no response to look at. */
  async goto(url) {
    await this.#window.goto(url);
    this.#url = url;
    await this.call(() => {});
  }

  async reload() {
    await this.#window.reload();
    await this.call(() => {});
  }

  /** Where the page was when it was last asked something, as it is with any driver. */
  url() {
    return this.#url;
  }

  title() {
    return this.evaluate(() => document.title);
  }

  /** Calls a function in the page with one argument, or reads an expression. */
  evaluate(work, argument) {
    return this.call(typeof work === "string" ? `() => (${work})` : work, argument);
  }

  /** Waits until the function gives something true, and resolves with it. */
  waitForFunction(work, argument) {
    return this.until("waitForFunction", async () => {
      const value = await this.evaluate(work, argument);
      return value ? { value } : { wait: `${work} gave ${JSON.stringify(value)}` };
    });
  }

  /** Waits until the page is at a URL, given as a pattern with `*` and `**` or as a RegExp. */
  waitForURL(pattern) {
    const parts = typeof pattern === "string" && pattern.split(/(\*\*|\*)/);
    const source = (part) => ({ "**": ".*", "*": "[^/]*" })[part] ?? part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    const wanted = parts ? new RegExp(`^${parts.map(source).join("")}$`) : pattern;
    return this.until(`waitForURL(${pattern})`, async () => {
      const isLoaded = await this.evaluate(() => document.readyState === "complete");
      return wanted.test(this.#url) && isLoaded ? {} : { wait: `the page is at ${this.#url}` };
    });
  }

  waitForSelector(selector, options) {
    return this.locator(selector).first().waitFor(options);
  }

  /** @param {{ hasText?: string }} [options] */
  locator(selector, options) {
    return new Locator(this, []).locator(selector, options);
  }

  getByLabel(text, options) {
    return new Locator(this, []).getByLabel(text, options);
  }

  getByRole(role, options) {
    return new Locator(this, []).getByRole(role, options);
  }

  async screenshot({ path }) {
    await this.#window.screenshot(path);
  }

  async close() {
    await this.#window.close();
  }

  /** For input: takes the keyboard to this page. */
  activate() {
    return this.#window.activate();
  }

  /**
   * For locators: calls a function, or the text of one, in the page. Arguments and the result are
   * what JSON can say, and `undefined`.
   */
  async call(work, ...given) {
    const args = given.filter((argument) => argument !== undefined);
    const isOpened = this.#url !== BLANK;
    const expression = `(${answerInPage})(${work}, ${JSON.stringify({ args, isOpened })})`;
    const end = Date.now() + this.#context.timeout;
    for (;;) {
      const { url, value, error, isLeft, isBlank } = JSON.parse(await this.#window.evaluate(expression));
      // Before a browser has the next document it may have an empty one, where nothing was called.
      if (isBlank && Date.now() < end) {
        await pause(PAUSE);
        continue;
      }
      if (isBlank || isLeft) throw new PageLeft();
      this.#url = url;
      if (error !== undefined) throw new Error(`in the page: ${error}`);
      return restoreUndefined(value);
    }
  }

  /**
   * For locators: asks again and again until the answer has no `wait`, which says what is missing,
   * and resolves with the answer's `value`.
   */
  async until(what, ask) {
    const patience = this.#context.timeout;
    const end = Date.now() + patience;
    for (;;) {
      const { wait, value } = await ask().catch(waitIfLeft);
      if (wait === undefined) return value;
      if (Date.now() > end) throw new Error(`${what} timed out after ${patience} ms: ${wait}`);
      await pause(PAUSE);
    }
  }
}

/** What is done to one element by its selector: the first match is meant. */
const BY_SELECTOR = [
  ...["click", "dblclick", "hover", "fill", "press", "focus", "check", "uncheck", "selectOption", "dispatchEvent"],
  ...["textContent", "innerText", "innerHTML", "inputValue", "getAttribute"],
  ...["isVisible", "isChecked", "isEnabled", "isDisabled"],
];

for (const name of BY_SELECTOR) {
  Page.prototype[name] = function (selector, ...rest) {
    return this.locator(selector).first()[name](...rest);
  };
}

/** An answer to `page.request`, with Playwright's methods. */
class Answer {
  #response;

  constructor(response) {
    this.#response = response;
  }

  ok() {
    return this.#response.ok;
  }

  status() {
    return this.#response.status;
  }

  headers() {
    return Object.fromEntries(this.#response.headers);
  }

  text() {
    return this.#response.text();
  }
}

function waitIfLeft(error) {
  if (error instanceof PageLeft) return { wait: "the page was being left" };
  throw error;
}

/** Runs in the page: does the work and writes what came of it as JSON. */
async function answerInPage(work, { args, isOpened }) {
  const written = (outcome) =>
    JSON.stringify({ url: location.href, ...outcome }, (key, value) => {
      if (value instanceof Node) return "ref: <Node>";
      return value === undefined || typeof value === "function" ? { isUndefined: true } : value;
    });
  if (isOpened && location.href === "about:blank") return written({ isBlank: true });
  // A page that is left would never answer.
  const answered = new AbortController();
  const left = new Promise((resolve) => {
    const { signal } = answered;
    addEventListener("pagehide", () => resolve(written({ isLeft: true })), { signal });
  });
  const answer = async () => {
    try {
      return written({ value: await work(...args) });
    } catch (error) {
      return written({ error: `${error}\n${error?.stack ?? ""}` });
    }
  };
  return Promise.race([answer(), left]).finally(() => answered.abort());
}

/** Undoes what `answerInPage` does to what JSON can't say. */
function restoreUndefined(value) {
  if (Array.isArray(value)) return value.map(restoreUndefined);
  if (value === null || typeof value !== "object") return value;
  if (value.isUndefined === true) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, value]) => [name, restoreUndefined(value)]));
}

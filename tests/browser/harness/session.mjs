// What a spec holds: a page in a fresh context, the connection under it, the frames over it, and
// the console that must stay silent.

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import { browsers } from "./browsers.mjs";
import { Connection } from "./connection.mjs";
import { saveFailure } from "./failure.mjs";

/** How long a spec waits for one thing to come true: what is right comes true long before, also on
 * a machine that is ten times slower, so it only bounds what is wrong. In milliseconds. */
const PATIENCE = 60_000;

/** How long a whole spec may take. In milliseconds. */
const TIMEOUT = 300_000;

const SCRIPT = "**/live/assets/bennu-*.js";

export class Session {
  /** The first page. @type {import("playwright-core").Page} */
  page;
  /** "bennu" or "stock". @type {string} */
  client;
  /** "chromium", "firefox" or "webkit". @type {string} */
  browser;
  /** @type {import("./server.mjs").Server} */
  server;
  /** @type {Connection} */
  connection;
  /** Frames as `{ from: "browser" | "server", text, at }`, oldest first, over all pages; `at` in
   * milliseconds since the session began. */
  frames = [];

  #start = performance.now();
  #context;
  #allowed;
  /** Whether the page's script was asked for; in the stock half it must have been. */
  #scriptReplaced = false;
  #livePageSeen = false;
  #complaints = [];
  #visitors = [];

  static async open({ browser = "chromium", server, client, allow = [], context = {} }) {
    const session = new Session();
    Object.assign(session, { client, server, browser });
    session.#allowed = [...allow];
    // Chromium's driver tells in which order frames and what a page shows came about.
    const onFrame = browser === "chromium" ? undefined : (from, text) => session.#note(from, text);
    session.connection = await Connection.open(() => server.port, onFrame);
    try {
      session.#context = await session.#newContext(context);
      session.page = await session.#context.newPage();
    } catch (error) {
      await session.close();
      throw error;
    }
    // So that a body can take apart what it gets.
    for (const name of Object.getOwnPropertyNames(Session.prototype)) {
      const method = Object.getOwnPropertyDescriptor(Session.prototype, name).value;
      if (name !== "constructor" && method) session[name] = method.bind(session);
    }
    return session;
  }

  get url() {
    return `http://localhost:${this.connection.port}`;
  }

  /** Announces console messages that belong to the spec from here on. */
  allow(...patterns) {
    this.#allowed.push(...patterns.flat());
  }

  /** Opens a path and waits until the page is settled. */
  async goto(path, page = this.page) {
    const response = await page.goto(new URL(path, this.url).href);
    await this.settled(page);
    return response;
  }

  /** Waits until every view of the page is connected and nothing that was sent is unanswered. */
  async settled(page = this.page) {
    try {
      await page.waitForFunction(isSettled);
    } catch (error) {
      const state = await page.evaluate(describeState).catch(String);
      throw new Error(`the page does not settle: ${state}`, { cause: error });
    }
    this.#livePageSeen ||= await page.evaluate(() => "liveSocket" in window);
  }

  /** Waits until the page has noticed that it lost its connection. */
  async disconnected(page = this.page) {
    await page.locator("[data-phx-main]:not(.phx-connected)").waitFor({ state: "attached" });
  }

  /** Waits until the one element that matches has this text (white space folded) or matches it. */
  async see(selector, expected, page = this.page) {
    const read = async () => fold(await page.locator(selector).textContent());
    await this.eventually(`the text of ${selector}`, read, expected);
  }

  /** Waits until the one field that matches holds this value or one that matches it. */
  async seeValue(selector, expected, page = this.page) {
    const read = () => page.locator(selector).inputValue();
    await this.eventually(`the value of ${selector}`, read, expected);
  }

  /** Reads again and again, until what is read equals `expected` or matches it. */
  async eventually(what, read, expected) {
    const until = Date.now() + PATIENCE;
    // A page that is being left can't be read.
    const attempt = async (work) => {
      try {
        return await work();
      } catch (error) {
        if (/context was destroyed/.test(error)) return undefined;
        throw error;
      }
    };
    const pause = () => this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 10)));
    let last = await attempt(read);
    while (!fits(last, expected)) {
      if (Date.now() > until) assert.deepEqual(last, expected, what);
      await attempt(pause);
      last = await attempt(read);
    }
  }

  /**
   * Begins to look out for an element that may be gone or different again soon, such as one with a
   * class while it leaves. The function that it returns waits until it was there and `read` found
   * something in it, if only for a moment, and resolves with that; `read` runs in the page.
   */
  async lookOut(selector, read = () => true, page = this.page) {
    const at = await page.evaluate(`(${lookOut})(${JSON.stringify(selector)}, ${read})`);
    return () => page.evaluate((at) => window.lookOuts[at], at);
  }

  /** Waits until nothing matches. */
  async gone(selector, page = this.page) {
    await page.locator(selector).first().waitFor({ state: "detached" });
  }

  /** Goes back in the history that the page itself has written. */
  async back(page = this.page) {
    await page.evaluate(travel, -1);
    await this.settled(page);
  }

  /** The opposite of `back`. */
  async forward(page = this.page) {
    await page.evaluate(travel, 1);
    await this.settled(page);
  }

  /** A second tab of the same visitor. */
  async tab(path) {
    const page = await this.#context.newPage();
    await this.goto(path, page);
    return page;
  }

  /** A page of somebody else, with cookies of their own. */
  async visitor(path, options = {}) {
    const context = await this.#newContext(options);
    this.#visitors.push(context);
    const page = await context.newPage();
    await this.goto(path, page);
    return page;
  }

  /** The payloads of the messages with this event that the browser sent. */
  sent(event) {
    const messages = this.frames
      .filter(({ from, text }) => from === "browser" && typeof text === "string")
      .map(({ text }) => JSON.parse(text));
    return messages.filter((message) => message[3] === event).map((message) => message[4]);
  }

  /** Runs a spec's body, judges the console, closes everything. A failure is explained, and leaves
   * what helps to understand it. */
  async run(title, body) {
    try {
      await withinTime(body(this));
      this.#judge();
    } catch (error) {
      const { page, frames } = this;
      const context = this.#context;
      throw await saveFailure({ title, error, page, context, frames, console: this.#complaints, server: this.server });
    } finally {
      await this.close();
    }
  }

  async close() {
    await Promise.all([this.#context, ...this.#visitors].map((context) => context?.close()));
    await this.connection.close();
  }

  async #newContext(options) {
    const context = await browsers.newContext(this.browser, options, this.#context);
    context.setDefaultTimeout(PATIENCE);
    context.on("page", (page) => this.#watch(page));
    // Kept only if the spec fails. Other browsers than Chromium have none.
    await context.tracing?.start({ snapshots: true, title: this.client });
    if (this.client === "stock") {
      const body = await browsers.stock();
      await context.route(SCRIPT, (route) => {
        this.#scriptReplaced = true;
        return route.fulfill({ contentType: "text/javascript", body });
      });
    }
    return context;
  }

  #watch(page) {
    page.on("console", (message) => {
      if (!["error", "warning", "assert"].includes(message.type())) return;
      const { url, lineNumber } = message.location();
      this.#complaints.push(`console ${message.type()}: ${message.text()} (${url}:${lineNumber})`);
    });
    page.on("pageerror", (error) => this.#complaints.push(`uncaught: ${error.stack ?? error}`));
    page.on("websocket", (socket) => {
      socket.on("framesent", ({ payload }) => this.#note("browser", payload));
      socket.on("framereceived", ({ payload }) => this.#note("server", payload));
    });
  }

  #note(from, text) {
    this.frames.push({ from, text, at: performance.now() - this.#start });
  }

  #judge() {
    const allowed = [...this.#allowed, SLOW];
    const unexpected = this.#complaints.filter((complaint) => !allowed.some((pattern) => pattern.test(complaint)));
    assert.deepEqual(unexpected, [], "the console must stay silent");
    if (this.client === "stock" && this.#livePageSeen) {
      assert.ok(this.#scriptReplaced, `no page asked for its script at ${SCRIPT}`);
    }
  }
}

/** What Chromium says when our client gives up an attempt to connect that takes five seconds, and makes another. */
const SLOW = /WebSocket connection to '.*' failed: WebSocket is closed before the connection is established/;

/** Fails when a body takes too long; what it does then fails as soon as its pages are closed. */
async function withinTime(body) {
  let timer;
  const overdue = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the spec is not done after ${TIMEOUT / 1000} s`)), TIMEOUT);
  });
  body.catch(() => {});
  await Promise.race([body, overdue]).finally(() => clearTimeout(timer));
}

// The next ones run in the page.

function isSettled() {
  if (document.readyState !== "complete") return false;
  // A view that is not the main one connects after its parent, which has it in the page by then.
  const views = [...document.querySelectorAll("[data-phx-session]")];
  const connected = views.every((view) => view.classList.contains("phx-connected"));
  const pending = document.querySelector(
    "[data-phx-ref-src], [data-phx-ref-loading], [data-phx-ref-lock], [data-phx-main].phx-loading," +
      ["click", "change", "submit", "keydown", "keyup", "blur", "focus", "hook"].map(
        (type) => ` .phx-${type}-loading`,
      ),
  );
  // Both clients keep where a live navigation is going until it has arrived.
  return connected && !pending && !window.liveSocket?.pendingLink;
}

function describeState() {
  const views = [...document.querySelectorAll("[data-phx-session]")];
  const shown = (element) => element.cloneNode(false).outerHTML.slice(0, 300);
  const pending = [...document.querySelectorAll("[data-phx-ref-src], [class*=-loading]")];
  return `${location.href} ${document.readyState}\n${[...views, ...pending].map(shown).join("\n")}`;
}

function lookOut(selector, read) {
  const seen = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const element = document.querySelector(selector);
      const found = element && read(element);
      if (!found) return;
      observer.disconnect();
      resolve(found);
    });
    observer.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
  });
  return (window.lookOuts ??= []).push(seen) - 1;
}

// Our listener is the last one: the client has begun its work when this resolves.
function travel(steps) {
  return new Promise((resolve) => {
    addEventListener("popstate", () => resolve(), { once: true });
    history.go(steps);
  });
}

function fits(actual, expected) {
  return expected instanceof RegExp ? expected.test(actual) : isDeepStrictEqual(actual, expected);
}

function fold(text) {
  return text.replace(/\s+/g, " ").trim();
}

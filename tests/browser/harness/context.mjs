// A visitor in Firefox or WebKit: pages that share cookies and storage, with the part of
// Playwright's `BrowserContext` that sessions need. How a browser keeps visitors apart is its
// driver's to know.

import { Page } from "./page.mjs";

/** The size of a window unless a spec names another: Playwright's. */
const VIEWPORT = { width: 1280, height: 720 };

export class Context {
  /** How long its pages wait for one thing. In milliseconds. */
  timeout = 30_000;

  #visitor;
  #viewport;
  #listeners = [];

  /**
   * @param {{ open(viewport): Promise<import("./page.mjs").Window>, close(): Promise<void> }} visitor
   * @param {{ viewport?: { width: number, height: number } }} options
   */
  constructor(visitor, { viewport = VIEWPORT, ...others }) {
    const unknown = Object.keys(others);
    if (unknown.length > 0) throw new Error(`contexts of this browser have no option ${unknown}`);
    this.#visitor = visitor;
    this.#viewport = viewport;
  }

  setDefaultTimeout(milliseconds) {
    this.timeout = milliseconds;
  }

  /** Listens to "page", which tells of a page before it opens anything. */
  on(name, listener) {
    if (name === "page") this.#listeners.push(listener);
  }

  async newPage() {
    const page = new Page(await this.#visitor.open(this.#viewport), this);
    for (const listener of this.#listeners) listener(page);
    return page;
  }

  close() {
    return this.#visitor.close();
  }
}

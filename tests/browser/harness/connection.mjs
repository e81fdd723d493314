// The way between one browser context and the server: a TCP proxy of its own, which can be cut,
// mended and held. The browser's WebSocket stays the real one; nothing is injected in the page.

import { connect, createServer } from "node:net";

export class Connection {
  #proxy;
  #target;
  /** Every open pair of sockets. */
  #pairs = new Set();
  #cut = false;
  #held = false;

  /** @param {() => number} target the port to go to, asked for each connection */
  static async open(target) {
    const connection = new Connection();
    connection.#target = target;
    connection.#proxy = createServer((browser) => connection.#accept(browser));
    await new Promise((resolve) => connection.#proxy.listen(0, "127.0.0.1", resolve));
    return connection;
  }

  get port() {
    return this.#proxy.address().port;
  }

  /** Breaks what is open and lets nothing through until `mend`. */
  cut() {
    this.#cut = true;
    this.drop();
  }

  mend() {
    this.#cut = false;
  }

  /** Breaks what is open; the browser may connect again at once. */
  drop() {
    for (const pair of this.#pairs) pair.destroy();
  }

  /** Keeps back what the server sends over WebSockets until `release`. */
  hold() {
    this.#held = true;
    for (const pair of this.#pairs) pair.hold();
  }

  release() {
    this.#held = false;
    for (const pair of this.#pairs) pair.release();
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.#proxy.close(resolve));
  }

  #accept(browser) {
    if (this.#cut) {
      browser.on("error", () => {}).resetAndDestroy();
      return;
    }
    const pair = new Pair(browser, connect(this.#target(), "127.0.0.1"));
    this.#pairs.add(pair);
    pair.ended.then(() => this.#pairs.delete(pair));
    pair.upgraded.then(() => this.#held && pair.hold());
  }
}

class Pair {
  #browser;
  #server;
  #isWebSocket = false;

  constructor(browser, server) {
    this.#browser = browser.setNoDelay();
    this.#server = server.setNoDelay();
    // The end or the failure of one side is the end of the other.
    this.ended = new Promise((resolve) => {
      for (const socket of [browser, server]) {
        socket.on("error", () => {});
        socket.on("close", () => (this.destroy(), resolve()));
      }
    });
    // Browsers open a connection of its own for a WebSocket, with the upgrade as first request.
    this.upgraded = new Promise((resolve) => {
      browser.once("data", (head) => {
        this.#isWebSocket = /^upgrade: *websocket/im.test(head.toString("latin1"));
        if (this.#isWebSocket) resolve();
      });
    });
    browser.pipe(server);
    server.pipe(browser);
  }

  destroy() {
    this.#browser.destroy();
    this.#server.destroy();
  }

  hold() {
    if (this.#isWebSocket) this.#server.unpipe(this.#browser).pause();
  }

  release() {
    if (this.#isWebSocket) this.#server.pipe(this.#browser);
  }
}

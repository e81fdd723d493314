// The way between one browser context and the server: a TCP proxy of its own, which can be cut,
// mended and held. The browser's WebSocket stays the real one; nothing is injected in the page.

import { connect, createServer } from "node:net";

import { Transform } from "node:stream";

import { Receiver } from "ws";

/** How much later all that the server sends arrives, in milliseconds. */
let latency = 0;

export function setLatency(milliseconds) {
  latency = milliseconds;
}

export class Connection {
  #proxy;
  #target;
  #onFrame;
  /** Every open pair of sockets. */
  #pairs = new Set();
  #cut = false;
  #held = false;
  #latency = latency;

  /**
   * @param {() => number} target the port to go to, asked for each connection
   * @param {(from: "browser" | "server", text: string | Buffer) => void} [onFrame] is told of each
   *   WebSocket message that passes, for browsers whose driver tells of none
   */
  static async open(target, onFrame) {
    const connection = new Connection();
    connection.#target = target;
    connection.#onFrame = onFrame;
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

  /** Breaks open WebSockets alone: a page that is being loaded still arrives. */
  dropWebSockets() {
    for (const pair of this.#pairs) if (pair.isWebSocket) pair.destroy();
  }

  /** What the server sends over connections that are opened from here on arrives so much later at
   * least, in milliseconds. */
  slow(milliseconds) {
    this.#latency = Math.max(latency, milliseconds);
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
    const pair = new Pair(browser, connect(this.#target(), "127.0.0.1"), this.#latency);
    this.#pairs.add(pair);
    pair.ended.then(() => this.#pairs.delete(pair));
    pair.upgraded.then(() => this.#held && pair.hold());
    if (this.#onFrame) pair.tap(this.#onFrame);
  }
}

class Pair {
  #browser;
  #server;
  /** What the server sends, when it is to arrive. */
  #answers;
  isWebSocket = false;

  constructor(browser, server, latency) {
    this.#browser = browser.setNoDelay();
    this.#server = server.setNoDelay();
    this.#answers = latency > 0 ? server.pipe(delayed(latency)) : server;
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
        this.isWebSocket = /^upgrade: *websocket/im.test(head.toString("latin1"));
        if (this.isWebSocket) resolve();
      });
    });
    browser.pipe(server);
    this.#answers.pipe(browser);
  }

  /** Reads along. */
  tap(onFrame) {
    readMessages(this.#browser, true, (text) => onFrame("browser", text));
    readMessages(this.#server, false, (text) => onFrame("server", text));
  }

  destroy() {
    this.#browser.destroy();
    this.#server.destroy();
  }

  hold() {
    if (this.isWebSocket) this.#answers.unpipe(this.#browser).pause();
  }

  release() {
    if (this.isWebSocket) this.#answers.pipe(this.#browser);
  }
}

/** Lets bytes through in their order, each so many milliseconds after it came. */
function delayed(latency) {
  return new Transform({
    transform(chunk, _, done) {
      // Further chunks needn't wait for this one to have left.
      setTimeout(() => this.push(chunk), latency);
      done();
    },
    flush(done) {
      setTimeout(done, latency);
    },
  });
}

/** Tells the WebSocket messages that follow the first head on a socket, if it is an upgrade's. */
function readMessages(socket, isMasked, onMessage) {
  const receiver = new Receiver({ isServer: isMasked });
  receiver.on("message", (data, isBinary) => onMessage(isBinary ? data : data.toString()));
  receiver.on("error", () => {});
  let head = Buffer.alloc(0);
  let isUpgraded = false;
  const read = (chunk) => {
    if (isUpgraded) return receiver.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    isUpgraded = /^upgrade: *websocket/im.test(head.toString("latin1", 0, end));
    if (!isUpgraded) socket.off("data", read);
    else if (head.length > end + 4) receiver.write(head.subarray(end + 4));
  };
  socket.on("data", read);
}

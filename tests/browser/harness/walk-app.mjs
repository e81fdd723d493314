// The application of random shapes (tests/src/bin/walk-app), and what decides over it.

import { CargoServer } from "./server.mjs";

export class WalkApp extends CargoServer {
  constructor() {
    super("walk-app");
  }

  /** The names of all shapes. */
  async shapes() {
    return JSON.parse(await this.#ask("/shapes"));
  }

  /** Another walk begins, whose pages have no shapes but these. */
  async begin(seed, shapes) {
    await this.#ask("/begin", [seed, shapes]);
  }

  /** Lets something happen on the server, and tells what. */
  async step(step) {
    return this.#ask("/step", step);
  }

  /** Path and query of the page that the server means. */
  async location() {
    return JSON.parse(await this.#ask("/facts")).location;
  }

  /** The page at a path as it has to be shown now. */
  async page(path) {
    return this.#ask(path);
  }

  /** Past the connection of the browser, which may be cut. */
  async #ask(path, body) {
    const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, request);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}: ${text}`);
    return text;
  }
}

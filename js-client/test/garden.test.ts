// The messages of the Rust server for random turns of components and streams,
// to Phoenix's client and to ours: after each, the page is that of the replica.

import { Session } from "./support/server.ts";
import type { Frame } from "./support/server.ts";
import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import { LiveSocket as StockLiveSocket } from "phoenix_live_view";
// @ts-expect-error no types
import { Socket as StockSocket } from "phoenix";
import { LiveSocket } from "../src/live-socket.ts";
import { Socket } from "../src/socket.ts";
import { Garden } from "./support/garden.ts";
import type { Message } from "./support/garden.ts";
import { random } from "./support/random.ts";
import { seeds } from "./support/seeds.ts";
import { print, strip } from "./support/stock.ts";
import { canonical } from "./support/tree.ts";

/** `SEED=7 npm test -- garden` takes one walk alone. */
const SEEDS = seeds(24, 120);
const TURNS = 24;

before(async () => {
  // Node warns of its clock once, and on the console.
  new Session().end();
  await settled();
});

interface Client {
  LiveSocket: any;
  Socket: any;
  /** What the client knows beside the page, if that can be asked. */
  tree?: (liveSocket: any) => any;
}

/** A page of a garden in one of the clients, with a network between that takes its time. */
class Walk {
  /** What the server has sent and the client has not got: a diff, or the response to a push. */
  readonly #down: (Message & { answers?: Frame })[] = [];
  /** What the client has pushed and the server has not got. */
  readonly #up: Frame[] = [];
  readonly #where: string[] = [];
  #placed: number[] = [];
  #known: number[] = [];

  private constructor(
    readonly garden: Garden,
    readonly session: Session,
    readonly client: Client,
  ) {}

  static async load(garden: Garden, seed: number, client: Client): Promise<Walk> {
    const session = new Session(await garden.load(seed), {}, "", client);
    const walk = new Walk(garden, session, client);
    walk.#where.push(`seed ${seed}`);
    return walk;
  }

  async join(): Promise<void> {
    this.session.open();
    await settled();
    const join = this.session.sent().find(([, , , event]) => event === "phx_join")!;
    const message = await this.garden.join(join[4].params);
    await this.#take({ ...message, answers: join });
  }

  async turn(): Promise<void> {
    const { done, messages } = await this.garden.turn();
    this.#where.push(done);
    this.#down.push(...messages);
  }

  /** One message arrives, on the one side or on the other. Tells whether there was one. */
  async arrive(first: boolean): Promise<boolean> {
    const message = (first || !this.#up.length) && this.#down.shift();
    if (message) {
      await this.#take(message);
      return true;
    }
    const frame = this.#up.shift();
    if (!frame) return false;
    this.#where.push(`up ${JSON.stringify(frame)}`);
    const [response, ...messages] = await this.garden.push(frame[3], frame[4]);
    this.#down.push({ ...response!, answers: frame }, ...messages);
    return true;
  }

  /** Nothing is under way: what is not shown was taken leave of, on both sides. */
  end(): void {
    assert.deepEqual(this.#known, this.#placed);
  }

  /** The seed, and all that happened; what came last is what failed. */
  get where(): string {
    return this.#where.join("\n");
  }

  async #take({ content, answers, html, placed, known }: Message & { answers?: Frame }): Promise<void> {
    this.#where.push(`down ${JSON.stringify(content)}`);
    [this.#placed, this.#known] = [placed, known];
    const { session } = this;
    if (answers) session.reply(answers, content);
    else session.push("diff", content);
    await settled();
    for (const frame of session.sent()) {
      if (frame[3].startsWith("cids_")) this.#up.push(frame);
    }
    if (html === null) return;
    assert.equal(canonical(strip(session.el.innerHTML)), canonical(html));
    const elements = [...session.el.querySelectorAll("[data-phx-component]")];
    const cids = elements.map((el) => Number(el.getAttribute("data-phx-component")));
    assert.deepEqual(cids.sort((a, b) => a - b), placed);
    const tree = this.client.tree?.(session.liveSocket);
    if (!tree) return;
    assert.deepEqual(Object.keys(tree.c).map(Number), known);
    assert.equal(withoutItems(print(tree)), withoutItems(html));
  }
}

/** HTML without the items of streams, of which no tree knows. */
function withoutItems(html: string): string {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const stream of template.content.querySelectorAll("[phx-update=stream]")) stream.replaceChildren();
  return canonical(template.innerHTML);
}

/** Lets promises be kept. */
async function settled(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise(setImmediate);
}

async function walk(client: Client): Promise<void> {
  const errors = mock.method(console, "error", () => {});
  mock.method(console, "log", () => {});
  const garden = await Garden.open();
  try {
    for (const seed of SEEDS) {
      const below = random(seed);
      const page = await Walk.load(garden, seed, client);
      try {
        await page.join();
        for (let turn = 0; turn < TURNS; turn++) {
          await page.turn();
          while (below(3) && (await page.arrive(below(2) > 0)));
        }
        while (await page.arrive(true));
        page.end();
      } catch (cause) {
        throw new Error(page.where, { cause });
      } finally {
        page.session.end();
      }
      const complaints = errors.mock.calls.map((call) => call.arguments);
      assert.deepEqual(complaints, [], `seed ${seed}`);
    }
  } finally {
    garden.close();
    mock.restoreAll();
  }
}

test("the stock client shows components and streams as the replica does", async () => {
  const tree = (liveSocket: any) => liveSocket.main.rendered.rendered;
  await walk({ LiveSocket: StockLiveSocket, Socket: StockSocket, tree });
});

test("our client shows components and streams as the replica does", async () => {
  await walk({ LiveSocket, Socket });
});

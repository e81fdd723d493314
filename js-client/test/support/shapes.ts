// The application of random shapes: `tests/src/shapes.rs` behind the pipes of
// `tests/examples/shapes.rs`.

import { Example } from "./example.ts";

/** What came over a WebSocket. */
export interface Arrival {
  socket: number;
  texts: string[];
  is_closed: boolean;
}

export interface Facts {
  /** Path and query of the page whose view was told its parameters last. */
  location: string;
  /** The entries of lists that have a field; the epoch changes when another element may show it. */
  fields: { id: number; epoch: number; is_new: boolean }[];
  /** The shapes that the pages had while they were shown. */
  seen: string[];
}

/** What can happen on the server. */
export type ServerStep =
  | "change"
  | "tick_page"
  | "tick_sticky"
  | "tick_child"
  | "patch"
  | "navigate"
  | "fail_page"
  | "fail_sticky"
  | "fail_child";

export class Application {
  private constructor(readonly server: Example) {}

  static async open(): Promise<Application> {
    return new Application(await Example.open("shapes"));
  }

  /** The names of all shapes. */
  async shapes(): Promise<string[]> {
    return this.server.ask("shapes");
  }

  /** Begins a run, whose pages have no shapes but these. */
  async load(seed: number, shapes: string[]): Promise<void> {
    await this.server.ask({ load: [seed, shapes] });
  }

  /** The page as it has to be shown now, and the path that the given one leads to. */
  async page(path: string): Promise<{ path: string; html: string }> {
    return this.server.ask({ page: path });
  }

  async connect(socket: number, query: string): Promise<Arrival[]> {
    return (await this.server.ask({ connect: [socket, query] })).arrivals;
  }

  async send(socket: number, text: string): Promise<Arrival[]> {
    return (await this.server.ask({ send: [socket, text] })).arrivals;
  }

  async disconnect(socket: number): Promise<Arrival[]> {
    return (await this.server.ask({ close: socket })).arrivals;
  }

  /** Lets something happen, and tells what. */
  async step(step: ServerStep): Promise<{ done: string; arrivals: Arrival[] }> {
    return this.server.ask({ step });
  }

  async facts(): Promise<Facts> {
    return this.server.ask("facts");
  }

  close(): void {
    this.server.close();
  }
}

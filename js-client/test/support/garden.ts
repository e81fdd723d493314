// A view of the Rust server that changes at random: `tests/src/garden.rs`
// behind the pipes of `tests/examples/garden.rs`.

import { Example } from "./example.ts";

/** What a browser gets, and what it has to show then. */
export interface Message {
  content: any;
  /** Nothing if its turn brings more. */
  html: string | null;
  /** The cids of the components in the page then. */
  placed: number[];
  /** The cids of the components that a client has not forgotten then. */
  known: number[];
}

export class Garden {
  private constructor(readonly server: Example) {}

  static async open(): Promise<Garden> {
    return new Garden(await Example.open("garden"));
  }

  /** The page that a seed decides, before its join. */
  async load(seed: number): Promise<string> {
    return (await this.server.ask({ load: seed })).html as string;
  }

  async join(parameters: object): Promise<Message> {
    return this.server.ask({ join: parameters });
  }

  /** What was done in a turn, and the diffs of it. */
  async turn(): Promise<{ done: string; messages: Message[] }> {
    return this.server.ask("turn");
  }

  /** The response, and the diffs after it. */
  async push(event: string, payload: object): Promise<Message[]> {
    return (await this.server.ask({ push: [event, payload] })).messages;
  }

  close(): void {
    this.server.close();
  }
}

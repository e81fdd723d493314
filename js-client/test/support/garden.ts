// A view of the Rust server that changes at random: `tests/src/garden.rs`
// behind the pipes of `tests/examples/garden.rs`.

import { execFile, spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

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
  readonly #server: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = "";
  #seed = 0;

  static async open(): Promise<Garden> {
    const format = "--message-format=json-render-diagnostics";
    const command = ["build", "-p", "bennu-tests", "--example", "garden", format];
    const cargo = process.env["CARGO"] ?? "cargo";
    const { stdout } = await promisify(execFile)(cargo, command, { cwd: "..", maxBuffer: 1 << 28 });
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    const built = lines.map((line) => JSON.parse(line)).find(({ target, executable }) => executable && target.name === "garden");
    return new Garden(built.executable);
  }

  private constructor(executable: string) {
    this.#server = spawn(executable);
    // Whoever asks is told why it ended.
    this.#server.stdin.on("error", () => {});
    this.#server.stderr.setEncoding("utf8").on("data", (text) => (this.#errors += text));
    this.#lines = createInterface({ input: this.#server.stdout })[Symbol.asyncIterator]();
  }

  /** The page that a seed decides, before its join. */
  async load(seed: number): Promise<string> {
    this.#seed = seed;
    return (await this.#ask({ load: seed })).html as string;
  }

  async join(parameters: object): Promise<Message> {
    return this.#ask({ join: parameters });
  }

  /** What was done in a turn, and the diffs of it. */
  async turn(): Promise<{ done: string; messages: Message[] }> {
    return this.#ask("turn");
  }

  /** The response, and the diffs after it. */
  async push(event: string, payload: object): Promise<Message[]> {
    return (await this.#ask({ push: [event, payload] })).messages;
  }

  close(): void {
    this.#server.stdin.end();
  }

  async #ask(request: object | string): Promise<any> {
    this.#server.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the garden of seed ${this.#seed} ended: ${this.#errors}`);
    return JSON.parse(value);
  }
}

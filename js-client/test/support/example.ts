// A program of `tests/examples` behind pipes: JSON lines in, JSON lines out,
// one answer to each request.

import { execFile, spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

export class Example {
  readonly #server: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = "";

  static async open(name: string): Promise<Example> {
    const format = "--message-format=json-render-diagnostics";
    // What `cargo test` builds, so that this builds nothing more.
    const command = ["build", "--workspace", "--tests", "--bins", "--examples", format];
    const cargo = process.env["CARGO"] ?? "cargo";
    const built = promisify(execFile)(cargo, command, { cwd: "..", maxBuffer: 1 << 28 });
    const { stdout } = await built.catch(({ stderr }) => {
      throw new Error(`the example ${name} can't be built: ${stderr}`);
    });
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    const program = lines.map((line) => JSON.parse(line)).find(({ target, executable }) => executable && target.name === name);
    return new Example(program.executable);
  }

  private constructor(executable: string) {
    this.#server = spawn(executable);
    // Whoever asks is told why it ended.
    this.#server.stdin.on("error", () => {});
    this.#server.stderr.setEncoding("utf8").on("data", (text) => (this.#errors += text));
    this.#lines = createInterface({ input: this.#server.stdout })[Symbol.asyncIterator]();
  }

  close(): void {
    this.#server.stdin.end();
  }

  async ask(request: object | string): Promise<any> {
    this.#server.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the server ended: ${this.#errors}`);
    return JSON.parse(value);
  }
}

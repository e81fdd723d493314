// The server under test: a process on a port of its own, found free, kept over restarts.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** How long a server may take to answer, and to end after it was asked to. In milliseconds. */
const PATIENCE = 60_000;
/** How long to wait before looking again. In milliseconds. */
const POLL = 20;

/** What there is to end and to remove when this process ends. */
const atExit = new Set();
process.once("exit", () => {
  for (const work of atExit) work();
});

/**
 * What specs ask of a server. Subclasses give `launch(port)`, which returns something with
 * `stop(signal)`; `stop` resolves when nothing listens any more.
 */
export class Server {
  #running = null;
  port = 0;

  /** Starts it unless it runs, and resolves when it takes connections. */
  async start() {
    if (this.#running) return;
    this.port ||= await takePort();
    this.#running = await this.launch(this.port);
    await this.#answers();
  }

  /** Asks it to end, as Ctrl-C does, and resolves when it has. */
  async stop() {
    await this.#end("SIGINT");
  }

  /** Ends it without a chance to say goodbye. */
  async kill() {
    await this.#end("SIGKILL");
  }

  /** What it wrote, for a failed spec. */
  get output() {
    return "";
  }

  async #end(signal) {
    const running = this.#running;
    this.#running = null;
    await running?.stop(signal);
  }

  async #answers() {
    const until = Date.now() + PATIENCE;
    while (!(await takesConnections(this.port))) {
      if (this.#running.ended?.()) {
        this.#running = null;
        throw new Error(`the server ended before it answered:\n${this.output}`);
      }
      if (Date.now() > until) {
        await this.kill();
        throw new Error(`nothing listens on port ${this.port}; the server said:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  }
}

/** A binary of this workspace, built by cargo, run in an empty folder with PORT set. */
export class CargoServer extends Server {
  #binary;
  #environment;
  #flags;
  #folder = null;
  #output = [];

  /** @param {string[]} [flags] for cargo, instead of those that tests share */
  constructor(binary, environment = {}, flags = []) {
    super();
    this.#binary = binary;
    this.#environment = environment;
    this.#flags = flags;
  }

  async launch(port) {
    const executable = await build(this.#binary, this.#flags);
    this.#folder ??= newFolder(this.#binary);
    const child = spawn(executable, [], {
      cwd: this.#folder,
      env: { ...process.env, PORT: String(port), ...this.#environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const leash = () => child.kill("SIGKILL");
    atExit.add(leash);
    const ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(this.#output.push(String(error))));
      child.once("exit", resolve);
    }).finally(() => atExit.delete(leash));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => this.#output.push(text));
    }
    return {
      ended: () => child.exitCode !== null || child.signalCode !== null || !child.pid,
      stop: (signal) => end(child, signal, ended, this.#binary),
    };
  }

  get output() {
    return this.#output.join("");
  }
}

async function end(child, signal, ended, name) {
  child.kill(signal);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, PATIENCE);
  await ended;
  clearTimeout(timer);
  if (late) throw new Error(`${name} did not end within ${PATIENCE / 1000} s of ${signal}`);
}

/** Promises of what cargo built, by its flags: the paths of the binaries by name. */
const builds = new Map();

/** Builds the workspace's binaries if need be and returns the path of one. */
async function build(binary, flags) {
  const key = flags.join(" ");
  if (!builds.has(key)) builds.set(key, runCargo(flags));
  const path = (await builds.get(key)).get(binary);
  if (!path) throw new Error(`cargo built no binary called ${binary}`);
  return path;
}

/** What `cargo test` builds, so that this builds nothing more. */
const SHARED = ["--workspace", "--tests", "--bins", "--examples"];

async function runCargo(flags) {
  const workspace = fileURLToPath(new URL("../../../", import.meta.url));
  const cargo = process.env.CARGO || "cargo";
  const format = "--message-format=json-render-diagnostics";
  const command = ["build", format, ...(flags.length > 0 ? flags : SHARED)];
  const run = promisify(execFile)(cargo, command, { cwd: workspace, maxBuffer: 1 << 28 });
  const { stdout } = await run.catch((error) => {
    throw new Error(`cargo ${command.join(" ")} failed:\n${error.stderr ?? error}`);
  });
  const messages = stdout.split("\n").filter((line) => line.startsWith("{")).map(JSON.parse);
  const binaries = messages.filter(
    // Each binary also has one that runs its unit tests.
    ({ executable, target, profile }) => executable && target.kind.includes("bin") && !profile.test,
  );
  return new Map(binaries.map(({ executable, target }) => [target.name, executable]));
}

function newFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `bennu-${name}-`));
  atExit.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Ports of servers lie below those that the system gives to sockets that ask for any, so that none
 * is taken while its server is restarted. As long as this process lives it also listens on a port
 * beside each: so no other one that runs specs can take it for its own.
 */
const PORTS = { first: 20_000, count: 6_000 };
let nextPort = process.pid % PORTS.count;

async function takePort() {
  for (;;) {
    const port = PORTS.first + (nextPort++ % PORTS.count);
    const guard = await listen(port + PORTS.count);
    const probe = guard && (await listen(port));
    if (probe) {
      await new Promise((resolve) => probe.close(resolve));
      guard.unref();
      return port;
    }
    guard?.close();
  }
}

/** A socket that listens on a port; null if another one does. */
function listen(port) {
  return new Promise((resolve) => {
    const socket = createServer().once("error", () => resolve(null));
    socket.listen(port, "127.0.0.1", () => resolve(socket));
  });
}

function takesConnections(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

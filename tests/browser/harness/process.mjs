// Programs that the harness starts to have a browser, and their end: with the harness's own process
// at the latest, however that ends, and with all that they have started themselves. The server under
// test is server.mjs's.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

// It reads from a pipe to which nothing is written, and which ends with the harness.
const WATCHER = 'read -r line; kill -9 -"$1"';

/**
 * Has a process group killed when the harness's process ends, even if that is killed itself. The
 * function that it returns lets the group go.
 */
export function tie(group) {
  const stdio = ["pipe", "ignore", "ignore"];
  const watcher = spawn("sh", ["-c", WATCHER, "sh", String(group)], { stdio, detached: true });
  watcher.unref();
  watcher.stdin.unref();
  return () => watcher.kill("SIGKILL");
}

export class ProcessGroup {
  #child;

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{ env?: NodeJS.ProcessEnv, install: string }} options `install` says what to do where
   *   there is no such program
   */
  static async start(command, args, { env, install }) {
    const group = new ProcessGroup();
    group.#child = spawn(command, args, { env, stdio: ["ignore", "ignore", "ignore", "pipe"], detached: true });
    await once(group.#child, "spawn").catch((error) => {
      throw new Error(`${command} can't be started: ${install}`, { cause: error });
    });
    const untie = tie(group.#child.pid);
    group.ended = once(group.#child, "exit").then(() => {
      untie();
      group.#signal("SIGKILL");
    });
    return group;
  }

  get hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The first line that the program writes to its descriptor 3. */
  async firstLine() {
    const lines = createInterface(this.#child.stdio[3]);
    const ended = this.ended.then(() => {
      throw new Error(`${this.#child.spawnfile} ended before it said anything`);
    });
    const [line] = await Promise.race([once(lines, "line"), ended]);
    return line;
  }

  /** Ends the program and all that it has started. */
  async stop() {
    this.#signal("SIGTERM");
    await this.ended;
  }

  #signal(signal) {
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // Nothing of it runs any more.
    }
  }
}

// Runs the specs: all, those of the files whose name contains one of the words, or, where no file
// does, the specs whose own name contains it.
//
//     npm test                        npm test -- todo kanban         npm test -- "counts clicks"
//     npm test -- todo --repeat=20    each spec so many times: does it waver?
//     npm test -- --latency=300       answers take so many milliseconds: does one wait for them?
//     npm test -- --lanes=1           so many files at a time

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const node = spawn(
  process.execPath,
  [`--test-reporter=${path("../reporter.mjs")}`, "--test-reporter-destination=stdout", path("harness/main.mjs"), ...process.argv.slice(2)],
  { cwd: path("."), stdio: "inherit" },
);
node.on("exit", (code) => process.exit(code ?? 1));

// Runs the specs: all, those of the files whose name contains the first argument, or, where no
// file does, the specs whose own name contains it.
//
//     npm test                 npm test -- todo                 npm test -- "counts clicks"

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const filter = process.argv[2] ?? "";

const all = readdirSync(here, { recursive: true })
  .filter((file) => file.endsWith(".spec.mjs") && !file.includes("node_modules"))
  .sort();
const named = all.filter((file) => file.includes(filter));
const pattern = named.length === 0 ? ["--test-name-pattern", escape(filter)] : [];

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

// One file after the other: two browsers at once on a small machine make slow specs, and slow
// specs look like broken ones.
const options = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...pattern];
const files = named.length === 0 ? all : named;
const node = spawn(process.execPath, [...options, ...files], { cwd: here, stdio: "inherit" });
node.on("exit", (code) => process.exit(code ?? 1));

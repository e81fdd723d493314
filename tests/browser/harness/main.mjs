// The specs of all files in one process, with one browser: several files at a time, and of each
// file its two clients side by side, so that the machine has work while a spec waits.

import { after, before, describe, test } from "node:test";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { browsers, isInstalled } from "./browsers.mjs";
import { setLatency } from "./connection.mjs";
import { collected } from "./suite.mjs";

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    lanes: { type: "string", default: "3" },
    latency: { type: "string", default: "0" },
    repeat: { type: "string", default: "1" },
  },
});

setLatency(Number(options.latency));

const here = fileURLToPath(new URL("..", import.meta.url));
const names = readdirSync(here).filter((name) => name.endsWith(".spec.mjs"));
const named = names.filter((name) => words.some((word) => name.includes(word)));
const files = [];
for (const name of named.length > 0 ? named : names) {
  await import(`../${name}`);
  files.push({ name, suites: collected() });
}

/** Whether a spec was asked for; where files were, all of theirs are. */
const isWanted = ({ title }) => words.length === 0 || named.length > 0 || words.some((word) => title.includes(word));

/** What runs in one lane: a file, by client. */
const queue = files
  .map(({ name, suites }) => {
    const specs = suites.flatMap((suite) => suite.specs).filter(isWanted);
    return { name, suites, count: specs.length };
  })
  .filter(({ count }) => count > 0)
  // The longest first, so that no lane ends long after the others.
  .sort((a, b) => b.count - a.count);

for (const name of ["firefox", "webkit"]) {
  if (!isInstalled(name)) console.log(`${name} is not installed: what runs in it too is left out there`);
}
if (queue.length === 0) {
  console.error(`no spec is called ${words.join(" or ")}`);
  process.exit(1);
}

describe("specs", { concurrency: Number(options.lanes) }, () => {
  after(() => browsers.stop());
  for (const { name, suites } of queue) {
    test(name, { concurrency: true }, (file) =>
      Promise.all(suites.flatMap((suite) => suite.lanes(isWanted, Number(options.repeat)).map((lane) => file.test(lane.name, lane.run)))),
    );
  }
});

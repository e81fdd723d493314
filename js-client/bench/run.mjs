// Measures the clients' main-thread time side by side: ours and Phoenix's, in the same browser,
// on the same pages, in turns. `npm run bench` in js-client, or `cargo xtask bench`.
//
// For each line two figures a client: what the client itself takes (its click or input handler and
// its message handler, by `performance.now` around them), and the processor time of the page's main
// thread, with style, layout and paint (CDP's ThreadTime). Medians of the rounds.

import { browsers } from "../../tests/browser/harness/browsers.mjs";
import { CargoServer } from "../../tests/browser/harness/server.mjs";
import { instrument, perform } from "./page.mjs";

const CLIENTS = ["bennu", "stock"];
const ROUNDS = Number(process.env.ROUNDS ?? 3);
/** The lines whose names have this. */
const ONLY = process.env.ONLY ?? "";

/** Operations a round; a line's events are sent in turns, `only` picks those that count. */
const LINES = [
  { name: "create 1,000 rows", path: "/table", events: ["clear", "create"], only: 1, count: 20 },
  { name: "clear 1,000 rows", path: "/table", events: ["clear", "create"], only: 0, count: 20 },
  { name: "update one row of 1,000", path: "/table", events: ["update_one"], count: 40 },
  { name: "update every 10th row", path: "/table", events: ["update_every_10th"], count: 20 },
  { name: "swap two rows", path: "/table", events: ["swap"], count: 20 },
  { name: "prepend a row", path: "/table", events: ["prepend"], count: 20 },
  { name: "append ten rows", path: "/table", events: ["append"], count: 20 },
  { name: "remove a row", path: "/table", events: ["remove"], count: 20 },
  { name: "tick of a dashboard, 20 values", path: "/dash", events: ["tick"], count: 40 },
  { name: "keystroke in a form", path: "/form", field: "input.input", count: 40 },
];

const server = new CargoServer("workloads", {}, ["--release", "--package", "workloads"]);
const stock = await browsers.stock();
await server.start();
try {
  for (const slowdown of [1, 4]) {
    console.log(`\nmain thread slowed down ${slowdown} times, microseconds an operation`);
    console.log("| | Bennu | Phoenix | ratio | Bennu, whole thread | Phoenix, whole thread |");
    console.log("|---|---|---|---|---|---|");
    for (const line of LINES.filter(({ name }) => name.includes(ONLY))) console.log(await measure(line, slowdown));
  }
} finally {
  await browsers.stop();
  await server.stop();
}

async function measure(line, slowdown) {
  const own = { bennu: [], stock: [] };
  const thread = { bennu: [], stock: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const client of CLIENTS) {
      const { each, used } = await runOnce(line, client, slowdown);
      const counted =
        line.only === undefined
          ? each
          : each.filter((_, turn) => turn % line.events.length === line.only);
      own[client].push(mean(counted) * 1000);
      thread[client].push((used / each.length) * 1e6);
    }
  }
  const [ours, theirs] = CLIENTS.map((client) => median(own[client]));
  const [oursAll, theirsAll] = CLIENTS.map((client) => median(thread[client]));
  const ratio = (theirs / ours).toFixed(1);
  const cells = [line.name, ours, theirs, ratio, oursAll, theirsAll].map((cell) =>
    typeof cell === "number" ? cell.toFixed(0) : cell,
  );
  return `| ${cells.join(" | ")} |`;
}

/** One fresh page: some operations to warm up, then those that are measured. */
async function runOnce(line, client, slowdown) {
  const context = await browsers.newContext("chromium");
  try {
    const page = await context.newPage();
    if (client === "stock") {
      await page.route("**/live/assets/bennu-*.js", (route) =>
        route.fulfill({ contentType: "text/javascript", body: stock }),
      );
    }
    await page.addInitScript(instrument);
    await page.goto(`http://127.0.0.1:${server.port}${line.path}`);
    await page.waitForSelector("[data-phx-main].phx-connected");
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable");
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    const { events, field, count } = line;
    await page.evaluate(perform, { events, field, count: Math.min(count, 10) });
    const start = await threadTime(devtools);
    const each = await page.evaluate(perform, { events, field, count });
    const used = (await threadTime(devtools)) - start;
    return { each, used };
  } finally {
    await context.close();
  }
}

/** Processor time of the page's main thread so far, in seconds. */
async function threadTime(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ThreadTime").value;
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

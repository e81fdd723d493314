// Random pages of all shapes, in Phoenix's client and in ours: whatever
// happens on the server, the network and the page, when nothing is under way
// the page is what a fresh GET brings.
//
// `SEED=7 npm test -- shapes` repeats one run.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { buildClient } from "./support/clients.ts";
import type { Client, ClientName } from "./support/clients.ts";
import { KNOWN_FAULTS } from "./support/known-faults.ts";
import type { KnownFault } from "./support/known-faults.ts";
import { RACES, Run } from "./support/run.ts";
import type { Options, RunStep } from "./support/run.ts";
import { isAll, seeds } from "./support/seeds.ts";
import { Application } from "./support/shapes.ts";

const SEEDS = seeds(16, 320);
const STEPS: RunStep[] = [
  ...Array<RunStep>(8).fill("change"),
  ...(["tick_page", "tick_sticky", "tick_child", "patch", "navigate", "fail_page", "fail_sticky", "fail_child"] as const),
  ...(["click", "click", "follow", "follow", "back", "type", "type", "submit", "field", "cut"] as const),
];
/** A known fault shows itself within so many seeds. */
const FAULT_SEEDS = isAll ? 320 : 12;
const CLIENTS = { stock: "Phoenix's client", ours: "our client" };

let application: Application;
let shapes: string[];
const clients = {} as Record<ClientName, Client>;

before(async () => {
  application = await Application.open();
  shapes = await application.shapes();
  for (const name of ["ours", "stock"] as const) clients[name] = await buildClient(name);
});

after(() => application.close());

/** An ordinary run, with what this fault needs. */
function ordinary(name: ClientName, fault?: KnownFault): Omit<Options, "seed"> {
  const others = KNOWN_FAULTS[name].filter((other) => other !== fault);
  return {
    shapes: shapes.filter((shape) => !others.some(({ shapes = [] }) => shapes.includes(shape))),
    races: RACES.filter((race) => !others.some(({ races = [] }) => races.includes(race))),
    steps: STEPS,
    count: 30,
  };
}

for (const name of ["stock", "ours"] as const) {
  test(`random pages are what a fresh GET brings in ${CLIENTS[name]}`, async () => {
    const options = ordinary(name);
    const seen = new Set<string>();
    for (const seed of SEEDS) {
      for (const shape of await Run.take(application, clients[name], { ...options, seed })) seen.add(shape);
    }
    if (isAll) assert.deepEqual(options.shapes.filter((shape) => !seen.has(shape)), [], "no page had these shapes");
  });

  for (const fault of KNOWN_FAULTS[name]) {
    const { name: title, run, error } = fault;
    // What has no runs of its own shows itself rarely: only when all seeds are taken.
    if (Object.keys(run).length === 0 && !isAll) continue;
    test(`known to fail in ${CLIENTS[name]}: ${title}`, async () => {
      const options = { ...ordinary(name, fault), ...run };
      for (let seed = 1; seed <= FAULT_SEEDS; seed++) {
        const failure = await Run.take(application, clients[name], { ...options, seed }).then(() => {}, String);
        if (failure === undefined) continue;
        assert.match(failure, error, `"${title}" fails for another reason`);
        // Where ours alone fails, the server is right: Phoenix's client shows it.
        const failsInBoth = KNOWN_FAULTS.stock.some((other) => other.name === title);
        if (name === "ours" && !failsInBoth) await Run.take(application, clients.stock, { ...options, seed });
        return;
      }
      assert.fail(`"${title}" passes now: take it off the list in support/known-faults.ts`);
    });
  }
}

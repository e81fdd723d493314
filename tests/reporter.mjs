// How node's tests are told, the client's and the browser's: what passes is a line per file, what
// fails is told in full, and the end lists the slowest tests and how to run again what failed.
//
// `cargo xtask test` repeats the lines from `FAILED` on in its summary (xtask/src/step.rs).

import { basename } from "node:path";

const SLOWEST = 20;

export default async function* report(events) {
  /** By name; of the client's tests the name of the bundle is that of its source. */
  const files = new Map();
  /** The tests around the one that is told of, outermost first. */
  const around = [];
  for await (const { type, data } of events) {
    if (type === "test:stderr" || type === "test:stdout") yield data.message;
    if (type === "test:start") {
      around.length = data.nesting;
      if (data.nesting > 0) around[data.nesting - 1].hasTests = true;
      around[data.nesting] = { name: data.name };
    }
    if (type !== "test:pass" && type !== "test:fail") continue;
    const path = around.slice(0, data.nesting + 1).map(({ name }) => name);
    const name = path.findLast((name) => name.endsWith(".spec.mjs")) ?? basename(data.file ?? "").replace(/\.mjs$/, ".ts");
    const file = files.get(name) ?? { name, tests: [], seconds: 0 };
    files.set(name, file);
    const test = { title: data.name, seconds: data.details.duration_ms / 1000, error: data.details.error };
    const hasFailed = type === "test:fail";
    const hasTests = data.details.type === "suite" || around[data.nesting].hasTests;
    // What fails around tests and not in them is a failure too.
    if (hasTests ? hasFailed && test.error.failureType !== "subtestsFailed" : true) {
      file.tests.push({ ...test, hasFailed });
      if (hasFailed) yield failure(file, test);
    }
    if (data.name === name) yield* line(Object.assign(file, { seconds: test.seconds, isDone: true }));
  }
  for (const file of files.values()) if (!file.isDone) yield* line(file);
  yield* summary([...files.values()]);
}

function* line({ name, tests, seconds }) {
  if (tests.length === 0) return;
  const failures = tests.filter(({ hasFailed }) => hasFailed).length;
  const time = seconds || tests.reduce((sum, test) => sum + test.seconds, 0);
  const count = failures ? `${failures} of ${tests.length} failed` : `${tests.length}`;
  yield `${failures ? "failed" : "passed"} ${time.toFixed(1).padStart(6)} s  ${name} (${count})\n`;
}

function failure({ name }, { title, seconds, error }) {
  const cause = error.cause?.stack ?? error.cause ?? error.stack ?? error;
  return `\n✖ ${name} › ${title} (${seconds.toFixed(1)} s)\n${cause}\n\n`;
}

function* summary(files) {
  const tests = files.flatMap(({ name, tests }) => tests.map((test) => ({ ...test, file: name })));
  const slowest = [...tests].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  yield "\nthe slowest:\n";
  for (const { file, title, seconds } of slowest) yield `${seconds.toFixed(1).padStart(6)} s  ${file} › ${title}\n`;
  const failures = tests.filter(({ hasFailed }) => hasFailed);
  yield "\n";
  for (const { file, title } of failures) {
    yield `FAILED ${file} › ${title}\n`;
    yield* (file.endsWith(".spec.mjs") ? ofSpec(title) : ofTest(file)).map((line) => `    ${line}\n`);
  }
  yield `${tests.length - failures.length} passed, ${failures.length} failed\n`;
}

function ofSpec(title) {
  // Repeated specs are numbered.
  const name = title.replace(/ \(\d+\)$/, "");
  return [
    `again: cargo xtask test browser '${name.replaceAll("'", "'\\''")}'`,
    `traces: tests/browser/output/${folder(name)}`,
  ];
}

function ofTest(file) {
  return [`again: cargo xtask test client ${file.replace(/\.test\.ts$/, "")}`];
}

/** The folder for what a failed spec leaves. */
export function folder(title) {
  return title.replace(/[^a-z0-9]+/gi, "-");
}

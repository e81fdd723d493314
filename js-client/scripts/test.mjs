// Bundles each test for node and runs node's test runner on the results.
// Arguments narrow the run: `npm test -- list template`.

import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";

const root = new URL("..", import.meta.url).pathname;
const out = `${root}node_modules/.tests`;
const wanted = process.argv.slice(2);
const names = (await readdir(`${root}test`))
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => name.slice(0, -".test.ts".length))
  .filter((name) => !wanted.length || wanted.includes(name));

await rm(out, { recursive: true, force: true });
await build({
  entryPoints: names.map((name) => `${root}test/${name}.test.ts`),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  external: ["jsdom", "esbuild", "ws", "playwright-core", "../../scripts/*"],
  logLevel: "error",
});
const files = names.map((name) => `${out}/${name}.test.mjs`);
const args = [
  "--enable-source-maps",
  "--test",
  // More files than cores: some wait for a browser.
  "--test-concurrency=3",
  // Milliseconds, of a file as a whole too: what waits for ever is a failure with a name.
  "--test-timeout=1200000",
  `--test-reporter=${root}../tests/reporter.mjs`,
  "--test-reporter-destination=stdout",
  ...files,
];
const { status } = spawnSync(process.execPath, args, { stdio: "inherit", cwd: root });
process.exit(status ?? 1);

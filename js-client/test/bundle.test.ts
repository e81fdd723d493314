import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
// @ts-expect-error a script without types
import { assets, bundle, gzip, module } from "../../scripts/bundle.mjs";

const read = (name: string) => readFileSync(new URL(name, assets as URL));
/** Of the gzipped client, in bytes. */
const BUDGET = 14_336;

test("the committed bundle is what the sources give, plain and compressed", async () => {
  const fresh = (await bundle()) as Buffer;
  const hint = "run `npm run build` and commit crates/bennu/assets";
  assert.ok(fresh.equals(read("bennu.js")), hint);
  assert.ok(fresh.equals(gunzipSync(read("bennu.js.gz"))), hint);
  assert.ok(fresh.equals(brotliDecompressSync(read("bennu.js.br"))), hint);
});

test("the client keeps its budget", () => {
  const { length } = gzip(read("bennu.js")) as Buffer;
  assert.ok(length <= BUDGET, `${length} bytes gzipped, ${BUDGET} allowed`);
});

test("the module exports what applications use, and starts nothing", async () => {
  const [map, script] = (await module()) as { path: string; text: string }[];
  assert.match(map!.path, /bennu\.mjs\.map$/);
  const { text } = script!;
  assert.match(text, /^\/\/# sourceMappingURL=bennu\.mjs\.map$/m);
  const names = /export\{([^}]*)\}/.exec(text)![1]!.split(",").map((name) => name.replace(/.* as /, ""));
  assert.deepEqual(names.sort(), ["LiveSocket", "Socket", "ViewHook", "createHook", "isUsedInput"]);
  assert.doesNotMatch(text, /currentScript/);
});

test("the client runs under a policy without eval and inline code", async () => {
  const script = ((await bundle()) as Buffer).toString();
  assert.doesNotMatch(script, /\beval\(|new Function|setTimeout\("|javascript:|\.style\s*=\s*"|setAttribute\("style"/);
});

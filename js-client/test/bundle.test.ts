import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
// @ts-expect-error a script without types
import { assets, bundle, INTERNAL, module, sources } from "../../scripts/bundle.mjs";

const read = (name: string) => readFileSync(new URL(name, assets as URL));
/** Of the scripts by `gzip -9`, in bytes: what every live page loads, and what some do. */
const BUDGETS = { "bennu.js": 15_100, "extra.js": 5_632, "forms.js": 3_328, "mend.js": 1_024, "navigation.js": 2_048 };

test("the committed scripts are what the sources give, plain and compressed", async () => {
  const hint = "run `npm run build` and commit crates/bennu/assets";
  const scripts = (await bundle()) as Record<string, Buffer>;
  assert.deepEqual(Object.keys(scripts), Object.keys(BUDGETS));
  for (const [name, fresh] of Object.entries(scripts)) {
    assert.ok(fresh.equals(read(name)), hint);
    assert.ok(fresh.equals(gunzipSync(read(`${name}.gz`))), hint);
    assert.ok(fresh.equals(brotliDecompressSync(read(`${name}.br`))), hint);
  }
});

for (const [name, budget] of Object.entries(BUDGETS)) {
  test(`${name} keeps its budget`, () => {
    // By the command, so that anyone finds the same figure.
    const { length } = execFileSync("gzip", ["-9"], { input: read(name) });
    assert.ok(length <= budget, `${length} bytes gzipped, ${budget} allowed`);
  });
}

test("no source file is in two scripts, and each has its own folder", async () => {
  const built = (await sources()) as Record<string, string[]>;
  assert.ok(built["bennu.js"]!.includes("src/view.ts") && built["extra.js"]!.includes("src/extra/stream.ts"));
  // What one takes of another goes through core.ts: an import would bring a second copy, with a state of its own.
  const folderOf = (path: string) => /^src\/(?:(\w+)\/)?/.exec(path)![1] ?? "bennu";
  for (const [name, paths] of Object.entries(built)) {
    assert.deepEqual(paths.filter((path) => `${folderOf(path)}.js` !== name), []);
  }
});

test("no source file asks the document itself, in which forms and images take places by their names", async () => {
  const built = (await sources()) as Record<string, string[]>;
  const users: string[] = [];
  for (const path of Object.values(built).flat()) {
    const code = readFileSync(path, "utf8").replaceAll(/\/\*[^]*?\*\/|\/\/.*|"(?:[^"\n])*"/g, "");
    const isNatives = /natives\.ts$/.test(path);
    // As a node it is passed on, or compared.
    for (const [, use] of code.matchAll(/window\.document\b(.*)/g)) assert.match(use!, isNatives ? /^;$/ : /^[,:) ]/, path);
    if (isNatives) assert.match(code, /^const own = window\.document;$/m);
    if (isNatives || !/(?<![.\w])document\b/.test(code)) continue;
    users.push(path);
    assert.match(code, /(import \{[^}]*\bdocument\b[^}]*\} from|export let document: Document)/, path);
  }
  assert.ok(users.length > 15, `${users}`);
});

test("what is written into the page and its history keeps its name", async () => {
  const built = (await sources()) as Record<string, string[]>;
  const texts = Object.values(built).flat().map((path) => readFileSync(path, "utf8")).join();
  const one = [...texts.matchAll(/dataset(?:!|\?)?\.(\w+)/g)].map(([, name]) => name!);
  const several = [...texts.matchAll(/\{([^{}]*)\} = [^;]*dataset/g)].flatMap(([, names]) => names!.match(/\w+/g)!);
  const entry = /interface Entry \{([^}]*)\}/.exec(texts)![1]!.match(/^ +\w+/gm)!.map((name) => name.trim());
  // A name in quotes is never shortened.
  const quoted = [...texts.matchAll(/"(\w+)" in /g)].map(([, name]) => name!);
  const outside = new Set([...one, ...several, ...entry, ...quoted]);
  assert.ok(outside.has("phxStatic") && outside.has("phxSession") && outside.has("stay"));
  const internal = new Set((INTERNAL as string).split(/\s+/));
  assert.deepEqual([...outside].filter((name) => internal.has(name)), []);
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
  const script = Object.values((await bundle()) as Record<string, Buffer>).join();
  assert.doesNotMatch(script, /\beval\(|new Function|setTimeout\("|javascript:|\.style\s*=\s*"|setAttribute\("style"/);
});

// Writes what the npm package holds: the module with its source map and types,
// and the scripts that the crate serves.

import { execFileSync } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { assets, module } from "./bundle.mjs";

const root = new URL("..", import.meta.url);
const dist = new URL("dist/", root);
const types = new URL("types/", dist);

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const { path, contents } of await module()) await writeFile(path, contents);
for (const name of ["bennu.js", "extra.js", "forms.js", "mend.js", "navigation.js"]) await copyFile(new URL(name, assets), new URL(name, dist));
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
  await copyFile(new URL(`../${name}`, root), new URL(name, dist));
}

const tsc = new URL("node_modules/typescript/bin/tsc", root).pathname;
const flags = "--noEmit false --declaration --emitDeclarationOnly --rootDir src --outDir dist/types";
const args = [tsc, ...flags.split(" "), "--project", "tsconfig.types.json"];
execFileSync(process.execPath, args, { cwd: root, stdio: "inherit" });
// Declarations stand beside no sources: what they import are declarations.
for (const name of await readdir(types, { recursive: true })) {
  if (!name.endsWith(".ts")) continue;
  const file = new URL(name, types);
  await writeFile(file, (await readFile(file, "utf8")).replace(/(from "\.{1,2}\/[\w/-]+)\.ts"/g, '$1.js"'));
}

// Writes the bundle that the crate serves, plain and precompressed.

import { mkdir, writeFile } from "node:fs/promises";
import { assets, brotli, bundle, gzip } from "./bundle.mjs";

const script = await bundle();
const files = { "bennu.js": script, "bennu.js.gz": gzip(script), "bennu.js.br": brotli(script) };
await mkdir(assets, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  await writeFile(new URL(name, assets), content);
  console.log(`${name} ${content.length}`);
}

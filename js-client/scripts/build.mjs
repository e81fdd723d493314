// Writes the scripts that the crate serves, plain and precompressed.

import { mkdir, writeFile } from "node:fs/promises";
import { assets, brotli, bundle, gzip } from "./bundle.mjs";

await mkdir(assets, { recursive: true });
for (const [name, script] of Object.entries(await bundle())) {
  const forms = { [name]: script, [`${name}.gz`]: gzip(script), [`${name}.br`]: brotli(script) };
  for (const [name, content] of Object.entries(forms)) {
    await writeFile(new URL(name, assets), content);
    console.log(`${name} ${content.length}`);
  }
}

// The one way the client is bundled: for the crate, and for the test that
// compares the committed bundle with the sources.

import { build } from "esbuild";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = new URL("..", import.meta.url);

/** Where the crate serves the bundle from. */
export const assets = new URL("../crates/bennu/assets/", root);

/** The minified client. */
export async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [new URL("src/index.ts", root).pathname],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    write: false,
  });
  return Buffer.from(outputFiles[0].contents);
}

export function gzip(script) {
  return gzipSync(script, { level: 9 });
}

export function brotli(script) {
  return brotliCompressSync(script, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
}

// What specs share with the client's tests is TypeScript, which Node 20 doesn't read.

import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const CLIENT_TESTS = new URL("../../../js-client/test/", import.meta.url);

/** Imports a file of js-client/test, which may use what runs anywhere. */
export async function importClientTest(path) {
  const entry = fileURLToPath(new URL(path, CLIENT_TESTS));
  const result = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false, logLevel: "warning" });
  return import(`data:text/javascript,${encodeURIComponent(result.outputFiles[0].text)}`);
}

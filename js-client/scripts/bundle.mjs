// The one way the client is bundled: for the crate, and for the test that
// compares the committed bundle with the sources.

import { build } from "esbuild";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { minify } from "terser";

const root = new URL("..", import.meta.url);

/** Where the crate serves the bundle from. */
export const assets = new URL("../crates/bennu/assets/", root);

/**
 * Properties that only our own objects have and only our own code reads. Not
 * here: what applications use (hooks, options, window.liveSocket), what crosses
 * the wire, is written into the page or its history, and names that the DOM has
 * too. All scripts call them the same.
 */
export const INTERNAL = `absolute added afterTransitions anchor beforeWrite cancel canPush catchUp channels ChildPart clickAway clicked commit componentAround componentOf components
  createPage definitionOf destroy detach diagnose dismiss drop due element elementFrom enroll entriesOf first firstNode focusAmong focusFrom
  focusNeighbour forget found isMissed handFiles hasBody holdPatches hook identity idOf insert inserted Instance isArriving isBusy isGone isIgnored isIn isJoin
  isMain isMarked isMovingFocus isOthers isOver isPrinted isSound items isStarted joined joins keepChoice keepChoices last late later lead leave leaving listen
  load locked longest lose mayIgnore mayLeave mend mendComponent mender mendTree mergeNode miss morph moveRange moveTo namespace node offerReload onAnswer onJoin onMessage openView
  overlays owner pace parent parts patched path place portals predictions putAttribute reapplyEffects rebase recall receive recoverForms recovering
  referer rejoin relabelled reloadWithJitter relocate removeRange reply root scripts sendPlain release isUsed writeState settlePortals showText siblings slotOf slots
  snapshot statics strings submitForms take targets targetsOf tellAdded tellBox tellTooLarge template timer topic tries unobserved update view views
  withExtra withMender witness writeAttribute`;

/** How both forms of the client are built. */
function options(entry, format, mangleCache = {}) {
  return {
    entryPoints: [new URL(entry, root).pathname],
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    mangleProps: new RegExp(`^(${INTERNAL.split(/\s+/).join("|")})$`),
    mangleCache,
    tsconfigRaw: { compilerOptions: { alwaysStrict: false, useDefineForClassFields: false } },
    metafile: true,
    write: false,
  };
}

/** The client as a module for bundlers, with its source map. */
export async function module() {
  const maps = { sourcemap: true, outfile: new URL("dist/bennu.mjs", root).pathname };
  const { outputFiles } = await build({ ...options("src/module.ts", "esm"), ...maps });
  return outputFiles;
}

/** By their names what every live page loads, and what some do. */
async function scripts() {
  const first = await build(options("src/index.ts", "iife"));
  const extra = await build(options("src/extra/script.ts", "iife", first.mangleCache));
  const forms = await build(options("src/forms/script.ts", "iife", extra.mangleCache));
  const mend = await build(options("src/mend/script.ts", "iife", forms.mangleCache));
  const navigation = await build(options("src/navigation/script.ts", "iife", mend.mangleCache));
  return { "bennu.js": first, "extra.js": extra, "forms.js": forms, "mend.js": mend, "navigation.js": navigation };
}

/** All as they are served. */
export async function bundle() {
  const built = Object.entries(await scripts());
  return Object.fromEntries(await Promise.all(built.map(async ([name, script]) => [name, await minified(script)])));
}

/** For each script the source files whose code is in it. */
export async function sources() {
  const built = Object.entries(await scripts());
  return Object.fromEntries(
    built.map(([name, { metafile }]) => {
      const [{ inputs }] = Object.values(metafile.outputs);
      return [name, Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0)];
    }),
  );
}

/** A second minifier takes another 3 % off. */
async function minified({ outputFiles }) {
  const { code } = await minify(outputFiles[0].text, {
    compress: {
      passes: 3,
      ecma: 2020,
      unsafe_arrows: true,
      unsafe: true,
      hoist_funs: true,
      keep_fargs: false,
      pure_getters: true,
      sequences: false,
    },
    toplevel: true,
    format: { ascii_only: true },
  });
  return Buffer.from(code);
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

// What a failed spec leaves in `tests/browser/output`, in a folder of its own, and what it says.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { folder as nameFolder } from "../../reporter.mjs";

const OUTPUT = fileURLToPath(new URL("../output/", import.meta.url));

/** How much of a frame a failure's text shows; the file has all of it. In characters. */
const SHOWN = 400;

/**
 * Saves screenshot, markup, frames, trace and the server's log, and returns the error with what is
 * shown of them. `npx playwright-core show-trace trace.zip` opens the trace.
 */
export async function saveFailure({ title, error, page, context, frames, console, server }) {
  const folder = nameFolder(title);
  const file = (name) => join(OUTPUT, folder, name);
  rmSync(file(""), { recursive: true, force: true });
  mkdirSync(file(""), { recursive: true });

  const lines = [error.stack ?? String(error)];
  const section = (title, items) => items.length > 0 && lines.push(`--- ${title}`, ...items);
  const log = server.output.trimEnd().split("\n").filter(Boolean);
  section("console", console);
  section("last frames", frames.slice(-12).map((frame) => cut(told(frame))));
  section("server", log.slice(-20));
  section("traces", [`tests/browser/output/${folder}`]);

  writeFileSync(file("failure.txt"), lines.join("\n"));
  writeFileSync(file("frames.txt"), frames.map((frame) => `${frame.at.toFixed(1)} ${told(frame)}\n`).join(""));
  writeFileSync(file("server.txt"), log.join("\n"));
  // A page that is gone or hangs has nothing to show.
  const saved = [
    page.screenshot({ path: file("page.png"), timeout: 10_000 }),
    page.content?.().then((html) => writeFileSync(file("page.html"), html)),
    context.tracing?.stop({ path: file("trace.zip") }),
  ];
  await Promise.race([Promise.allSettled(saved), new Promise((resolve) => setTimeout(resolve, 20_000).unref())]);
  return new Error(lines.join("\n"), { cause: error });
}

function told({ from, text }) {
  return `${from}: ${typeof text === "string" ? text : `${text.length} bytes`}`;
}

function cut(text) {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

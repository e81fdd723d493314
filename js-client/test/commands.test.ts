import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../src/commands.ts";
import type { moves } from "../src/navigation.ts";

function log(value: string): unknown[] {
  const done: unknown[] = [];
  const navigation = {
    navigate: (...args: unknown[]) => done.push(["navigate", ...args]),
    patch: (...args: unknown[]) => done.push(["patch", ...args]),
  } as unknown as typeof moves;
  run(navigation, value, (event, args) => done.push([event, args]));
  return done;
}

test("a plain value is the event to push", () => {
  assert.deepEqual(log("save"), [["save", {}]]);
});

test("a list runs its commands in order", () => {
  const commands = [["push", { event: "a", value: { b: 1 } }], ["navigate", { href: "/x" }], ["patch", { href: "/y", replace: true }]];
  assert.deepEqual(log(JSON.stringify(commands)), [
    ["a", { event: "a", value: { b: 1 } }],
    ["navigate", "/x", "push"],
    ["patch", "/y", "replace"],
  ]);
});

test("an unknown command is reported and the rest still runs", (context) => {
  const error = context.mock.method(console, "error", () => {});
  assert.deepEqual(log('[["fly", {}], ["patch", {"href": "/y"}]]'), [["patch", "/y", "push"]]);
  assert.equal(error.mock.callCount(), 1);
});

// A form as the server decodes it (protocol.md §5.3).

import type { Control } from "./controls.ts";
import { used } from "./controls.ts";
import { core, elementsOf } from "./core.ts";

export function serialize(form: HTMLFormElement, submitter?: HTMLElement | null, only?: string): string {
  const query = new URLSearchParams();
  const controls = elementsOf(form);
  const unused = new Set(controls.map(({ name, type }) => type !== "hidden" && name));
  const areQuiet = core.matches(form, "[phx-no-unused-field]");
  for (const control of controls) {
    const isQuiet = areQuiet || used.has(control) || control === submitter || control.hasAttribute("phx-no-unused-field");
    if (isQuiet) unused.delete(control.name);
  }
  const { type } = (submitter ?? {}) as HTMLButtonElement;
  // Only what submits is taken along.
  if (type === "button") (submitter as HTMLButtonElement).type = "submit";
  const data = new FormData(form, submitter);
  if (type === "button") (submitter as HTMLButtonElement).type = type;
  for (const [name, value] of data) {
    if (typeof value !== "string" || (only && name !== only)) continue;
    if (unused.has(name)) {
      query.append(name.replace(/([^[\]]+)(\]?(\[\])?)$/, "_unused_$1$2"), "");
    }
    query.append(name, value);
  }
  return query.toString();
}

/** A control was edited, or its form submitted. */
export function markUsed(control: Control): void {
  used.add(control);
  // A control may be gone by the time that its form is recovered.
  if (control.form) used.add(control.form);
}

export function markUnused(form: HTMLFormElement): void {
  for (const element of [form, ...elementsOf(form)]) used.delete(element);
}

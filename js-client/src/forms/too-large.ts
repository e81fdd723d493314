// A form that holds more than a message may have says so, until its longest
// field holds something else: to the person by the browser's own bubble, to
// style sheets and screen readers by a class and an attribute.

import { core, elementsOf } from "./core.ts";
import type { Control } from "./controls.ts";

/** What was told of once. */
const told = new WeakSet<Element>();
const marked = new WeakSet<Element>();

const CHANGES = ["input", "phx:update"];

/** `source` is what was to send it. */
export function tellTooLarge(source: Element, limit: number): void {
  if (!told.has(source)) {
    core.diagnose("message.too-large", "app", `#${core.getAttribute(source, "id")} was to send more than ${limit} bytes`, source);
  }
  told.add(source);
  const length = ({ value }: Control) => value?.length || 0;
  const controls = (source instanceof HTMLFormElement ? elementsOf(source) : []) as HTMLInputElement[];
  const [field] = controls.sort((one, other) => length(other) - length(one));
  if (!field || marked.has(field)) return;
  marked.add(field);
  const { value } = field;
  const was = field.getAttribute("aria-invalid");
  const sign = (text: string) => {
    core.classList(source).toggle("phx-too-large", !!text);
    core.putAttribute(field, "aria-invalid", text ? "true" : was);
    field.setCustomValidity?.(text);
  };
  const look = () => {
    if (field.value === value && field.isConnected) return;
    for (const type of CHANGES) window.removeEventListener(type, look, true);
    marked.delete(field);
    sign("");
  };
  // Before the change is sent, which may be too large again.
  for (const type of CHANGES) window.addEventListener(type, look, true);
  sign(core.getAttribute(source, "data-too-large") ?? "This is too long to be sent.");
  field.reportValidity?.();
}

// A form that holds more than a message may have says so, until its longest
// field holds something else: to the person by the browser's own bubble, to
// style sheets and screen readers by a class and an attribute.

import { core } from "./core.ts";
import type { Control } from "../forms.ts";

const told = new WeakSet<Element>();
const marked = new WeakSet<Element>();

const LONGER = ["input", "change", "phx:update"];

/** `source` is what was to send it. */
export function tooLarge(source: Element, limit: number): void {
  if (!told.has(source)) {
    core.diagnose("message.too-large", "app", `#${source.id} was to send more than ${limit} bytes`, source);
  }
  told.add(source);
  if (!(source instanceof HTMLFormElement)) return;
  const length = ({ value }: Control) => value?.length ?? 0;
  const field = ([...source.elements] as Control[]).sort((one, other) => length(other) - length(one))[0]!;
  const { value } = field;
  if (marked.has(field)) return;
  marked.add(field);
  const lift = core.mark({ kind: null, loading: [], overlays: [sign] }, "", 0, {});
  field.setCustomValidity?.(source.dataset.tooLarge ?? "This is too long to be sent.");
  field.reportValidity?.();
  for (const type of LONGER) window.addEventListener(type, look);

  function sign(): () => void {
    const was = field.getAttribute("aria-invalid");
    source.classList.add("phx-too-large");
    core.putAttribute(field, "aria-invalid", "true");
    return () => {
      source.classList.remove("phx-too-large");
      core.putAttribute(field, "aria-invalid", was);
    };
  }

  function look(): void {
    if (field.value === value && field.isConnected) return;
    for (const type of LONGER) window.removeEventListener(type, look);
    marked.delete(field);
    field.setCustomValidity?.("");
    lift();
  }
}

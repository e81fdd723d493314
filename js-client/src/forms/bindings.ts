// Bindings of forms: changes, submits, resets (protocol.md §5.3).

import type { Waiting } from "../marks.ts";
import { countEntry, hand, keepChoice } from "./choices.ts";
import { late, recovering } from "./controls.ts";
import { core, document, elementsOf } from "./core.ts";
import { frozen } from "./frozen.ts";
import { markUnused, markUsed, serialize } from "./serialize.ts";

type Request = (form: HTMLFormElement, submitter: HTMLElement | null) => void;

/** What the last form was submitted with. */
let submitter: HTMLButtonElement | null;

export function bindForms(): void {
  /** The field whose `input` was handled: its `change` says the same again. */
  let entered: EventTarget | null;
  for (const type of ["input", "change"] as const) {
    core.listen(type, (event) => {
      const field = event.target as HTMLInputElement;
      const { form } = field;
      const isRepeated = type === "change" && entered === field;
      entered = type === "input" ? field : null;
      // What is typed is newer than what the server had in store.
      if (entered) late.delete(field);
      if (isRepeated) return;
      keepChoice(field);
      if (form) countEntry(form);
      if ((event as InputEvent).isComposing && core.options().blockPhxChangeWhileComposing) return;
      const own = form && field.getAttribute("phx-change");
      const binding = own || core.getAttribute(form!, "phx-change");
      if (!binding || (field.type === "number" && field.validity.badInput)) return;
      core.pace(field, event, () => {
        markUsed(field);
        changeOf(field, form!, !!own)(binding);
      });
    });
  }
  core.listen("compositionend", ({ target }) => {
    if (core.options().blockPhxChangeWhileComposing) target!.dispatchEvent(new Event("input", { bubbles: true }));
  });
  core.listen("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const binding = core.getAttribute(form, "phx-submit");
    // Before there is a client the browser does what it does without one.
    if (!binding || core.matches(form, "[phx-trigger-action]") || !core.isStarted()) {
      // Safari on iOS has no event for a page that is about to be left.
      if (!event.defaultPrevented) core.mayLeave();
      return;
    }
    event.preventDefault();
    submitter = event.submitter as HTMLButtonElement | null;
    const controls = elementsOf(form);
    for (const control of controls) {
      core.cancel(control);
      markUsed(control);
    }
    if (core.matches(form, ".phx-submit-loading")) return;
    const payload = { type: "form", value: serialize(form, event.submitter), meta: core.valuesOf(form) };
    const loading = [form, ...(event.submitter ? [event.submitter] : [])];
    const waiting: Waiting = {
      kind: "submit",
      loading,
      locked: controls,
      overlays: frozen(form),
      onTaken: hand(form, null),
    };
    recovering.delete(form);
    core.send(waiting, form, binding, "meta", payload);
  });
  core.listen("reset", (event) => {
    const form = event.target as HTMLFormElement;
    markUnused(form);
    // The fields have their first values only after this event.
    const reset = elementsOf(form).find(({ type }) => type === "reset");
    setTimeout(() => reset?.dispatchEvent(new Event("input", { bubbles: true })), 0);
  });
}

/** Sends what a form holds now when the returned function is called. */
export function changeOf(field: HTMLInputElement, form: HTMLFormElement, isOwn: boolean): (binding: string) => void {
  const source = isOwn ? field : form;
  const payload = {
    type: "form",
    value: serialize(form, field.localName === "button" && field.type !== "reset" ? field : null, isOwn ? field.name : undefined),
    meta: { _target: field.name || "undefined", ...core.valuesOf(source) },
    uploads: {},
  };
  const waiting: Waiting = { kind: "change", loading: [field, form], onTaken: hand(form, isOwn ? field : undefined) };
  return (binding) => {
    recovering.delete(source as HTMLFormElement);
    core.send(waiting, source, binding, "meta", payload);
  };
}

/** Lets the browser itself submit the forms of which the server says so, with what they hold now. */
export function submitForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[phx-trigger-action]")) {
    core.native<Request>("requestSubmit")(form, submitter?.form === form ? submitter : null);
    // Once: the page may be patched again before it is left.
    core.putAttribute(form, "phx-trigger-action", null);
  }
}

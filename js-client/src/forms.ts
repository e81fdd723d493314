// Form controls: what belongs to the user and what is sent of it.
//
// While a control is edited, or its form waits for an answer, the server's
// value, checked state and choice are held back and follow later
// (protocol.md §7.5). Writes reach this file through writes.ts; the bindings
// that send forms are in events.ts.

import { isMarked } from "./marks.ts";

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | HTMLButtonElement;

/** The writes held back, by element and attribute. */
const held = new Map<Element, Record<string, string | null>>();

/** Attributes that are only the default of what the user can change. */
const LIVE = /^(value|checked|selected)$/;

/** The field that an element's live state belongs to: itself, or for an option its select. */
export function fieldOf(element: Element): Control | null {
  return element.closest<Control>("input,select,textarea");
}

/** Forms whose values the server will be told of. */
export const recovering = new Set<HTMLFormElement>();

function isInUse(control: Control): boolean {
  if (/^(button|submit|reset|image|hidden)$/.test(control.type)) return false;
  // What is chosen with one click is not being edited.
  const isFocused = control === document.activeElement && !control.matches("[phx-patch-focused],[type=checkbox],[type=radio]");
  return isFocused || isMarked(control) || isMarked(control.form) || recovering.has(control.form!);
}

/** Holds a write back if the user has the control in hand; says whether it did. */
export function holdBack(element: Element, name: string, value: string | null): boolean {
  if (!LIVE.test(name)) return false;
  const field = fieldOf(element);
  if (!field) return false;
  const values = held.get(element) ?? {};
  const wasHeld = name in values;
  delete values[name];
  if (!isInUse(field)) {
    // The attribute may say so already, while the user has changed the state.
    if (wasHeld) syncProperty(element, name, value);
    return false;
  }
  held.set(element, values);
  values[name] = value;
  return true;
}

/** Hands out the writes whose control is free by now. */
export function release(write: (element: Element, name: string, value: string | null) => void): void {
  for (const [element, values] of [...held]) {
    const field = fieldOf(element);
    if (field?.isConnected && isInUse(field)) continue;
    held.delete(element);
    for (const name in values) write(element, name, values[name]!);
  }
}

/** The live state follows an attribute that was written. */
export function syncProperty(element: Element, name: string, value: string | null): void {
  if (!LIVE.test(name) || !(name in element) || !fieldOf(element)) return;
  const { type } = element as Control;
  if (type === "file") return;
  // With another value it is another box, which nobody has checked.
  if (name === "value" && type === "checkbox") syncProperty(element, "checked", element.getAttribute("checked"));
  Object.assign(element, { [name]: name === "value" ? (value ?? "") : value !== null });
}

/** Controls that were edited or submitted, and their forms; other controls are sent as `_unused_`. */
const used = new WeakSet<Element>();

export function markUsed(control: Control): void {
  used.add(control);
  // A control may be gone by the time that its form is recovered.
  if (control.form) used.add(control.form);
}

export function markUnused(form: HTMLFormElement): void {
  for (const element of [form, ...form.elements]) used.delete(element);
}

/** Whether a control, or anything in a form, was used. */
export function isUsedInput(element: Element): boolean {
  return used.has(element);
}

/** The form as the server decodes it (protocol.md §5.3). */
export function serialize(form: HTMLFormElement, submitter?: HTMLElement | null, only?: string): string {
  const query = new URLSearchParams();
  const controls = [...form.elements] as Control[];
  const unused = new Set(controls.map(({ name, type }) => type !== "hidden" && name));
  for (const control of controls) {
    const isQuiet = [form, control].some((element) => element.hasAttribute("phx-no-unused-field"));
    if (isQuiet || used.has(control) || control === submitter) unused.delete(control.name);
  }
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value !== "string" || (only && name !== only)) continue;
    if (unused.has(name)) {
      query.append(name.replace(/([^[\]]+)(\]?(\[\])?)$/, "_unused_$1$2"), "");
    }
    query.append(name, value);
  }
  return query.toString();
}

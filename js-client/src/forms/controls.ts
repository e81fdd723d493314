// Form controls: what they show belongs to the user or to the server.
//
// Attributes are written as they come; they are the state that the server has.
// What a control shows follows them, but not while it is edited or its form
// waits for an answer (protocol.md §7.5). Writes reach this file through
// writes.ts. What is sent of a form is in serialize.ts, what concerns a form as a
// whole in choices.ts.

import { settleForms } from "./choices.ts";
import { core, document } from "./core.ts";

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | HTMLButtonElement;

const states = new WeakSet<Element>();

/** By the attribute that is the default of what the user can change: elements in which a dynamic writes it. */
export const bound: Record<string, WeakSet<Element> | undefined> = {
  // No attribute is one of these by what objects have.
  __proto__: null as never,
  value: new WeakSet(),
  // Of a box and of an option.
  checked: states,
  selected: states,
};

/** Controls that show what the server has as soon as they are free. */
export const late = new Set<Control>();

/** Forms whose values the server will be told of. */
export const recovering = new Set<HTMLFormElement>();

/** The server knows this state of the element. */
export function bind(element: Element, state: string): void {
  bound[state]?.add(element);
}

export const isBox = ({ type }: Control) => /^(checkbox|radio)$/.test(type);
export const optionsOf = (control: Control) => [...((control as HTMLSelectElement).options ?? [])];

export function isInUse(control: Control): unknown {
  if (/^(button|submit|reset|image|hidden)$/.test(control.type)) return false;
  // What is chosen with one click is not being edited.
  const isFocused = control === document.activeElement && !control.matches("[phx-patch-focused],[type=checkbox],[type=radio]");
  return isFocused || control.validity?.badInput || core.isMarked(control) || core.isMarked(control.form) || recovering.has(control.form!);
}

/** Writes an attribute, or a text area's text; what the control shows follows as soon as it is free. */
export function writeState(element: Element, name: string, write: () => void): void {
  const control = name in bound && name in element && core.controlOf(element);
  const option = element === control ? null : (element as HTMLOptionElement);
  if (!control || control.type === "file" || (option && name === "value")) return write();
  const used = !option && isInUse(control);
  // What was set once follows no attribute.
  if (used) Object.assign(element, { [name]: (control as never)[name] });
  write();
  if (option) option.selected = option.defaultSelected;
  else if (used) late.add(control);
  // With another value it is another box, which nobody has checked.
  else restore(control);
}

/** Gives a control the state that its attributes say. */
export function restore(control: Control): void {
  const { checked, defaultChecked, value, defaultValue } = control as HTMLInputElement;
  for (const option of optionsOf(control)) option.selected = option.defaultSelected;
  if (checked !== defaultChecked) Object.assign(control, { checked: defaultChecked });
  if (!isBox(control) && value !== (defaultValue ?? value)) control.value = defaultValue;
}

/** After a patch: controls that are free by now show what the server has. */
export function release(): void {
  settleForms();
  for (const control of late) {
    if (control.isConnected && isInUse(control)) continue;
    late.delete(control);
    restore(control);
  }
}

/** Controls that were edited or submitted, and their forms; other controls are sent as `_unused_`. */
export const used = new WeakSet<Element>();

/** Whether a control, or anything in a form, was used. */
export function isUsedInput(element: Element): boolean {
  return used.has(element);
}

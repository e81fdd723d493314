// What commands have changed on elements, kept over patches.
//
// A write of the server's may undo a class, an attribute or the visibility that
// a command has set: writes.ts asks for them again after each write to such an
// element. Also which attributes an element keeps for itself (`ignore_attrs`).

import { core } from "./core.ts";

/** By what they change, so that a later effect takes the place of an earlier one. */
const effects = new WeakMap<Element, Map<string, () => void>>();
const ignored = new WeakMap<Element, RegExp>();

function stick(element: Element, key: string, apply: () => void): void {
  const own = effects.get(element) ?? new Map<string, () => void>();
  effects.set(element, own.set(key, apply));
  apply();
}

/** Called after a write to an element. */
export function reapplyEffects(element: Element): void {
  effects.get(element)?.forEach((apply) => apply());
}

/** A class that is as wanted already stays the server's. */
export function setClasses(element: Element, names: string[], isOn: boolean): void {
  const classes = core.classList(element);
  for (const name of names) {
    if (classes.contains(name) !== isOn) stick(element, `.${name}`, () => classes.toggle(name, isOn));
  }
}

export function setAttribute(element: Element, name: string, value: string | null): void {
  stick(element, name, () => core.putAttribute(element, name, value));
}

export function setDisplay(element: Element, display: string): void {
  stick(element, "", () => (core.native<(element: Element) => CSSStyleDeclaration>("style")(element).display = display));
}

/** From now on the element keeps these attributes; `*` stands for any text in a name. */
export function ignoreAttributes(element: Element, names: string[]): void {
  ignored.set(element, RegExp(`^(${names.join("|").replaceAll("*", ".*")})$`));
}

export function isIgnored(element: Element, name: string): boolean {
  return !!ignored.get(element)?.test(name);
}

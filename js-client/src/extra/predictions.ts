// Predictions: what a push expects to change, laid over the page until its
// answer (docs/extensions.md).

import type { Scope } from "../commands.ts";
import type { Overlay } from "../marks.ts";
import { core, document } from "./core.ts";

export type Prediction = [kind: string, to: Scope | null, ...change: any[]];

type Change = (element: any, ...change: any[]) => (() => unknown) | undefined;

/** A change of what can be read and set. */
const change =
  (read: (element: any, name: any) => unknown, set: (element: any, name: any, value: any) => void): Change =>
  (element, name, value) => {
    const old = read(element, name);
    set(element, name, value);
    return () => set(element, name, old);
  };

/** Each makes its change and returns how to undo it. */
const changes: Record<string, Change> = {
  __proto__: null as never,
  text: (element, text) => core.relabelled(element, text)(),
  class: change(
    (element, name) => core.classList(element).contains(name),
    (element, name, isOn) => core.classList(element).toggle(name, isOn),
  ),
  attr: change((element, name) => core.getAttribute(element, name), (element, name, value) => core.putAttribute(element, name, value)),
  // A click has changed it already: what the server rendered is in the attribute.
  checked: (element, isOn) => {
    element.checked = isOn;
    return () => (element.checked = element.defaultChecked);
  },
  move(element, selector, isInside) {
    const parent = core.parentNode(element);
    const next = core.nextSibling(element);
    // Without a place to go it leaves the page.
    const target = selector ? document.querySelector(selector) : new DocumentFragment();
    // It may have left the page by now, or the target.
    if (!target || !core.isConnected(element)) return;
    core.relocate(isInside ? target : core.parentNode(target)!, element, isInside ? null : target);
    return () => core.relocate(parent!, element, next);
  },
};

export function predictions(list: Prediction[] = [], source: Element): Overlay[] {
  return list.map(([kind, to, ...change]) => () => {
    const undos = [...core.targetsOf(source, to)].map((element) => changes[kind]?.(element, ...change)).reverse();
    return () => undos.forEach((undo) => undo?.());
  });
}

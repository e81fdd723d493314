// Predictions: what a push expects to change, laid over the page until its
// answer (docs/extensions.md).

import { targetsOf } from "./commands.ts";
import type { Scope } from "./commands.ts";
import { relabelled } from "./marks.ts";
import type { Overlay } from "./marks.ts";
import { relocate } from "./writes.ts";

export type Prediction = [kind: string, to: Scope | null, ...change: any[]];

function put(target: any, key: string, value: unknown, old = target[key]): () => void {
  target[key] = value;
  return () => (target[key] = old);
}

function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** Each makes its change and returns how to undo it. */
const changes: Record<string, (element: any, ...change: any[]) => (() => unknown) | undefined> = {
  text: (element, text) => relabelled(element, text)(),
  class({ classList }, name, isOn) {
    const had = classList.contains(name);
    classList.toggle(name, isOn);
    return () => classList.toggle(name, had);
  },
  attr(element, name, value) {
    const old = element.getAttribute(name);
    setAttribute(element, name, value);
    return () => setAttribute(element, name, old);
  },
  // A click has changed it already: what the server rendered is in the attribute.
  checked: (element, isOn) => put(element, "checked", isOn, element.defaultChecked),
  hide: ({ style }) => put(style, "display", "none"),
  move(element, selector, isInside) {
    const { parentNode, nextSibling } = element;
    const target = document.querySelector(selector);
    // It may have left the page by now, or the target.
    if (!target || !element.isConnected) return;
    relocate(isInside ? target : target.parentNode, element, isInside ? null : target);
    return () => relocate(parentNode, element, nextSibling);
  },
};

export function predictions(list: Prediction[] = [], source: Element): Overlay[] {
  return list.map(([kind, to, ...change]) => () => {
    const undos = [...targetsOf(source, to)].map((element) => changes[kind]?.(element, ...change)).reverse();
    return () => undos.forEach((undo) => undo?.());
  });
}

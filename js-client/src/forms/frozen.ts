// Controls that take nothing while an answer is awaited.

import type { Overlay } from "../marks.ts";
import { core, document, elementsOf } from "./core.ts";

/** Keeps a form as it was sent: no second submit, no edits. */
export function frozen(form: HTMLFormElement): Overlay[] {
  return elementsOf(form).flatMap((control) => {
    const overlays = disabled(control);
    return overlays.length ? overlays : flagged(control, control.matches("button") ? "disabled" : "readonly");
  });
}

/** `phx-disable-with`; an empty value only disables. */
export function disabled(element: Element): Overlay[] {
  const label = core.getAttribute(element, "phx-disable-with");
  if (label === null) return [];
  return [flagged(element, "disabled"), ...(label ? [core.relabelled(element, label)] : [])];
}

function flagged(element: Element, attribute: "disabled" | "readonly"): Overlay {
  return () => {
    const was = core.getAttribute(element, attribute);
    const { activeElement } = document;
    core.putAttribute(element, attribute, "");
    return () => {
      core.putAttribute(element, attribute, was);
      // The browser takes the focus from what is disabled.
      if (activeElement === element && document.activeElement === document.body) {
        (element as HTMLElement).focus({ preventScroll: true });
      }
    };
  };
}

// Bindings: from the browser's events to the view's (protocol.md §5.1–§5.4).
//
// All listeners are on the window, so elements need no care when they come and
// go. When an event is let through is decided in pace.ts, what a form sends in
// forms.ts, links in navigation.ts.

import { run } from "./commands.ts";
import { isUsedInput, markUnused, markUsed, serialize } from "./forms.ts";
import type { LiveSocket } from "./live-socket.ts";
import { disabled, frozen, isMarked, loading } from "./marks.ts";
import { cancel, flush, pace } from "./pace.ts";
import { writesFocus } from "./page.ts";

type Field = HTMLInputElement & { form: HTMLFormElement | null };

export function bindEvents(liveSocket: LiveSocket): void {
  bindClicks(liveSocket);
  bindKeys(liveSocket);
  bindFocus(liveSocket);
  bindForms(liveSocket);
}

function listen<K extends keyof WindowEventMap>(type: K, listener: (event: WindowEventMap[K]) => void): void {
  window.addEventListener(type, listener);
}

/** The attributes `phx-value-*`, without the prefix. */
function valuesOf(element: Element): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith("phx-value-")) values[name.slice(10)] = value;
  }
  return values;
}

/** Sends an event that is not a form's. */
function send(liveSocket: LiveSocket, type: string, element: Element, binding: string, data: Record<string, unknown>): void {
  const view = liveSocket.owner(element);
  if (!view) return;
  run(liveSocket, binding, (event, args) => {
    const value = { ...data, ...valuesOf(element) };
    const { value: own, type: kind, checked } = element as HTMLInputElement;
    const isUnchecked = /^(checkbox|radio)$/.test(kind) && !checked;
    if (own !== undefined && !isUnchecked) value.value = own;
    Object.assign(value, args.value);
    const target = args.target ?? element.getAttribute("phx-target");
    for (const [receiver, cid] of liveSocket.targets(target, view)) {
      receiver.push("event", { type, event, value, cid }, {
        elements: [element],
        overlays: [loading(element, type), ...(type === "click" ? disabled(element) : [])],
      });
    }
  });
}

function bindClicks(liveSocket: LiveSocket): void {
  let pressed: EventTarget | null = null;
  listen("mousedown", ({ target }) => (pressed = target));
  listen("click", (event) => {
    if (!(event.target instanceof Element)) return;
    // A click by keyboard or script has no press before it.
    const start = event.detail && pressed instanceof Element ? pressed : event.target;
    pressed = null;
    if (liveSocket.navigation.clicked(event)) return;
    clickAway(liveSocket, event, start);
    const element = event.target.closest("[phx-click]:not(:disabled)");
    const binding = element?.getAttribute("phx-click");
    if (!element || !binding) return;
    if (element.getAttribute("href") === "#") event.preventDefault();
    if (isMarked(element)) return;
    pace(element, event, () =>
      send(liveSocket, "click", element, binding, liveSocket.metadata("click", event, element)),
    );
  });
}

function clickAway(liveSocket: LiveSocket, event: Event, start: Element): void {
  for (const element of document.querySelectorAll("[phx-click-away]")) {
    if (element.contains(start) || !isInSight(element)) continue;
    const data = liveSocket.metadata("click", event, element);
    send(liveSocket, "click", element, element.getAttribute("phx-click-away")!, data);
  }
}

function isInSight(element: Element): boolean {
  const { top, left, bottom, right, width, height } = element.getBoundingClientRect();
  return !!(width || height) && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
}

/** The elements bound to an event: the one it happened on, else those that watch the window. */
function bound(event: Event, name: string): [Element, string][] {
  const target = event.target as Partial<Element>;
  const own = target.getAttribute?.(`phx-${name}`);
  if (own) return [[target as Element, own]];
  const attribute = `phx-window-${name}`;
  return [...document.querySelectorAll(`[${attribute}]`)].map((element) => [element, element.getAttribute(attribute)!]);
}

function bindKeys(liveSocket: LiveSocket): void {
  for (const type of ["keydown", "keyup"] as const) {
    listen(type, (event) => {
      for (const [element, binding] of bound(event, type)) {
        const key = element.getAttribute("phx-key");
        // Choosing from a browser's suggestions sends keydowns without a key.
        if (key && key.toLowerCase() !== event.key?.toLowerCase()) continue;
        pace(element, event, () =>
          send(liveSocket, type, element, binding, {
            key: event.key,
            ...liveSocket.metadata(type, event, element),
          }),
        );
      }
    });
  }
}

function bindFocus(liveSocket: LiveSocket): void {
  const sendFocus = (type: string, event: Event, element: Element, binding: string) =>
    send(liveSocket, type, element, binding, liveSocket.metadata(type, event, element));
  for (const [type, inner] of [["focus", "focusin"], ["blur", "focusout"]] as const) {
    listen(inner, (event) => {
      const element = event.target;
      if (!(element instanceof Element) || writesFocus()) return;
      if (type === "blur") flush(element);
      const binding = element.getAttribute(`phx-${type}`);
      if (binding) sendFocus(type, event, element, binding);
    });
    listen(type, (event) => {
      if (event.target !== window) return;
      for (const [element, binding] of bound(event, type)) sendFocus(type, event, element, binding);
    });
  }
}

function bindForms(liveSocket: LiveSocket): void {
  /** The field whose `input` was handled: its `change` says the same again. */
  let entered: Field | undefined;
  for (const type of ["input", "change"] as const) {
    listen(type, (event) => {
      const field = event.target as Field;
      const own = field.getAttribute?.("phx-change");
      const binding = own || field.form?.getAttribute("phx-change");
      if (!binding || field.validity?.badInput) return;
      const isRepeated = type === "change" && entered === field;
      entered = type === "input" ? field : undefined;
      if (isRepeated) return;
      pace(field, event, () => sendChange(liveSocket, field, binding, !!own));
    });
  }
  listen("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const binding = form.getAttribute("phx-submit");
    if (!binding) return;
    event.preventDefault();
    for (const control of form.elements) cancel(control);
    if (!isMarked(form) || !form.classList.contains("phx-submit-loading")) {
      sendSubmit(liveSocket, form, binding, event.submitter);
    }
  });
  listen("reset", (event) => {
    const form = event.target as HTMLFormElement;
    markUnused(form);
    // The fields have their first values only after this event.
    const field = [...form.elements].find((control) => (control as HTMLInputElement).type === "reset");
    if (form.hasAttribute("phx-change")) {
      setTimeout(() => field?.dispatchEvent(new Event("input", { bubbles: true })));
    }
  });
}

function sendChange(liveSocket: LiveSocket, field: Field, binding: string, isOwn: boolean): void {
  const { form } = field;
  const source = isOwn ? field : form!;
  const view = liveSocket.owner(source);
  if (!view) return;
  markUsed(field);
  run(liveSocket, binding, (event, args) => {
    const target = args.target ?? source.getAttribute("phx-target");
    const value = form ? serialize(form, null, isOwn ? field.name : undefined) : serializeField(field);
    const meta = { _target: field.name || "undefined", ...valuesOf(source), ...args.value };
    for (const [receiver, cid] of liveSocket.targets(target, view)) {
      receiver.push("event", { type: "form", event, value, meta, uploads: {}, cid }, {
        elements: form ? [field, form] : [field],
        overlays: [loading(field, "change"), ...(form ? [loading(form, "change")] : [])],
      });
    }
  });
}

/** A field outside any form, sent as a form of its own. */
function serializeField(field: Field): string {
  const form = document.createElement("form");
  form.append(field.cloneNode(true));
  const copy = form.elements[0] as Field;
  copy.value = field.value;
  if (isUsedInput(field)) markUsed(copy);
  return serialize(form);
}

function sendSubmit(liveSocket: LiveSocket, form: HTMLFormElement, binding: string, submitter: HTMLElement | null): void {
  const view = liveSocket.owner(form);
  if (!view) return;
  for (const control of form.elements) markUsed(control);
  run(liveSocket, binding, (event, args) => {
    const target = args.target ?? form.getAttribute("phx-target");
    const value = serialize(form, submitter);
    const meta = { ...valuesOf(form), ...args.value };
    for (const [receiver, cid] of liveSocket.targets(target, view)) {
      receiver.push("event", { type: "form", event, value, meta, cid }, {
        elements: [form],
        overlays: [loading(form, "submit"), ...frozen(form)],
      });
    }
  });
}

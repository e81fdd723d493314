// Bindings: from the browser's events to the view's (protocol.md §5.1–§5.4).
//
// All listeners are on the window, so elements need no care when they come and
// go. What a form sends is decided in forms.ts, links in navigation.ts. Bindings of
// keys, of focus and of clicks elsewhere are the extra's (extra/bindings.ts), and
// so is when an event is let through (extra/pace.ts).

import { run } from "./commands.ts";
import type { Commands } from "./commands.ts";
import { late, markUnused, markUsed, serialize } from "./forms.ts";
import type { Control } from "./forms.ts";
import { extra } from "./extra.ts";
import type { Extra } from "./extra.ts";
import { liveSocket } from "./live-socket.ts";
import { disabled, frozen, isMarked } from "./marks.ts";
import type { Kind, Waiting } from "./marks.ts";
import { clicked } from "./navigation.ts";
import { isMovingFocus, listen, loading } from "./page.ts";

/** Runs at once unless the element says otherwise, which takes the extra to hear. */
const pace: Extra["pace"] = (element, event, run) => (extra ? extra.pace(element, event, run) : run());

type Values = Record<string, unknown>;

export function bindEvents(): void {
  bindClicks();
  bindForms();
}

/** Runs a binding of an element; what it pushes goes to the targets, its values into `place`. */
function send<P extends "value" | "meta">(
  waiting: Waiting,
  source: Element,
  binding: string | Commands,
  place: P,
  payload: Values & Record<P, Values>,
  onDone?: () => void,
): void {
  const { kind } = waiting;
  run(binding, source, kind, (event, args) => afterJoin(waiting, source, () => {
    const view = liveSocket.owner(source);
    const { target = source.getAttribute("phx-target"), value, loading: also, callback } = args;
    const more = also ? [...document.querySelectorAll(also)] : [];
    const { loading: own, locked = own, overlays = [] } = waiting;
    const whole = {
      ...waiting,
      loading: [...own, ...more],
      locked: [...locked, ...more],
      overlays: [...overlays, ...(extra?.predictions(args.predict, source) ?? [])],
    };
    const targets = view ? liveSocket.targets(target, view) : [];
    for (const [receiver, cid] of targets) {
      const full = { type: kind, event, ...payload, [place]: { ...payload[place], ...value }, cid };
      const stop = args.page_loading ? loading({ kind: "element", target: source }) : () => {};
      const answer = receiver.push("event", full, whole);
      void answer.then(({ reply }) => callback?.(reply)).catch(() => {}).then(stop).then(onDone);
    }
  }));
}

/** Clicks and submits before the first join of their view, in their order. */
const early: (() => void)[] = [];
const MOST_EARLY = 8;

/** Pushes at once, or for a click or a submit as soon as its view has joined; until then it shows that it waits. */
function afterJoin(waiting: Waiting, source: Element, push: () => void): void {
  const { kind, loading } = waiting;
  const el = source.closest<HTMLElement>("[data-phx-session]");
  if (!el?.dataset.phxSession || liveSocket.views.get(el.id)?.joins || !/^(click|submit)$/.test(kind!)) return push();
  if (early.length >= MOST_EARLY) return;
  const toggle = (isOn: boolean) => loading.forEach(({ classList }) => classList.toggle(`phx-${kind}-loading`, isOn));
  toggle(true);
  early.push(() => {
    toggle(false);
    afterJoin(waiting, source, push);
  });
}

/** A view has joined. */
export function sendEarly(): void {
  for (const send of early.splice(0)) send();
}

/** The attributes `phx-value-*`, without the prefix. */
function valuesOf(element: Element): Values {
  const values: Values = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith("phx-value-")) values[name.slice(10)] = value;
  }
  return values;
}

/** Runs a binding for what is no form's event, or none of the user's at all. */
export function sendPlain(
  kind: Kind,
  event: Event | null,
  element: Element,
  binding: string | Commands,
  data?: Values,
  onDone?: () => void,
): void {
  const { value, type, checked } = element as HTMLInputElement;
  const isUnchecked = /^(checkbox|radio)$/.test(type) && !checked;
  const values = {
    ...data,
    ...(event && liveSocket.metadata(event, kind!, element)),
    ...valuesOf(element),
    ...(value !== undefined && !isUnchecked && { value }),
  };
  const overlays = disabled(element);
  const onTaken = () => extra?.tellBox(element);
  send({ kind, loading: [element], overlays, onTaken }, element, binding, "value", { value: values }, onDone);
}

function bindClicks(): void {
  listen("click", (event) => {
    const target = event.target as Element;
    if (!target.closest) return;
    extra?.clickAway(event);
    const element = target.closest("[phx-click]:not(:disabled)");
    if (element) {
      if (element.getAttribute("href") === "#") event.preventDefault();
      const binding = element.getAttribute("phx-click");
      if (binding && !isMarked(element)) {
        pace(element, event, () => sendPlain("click", event, element, binding));
      }
    }
    clicked(event);
  });
}

/** What the last form was submitted with. */
let submitter: HTMLButtonElement | null;

function bindForms(): void {
  /** The field whose `input` was handled: its `change` says the same again. */
  let entered: EventTarget | null;
  for (const type of ["input", "change"] as const) {
    listen(type, (event) => {
      const field = event.target as HTMLInputElement;
      const { form } = field;
      extra?.keepChoice(field);
      // What is typed since is newer than what the server had in store.
      if (type === "input") late.delete(field);
      if ((event as InputEvent).isComposing && liveSocket.options.blockPhxChangeWhileComposing) return;
      const own = form && field.getAttribute("phx-change");
      const binding = own || form?.getAttribute("phx-change");
      if (!binding || (field.type === "number" && field.validity.badInput)) return;
      const isRepeated = type === "change" && entered === field;
      entered = type === "input" ? field : null;
      if (isRepeated) return;
      pace(field, event, () => {
        markUsed(field);
        changeOf(field, form!, !!own)(binding);
      });
    });
  }
  listen("compositionend", ({ target }) => {
    const { blockPhxChangeWhileComposing } = liveSocket.options;
    if (blockPhxChangeWhileComposing) target!.dispatchEvent(new Event("input", { bubbles: true }));
  });
  listen("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const binding = form.getAttribute("phx-submit");
    if (!binding || form.hasAttribute("phx-trigger-action")) return;
    event.preventDefault();
    submitter = event.submitter as HTMLButtonElement | null;
    for (const control of form.elements) {
      extra?.cancel(control);
      markUsed(control as Control);
    }
    if (form.classList.contains("phx-submit-loading")) return;
    const payload = { type: "form", value: serialize(form, event.submitter), meta: valuesOf(form) };
    const loading = [form, ...(event.submitter ? [event.submitter] : [])];
    const waiting: Waiting = {
      kind: "submit",
      loading,
      locked: [...form.elements],
      overlays: frozen(form),
      onTaken: extra?.hand(form, null),
    };
    send(waiting, form, binding, "meta", payload);
  });
  listen("reset", (event) => {
    const form = event.target as HTMLFormElement;
    markUnused(form);
    // The fields have their first values only after this event.
    const reset = form.querySelector("[type=reset]");
    setTimeout(() => reset?.dispatchEvent(new Event("input", { bubbles: true })), 0);
  });
  // What a field has in store is shown when it is left, unless that sends something first.
  listen("focusout", () => {
    if (!isMovingFocus()) setTimeout(() => liveSocket.views.forEach((view) => view.catchUp()), 0);
  });
}

/** Sends what a form holds now when the returned function is called. */
export function changeOf(field: HTMLInputElement, form: HTMLFormElement, isOwn: boolean): (binding: string) => void {
  const source = isOwn ? field : form;
  const payload = {
    type: "form",
    value: serialize(form, field.localName === "button" ? field : null, isOwn ? field.name : undefined),
    meta: { _target: field.name || "undefined", ...valuesOf(source) },
    uploads: {},
  };
  const waiting: Waiting = { kind: "change", loading: [field, form], onTaken: extra?.hand(form, isOwn ? field : undefined) };
  return (binding) => send(waiting, source, binding, "meta", payload);
}

/** Lets the browser itself submit the forms of which the server says so, with what they hold now. */
export function submitForms(root: Element): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[phx-trigger-action]")) {
    form.requestSubmit(submitter?.form === form ? submitter : null);
    // Once: the page may be patched again before it is left.
    form.removeAttribute("phx-trigger-action");
  }
}

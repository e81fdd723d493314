// Bindings: from the browser's events to the view's (protocol.md §5.1–§5.4).
//
// All listeners are on the window, so elements need no care when they come and
// go. Bindings of forms are in forms/bindings.ts, links in navigation/. Bindings of
// keys, of focus and of clicks elsewhere are the extra's (extra/bindings.ts), and
// so is when an event is let through (extra/pace.ts).

import { run } from "./commands.ts";
import type { Commands } from "./commands.ts";
import { extra } from "./extra.ts";
import type { Extra } from "./extra.ts";
import { forms, withForms } from "./forms.ts";
import { liveSocket } from "./live-socket.ts";
import { isAct, isMarked, refuse } from "./marks.ts";
import type { Kind, Waiting } from "./marks.ts";
import { attributes, classList, closest, getAttribute, matches } from "./natives.ts";
import { navigation } from "./navigation.ts";
import { isMovingFocus, listen, loading } from "./page.ts";

/** Runs at once unless the element says otherwise, which takes the extra to hear. */
export const pace: Extra["pace"] = (element, event, run) => (extra ? extra.pace(element, event, run) : run());

type Values = Record<string, unknown>;

/** What the view or the connection ended by, or was too large to be sent, by what sent it. */
export const refused = new WeakMap<Element, unknown>();

export function bindEvents(): void {
  bindClicks();
  // What a control has in store is shown when it is left, unless that sends something first.
  listen("focusout", () => {
    if (!isMovingFocus()) setTimeout(() => liveSocket.views.forEach((view) => view.catchUp()), 0);
  });
}

/** Runs a binding of an element; what it pushes goes to the targets, its values into `place`. */
export function send<P extends "value" | "meta">(
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
    const { target = getAttribute(source, "phx-target"), value, loading: also, callback } = args;
    const more = also ? [...document.querySelectorAll(also)] : [];
    const { loading: own, locked = own, overlays = [] } = waiting;
    const whole = {
      ...waiting,
      loading: [...own, ...more],
      locked: [...locked, ...more],
      overlays: [...overlays, ...(extra?.predictions(args.predict, source) ?? [])],
    };
    const targets = view ? liveSocket.targets(target, view) : [];
    // A view inside has ended with the connection, until it joins again.
    if (!view) refuse(source, kind);
    for (const [receiver, cid] of targets) {
      const full = { type: kind, event, ...payload, [place]: { ...payload[place], ...value }, cid };
      const stop = args.page_loading ? loading({ kind: "element", target: source }) : () => {};
      const answer = receiver.push("event", full, whole);
      void answer.catch(({ message }) => {
        if (/crashed|large/.test(message)) refused.set(source, payload.value);
        refuse(source, kind);
        if (message === "too large") withForms(() => forms?.tellTooLarge(source, liveSocket.socket.longest!));
      });
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
  const el = closest(source, "[data-phx-session]");
  if (!el?.dataset.phxSession || liveSocket.views.get(el.id)?.joins || !isAct(kind)) return push();
  // Too many, or the page is being left.
  if (early.length >= MOST_EARLY || liveSocket.main?.isArriving) return refuse(source, kind);
  const toggle = (isOn: boolean) => loading.forEach((element) => classList(element).toggle(`phx-${kind}-loading`, isOn));
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
export function valuesOf(element: Element): Values {
  const values: Values = { __proto__: null };
  for (const { name, value } of attributes(element)) {
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
  // A form has none of these, but fields by such names.
  const { value, type, checked } = (element instanceof HTMLFormElement ? {} : element) as HTMLInputElement;
  const isUnchecked = /^(checkbox|radio)$/.test(type) && !checked;
  const values = {
    ...data,
    ...(event && liveSocket.metadata(event, kind!, element)),
    ...valuesOf(element),
    ...(value !== undefined && !isUnchecked && { value }),
  };
  const overlays = forms?.disabled(element) ?? [];
  const onTaken = () => forms?.tellBox(element);
  send({ kind, loading: [element], overlays, onTaken }, element, binding, "value", { value: values }, onDone);
}

/** How often elements were clicked since they waited for nothing. */
const turns = new WeakMap<Element, number>();

function bindClicks(): void {
  listen("click", (event) => {
    const target = event.target as Element;
    if (!(target instanceof Element)) return;
    extra?.clickAway(event);
    const element = closest(target, "[phx-click]:not(:disabled)");
    if (element) {
      if (getAttribute(element, "href") === "#") event.preventDefault();
      const waits = isMarked(element);
      const turn = waits ? turns.get(element)! + 1 || 1 : 0;
      const own = getAttribute(element, "phx-click");
      const back = getAttribute(element, "phx-click-back");
      const binding = turn % 2 ? (back ?? own) : own;
      // What was predicted can be clicked again as it is shown.
      const isTaken = !waits || back || matches(element, "[phx-click-again]") || own?.includes('"predict":');
      if (binding && isTaken) {
        turns.set(element, turn);
        pace(element, event, () => sendPlain("click", event, element, binding));
      } else if (binding) refuse(element, "click");
    }
    navigation?.clicked(event);
  });
}

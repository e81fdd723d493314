// Forms beyond their single fields: a choice is kept by its value, wherever that
// goes; what the server took is given up; what was filled in before the join is
// told. Every page with a form that is sent brings this along.

import type { Control } from "./controls.ts";
import type { View } from "../view.ts";
import { changeOf } from "./bindings.ts";
import { bound, isBox, isInUse, late, optionsOf, recovering, restore, used } from "./controls.ts";
import { core, document, elementsOf } from "./core.ts";
import { markUnused, markUsed, serialize } from "./serialize.ts";

/** An option, a box, or a button among several. */
type Choice = HTMLOptionElement & HTMLInputElement;

/** Controls in which the user has chosen. */
const chosen = new Set<Choice & HTMLSelectElement>();

/** Forms whose submit the server took. */
const submitted = new Set<HTMLFormElement>();

/** Controls of whose state the server was told. */
const told = new Set<Control>();

export function keepChoice(control: Element): void {
  // A hidden box is what a button asks for.
  const isChoice = isBox(control as Control) || optionsOf(control as Control)[0];
  if (isChoice && !(control as Choice).hidden) chosen.add(control as Choice & HTMLSelectElement);
}

/** Before a patch: the result gives the user's choices to what has their values now. */
export function keepChoices(): () => void {
  const all = [...chosen].map((control) => {
    const { options, form, name, type } = control;
    const choices = () =>
      [...(options ?? (form ? elementsOf(form) : []))].filter((other) => options || ((other as Choice).name === name && (other as Choice).type === type)) as Choice[];
    const valuesOf = (list: Choice[]) => list.map(({ value }) => value);
    const defaults = () => `${valuesOf(choices().filter((choice) => choice.defaultSelected || choice.defaultChecked))}`;
    const kept = valuesOf(choices().filter((choice) => choice.selected || choice.checked));
    const before = defaults();
    return () => {
      const found = choices();
      const values = valuesOf(found);
      if (!control.isConnected) chosen.delete(control);
      if (!options && found[0]) chosen.add(found[0] as never);
      const isNews = before !== defaults();
      if (isNews && options) late.add(control);
      // The server has chosen something else, or what was chosen is gone.
      if ((isNews && !isInUse(control)) || (options && kept[0] != null && !values.some((value) => kept.includes(value)))) {
        if (options) restore(control);
      } else if (new Set(values).size === values.length) {
        for (const choice of found) choice[options ? "selected" : "checked"] = kept.includes(choice.value);
      }
    };
  });
  return () => all.forEach((restore) => restore());
}

/** How often something was entered into a form. */
const entries = new WeakMap<HTMLFormElement, number>();

export function countEntry(form: HTMLFormElement): void {
  entries.set(form, (entries.get(form) ?? 0) + 1);
}

/** A form is sent, or one field of it; the result is called when the server took it. What changed since is the user's. */
export function hand(form: HTMLFormElement, field?: Control | null): () => void {
  const before = entries.get(form);
  return () => {
    if (entries.get(form) !== before) return;
    if (field === null) submitted.add(form);
    else for (const control of field ? [field] : elementsOf(form)) told.add(control);
  };
}

export function tellBox(element: Element): void {
  if (isBox(element as Control)) told.add(element as Control);
}

/** After a patch: what was answered is the server's from now on, where it has a say. */
export function settleForms(): void {
  for (const form of submitted) {
    if (core.isMarked(form)) continue;
    submitted.delete(form);
    const controls = elementsOf(form);
    const elements = [form, ...controls, ...core.querySelectorAll(form, "[aria-invalid]")];
    // What is wrong stays as it is, and what the browser is to send.
    if (!core.isConnected(form) || elements.some((element) => core.matches(element, "[aria-invalid=true],[phx-trigger-action]"))) continue;
    markUnused(form);
    // Not by `reset`, which makes the text of an `output` anew.
    for (const control of controls) {
      chosen.delete(control as never);
      restore(control);
      (control as { formResetCallback?(): void }).formResetCallback?.();
    }
  }
  for (const control of told) {
    if (core.isMarked(control) || core.isMarked(control.form)) continue;
    told.delete(control);
    const isChoice = isBox(control) || optionsOf(control)[0];
    if ([control, ...optionsOf(control)].some((element) => bound[isChoice ? "checked" : "value"]!.has(element))) {
      chosen.delete(control as never);
      // A text may be edited further.
      if (isChoice) restore(control);
      else late.add(control);
    }
  }
}

/**
 * Before a view that was mounted is shown: its forms keep what they hold, and the returned function
 * tells the view of it, as their new bindings say (protocol.md §5.10). The first join takes the page as
 * it was loaded, so then the view is told of what somebody, or the browser, has changed since.
 */
export function recoverForms(view: View): () => void {
  const isFirst = view.joins < 2;
  const { el } = view;
  // A browser remembers boxes by their place.
  if (isFirst) for (const input of el.querySelectorAll("input")) if (!input.form) tellBox(input);
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[phx-change]")].flatMap((form) => {
    if (core.owner(form) !== view || !el.isConnected || !(isFirst || core.matches(form, "[id]"))) return [];
    const fields = isFirst ? changedIn(form) : elementsOf(form);
    const field = (fields as HTMLInputElement[]).find(({ name, type }) => name && type !== "hidden");
    if (!field) return [];
    if (isFirst) fields.forEach(markUsed);
    recovering.add(form);
    return [[form, serialize(form), changeOf(field, form, false), field] as const];
  });
  return () => {
    for (const [old, value, tellOld, { name }] of forms) {
      const form = core.isConnected(old) ? old : (document.getElementById(`${core.getAttribute(old, "id")}`) as HTMLFormElement | null);
      const field = form && form !== old && takeOver(form, old).find((field) => field.name === name);
      // What the server did not take stays as it is, until it is changed or sent.
      if (!form || core.refused.get(old) === value) continue;
      recovering.delete(old);
      const tell = field ? changeOf(field, form, false) : tellOld;
      const binding = (!isFirst && core.getAttribute(form, "phx-auto-recover")) || core.getAttribute(form, "phx-change");
      if (binding && binding !== "ignore" && core.isConnected(form)) tell(binding);
    }
  };
}

/** A newer template has another element for a form, to which goes what was entered. Returns the fields of that. */
function takeOver(form: HTMLFormElement, old: HTMLFormElement): HTMLInputElement[] {
  const fields = elementsOf(form) as HTMLInputElement[];
  for (const control of elementsOf(old).filter((control) => used.has(control))) {
    const { name, type, value, checked } = control as HTMLInputElement;
    const isOne = isBox(control);
    const field = fields.find((other) => other.name === name && other.type === type && (!isOne || other.value === value));
    // The value of these is the template's, or the browser lets nobody set it.
    if (!field || /hidden|file|submit|button|reset|image|output|fieldset/.test(type)) continue;
    const kept = optionsOf(control).filter((option) => option.selected).map((option) => option.value);
    if (!kept[0]) Object.assign(field, isOne ? { checked } : { value });
    else for (const option of optionsOf(field)) option.selected = kept.includes(option.value);
    markUsed(field);
    keepChoice(field);
  }
  return fields;
}

/** The fields in which something else is than in the markup, by what the form would send. */
function changedIn(form: HTMLFormElement): HTMLInputElement[] {
  const fresh = document.importNode(form, true);
  core.native<(form: HTMLFormElement) => void>("reset")(fresh);
  const [now, then] = [form, fresh].map((form) => new FormData(form));
  const isChanged = ({ name }: HTMLInputElement) => `${now!.getAll(name)}` !== `${then!.getAll(name)}`;
  const changed = [...core.querySelectorAll<HTMLInputElement>(form, "input,select,textarea")].filter(isChanged);
  changed.forEach(keepChoice);
  return changed;
}

// The commands beyond those of any page: they change, show, move and tell
// (protocol.md §7.3).

import type { Command } from "../commands.ts";
import { core } from "./core.ts";
import { ignoreAttributes, setAttribute, setClasses, setDisplay } from "./effects.ts";
import { focusSoon, inside, popFocus, pushFocus } from "./focus.ts";
import { animate } from "./transitions.ts";

/** Sets each class to what `next` makes of its presence. */
function classCommand(next: (isOn: boolean) => boolean): Command {
  return (element, args) => {
    const wanted = args.names!.map((name) => [name, next(core.classList(element).contains(name))] as const);
    animate(element, args.transition, args, () => {
      for (const [name, isOn] of wanted) setClasses(element, [name], isOn);
    });
  };
}

/** Shows or hides, if `wants` says that it isn't so yet. */
function showCommand(wants: (isShown: boolean) => boolean): Command {
  return (element, args, _source, kind) => {
    const { display, transition, ins = transition, outs = transition } = args;
    const isShown = core.native<(element: Element) => DOMRectList>("getClientRects")(element).length > 0;
    const toShow = wants(isShown);
    // What leaves the page is not shown again.
    if (toShow === isShown || (toShow && kind === "remove")) return;
    const tell = (when: string) => core.dispatchEvent(element, new Event(`phx:${toShow ? "show" : "hide"}-${when}`));
    const visible = display ?? (core.matches(element, "tr") ? "table-row" : core.matches(element, "td") ? "table-cell" : "block");
    const change = () => setDisplay(element, toShow ? visible : "none");
    const [own, other] = toShow ? [ins, outs] : [outs, ins];
    tell("start");
    setClasses(element, other?.flat() ?? [], false);
    const end = () => {
      setClasses(element, own?.[2] ?? [], false);
      change();
      tell("end");
    };
    // It appears with the classes that it begins with, so that nothing flickers.
    animate(element, own, args, end, () => toShow && change());
  };
}

export const commands: Record<string, Command> = {
  __proto__: null as never,
  dispatch(element, { event, detail, bubbles, blocking }, source) {
    const isClick = event === "click";
    const init = {
      // A file input opens its dialog; nobody around it asked for that.
      bubbles: bubbles ?? !(isClick && (element as HTMLInputElement).type === "file"),
      cancelable: true,
      detail: { ...detail, dispatcher: source, ...(blocking && { done: core.holdPatches() }) },
    };
    // Only a mouse's click does what clicking does.
    core.dispatchEvent(element, isClick ? new MouseEvent(event, { ...init, detail: 0 }) : new CustomEvent(event!, init));
  },
  toggle: showCommand((isShown) => !isShown),
  show: showCommand(() => true),
  hide: showCommand(() => false),
  add_class: classCommand(() => true),
  remove_class: classCommand(() => false),
  toggle_class: classCommand((isOn) => !isOn),
  transition: (element, args) => animate(element, args.transition, args, () => {}),
  set_attr: (element, { attr }) => setAttribute(element, attr[0], attr[1]),
  remove_attr: (element, { attr }) => setAttribute(element, [attr].flat()[0], null),
  toggle_attr(element, { attr: [name, one, two = null] }) {
    const value = core.getAttribute(element, name);
    setAttribute(element, name, value === null || (two !== null && value !== one) ? one : two);
  },
  ignore_attrs: (element, { attrs }) => ignoreAttributes(element, attrs!),
  focus: (element) => focusSoon([element]),
  focus_first: (element) => focusSoon(inside(element)),
  push_focus: pushFocus,
  pop_focus: popFocus,
};

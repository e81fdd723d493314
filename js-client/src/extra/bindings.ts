// Bindings of keys, of focus and of clicks elsewhere (protocol.md §5.1); those of
// clicks and forms are in events.ts.

import { core, document } from "./core.ts";
import { flush, pace } from "./pace.ts";
import { holds } from "./portal.ts";

let pressed: EventTarget | null = null;

export function bindPresses(): void {
  core.listen("mousedown", ({ target }) => (pressed = target));
}

/** Called for each click, before what is bound to it. */
export function clickAway(event: MouseEvent): void {
  // A click by keyboard or script has no press before it.
  const start = ((event.detail && pressed) || event.target) as Element;
  pressed = null;
  for (const element of document.querySelectorAll("[phx-click-away]")) {
    if (holds(element, start) || !isInSight(element)) continue;
    core.sendPlain("click", event, element, core.getAttribute(element, "phx-click-away")!);
  }
}

function isInSight(element: Element): boolean {
  const { top, left, bottom, right, width } = core.native<(element: Element) => DOMRect>("getBoundingClientRect")(element);
  return !!width && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
}

export function bindKeysAndFocus(): void {
  // The window itself gains or loses the focus with `focus` and `blur`; those of elements don't bubble.
  for (const type of ["keydown", "keyup", "focusin", "focusout", "focus", "blur"] as const) {
    const kind = type === "focusin" ? "focus" : type === "focusout" ? "blur" : type;
    const isKey = kind[0] === "k";
    core.listen(type, (event) => {
      const target = event.target as Element;
      const { key } = event as KeyboardEvent;
      const isFocus = kind !== type;
      if (isFocus && core.isMovingFocus()) return;
      // Keys that make a text of their own are an input method's.
      if (isKey && ((event as KeyboardEvent).isComposing || (event as KeyboardEvent).keyCode === 229)) return;
      // What is debounced goes first.
      if (type === "focusout") flush(target);
      // For the element that the event happened on, else for those that watch the window.
      const isOwn = !!core.getAttribute(target, `phx-${kind}`);
      const attribute = isOwn ? `phx-${kind}` : `phx-window-${kind}`;
      const elements = isOwn ? [target] : isFocus ? [] : document.querySelectorAll(`[${attribute}]`);
      for (const element of elements) {
        const wanted = core.getAttribute(element, "phx-key");
        // Choosing from a browser's suggestions sends keydowns without a key.
        if (isKey && wanted && wanted.toLowerCase() !== key?.toLowerCase()) continue;
        const run = () => core.sendPlain(kind, event, element, core.getAttribute(element, attribute)!, isKey ? { key } : {});
        if (isKey) pace(element, event, run);
        else run();
      }
    });
  }
}

// Endless lists: `phx-viewport-top` and `phx-viewport-bottom` of a container,
// pushed when its first or last child comes into sight (protocol.md §7.1).
//
// One listener hears all scrolling; what it knows of a container goes with the
// element.

import { core, document } from "./core.ts";

interface Scrolling {
  /** How far it was scrolled when it was looked at last. */
  from: number;
  /** Whether it was scrolled above its beginning, and not back yet. */
  isOver?: boolean;
  /** From an event until some time after its answer. */
  isBusy?: boolean;
  /** What there is to do after that. */
  later?: (() => void) | undefined;
}

/** Between the answer to an event and the next one, in milliseconds. */
const PAUSE = 500;
const scrollings = new WeakMap<Element, Scrolling>();

export function bindViewports(): void {
  const listen = ({ target }: Event) => {
    const page = document.scrollingElement!;
    for (const element of document.querySelectorAll("[phx-viewport-top],[phx-viewport-bottom]")) {
      let scroller = element;
      while (scroller !== page && !/scroll|auto/.test(getComputedStyle(scroller).overflowY)) {
        scroller = (core.parentNode(scroller) as Element | null) ?? page;
      }
      if (scroller === (target === window.document ? page : target)) look(element, scroller, scroller === page);
    }
  };
  // Scrolling doesn't bubble.
  window.addEventListener("scroll", listen, true);
}

function look(element: Element, scroller: Element, isPage: boolean): void {
  const scrolling = scrollings.get(element) ?? { from: 0 };
  scrollings.set(element, scrolling);
  const { scrollTop } = scroller;
  const isUp = scrollTop < scrolling.from;
  scrolling.from = scrollTop;
  push();

  function push(): void {
    const [edge, block] = isUp ? (["top", "start"] as const) : (["bottom", "end"] as const);
    const child = isUp ? element.firstElementChild : element.lastElementChild;
    const binding = core.getAttribute(element, `phx-viewport-${edge}`);
    const start = document.getElementById(core.getAttribute(element, "phx-viewport-overrun-target")!) ?? element;
    const isBelow = start.getBoundingClientRect().top >= 0;
    const _overran = isUp && isBelow && !scrolling.isOver;
    const isSeen = () => {
      const { top, bottom } = isPage ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
      const at = child!.getBoundingClientRect()[edge];
      return Math.ceil(at) >= top && Math.floor(at) <= bottom;
    };
    const isDue = binding && child && (_overran || isSeen());
    scrolling.later = isDue ? push : undefined;
    if (scrolling.isBusy) return;
    scrolling.isOver = isBelow && (isUp || scrolling.isOver);
    if (!isDue) return;
    scrolling.isBusy = true;
    scrolling.later = undefined;
    core.sendPlain("hook", null, element, binding, { id: child.id, ...(_overran && { _overran }) }, () => {
      // What the answer has put before it may have moved it away.
      requestAnimationFrame(() => isSeen() || child.scrollIntoView({ block }));
      setTimeout(() => {
        scrolling.isBusy = false;
        scrolling.later?.();
      }, PAUSE);
    });
  }
}

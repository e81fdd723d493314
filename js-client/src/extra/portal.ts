// Portals: what stands in a `<template data-phx-portal>` is shown elsewhere on the
// page, as the template's one element, and goes with the template.
//
// Its parts move along, so changes need nothing of this. Events are routed home by
// `data-phx-teleported` (live-socket.ts).

import { childrenOf, core, document } from "./core.ts";

/** What each template on the page shows. */
export const portals = new Map<Element, HTMLElement>();

/** The component around an element: what a portal shows is in that of its template. */
export function componentAround(element: Element): HTMLElement | null {
  const around = core.closest(element, "[data-phx-component],[data-phx-teleported]");
  for (const [source, content] of portals) if (content === around) return componentAround(source);
  return around;
}

/** Whether an element is inside of another: what a portal shows is where its template is. */
export function holds(element: Element, inner: Element): boolean {
  const isShown = ([source, content]: [Element, Element]) => core.contains(content, inner) && holds(element, source);
  return core.contains(element, inner) || [...portals].some(isShown);
}

/** After a patch: ends the portals that went, and opens those that came. */
export function settlePortals(): void {
  for (const [source, content] of portals) {
    if (source.isConnected) continue;
    // What stands in it takes its time to leave.
    const leaving = [...childrenOf(content)].filter((child) => core.matches(child, "[phx-remove]"));
    for (const child of leaving) core.witness.leaving.add(child);
    if (leaving.length) continue;
    portals.delete(source);
    core.removeRange(content, content);
  }
  // What is shown counts as added, and may have portals of its own.
  for (const root of core.witness.added) {
    for (const source of [root, ...core.querySelectorAll(root, "[data-phx-portal]")] as HTMLTemplateElement[]) {
      const selector = core.getAttribute(source, "data-phx-portal");
      const content = portals.get(source) ?? (source.content?.firstElementChild as HTMLElement | undefined);
      if (!selector || !content || !source.isConnected) continue;
      const target = document.querySelector(selector);
      if (!target) {
        core.diagnose("portal.unknown", "app", `unknown target "${selector}"`, source);
      } else if (core.parentNode(content) !== target) {
        portals.set(source, content);
        core.putAttribute(content, "data-phx-teleported", `${core.owner(source)?.id}`);
        core.putAttribute(content, "data-phx-teleported-src", source.id);
        core.insert(target, content, null);
      } else {
        // A join comes to what it shows too.
        core.witness.added.push(content);
      }
    }
  }
}

// A browser page in jsdom as the globals that the client expects. Imported
// first by every test that touches the DOM.

import { JSDOM } from "jsdom";

export const { window: page } = new JSDOM("<!doctype html><title>t</title><body></body>", {
  url: "http://localhost:4000/items?x=1",
  pretendToBeVisual: true,
});

const NAMES = [
  "window", "document", "Document", "location", "history", "localStorage", "sessionStorage", "Node", "Element", "Text",
  "Comment", "DocumentFragment", "HTMLElement", "HTMLInputElement", "HTMLTextAreaElement", "HTMLSelectElement",
  "HTMLOptionElement", "HTMLButtonElement", "HTMLFormElement", "HTMLTableElement", "HTMLTemplateElement", "HTMLImageElement", "HTMLVideoElement", "CustomEvent", "Event",
  "MouseEvent", "CloseEvent", "MutationObserver", "FormData", "URL", "URLSearchParams",
];
for (const name of NAMES) {
  const value = name === "window" ? page : (page as unknown as Record<string, unknown>)[name];
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
Object.assign(globalThis, {
  requestAnimationFrame: (run: () => void) => setTimeout(run, 16),
  scrollTo: () => {},
  reportError: (error: unknown) => console.error(error),
  innerWidth: 1024,
  innerHeight: 768,
  getComputedStyle: (element: Element) => page.getComputedStyle(element),
  scrollY: 0,
});

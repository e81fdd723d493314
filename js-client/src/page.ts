// The browser's page around the views: window events, title, focus, loading.
//
// The only file that leaves the page; tests replace `browser`.

import { dispatchEvent, document, focus, isConnected, matches, removeAttribute, setAttribute } from "./natives.ts";

export const browser = {
  load(href: string): void {
    // To go where one is, if only with a hash, loads nothing.
    if (href === location.href) location.reload();
    else location.href = href;
  },
};

/**
 * How long the page counts as being left once the browser is to load another, in milliseconds: as long as an
 * answer may take. It may stay: what comes is a file, or nothing, or the user stops it, and no event tells.
 */
const LEAVING = 15_000;

let leavesUntil = 0;

/** Whether the browser may be waiting for the next page, which it gives up if we load another. */
export function isLeaving(): boolean {
  return Date.now() < leavesUntil;
}

export function mayLeave(): void {
  leavesUntil = Date.now() + LEAVING;
}

/** Forms, links and scripts that lead away tell by this event, which keeps no page out of the back/forward cache. */
export function watchLeaving(): void {
  listen("beforeunload", mayLeave);
  listen("pageshow", () => (leavesUntil = 0));
}

type EventMap = WindowEventMap & DocumentEventMap;

/** All our listeners are on the window, which the document's events reach too. */
export function listen<K extends keyof EventMap>(type: K, listener: (event: EventMap[K]) => void): void {
  window.addEventListener(type, listener as EventListener);
}

/** Returns false if a listener has refused. */
export function dispatch(name: string, detail?: unknown, target: EventTarget = window): boolean {
  return dispatchEvent(target, new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
}

/** Runs code of the application, whose errors are reported and stop nothing of ours. */
export function guard(run: () => void): void {
  try {
    run();
  } catch (error) {
    reportError(error);
  }
}

/** The result, or nothing where the browser refuses: a page may have no storage and no cookies. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

export type Loading =
  | { to: string; kind: "initial" | "patch" | "redirect" | "error" }
  | { target: Element; kind: "element" };

/** Says that the page loads, until the returned function is called. */
export function loading(detail: Loading): () => void {
  dispatch("phx:page-loading-start", detail);
  return () => void dispatch("phx:page-loading-stop", detail);
}

export function setTitle(title: string): void {
  const { prefix = "", default: fallback = "", suffix = "" } =
    document.querySelector("title")?.dataset ?? {};
  document.title = prefix + (title || fallback) + suffix;
}

export function setCookie(name: string, value: string): void {
  attempt(() => {
    document.cookie = `${name}=${value}; max-age=60; path=/`;
    // Chromium sets it beside the script, and may load the next page before; but it reads after it set.
    return document.cookie;
  });
}

const policy = { createHTML: String, createScriptURL: String };

/** Some pages let only policies make markup and addresses of scripts: ours is `bennu`. */
export const trusted: typeof policy = attempt(() => (window as any).trustedTypes.createPolicy("bennu", policy)) ?? policy;

export function absolute(to: string): string {
  return new URL(to, document.baseURI).href;
}

/** The plain write of an attribute, that of the client's own doings. */
export function putAttribute(element: Element, name: string, value: string | null): void {
  // A modal dialog without its attribute would block the page unseen.
  if (value === null && name === "open" && matches(element, "dialog")) (element as HTMLDialogElement).close?.();
  if (value === null) removeAttribute(element, name);
  else setAttribute(element, name, name === "srcdoc" ? trusted.createHTML(value) : value);
}

let isPatching = false;

/** Whether focus moves because nodes do: no event of the user's. */
export function isMovingFocus(): boolean {
  return isPatching;
}

/** Remembers the focus; the result gives it back if a patch took it away. */
export function keepFocus(): () => void {
  const focused = document.activeElement as HTMLInputElement | null;
  const { selectionStart = null, selectionEnd = null } = focused ?? {};
  isPatching = true;
  return () => {
    if (focused && focused !== document.activeElement && isConnected(focused)) {
      focus(focused, { preventScroll: true });
      // Only text fields have a selection.
      if (selectionStart !== null) focused.setSelectionRange?.(selectionStart, selectionEnd);
    }
    isPatching = false;
  };
}

/** Who has to mend what went wrong. */
export type Blame = "app" | "network" | "client";

/** Reports what went wrong; docs/errors.md has a section for each code. */
export function diagnose(code: string, attribution: Blame, message: string, ...about: unknown[]): void {
  console.error(`${message} [${code}]`, ...about);
  const detail = { version: 1, level: "error", code, message, attribution, metadata: { about } };
  dispatch("phx:live-view:diagnostic", detail);
}

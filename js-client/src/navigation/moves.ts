// Moving between URLs without loading pages: links, history, scroll.
//
// A patch stays in the view (`live_patch`), a navigation joins another one on
// the same topic (protocol.md §5.6, §7.7). An entry of the history remembers
// its scroll position and its stay: the entries of one view, between which
// patches lead. Going back or forward within a stay patches, else navigates.

import type { HistoryKind, Move, Navigation } from "../navigation.ts";
import type { Tree } from "../tree.ts";
import { arrive, createPage, leave, showPage } from "./arrival.ts";
import { core } from "./core.ts";

interface Entry {
  stay?: number;
  scroll?: number;
  /** Counts the entries, to tell forward from backward. */
  position?: number;
}

const SCROLL_PAUSE = 100;

/** Ends the loading of the latest navigation; an earlier one's answer comes too late. */
let stopLoading: (() => void) | undefined;
let shown: string;
/** Of the view that is shown; none while another is on its way. */
let stay: number | undefined;
let position = 0;
let scrollTimer: ReturnType<typeof setTimeout> | undefined;

export function bind(): void {
  // Without a view the page is one like any other.
  if (!core.liveSocket()?.main) return;
  const { listen } = core;
  history.scrollRestoration = "manual";
  shown = here();
  position = (history.state as Entry | null)?.position ?? 0;
  enter();
  comeBack();
  // WebKit's cache of pages does not keep how they were scrolled.
  listen("pageshow", ({ persisted }) => persisted && comeBack());
  listen("popstate", ({ state }) => popped(state ?? {}));
  listen("scroll", () => {
    clearTimeout(scrollTimer);
    scrollTimer = setTimeout(noteScroll, SCROLL_PAUSE);
  });
}

/** Scrolls to where the entry was left. */
function comeBack(): void {
  const { scroll } = (history.state ?? {}) as Entry;
  if (!scroll) return;
  scrollTo(0, scroll);
  // WebKit loses what is scrolled before its first frame.
  land(false, scroll);
}

/** The entry that is shown remembers where it is scrolled to; one that is on its way keeps its own. */
function noteScroll(): void {
  scrollTimer = clearTimeout(scrollTimer) as undefined;
  if (stay) updateEntry({ scroll: scrollY });
}

export function clicked(event: MouseEvent): void {
  const link = core.closest(event.target as Element, "[data-phx-link]");
  // It may lead to another place of the page.
  if (scrollTimer) noteScroll();
  const wantsOther = event.button || event.ctrlKey || event.shiftKey || event.metaKey || event.altKey;
  if (!link || wantsOther || link.hasAttribute("download")) return;
  if (!/^(null|_self)?$/.test(`${link.getAttribute("target")}`)) return;
  // Without a connection the link is an ordinary one.
  if (!core.liveSocket().main?.isConnected() && !isUnderWay()) return;
  event.preventDefault();
  // That of a link in an SVG is no text.
  const href = core.absolute(link.getAttribute("href")!);
  const { phxLink, phxLinkState } = link.dataset;
  const isPatch = phxLink === "patch" && !isUnderWay();
  if (!core.dispatch("phx:before-navigate", { href, patch: isPatch, pop: false, direction: "forward" })) return;
  (isPatch ? patch : navigate)(href, phxLinkState as HistoryKind, null, [link]);
}

/** Whether another page is on its way, so that there is no view to patch. */
const isUnderWay = () => !stay && core.liveSocket().isConnected();

export const patch: Move = (to, kind, flash, links) => {
  if (isUnderWay()) return navigate(to, kind, flash, links);
  const href = core.absolute(to);
  askForPatch(href, () => showPatched(core.liveSocket().main!, href, kind), links);
};

function askForPatch(href: string, done: () => void, links?: Element[]): void {
  const finish = begin(href, "patch", done, links);
  core.liveSocket().main!.push("live_patch", { url: href }).then(
    ({ response }) => {
      if (response.link_redirect) replaceMain(href, done, null, links);
      else if (!response.redirect && !response.live_redirect) finish();
    },
    // What is lost is made up for by the next join, which goes by the URL.
    finish,
  );
}

export const navigate: Move = (to, kind, flash, links) => {
  const href = core.absolute(to);
  const scroll = scrollY;
  const done = () => {
    updateEntry({ scroll });
    record(href, kind, true);
  };
  replaceMain(href, done, flash, links);
};

function replaceMain(href: string, done: () => void, flash?: string | null, links?: Element[]): void {
  const liveSocket = core.liveSocket();
  const { main } = liveSocket;
  if (!main || !liveSocket.isConnected()) return liveSocket.redirect(href, flash);
  leave();
  const finish = begin(href, "redirect", () => {
    done();
    enter();
  }, links);
  stay = undefined;
  main.destroy();
  const { el } = main;
  const inside = liveSocket.options.cascadePhxRemoveOnNavigation ? el.querySelectorAll("[phx-remove]") : [];
  for (const leaving of [el, ...inside]) {
    const commands = core.getAttribute(leaving, "phx-remove");
    if (commands && !core.closest(leaving, "[data-phx-sticky]")) liveSocket.execJS(leaving, commands, "remove");
  }
  const show = (page: Element, tree: Tree) => {
    showPage(el, page, tree);
    finish();
  };
  liveSocket.enroll(core.openView(el, href, { flash, referer: location.href, createPage, show }));
}

/** The returned function finishes this navigation, unless another has begun. */
function begin(to: string, kind: "patch" | "redirect", done: () => void, links: Element[] = []): () => void {
  stopLoading?.();
  // Where they lead is part of what the answer changes, so they are not locked.
  const unmark = core.mark({ kind: "click", loading: links, locked: [] }, "", 0, {});
  const stopped = core.loading({ to, kind });
  const stop = (stopLoading = () => {
    unmark();
    stopped();
  });
  return () => {
    if (stopLoading !== stop) return;
    stopLoading = undefined;
    done();
    stop();
  };
}

/** At once, or behind a move whose answer has come in the same task. */
export const patched: Navigation["patched"] = (...move) => {
  if (stopLoading) queueMicrotask(() => showPatched(...move));
  else showPatched(...move);
};

const showPatched: Navigation["patched"] = (view, to, kind) => {
  view.href = core.absolute(to);
  record(view.href, kind);
};

/** The entry that is shown begins a stay, unless it belongs to one. */
function enter(): void {
  stay = (history.state as Entry | null)?.stay ?? Math.random();
  updateEntry({ stay, position });
}

function record(href: string, kind: HistoryKind = "push", isNew = false): void {
  // As browsers do: a link to where one is adds nothing to go back to.
  const how = href === location.href ? "replace" : kind;
  if (how === "push") position++;
  history[`${how}State`]({ stay, position }, "", href);
  shows({ href, patch: !isNew, pop: false, direction: "forward" });
  land(isNew, undefined, isNew ? 0 : undefined);
}

/**
 * Scrolls to where the entry was, else to where the URL points, else to `top`; a new page is arrived at as by a load.
 * The entry remembers that at once: what was scrolled on the page before may have been noted for it.
 */
function land(isNew: boolean, saved?: number, top = saved): void {
  requestAnimationFrame(() => {
    if (top !== undefined) scrollTo(0, saved ?? top);
    if (isNew || location.hash) arrive(isNew, saved !== undefined);
    noteScroll();
  });
}

function shows(detail: object): void {
  shown = here();
  core.dispatch("phx:navigate", detail);
}

function popped(entry: Entry): void {
  const { position: at = position + 1, scroll } = entry;
  // Another hash of the page, of which the browser may have made the entry; or a refused move taken back.
  if (shown === here()) {
    if (at !== entry.position) updateEntry({ stay, position: at });
    else land(false, scroll, 0);
    position = at;
    return;
  }
  const { href } = location;
  const isPatch = !!stay && entry.stay === stay;
  const isForward = at > position;
  const detail = { href, patch: isPatch, pop: true, direction: isForward ? "forward" : "backward" };
  if (!core.dispatch("phx:before-navigate", detail)) return history.go(isForward ? -1 : 1);
  position = at;
  shows(detail);
  const done = () => {
    core.liveSocket().main!.href = href;
    land(!isPatch, scroll, 0);
  };
  (isPatch ? askForPatch : replaceMain)(href, done);
}

function here(): string {
  return location.pathname + location.search;
}

function updateEntry(change: Entry): void {
  history.replaceState({ ...history.state, ...change }, "");
}

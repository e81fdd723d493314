// Moving between URLs without loading pages: links, history, scroll.
//
// A patch stays in the view (`live_patch`), a navigation joins another one on
// the same topic (protocol.md §5.6, §7.7). An entry of the history remembers
// its scroll position and its stay: the entries of one view, between which
// patches lead. Going back or forward within a stay patches, else navigates.

import { extra, withExtra } from "./extra.ts";
import { liveSocket } from "./live-socket.ts";
import { mark } from "./marks.ts";
import { dispatch, listen, loading } from "./page.ts";
import { openView } from "./view.ts";
import type { View } from "./view.ts";

export type HistoryKind = "push" | "replace";

/** How a link or a command moves; links show that they wait. */
type Move = (to: string, kind?: HistoryKind, flash?: string | null, links?: Element[]) => void;

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

export function bindNavigation(): void {
  // Without a view the page is one like any other.
  if (!liveSocket.main) return;
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

/** Follows a click on a link of ours. */
export function clicked(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLElement>("[data-phx-link]");
  // It may lead to another place of the page.
  if (scrollTimer) noteScroll();
  const wantsOther = event.button || event.ctrlKey || event.shiftKey || event.metaKey || event.altKey;
  if (!link || wantsOther || link.hasAttribute("download")) return;
  if (!/^(null|_self)?$/.test(`${link.getAttribute("target")}`)) return;
  // Without a connection the link is an ordinary one.
  if (!liveSocket.main?.isConnected()) return;
  event.preventDefault();
  // That of a link in an SVG is no text.
  const href = absolute(link.getAttribute("href")!);
  const { phxLink, phxLinkState } = link.dataset;
  const patch = phxLink === "patch";
  if (!dispatch("phx:before-navigate", { href, patch, pop: false, direction: "forward" })) return;
  moves[patch ? "patch" : "navigate"](href, phxLinkState as HistoryKind, null, [link]);
}

/** Asks the view to show another URL of its own. */
const patch: Move = (to, kind, _flash, links) => {
  const href = absolute(to);
  askForPatch(href, () => patched(liveSocket.main!, href, kind), links);
};

function askForPatch(href: string, done: () => void, links?: Element[]): void {
  const finish = begin(href, "patch", done, links);
  liveSocket.main!.push("live_patch", { url: href }).then(
    ({ response }) => {
      if (response.link_redirect) replaceMain(href, done, null, links);
      else if (!response.redirect && !response.live_redirect) finish();
    },
    // What is lost is made up for by the next join, which goes by the URL.
    finish,
  );
}

/** Joins the view of another URL in the place of the main one. */
const navigate: Move = (to, kind, flash, links) => {
  const href = absolute(to);
  const scroll = scrollY;
  const done = () => {
    updateEntry({ scroll });
    record(href, kind, true);
  };
  replaceMain(href, done, flash, links);
};

export const moves = { navigate, patch };

function replaceMain(href: string, done: () => void, flash?: string | null, links?: Element[]): void {
  const { main } = liveSocket;
  if (!main || !liveSocket.isConnected()) return liveSocket.redirect(href, flash);
  withExtra(() => extra?.leave());
  const arrive = () => {
    done();
    enter();
  };
  const onJoin = begin(href, "redirect", arrive, links);
  stay = undefined;
  main.destroy();
  const { el } = main;
  const inside = liveSocket.options.cascadePhxRemoveOnNavigation ? el.querySelectorAll("[phx-remove]") : [];
  for (const leaving of [el, ...inside]) {
    const commands = leaving.getAttribute("phx-remove");
    if (commands && !leaving.closest("[data-phx-sticky]")) liveSocket.execJS(leaving, commands, "remove");
  }
  liveSocket.enroll(openView(main.el, href, { flash, referer: location.href, onJoin }));
}

/** The returned function finishes this navigation, unless another has begun. */
function begin(to: string, kind: "patch" | "redirect", done: () => void, links: Element[] = []): () => void {
  stopLoading?.();
  // Where they lead is part of what the answer changes, so they are not locked.
  const unmark = mark({ kind: "click", loading: links, locked: [] }, "", 0, {});
  const stopped = loading({ to, kind });
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

/** Runs at once, or behind a move whose answer has come in the same task. */
export function afterMove(run: () => void): void {
  if (stopLoading) queueMicrotask(run);
  else run();
}

/** The view shows another URL by now: records that. */
export function patched(view: View, to: string, kind?: HistoryKind): void {
  view.href = absolute(to);
  record(view.href, kind);
}

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

/** Scrolls to where the entry was, else to where the URL points, else to `top`; a new page is arrived at as by a load. */
function land(isNew: boolean, saved?: number, top = saved): void {
  requestAnimationFrame(() => {
    if (top !== undefined) scrollTo(0, saved ?? top);
    if (isNew || location.hash) withExtra(() => extra?.arrive(isNew, saved !== undefined));
  });
}

function shows(detail: object): void {
  shown = here();
  dispatch("phx:navigate", detail);
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
  const patch = !!stay && entry.stay === stay;
  const isForward = at > position;
  const detail = { href, patch, pop: true, direction: isForward ? "forward" : "backward" };
  if (!dispatch("phx:before-navigate", detail)) return history.go(isForward ? -1 : 1);
  position = at;
  shows(detail);
  const done = () => {
    liveSocket.main!.href = href;
    land(!patch, scroll, 0);
  };
  (patch ? askForPatch : replaceMain)(href, done);
}

function here(): string {
  return location.pathname + location.search;
}

function absolute(to: string): string {
  return new URL(to, document.baseURI).href;
}

function updateEntry(change: Entry): void {
  history.replaceState({ ...history.state, ...change }, "");
}

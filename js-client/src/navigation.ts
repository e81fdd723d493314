// Moving between URLs without loading pages: links, history, scroll.
//
// A patch stays in the view (`live_patch`), a navigation joins another one on
// the same topic (protocol.md §5.6, §7.7). An entry of the history remembers
// which of the two led there, and its scroll position. Going back asks for a
// patch where that may do; the server says when it takes a navigation.

import { liveSocket } from "./live-socket.ts";
import { dispatch, listen, loading } from "./page.ts";
import { openView } from "./view.ts";
import type { View } from "./view.ts";

export type HistoryKind = "push" | "replace";

/** How a link or a command moves; `link` shows that it waits. */
type Move = (to: string, kind?: HistoryKind, flash?: string | null, link?: Element) => void;

interface Entry {
  type?: "patch" | "redirect";
  id?: string;
  scroll?: number;
}

const SCROLL_PAUSE = 100;

/** Ends the loading of the latest navigation; an earlier one's answer comes too late. */
let stopLoading: (() => void) | undefined;
let shown: string;
let scrollTimer: ReturnType<typeof setTimeout> | undefined;

export function bindNavigation(): void {
  history.scrollRestoration = "manual";
  shown = here();
  listen("popstate", ({ state }) => popped(state ?? {}));
  listen("scroll", () => {
    clearTimeout(scrollTimer);
    scrollTimer = setTimeout(() => updateEntry({ scroll: scrollY }), SCROLL_PAUSE);
  });
}

/** Follows a click on a link of ours. */
export function clicked(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("[data-phx-link]");
  const wantsOther = event.button || event.ctrlKey || event.shiftKey || event.metaKey || event.altKey;
  if (!link || wantsOther || link.hasAttribute("download") || !/^(_self)?$/.test(link.target)) return;
  // Without a connection the link is an ordinary one.
  if (!liveSocket.main?.isConnected()) return;
  event.preventDefault();
  const { href } = link;
  const { phxLink, phxLinkState } = link.dataset;
  moves[phxLink === "patch" ? "patch" : "navigate"](href, phxLinkState as HistoryKind, null, link);
}

/** Asks the view to show another URL of its own. */
const patch: Move = (to, kind, _flash, link) => {
  const href = absolute(to);
  askForPatch(href, link, () => patched(liveSocket.main!, href, kind));
};

function askForPatch(href: string, link: Element | undefined, done: () => void): void {
  const finish = begin(href, "patch", done);
  liveSocket.main!.push("live_patch", { url: href }, "click", link ? [link] : []).then(
    ({ response }) => {
      if (response.link_redirect) replaceMain(href, null, done);
      else if (!response.redirect && !response.live_redirect) finish();
    },
    () => liveSocket.redirect(href),
  );
}

/** Joins the view of another URL in the place of the main one. */
const navigate: Move = (to, kind, flash, link) => {
  const href = absolute(to);
  const scroll = scrollY;
  link?.classList.add("phx-click-loading");
  replaceMain(href, flash, () => {
    updateEntry({ scroll });
    record(kind, "redirect", href);
  });
};

export const moves = { navigate, patch };

function replaceMain(href: string, flash: string | null | undefined, done: () => void): void {
  const { main } = liveSocket;
  if (!main || !liveSocket.isConnected()) return liveSocket.redirect(href, flash);
  const onJoin = begin(href, "redirect", done);
  main.destroy();
  liveSocket.enroll(openView(main.el, href, { flash, referer: location.href, onJoin }));
}

/** The returned function finishes this navigation, unless another has begun. */
function begin(to: string, kind: "patch" | "redirect", done: () => void): () => void {
  stopLoading?.();
  const stop = (stopLoading = loading({ to, kind }));
  return () => {
    if (stopLoading !== stop) return;
    stopLoading = undefined;
    done();
    stop();
  };
}

/** The view shows another URL by now: records that. */
export function patched(view: View, to: string, kind?: HistoryKind): void {
  view.href = absolute(to);
  record(kind, "patch", view.href);
}

function record(kind: HistoryKind = "push", type: "patch" | "redirect", href: string): void {
  const entry: Entry = { type, id: liveSocket.main!.id };
  // As browsers do: a link to where one is adds nothing to go back to.
  history[`${href === location.href ? "replace" : kind}State`](entry, "", href);
  shows(href, type, false);
  requestAnimationFrame(() => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target) target.scrollIntoView();
    else if (type === "redirect") scrollTo(0, 0);
  });
}

function shows(href: string, type: Entry["type"], pop: boolean): void {
  shown = here();
  dispatch("phx:navigate", { href, patch: type === "patch", pop });
}

function popped({ type, id, scroll = 0 }: Entry): void {
  if (shown === here()) return;
  const { href } = location;
  const { main } = liveSocket;
  shows(href, type, true);
  const isPatch = type === "patch" && main?.id === id && main?.isConnected();
  const done = () => {
    if (isPatch) main!.href = href;
    requestAnimationFrame(() => scrollTo(0, scroll));
  };
  if (isPatch) askForPatch(href, undefined, done);
  else replaceMain(href, null, done);
}

function here(): string {
  return location.pathname + location.search;
}

function absolute(to: string): string {
  return new URL(to, location.href).href;
}

function updateEntry(change: Entry): void {
  history.replaceState({ ...history.state, ...change }, "");
}

// Moving between URLs without loading pages: links, history, scroll.
//
// A patch stays in the view (`live_patch`), a navigation joins another one on
// the same topic (protocol.md §5.6, §7.7). An entry of the history remembers
// which of the two led there, and its scroll position. Going back asks for a
// patch where that may do; the server says when it takes a navigation.

import type { LiveSocket } from "./live-socket.ts";
import { dispatch, loading } from "./page.ts";
import { View } from "./view.ts";

export type HistoryKind = "push" | "replace";

interface Entry {
  type?: "patch" | "redirect";
  id?: string;
  scroll?: number;
}

const SCROLL_PAUSE = 100;

export class Navigation {
  /** Ends the loading of the latest navigation; an earlier one's answer comes too late. */
  #stopLoading: (() => void) | undefined;
  #shown = here();
  #scrollTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly liveSocket: LiveSocket) {}

  bind(): void {
    history.scrollRestoration = "manual";
    window.addEventListener("popstate", ({ state }) => this.#popped(state ?? {}));
    window.addEventListener("scroll", () => {
      clearTimeout(this.#scrollTimer);
      this.#scrollTimer = setTimeout(() => updateEntry({ scroll: scrollY }), SCROLL_PAUSE);
    });
  }

  /** Follows a click on a link of ours. */
  clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-phx-link]");
    const wantsOther = event.button || event.ctrlKey || event.shiftKey || event.metaKey || event.altKey;
    if (!link || wantsOther || link.hasAttribute("download") || !/^(_self)?$/.test(link.target)) return;
    // Without a connection the link is an ordinary one.
    if (!this.liveSocket.main?.isConnected()) return;
    event.preventDefault();
    const { href } = link;
    const { phxLink, phxLinkState } = link.dataset;
    this[phxLink === "patch" ? "patch" : "navigate"](href, phxLinkState as HistoryKind, null, link);
  }

  /** Asks the view to show another URL of its own. */
  patch(to: string, kind: HistoryKind = "push", _flash?: null, link?: Element): void {
    const href = absolute(to);
    this.#patch(href, link, () => this.patched(this.liveSocket.main!, href, kind));
  }

  #patch(href: string, link: Element | undefined, done: () => void): void {
    const { liveSocket } = this;
    const finish = this.#begin(href, "patch", done);
    liveSocket.main!.push("live_patch", { url: href }, "click", link ? [link] : []).then(
      ({ response }) => {
        if (response.link_redirect) this.#replaceMain(href, null, done);
        else if (!response.redirect && !response.live_redirect) finish();
      },
      () => liveSocket.redirect(href),
    );
  }

  /** Joins the view of another URL in the place of the main one. */
  navigate(to: string, kind: HistoryKind = "push", flash: string | null = null, link?: Element): void {
    const href = absolute(to);
    const scroll = scrollY;
    link?.classList.add("phx-click-loading");
    this.#replaceMain(href, flash, () => {
      updateEntry({ scroll });
      this.#record(kind, "redirect", href);
    });
  }

  #replaceMain(href: string, flash: string | null, done: () => void): void {
    const { liveSocket } = this;
    const { main } = liveSocket;
    if (!main || !liveSocket.isConnected()) return liveSocket.redirect(href, flash);
    const onJoin = this.#begin(href, "redirect", done);
    main.destroy();
    liveSocket.enroll(new View(main.el, liveSocket, href, { flash, referer: location.href, onJoin }));
  }

  /** The returned function finishes this navigation, unless another has begun. */
  #begin(to: string, kind: "patch" | "redirect", done: () => void): () => void {
    this.#stopLoading?.();
    const stop = (this.#stopLoading = loading({ to, kind }));
    return () => {
      if (this.#stopLoading !== stop) return;
      this.#stopLoading = undefined;
      done();
      stop();
    };
  }

  /** The view shows another URL by now: records that. */
  patched(view: View, to: string, kind: HistoryKind = "push"): void {
    view.href = absolute(to);
    this.#record(kind, "patch", view.href);
  }

  #record(kind: HistoryKind, type: "patch" | "redirect", href: string): void {
    const entry: Entry = { type, id: this.liveSocket.main!.id };
    history[kind === "replace" ? "replaceState" : "pushState"](entry, "", href);
    this.#shows(href, type, false);
    requestAnimationFrame(() => {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target) target.scrollIntoView();
      else if (type === "redirect") scrollTo(0, 0);
    });
  }

  #shows(href: string, type: Entry["type"], pop: boolean): void {
    this.#shown = here();
    dispatch("phx:navigate", { href, patch: type === "patch", pop });
  }

  #popped({ type, id, scroll = 0 }: Entry): void {
    if (this.#shown === here()) return;
    const { href } = location;
    const { main } = this.liveSocket;
    this.#shows(href, type, true);
    const isPatch = type === "patch" && main?.id === id && main?.isConnected();
    const done = () => {
      if (isPatch) main!.href = href;
      requestAnimationFrame(() => scrollTo(0, scroll));
    };
    if (isPatch) this.#patch(href, undefined, done);
    else this.#replaceMain(href, null, done);
  }
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

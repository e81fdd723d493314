// Moving between URLs without loading pages: links, history, scroll.
//
// A patch stays in the view (`live_patch`), a navigation joins another one on
// the same topic (protocol.md §5.6, §7.7). An entry of the history remembers
// which of the two led there, and its scroll position.

import { loading as loadingMark } from "./marks.ts";
import type { LiveSocket } from "./live-socket.ts";
import { dispatch, loading } from "./page.ts";
import { View } from "./view.ts";

export type Kind = "push" | "replace";

interface Entry {
  type?: "patch" | "redirect";
  backType?: "patch" | "redirect";
  id?: string;
  position?: number;
  scroll?: number;
}

const POSITION = "phx:nav-history-position";
const SCROLL_PAUSE = 100;

export class Navigation {
  /** Counts navigations: an answer to an earlier one comes too late. */
  #latest = 0;
  #stopLoading: (() => void) | undefined;
  #position = Number(sessionStorage.getItem(POSITION)) || 0;
  #location = here();
  #scrollTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly liveSocket: LiveSocket) {}

  bind(): void {
    if (history.scrollRestoration) history.scrollRestoration = "manual";
    window.addEventListener("popstate", (event) => this.#popped(event.state ?? {}));
    window.addEventListener("scroll", () => {
      clearTimeout(this.#scrollTimer);
      this.#scrollTimer = setTimeout(() => updateEntry({ scroll: scrollY }), SCROLL_PAUSE);
    });
  }

  /** Handles a click on a link of ours; says whether it was one. */
  clicked(event: MouseEvent): boolean {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-phx-link]");
    const isPlain = !event.button && !event.ctrlKey && !event.shiftKey && !event.metaKey && !event.altKey;
    const { liveSocket } = this;
    if (!link || !isPlain || !liveSocket.main || !liveSocket.isConnected()) return false;
    if ((link.target && link.target !== "_self") || link.hasAttribute("download")) return false;
    event.preventDefault();
    const { href } = link;
    const { phxLink, phxLinkState } = link.dataset;
    const kind = phxLinkState === "replace" ? "replace" : "push";
    if (!this.#announce(href, phxLink === "patch")) return true;
    if (phxLink === "patch") this.patch(href, kind, link);
    else this.navigate(href, kind, null, link);
    return true;
  }

  #announce(href: string, patch: boolean, pop = false, direction = "forward"): boolean {
    return dispatch("phx:before-navigate", { href, patch, pop, direction }, window, true);
  }

  /** Asks the view to show another URL of its own. */
  patch(to: string, kind: Kind, link?: Element): void {
    const href = absolute(to);
    const stop = this.#begin({ to: href, kind: "patch" });
    this.#pushPatch(href, link, () => {
      this.patched(this.liveSocket.main!, href, kind);
      stop();
    });
  }

  #pushPatch(href: string, link: Element | undefined, done: () => void): void {
    const latest = this.#latest;
    const elements = link ? [link] : [];
    const { liveSocket } = this;
    liveSocket.main!.push("live_patch", { url: href }, {
      elements,
      overlays: elements.map((link) => loadingMark(link, "click")),
      onReply: (_reply, _ref, { link_redirect, redirect, live_redirect }) => {
        if (latest !== this.#latest || redirect || live_redirect) return;
        if (link_redirect) this.navigate(href, "push");
        else done();
      },
      onFail: () => liveSocket.redirect({ to: href }),
    });
  }

  /** Joins the view of another URL in the place of the main one. */
  navigate(to: string, kind: Kind, flash: string | null = null, link?: Element): void {
    const href = absolute(to);
    link?.classList.add("phx-click-loading");
    this.#replaceMain(href, flash, () => {
      updateEntry({ backType: "redirect", scroll: this.#scrolled });
      this.#record(kind, "redirect", href);
    });
  }

  #scrolled = 0;

  #replaceMain(href: string, flash: string | null, done: () => void): void {
    const { liveSocket } = this;
    const { main } = liveSocket;
    if (!main || !liveSocket.isConnected()) return liveSocket.redirect({ to: href, flash });
    const stop = this.#begin({ to: href, kind: "redirect" });
    const latest = this.#latest;
    this.#scrolled = scrollY;
    main.destroy();
    liveSocket.views.delete(main);
    const view = new View(main.el, liveSocket, href, { flash, referer: location.href });
    liveSocket.views.add((liveSocket.main = view));
    view.join(() => {
      if (latest === this.#latest) done();
      stop();
    });
  }

  #begin(detail: { to: string; kind: "patch" | "redirect" }): () => void {
    this.#latest++;
    this.#stopLoading?.();
    const stop = loading(detail);
    this.#stopLoading = stop;
    return () => {
      if (this.#stopLoading !== stop) return;
      this.#stopLoading = undefined;
      stop();
    };
  }

  /** The view shows another URL by now: records that. */
  patched(view: View, to: string, kind: Kind = "push"): void {
    view.href = absolute(to);
    updateEntry({ backType: "patch" });
    this.#record(kind, "patch", view.href);
  }

  /** A main view has joined: the page's first entry needs a state of ours. */
  arrived({ id }: View): void {
    if (!history.state) history.replaceState({ type: "patch", id, position: this.#position }, "");
  }

  #record(kind: Kind, type: "patch" | "redirect", href: string): void {
    if (kind === "push") this.#moveTo(this.#position + 1);
    const entry: Entry = { type, id: this.liveSocket.main!.id, position: this.#position };
    if (kind === "replace") history.replaceState(entry, "", href);
    else history.pushState(entry, "", href);
    this.#location = here();
    dispatch("phx:navigate", { href, patch: type === "patch", pop: false, direction: "forward" });
    requestAnimationFrame(() => {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target) target.scrollIntoView();
      else if (type === "redirect") scrollTo(0, 0);
    });
  }

  #moveTo(position: number): void {
    this.#position = position;
    sessionStorage.setItem(POSITION, String(position));
  }

  #popped({ type, backType, id, position = 0, scroll }: Entry): void {
    if (this.#location === here()) return;
    const href = location.href;
    const isForward = position > this.#position;
    const patch = (isForward ? type : (backType ?? type)) === "patch";
    const direction = isForward ? "forward" : "backward";
    if (!this.#announce(href, patch, true, direction)) {
      if (isForward) history.back();
      else history.forward();
      return;
    }
    this.#location = here();
    this.#moveTo(position);
    dispatch("phx:navigate", { href, patch, pop: true, direction });
    const restore = () => requestAnimationFrame(() => scrollTo(0, scroll ?? 0));
    const { main } = this.liveSocket;
    if (patch && main?.id === id && main?.isConnected()) {
      const stop = this.#begin({ to: href, kind: "patch" });
      this.#pushPatch(href, undefined, () => {
        main.href = href;
        if (scroll !== undefined) restore();
        stop();
      });
    } else {
      this.#replaceMain(href, null, restore);
    }
  }
}

function here(): string {
  return location.pathname + location.search;
}

function absolute(to: string): string {
  return new URL(to, location.href).href;
}

function updateEntry(change: Entry): void {
  history.replaceState({ ...(history.state as Entry | null), ...change }, "");
}

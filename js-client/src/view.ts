// One live view on the page: its channel, its tree of parts, its pushes.
//
// A message from the server passes through here once: statics resolved, then
// patched, then its title, hooks and events. Which events are sent, and when,
// is decided in events.ts and navigation.ts.

import { sendEarly } from "./events.ts";
import { openChannel } from "./channel.ts";
import { closeChildren, completeJoins, showPage, whenShown } from "./children.ts";
import type { OnAnswer } from "./channel.ts";
import { notify, runBindings, settle } from "./hooks.ts";
import { forms } from "./forms.ts";
import { liveSocket } from "./live-socket.ts";
import { isAct, lay, lift, mark, takeFree } from "./marks.ts";
import type { Waiting } from "./marks.ts";
import { document, querySelectorAll } from "./natives.ts";
import { go, patched } from "./navigation.ts";
import type { HistoryKind } from "./navigation.ts";
import { unobserved } from "./others.ts";
import { absolute, diagnose, dispatch, guard, keepFocus, loading, setCookie, setTitle } from "./page.ts";
import { Tree } from "./tree.ts";
import { EXTENSIONS, isPatch, Key, resolve } from "./wire.ts";
import type { ServerEvent } from "./wire.ts";
import { witness } from "./writes.ts";

interface Redirect {
  to: string;
  kind?: HistoryKind;
  flash?: string | null;
}

/** Where an answer to a join or a push may send the page. */
interface Redirects {
  redirect?: Redirect;
  live_redirect?: Redirect;
}

type Container = [tag: string, attributes: Record<string, string>];

interface JoinReply {
  rendered: unknown;
  container?: Container;
  live_patch?: Redirect;
  /** The most bytes of a message. */
  limit?: number;
}

interface JoinError extends Redirects {
  reason?: string;
  token?: string;
  events?: ServerEvent[];
}

interface Response extends Redirects {
  diff?: unknown;
  link_redirect?: boolean;
  reason?: string;
}

export interface Answer {
  reply: unknown;
  ref: number;
  response: Response;
}

/** The live navigation that led to a view, if one did. */
export interface Arrival {
  flash: string | null | undefined;
  referer: string;
  /** The element of the new page, made for the view of the present one. */
  createPage(el: HTMLElement, container: Container | undefined): HTMLElement;
  /** The page is whole. */
  show(page: Element, tree: Tree): void;
}

const PUSH_TIMEOUT = 30_000;

export interface View {
  readonly id: string;
  readonly isMain: boolean;
  /** A live navigation leads to it, and another page is shown still. */
  readonly isArriving: boolean;
  /** The view around it; sticky ones have none. */
  readonly parent: View | undefined;
  el: HTMLElement;
  /** How often it has joined, as the server counts it: a child goes on where its parent is. */
  joins: number;
  /** What the server routes by, at every join. */
  href: string;
  /** Ends a join that waits for the views inside; null if none does, undefined until one was answered. */
  complete: (() => void) | null | undefined;
  isConnected(): boolean;
  /** Sends to the server; the answer undoes the marks and applies its diff. */
  push(event: string, payload: Record<string, unknown>, waiting?: Waiting): Promise<Answer>;
  /** Patches what was kept back for elements that are free now. */
  catchUp(): void;
  /** Agrees with the server on the end of components that left the page (protocol.md §4.6). */
  dismiss(): void;
  /** It is tried again and again, and the page shows that it isn't there. */
  isMissed: boolean;
  /** A view inside is missed: the outermost one shows it. */
  miss(): void;
  /** One that was missed is there, or is wanted no more. */
  found(): void;
  /** Ends the view and fails its pushes; its nodes stay until something takes their place. */
  destroy(): void;
}

/** To join for the first time, before the page is loaded again, or shows that a child is missed. */
const ATTEMPTS = 3;

/** Joins the view of an element; `arrival` if that was there for another one. */
export function openView(
  el: HTMLElement,
  href: string,
  arrival?: Arrival,
  parent?: View,
): View {
  const isMain = el.hasAttribute("data-phx-main");
  let tree: Tree | undefined;
  let attempts = 0;
  let refs = 0;
  let stopLoading: (() => void) | undefined;
  let disconnected: ReturnType<typeof setTimeout> | undefined;
  /** The classes that the element has from us. */
  let states: string[] = [];

  const view: View = {
    id: el.id,
    isMain,
    parent,
    joins: parent ? parent.joins - 1 : 0,
    el,
    href,
    complete: undefined,
    isMissed: false,

    get isArriving() {
      return !!arrival && !view.joins;
    },

    isConnected: () => channel.canPush(),

    push(event, payload, waiting = { kind: null, loading: [] }) {
      const answer = new Promise<Answer>((resolve, reject) => {
        if (!view.isConnected()) {
          // Who acts has waited long enough to be told.
          if (view.joins && isAct(waiting.kind)) showError();
          throw new Error("disconnected");
        }
        const ref = refs++;
        const unmark = mark(waiting, (payload.event as string) ?? event, ref, payload);
        const { kind, loading } = waiting;
        const form = kind === "change" ? loading[1] : undefined;
        const key = form && JSON.stringify({ ...payload, value: 0 });
        const onAnswer: OnAnswer = (status, response: Response) => {
          // Nothing was done, which Phoenix's client is not to take for an error.
          if (response.reason) status = "error";
          unmark();
          if (status === "ok" && !response.redirect && !response.live_redirect) waiting.onTaken?.();
          const reply = apply(response.diff);
          for (const other of liveSocket.views.values()) other.catchUp();
          if (status === "ok") {
            resolve({ reply, ref, response });
            return redirect(response);
          }
          reject(new Error(response.reason ?? status));
          if (status === "timeout") liveSocket.socket.drop();
        };
        channel.push(event, payload, PUSH_TIMEOUT, onAnswer, form, key);
      });
      // Most callers have nothing to do about a failure: the page shows it.
      answer.catch(() => {});
      return answer;
    },

    catchUp: () => void apply(),
    dismiss() {
      if (!view.isConnected() || !view.el.isConnected) return;
      tree?.components?.dismiss((event, payload, onAnswer) => channel.push(event, payload, PUSH_TIMEOUT, onAnswer));
    },

    miss() {
      if (parent) return parent.miss();
      showError();
      runBindings(view, "phx-disconnected");
    },

    found() {
      if (parent) return parent.found();
      if (view.isConnected() && ![...liveSocket.views.values()].some(({ isMissed }) => isMissed)) showConnected();
    },

    destroy() {
      setState();
      clearTimeout(disconnected);
      channel.leave();
      closeChildren(view);
      if (liveSocket.views.get(view.id) === view) liveSocket.views.delete(view.id);
      if (view.isMissed) parent!.found();
      // Without a session it is no view, until its parent brings it another one.
      if (parent && view.el.id === view.id) view.el.dataset.phxSession = "";
      // A page that nobody saw leaves the place of the one that is there.
      if (!view.el.isConnected) view.el = el;
    },
  };

  function hear(event: string, payload: any): void {
    if (event === "diff") apply(payload);
    else if (event === "phx_error") {
      if (liveSocket.isConnected()) log("error", "view crashed", payload);
      fail();
    }
    else if (event === "live_patch") patched(view, payload.to, payload.kind);
    else redirect({ [event]: payload });
  }

  function joinPayload(): Record<string, unknown> {
    const { dataset } = view.el;
    return {
      [arrival ? "redirect" : "url"]: isMain ? view.href : undefined,
      params: {
        ...liveSocket.params(view.el),
        _mounts: view.joins,
        _mount_attempts: attempts++,
        _live_referer: arrival?.referer,
        _track_static: Array.from(document.querySelectorAll<any>("[phx-track-static]"), (el) => el.src || el.href),
        _bennu: EXTENSIONS,
      },
      session: dataset.phxSession,
      static: dataset.phxStatic || null,
      flash: arrival?.flash ?? undefined,
      sticky: "phxSticky" in dataset,
    };
  }

  function joined({ rendered, container, live_patch, limit }: JoinReply): void {
    liveSocket.socket.longest = limit;
    const isRejoin = view.joins++ > 0;
    // Another page is made out of sight, and shown with its children.
    if (arrival && view.el === el) view.el = arrival.createPage(el, container);
    tree ??= new Tree(view.el);
    disconnected = clearTimeout(disconnected) as undefined;
    liveSocket.joined();
    const recover = forms?.recoverForms(view);
    attempts = 0;
    apply(rendered, (show) => {
      if (!view.el.isConnected) arrival?.show(view.el, tree!);
      recover?.();
      if (live_patch) patched(view, live_patch.to, live_patch.kind);
      // Hooks and views in nodes that were there before the join count as added now.
      witness.added.push(view.el);
      show();
      if (isRejoin) notify(view, "reconnected");
    });
  }

  /** Is whole when those inside are. */
  function complete(): void {
    view.complete = null;
    if (isMain) showPage();
    whenShown(view.el, () => {
      showConnected();
      if (view.isMissed) {
        view.isMissed = false;
        parent!.found();
      }
      sendEarly();
    });
  }

  function showConnected(): void {
    setState("phx-connected");
    runBindings(view, "phx-connected");
    stopLoading?.();
    stopLoading = undefined;
  }

  function refused(error: JoinError): void {
    const { reason, token } = error;
    announce(error.events);
    if (reason === "reload") setCookie("__phoenix_reload_status__", token!);
    if (/^(reload|stale|unauthorized)$/.test(reason!)) {
      liveSocket.reloadWithJitter(true, arrival?.flash);
    } else if (error.redirect || error.live_redirect) {
      view.destroy();
      redirect(error);
    } else {
      log("error", "unable to join", error);
      fail();
      if (reason === "no cookie") {
        // No other join and no other load of the page would end otherwise.
        diagnose("join.no-cookie", "app", reason);
        liveSocket.disconnect();
      } else if (isMain && !view.joins && attempts >= ATTEMPTS) liveSocket.reloadWithJitter();
      if (parent && attempts === ATTEMPTS) {
        view.isMissed = true;
        parent.miss();
        diagnose("view.missed", "app", "a view can't join", el);
      }
    }
    view.complete = null;
    completeJoins();
  }

  function redirect({ redirect, live_redirect }: Redirects): void {
    // One to the page itself may lead there for ever.
    if (redirect && absolute(redirect.to) === location.href) liveSocket.reloadWithJitter(true, redirect.flash);
    else if (redirect) liveSocket.redirect(redirect.to, redirect.flash);
    if (live_redirect) go("navigate", live_redirect.to, live_redirect.kind, live_redirect.flash);
  }

  /** A connection that is back before the grace time ends was never gone, for who looks at the page. */
  function fail(): void {
    if (view.joins) notify(view, "disconnected");
    closeChildren(view);
    if (states[1]) return showError();
    setState("phx-loading");
    disconnected ??= setTimeout(() => {
      showError();
      runBindings(view, "phx-disconnected");
    }, liveSocket.options.disconnectedTimeout);
  }

  function showError(): void {
    if (isMain) stopLoading ??= loading({ to: view.href, kind: "error" });
    setState("phx-loading", "phx-error", `phx-${liveSocket.isConnected() ? "server" : "client"}-error`);
  }

  function setState(...next: string[]): void {
    const { classList } = view.el;
    classList.remove(...states);
    classList.add(...(states = next));
  }

  /** What is heard is a copy: ours is taken apart. */
  function log(kind: string, message: string, about: unknown): void {
    guard(() => liveSocket.options.viewLogger?.(view, kind, message, structuredClone(about)));
  }

  /** Takes a message's changes to the page, title and events; returns its reply. */
  function apply(message?: unknown, onJoin?: (show: () => void) => void): unknown {
    const { el } = view;
    if (message) log(onJoin ? "mount" : "update", "received diff", message);
    const diff = resolve(message ?? {});
    const { [Key.Events]: events = [], [Key.Title]: title } = diff;
    announce(events.filter(([, , early]) => early));
    const run = () => {
      const due = takeFree(el.id);
      if (due.length || isPatch(diff)) {
        guard(() => witness.dom.onPatchStart?.(el));
        lift();
        const restoreFocus = keepFocus();
        const restoreChoices = forms?.keepChoices();
        const timer = liveSocket.isProfileEnabled() && `${onJoin ? "join" : "patch"} ${view.id}`;
        if (timer) console.time(timer);
        const patched = tree;
        // A patch that fails leaves nothing to patch: the next join starts from the nodes.
        tree = undefined;
        try {
          unobserved(() => patched?.take(diff, !!onJoin, due));
          tree = patched;
        } finally {
          restoreChoices?.();
          forms?.release();
          lay();
          restoreFocus();
          if (timer) console.timeEnd(timer);
        }
      } else forms?.release();
      const show = () => {
        if (due.length || isPatch(diff)) {
          settle();
          const inserted = witness.inserted.splice(0);
          const { onNodeAdded } = witness.dom;
          for (const root of onNodeAdded ? inserted : []) {
            for (const added of [root, ...querySelectorAll(root, "*")]) guard(() => onNodeAdded!(added));
          }
          guard(() => witness.dom.onPatchEnd?.(el));
          dispatch("phx:update", undefined, document);
          forms?.submitForms();
        }
        if (title !== undefined) setTitle(title);
        announce(events.filter(([, , early]) => !early));
      };
      whenShown(view.el, () => (onJoin ? onJoin(show) : show()));
      if (!onJoin) return;
      view.complete = complete;
      completeJoins();
    };
    witness.dom.onDocumentPatch ? witness.dom.onDocumentPatch(run) : run();
    return diff[Key.Reply];
  }

  setState("phx-loading");
  if (isMain && !arrival) stopLoading = loading({ to: href, kind: "initial" });
  const channel = openChannel(
    liveSocket.socket,
    `lv:${el.id}`,
    joinPayload,
    (status, response) => (status === "ok" ? joined(response) : refused(response)),
    hear,
  );
  return view;
}

function announce(events: ServerEvent[] = []): void {
  for (const [name, payload] of events) dispatch(`phx:${name}`, payload);
}

// The door to live navigation (`navigation/`): moving between URLs without loading
// pages. A page needs it that has links of ours, is told to move, or is come back to.

import { door, lacking } from "./beside.ts";
import { liveSocket } from "./live-socket.ts";
import type { View } from "./view.ts";

export type HistoryKind = "push" | "replace";

/** How a link or a command moves; links show that they wait. */
export type Move = (to: string, kind?: HistoryKind, flash?: string | null, links?: Element[]) => void;

export interface Navigation {
  /** Begins with the page that is shown, if it has a view. */
  bind(): void;
  /** Follows a click on a link of ours. */
  clicked(event: MouseEvent): void;
  /** Joins the view of another URL in the place of the main one. */
  navigate: Move;
  /** Asks the view to show another URL of its own. */
  patch: Move;
  /** The view shows another URL by now: records that. */
  patched(view: View, to: string, kind?: HistoryKind): void;
}

/** Not there until its script has run; a page without one moves by loads. */
export let navigation: Navigation | undefined;

export function installNavigation(given: Navigation | undefined): void {
  navigation = given;
}

/** Links, messages and commands; the last is of an entry of the history. */
const MENTIONED = /data-phx-link|"live_(patch|redirect)"|\[(\\"|&quot;)(navigate|patch)\2,{|"stay":/;

const enter = door("navigation", () => navigation, MENTIONED);

/** What can't be done without a load of the page is left to one. */
function withNavigation(run: (navigation: Navigation) => void, to: string, flash?: string | null): void {
  const act = () => (navigation ? run(navigation) : liveSocket.redirect(to, flash));
  lacking.has("navigation") ? act() : enter(act);
}

export function go(how: "navigate" | "patch", to: string, kind?: HistoryKind, flash?: string | null): void {
  withNavigation((navigation) => navigation[how](to, kind, flash), to, flash);
}

/** The view shows another URL by now. */
export function patched(view: View, to: string, kind?: HistoryKind): void {
  withNavigation((navigation) => navigation.patched(view, to, kind), to);
}

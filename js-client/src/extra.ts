// The door to the extra (`extra/`): what only some pages need, and no form.

import { door } from "./beside.ts";
import type { Command } from "./commands.ts";
import type { componentOf, Components } from "./extra/component.ts";
import type { focusAmong, focusFrom } from "./extra/focus.ts";
import type { Prediction } from "./extra/predictions.ts";
import type { scripts } from "./extra/scripted.ts";
import type { Stream } from "./extra/stream.ts";
import type { HookDefinition } from "./hooks.ts";
import type { Overlay } from "./marks.ts";
import type { Lost } from "./writes.ts";

/** What the extra adds. */
export interface Extra {
  /** Runs now, later or not at all. */
  pace(element: Element, event: Event, run: () => void): void;
  /** Forgets what is still to run. */
  cancel(element: Element): void;
  clickAway(event: MouseEvent): void;
  focusAmong: typeof focusAmong;
  focusFrom: typeof focusFrom;
  /** Finds a place for the focus whose element has left. */
  focusNeighbour(lost: Lost[]): void;
  /** The component around an element, as events are sent from there. */
  componentAround(element: Element): HTMLElement | null;
  commands: Record<string, Command>;
  /** The commands as functions, which are given what runs them. */
  scripts: typeof scripts;
  Stream: typeof Stream;
  Components: typeof Components;
  componentOf: typeof componentOf;
  /** Hooks of ours, and those that scripts in the page define. */
  definitionOf(name: string, el: Element): HookDefinition | undefined;
  predictions(list: Prediction[] | undefined, source: Element): Overlay[];
  /** What each template on the page shows. */
  portals: Map<Element, HTMLElement>;
  settlePortals(): void;
  isIgnored(element: Element, name: string): boolean;
  reapplyEffects(element: Element): void;
}

/** Not there until its script has run. */
export let extra: Extra | undefined;

export function installExtra(given: Extra | undefined): void {
  extra = given;
}

/** Commands but those of commands.ts, and what else is the extra's, as frames spell it. */
const MENTIONED =
  /\[(\\"|&quot;)(?!(push|exec|navigate|patch)\1)\w+\1,{|(\\"|&quot;)predict\3:|phx-(debounce|throttle|key|window|focus|blur|click-aw|viewport|portal|runtime)|"(stream":\[|c":{)|Phoenix\.FocusWrap/;

/** Runs at once if the extra is there, else when its script has run or failed. */
export const withExtra = door("extra", () => extra, MENTIONED);

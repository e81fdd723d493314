// The door to the extra (`extra/`): what only some pages need is a second
// script, which is loaded when a message or a command asks for it.

import type { Command } from "./commands.ts";
import type { componentOf, Components } from "./extra/component.ts";
import type { handFiles } from "./extra/files.ts";
import type { mend, mendTree } from "./extra/mend.ts";
import type { Prediction } from "./extra/predictions.ts";
import type { scripts } from "./extra/scripted.ts";
import type { Stream } from "./extra/stream.ts";
import type { HookDefinition } from "./hooks.ts";
import type { Overlay } from "./marks.ts";
import type { Control } from "./forms.ts";
import type { View } from "./view.ts";
import { diagnose, guard, trusted } from "./page.ts";
import { holdPatches } from "./transitions.ts";
import type { Lost } from "./writes.ts";

/** What the extra adds. */
export interface Extra {
  /** Runs now, later or not at all. */
  handFiles: typeof handFiles;
  /** Says that the page goes on no more, and offers to load it again. */
  offerReload(): void;
  pace(element: Element, event: Event, run: () => void): void;
  /** Forgets what is still to run. */
  cancel(element: Element): void;
  clickAway(event: MouseEvent): void;
  /** The ends of a live navigation; a patch arrives at no new page. */
  leave(): void;
  arrive(isNew: boolean, preventScroll: boolean): void;
  /** Finds a place for the focus whose element has left. */
  focusNeighbour(lost: Lost[]): void;
  keepChoice(control: Element): void;
  keepChoices(): () => void;
  /** Null hands the whole form over, by a submit. */
  hand(form: HTMLFormElement, field?: Control | null): () => void;
  /** The server was told of a box. */
  tellBox(element: Element): void;
  settleForms(): void;
  recoverForms(view: View): () => void;
  /** The component around an element, as events are sent from there. */
  componentAround(element: Element): HTMLElement | null;
  commands: Record<string, Command>;
  /** The commands as functions, which are given what runs them. */
  scripts: typeof scripts;
  mend: typeof mend;
  mendTree: typeof mendTree;
  Stream: typeof Stream;
  Components: typeof Components;
  componentOf: typeof componentOf;
  /** Hooks of ours, and those that scripts in the page define. */
  definitionOf(name: string, el: Element): HookDefinition | undefined;
  predictions(list: Prediction[] | undefined, source: Element): Overlay[];
  /** What each template on the page shows. */
  portals: Map<Element, HTMLElement>;
  settlePortals(): void;
  /** Marks the form that sends more than the limit. */
  tooLarge(source: Element, limit: number): void;
  isIgnored(element: Element, name: string): boolean;
  reapplyEffects(element: Element): void;
}

/** Not there until its script has run. */
export let extra: Extra | undefined;
/** Whether it was wanted and could not be loaded. */
export let isLacking = false;

/** The first script's tag names the second: `data-extra`, else `extra.js` beside it. */
let first: HTMLScriptElement | null;

/** What waits for the script; not empty while it is on its way. */
const waiting: (() => void)[] = [];

/** Commands but those of commands.ts, and what else is the extra's, as frames spell it. */
const MENTIONED =
  /\[(\\"|&quot;)(?!(push|exec|navigate|patch)\1)\w+\1,{|(\\"|&quot;)predict\3:|phx-(change|submit|debounce|throttle|key|window|focus|blur|click-a|viewport|portal|runtime)|"(stream":\[|c":{)|Phoenix\.FocusWrap|checkbox|radio|<select/;

export function install(given: Extra | undefined, script = first): void {
  extra = given;
  isLacking = false;
  first = script;
}

/** Runs at once if the extra is there, else when its script has run or failed; messages wait meanwhile. */
export function withExtra(run: () => void): void {
  if (extra) return run();
  if (waiting.push(run) > 1) return;
  const release = holdPatches();
  const script = document.createElement("script");
  script.onload = script.onerror = () => {
    isLacking = !extra;
    if (!extra) diagnose("extra.unavailable", "network", "could not load", script.src);
    for (const run of waiting.splice(0)) guard(run);
    release();
  };
  script.src = trusted.createScriptURL(new URL(first?.dataset.extra ?? "extra.js", first?.src).href);
  script.nonce = first?.nonce ?? "";
  document.head.append(script);
}

/** What mentions the extra, a message or the page, brings it: the message waits, and those behind it. */
export function prepareFor(mentions: string): void {
  if (!extra && MENTIONED.test(mentions)) withExtra(() => {});
}

// One run of the application of random shapes in one client: random steps of
// the server and of a person, with a network between that takes its time. When
// nothing is under way, the page is what a fresh GET brings.

import assert from "node:assert/strict";
import { mock } from "node:test";
// @ts-expect-error a script without types
import { openPortals, printPage } from "../../../tests/print.mjs";
import type { Client } from "./clients.ts";
import { Network } from "./network.ts";
import { Page } from "./page.ts";
import { random } from "./random.ts";
import type { Application, Facts, ServerStep } from "./shapes.ts";

/** What a person does. */
export type PersonStep = "click" | "follow" | "back" | "type" | "submit" | "cut" | "field";

export type RunStep = ServerStep | PersonStep;

/** What may happen while something else is under way. */
export const RACES = [
  /** Something happens on the server while a view joins. */
  "news while joining",
  /** Something happens on the server while the page goes somewhere. */
  "news on the way",
  /** What a page shows changes while it is not connected. */
  "news while disconnected",
  /** The server or the person goes elsewhere while the page is still going somewhere. */
  "two navigations at once",
  /** The connection breaks while the page is going somewhere; Phoenix's client loads the page then. */
  "connection lost on the way",
] as const;

export type Race = (typeof RACES)[number];

export interface Options {
  seed: number;
  /** The shapes that pages may have. */
  shapes: string[];
  /** What may happen; what stands here twice happens twice as often. */
  steps: RunStep[];
  races: Race[];
  count: number;
}

const NAVIGATIONS: RunStep[] = ["follow", "back", "patch", "navigate"];
const TEXTS = ["x", "two words", "<b> & \"c\"", ""];

/** Views try again after ten seconds at most. */
const PATIENCE = 15_000;
/** When nothing happens for so long, all is done that a client does by itself, but for trying again. */
const QUIET = 300;
/** So often views join at most until nothing is under way; more come from a client that never arrives. */
const MAX_JOINS = 60;

/** What Phoenix's client says of a push to a view that has failed. */
const EXPECTED = /^Failed to push /;

function duplicates(document: Document): string[] {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  return ids.filter((id, at) => ids.indexOf(id) < at);
}

/** Lets promises be kept. */
async function settled(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise(setImmediate);
}

export class Run {
  readonly #log: string[] = [];
  readonly #messages: string[] = [];
  readonly #network: Network;
  readonly #below: (below: number) => number;
  #page!: Page;
  /** Whether the page may still be going somewhere. */
  #isOnTheWay = false;
  /** Whether a view may still have to join again. */
  #isRejoining = false;
  /** What was typed into the fields of lists, and the epochs before which nothing is known. */
  #typed = new Map<number, { epoch: number; text: string }>();
  #known = new Map<number, number>();

  private constructor(
    readonly application: Application,
    readonly client: Client,
    readonly options: Options,
  ) {
    this.#below = random(options.seed);
    this.#network = new Network(application, (what) => void this.#messages.push(what));
  }

  /** Runs it, and tells which shapes its pages had. An error tells all that happened. */
  static async take(application: Application, client: Client, options: Options): Promise<string[]> {
    const run = new Run(application, client, options);
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    try {
      await run.#load();
      await run.#walk();
      return (await application.facts()).seen;
    } catch (cause) {
      throw new Error(`${(cause as Error).message}\n\n${run.#story()}`, { cause });
    } finally {
      run.#page?.close();
      mock.timers.reset();
    }
  }

  #story(): string {
    const { seed } = this.options;
    const last = this.#messages.slice(-12).map((message) => message.slice(0, 2000));
    return [`seed ${seed}, ${this.client.name}`, ...this.#log, "The last messages:", ...last].join("\n");
  }

  async #load(): Promise<void> {
    const { application, client, options } = this;
    await application.load(options.seed, options.shapes);
    const { path, html } = await application.page("/a/0");
    this.#page = new Page(html, path, client, this.#network, options.seed);
    await this.#rest();
  }

  async #walk(): Promise<void> {
    const { steps, count, seed } = this.options;
    const below = this.#below;
    // Every third run has a slow network.
    const pace = seed % 3 ? 3 : 8;
    for (let step = 0; step < count; step++) {
      await this.#step(steps[below(steps.length)]!);
      this.#page.tick(below(3) * 20);
      while (below(pace) < 2 && (await this.#arrive(below(2) > 0)));
      if (below(5)) continue;
      await this.#rest();
    }
    await this.#rest();
  }

  async #step(step: RunStep): Promise<void> {
    const { races } = this.options;
    const isNavigation = NAVIGATIONS.includes(step);
    if (isNavigation && !races.includes("two navigations at once")) await this.#rest();
    if (isNavigation) this.#isOnTheWay = true;
    const isChange = step === "change" && !races.includes("news while disconnected");
    if (isChange && this.#isRejoining) await this.#rest();
    const isNews = /^(change|tick)/.test(step) && !races.includes("news on the way");
    if (isNews && this.#isOnTheWay) await this.#rest();
    const isLoss = step === "cut" || step.startsWith("fail");
    if (isLoss && this.#isOnTheWay && !races.includes("connection lost on the way")) await this.#rest();
    // What was under way is shown after the join.
    if (step === "cut" && !races.includes("news while disconnected")) await this.#rest();
    if (isLoss) this.#isRejoining = true;
    if (step === "cut") {
      this.#log.push("the connection breaks");
      await this.#network.cut();
      await this.#forgetFields();
    } else if (step === "field") {
      // Only when nothing is under way it is known which entry a field is of.
      await this.#rest();
      this.#typeInField(TEXTS[this.#below(TEXTS.length)]!);
    } else if (step === "click" || step === "follow" || step === "back" || step === "type" || step === "submit") {
      // While its view is not there a page does nothing, or loads another page.
      if (this.#isMainJoined() && !this.#network.isJoining) this.#act(step);
    } else if (races.includes("news while joining") || !this.#network.isJoining) {
      const { done, arrivals } = await this.application.step(step);
      this.#log.push(done);
      this.#network.take(arrivals);
      if (step.startsWith("fail")) await this.#forgetFields();
    }
    await settled();
  }

  /** What a person does. */
  #act(step: PersonStep): void {
    const page = this.#page;
    const pick = <E extends Element>(selector: string): E | undefined => {
      const all = page.document.querySelectorAll<E>(selector);
      return all[this.#below(all.length)];
    };
    const text = TEXTS[this.#below(TEXTS.length)]!;
    if (step === "click") {
      const button = pick("button[phx-click]");
      this.#log.push(`click in ${button?.parentElement?.id}`);
      if (button) page.click(button);
    } else if (step === "follow") {
      const mayLeadElsewhere = this.options.shapes.includes("patch that leads elsewhere");
      const elsewhere = mayLeadElsewhere ? "" : ":not([data-phx-link=patch][href$=elsewhere])";
      const link = pick(`a[data-phx-link]${elsewhere}`)!;
      this.#log.push(`follow ${link.textContent}`);
      page.click(link);
    } else if (step === "back") {
      this.#log.push("go back");
      page.back();
    } else if (step === "submit") {
      const form = pick<HTMLFormElement>("form");
      this.#log.push(`submit ${form?.id}`);
      if (form) page.submit(form);
    } else {
      const field = pick<HTMLInputElement>("form input");
      this.#log.push(`type ${JSON.stringify(text)} in ${field?.form?.id}`);
      if (field) page.type(field, text);
    }
  }

  /** One message arrives, on the one side or on the other. Tells whether there was one. */
  async #arrive(first: boolean): Promise<boolean> {
    let came = false;
    if (first) this.#page.run(() => (came = this.#network.arriveDown()));
    came ||= await this.#network.arriveUp();
    if (!came) this.#page.run(() => (came = this.#network.arriveDown()));
    await settled();
    came = this.#page.runScripts() || came;
    await settled();
    this.#checkErrors();
    return came;
  }

  /** Lets all that is under way arrive, and looks at the page. */
  async #rest(): Promise<void> {
    await this.#settle();
    await this.#check();
  }

  /** Lets all arrive, and time pass, until nothing is under way. */
  async #settle(): Promise<void> {
    this.#isOnTheWay = this.#isRejoining = false;
    const joins = this.#network.joinCount;
    let quiet = 0;
    for (let passed = 0; quiet < QUIET || (passed < PATIENCE && !this.#isJoined()); passed += 50) {
      while (await this.#arrive(true)) {
        quiet = 0;
        if (this.#network.joinCount > joins + MAX_JOINS) throw new Error("views join without end");
      }
      this.#page.tick(50);
      await settled();
      quiet += 50;
    }
  }

  /** Whether all views have joined. */
  #isMainJoined(): boolean {
    const main = this.#page.document.querySelector("[data-phx-main]")!;
    return this.#network.joined.has(`lv:${main.id}`);
  }

  /** Whether all views have joined. */
  #isJoined(): boolean {
    return this.#unjoined().length === 0;
  }

  /** The views that have not joined, or are shown as if they had not. */
  #unjoined(): string[] {
    const views = [...this.#page.document.querySelectorAll("[data-phx-session]")];
    const isJoined = ({ id, classList }: Element) =>
      this.#network.joined.has(`lv:${id}`) && !classList.contains("phx-loading") && !classList.contains("phx-error");
    return views.filter((view) => !isJoined(view)).map(({ id, className }) => `${id} ${className}`);
  }

  #checkErrors(): void {
    const errors = this.#page.errors.filter((error) => !EXPECTED.test(error));
    if (errors.length) throw new Error(`the page complains: ${errors.join("; ")}`);
  }

  /** The page is what a GET brings, and the server means the same page. */
  async #check(): Promise<void> {
    this.#log.push("compare");
    this.#checkErrors();
    const { document, window } = this.#page;
    assert.deepEqual(this.#unjoined(), [], "views have not joined");
    assert.deepEqual(duplicates(document), [], "an id stands twice on the page");
    const facts = await this.application.facts();
    const { pathname, search } = window.location;
    assert.equal(`${pathname}${search}`, facts.location, "the address is another page's");
    const { html } = await this.application.page(facts.location);
    const expected = new window.DOMParser().parseFromString(html, "text/html");
    openPortals(expected);
    assert.equal(printPage(document), printPage(expected), "the page shows something else");
    this.#checkFields(facts);
  }

  #fieldOf(id: number): HTMLInputElement | undefined {
    const fields = [...this.#page.document.querySelectorAll<HTMLInputElement>(".field > input")];
    return fields.find((field) => field.parentElement!.textContent === `${id}`);
  }

  #typeInField(text: string): void {
    const fields = [...this.#page.document.querySelectorAll<HTMLInputElement>(".field > input")];
    const field = fields[this.#below(fields.length)];
    if (!field) return;
    const id = Number(field.parentElement!.textContent);
    this.#log.push(`type ${JSON.stringify(text)} in entry ${id}`);
    this.#page.type(field, text);
    this.#typed.set(id, { epoch: this.#known.get(id) ?? -1, text });
  }

  /** After a view has joined anew, nobody says which field is which. */
  async #forgetFields(): Promise<void> {
    this.#typed.clear();
    const { fields } = await this.application.facts();
    for (const { id, epoch } of fields) this.#known.set(id, epoch);
  }

  #checkFields({ fields }: Facts): void {
    for (const { id, epoch, is_new } of fields) {
      const field = this.#fieldOf(id);
      const typed = this.#typed.get(id);
      const isSame = this.#known.get(id) === epoch;
      this.#known.set(id, epoch);
      if (!field) continue;
      if (typed?.epoch === epoch) assert.equal(field.value, typed.text, `entry ${id} lost what was typed in it`);
      else if (!isSame && is_new) assert.equal(field.value, "", `entry ${id} is new and has a text`);
    }
  }
}

// A page in a browser of its own (jsdom), with one of the clients. The clock
// and the network are the test's.

import { JSDOM, VirtualConsole } from "jsdom";
import { mock } from "node:test";
import type { Context } from "node:vm";
import type { Client } from "./clients.ts";
import type { Network } from "./network.ts";
import { random } from "./random.ts";

/** So many changes of the page one message or event causes at most. More come from a loop that doesn't end. */
const MAX_MUTATIONS = 10_000;

const MUTATIONS: Record<string, string[]> = {
  Node: ["appendChild", "insertBefore", "removeChild", "replaceChild"],
  Element: ["append", "prepend", "before", "after", "remove", "replaceWith", "replaceChildren", "setAttribute"],
  DocumentFragment: ["append", "prepend", "replaceChildren"],
  CharacterData: ["before", "after", "remove", "replaceWith"],
};

export class Page {
  readonly window: any;
  readonly document: Document;
  /** What the page has complained about, or done that no test allows. */
  readonly errors: string[] = [];
  readonly #client: Client;
  readonly #context: Context;
  readonly #scripts = new Set<Element>();
  #mutations = 0;
  readonly #listeners = process.listeners("unhandledRejection");

  constructor(html: string, path: string, client: Client, network: Network, seed: number) {
    this.#client = client;
    const virtualConsole = new VirtualConsole();
    const complain = (...about: unknown[]) => void this.errors.push(about.map(describe).join(" "));
    virtualConsole.on("error", complain).on("warn", complain).on("jsdomError", complain);
    const url = `http://localhost:4000${path}`;
    const dom = new JSDOM(html, { url, runScripts: "outside-only", pretendToBeVisual: true, virtualConsole });
    this.window = dom.window;
    this.document = dom.window.document;
    this.#context = dom.getInternalVMContext();
    // Promises of the page that fail are reported by the process, where the test runner listens.
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", complain);
    const { window } = this;
    const below = random(seed);
    window.Math.random = () => below(1 << 20) / (1 << 20);
    window.requestAnimationFrame = (run: () => void) => window.setTimeout(run, 16);
    // What jsdom lacks.
    window.scroll = window.scrollTo = () => {};
    window.CSS = { escape: (name: string) => name.replace(/[^\w-]/g, (letter) => `\\${letter}`) };
    window.Element.prototype.scrollIntoView = () => {};
    window.reportError = complain;
    window.WebSocket = function (url: string) {
      return network.open(url);
    };
    this.#countMutations();
    this.runScripts();
  }

  /** Runs what a message, an event or the clock starts; what it throws is reported as a browser would. */
  run(start: () => void): void {
    this.#mutations = 0;
    try {
      start();
    } catch (error) {
      this.errors.push(describe(error));
    }
  }

  /** Runs the scripts that have come into the page. Tells whether there were any. */
  runScripts(): boolean {
    const { document, window } = this;
    // What a debug build says of its pages is not the client's.
    const scripts = document.querySelectorAll('script[src]:not([src$="/faults.js"])');
    const came = [...scripts].filter((script) => !this.#scripts.has(script));
    for (const script of came) {
      this.#scripts.add(script);
      const name = Object.keys(this.#client.scripts).find((name) => script.getAttribute("src")!.includes(name));
      Object.defineProperty(window.Document.prototype, "currentScript", { value: script, configurable: true });
      this.run(() => this.#client.scripts[name!]!.runInContext(this.#context));
      Object.defineProperty(window.Document.prototype, "currentScript", { value: null, configurable: true });
      if (document.readyState !== "loading") this.run(() => script.dispatchEvent(new window.Event("load")));
    }
    return came.length > 0;
  }

  /** Lets time pass. */
  tick(milliseconds: number): void {
    this.run(() => mock.timers.tick(milliseconds));
  }

  click(element: Element): void {
    const event = new this.window.MouseEvent("click", { bubbles: true, cancelable: true });
    this.run(() => element.dispatchEvent(event));
  }

  /** Types a text in place of what a field holds. */
  type(field: HTMLInputElement, text: string): void {
    this.run(() => {
      field.focus();
      field.value = text;
      field.dispatchEvent(new this.window.Event("input", { bubbles: true }));
    });
  }

  submit(form: HTMLFormElement): void {
    this.run(() => form.requestSubmit());
  }

  /** Goes back in the history, if there is an earlier entry. */
  back(): void {
    this.run(() => this.window.history.back());
  }

  close(): void {
    this.window.close();
    process.removeAllListeners("unhandledRejection");
    for (const listener of this.#listeners) process.on("unhandledRejection", listener);
  }

  #countMutations(): void {
    for (const [type, names] of Object.entries(MUTATIONS)) {
      const { prototype } = this.window[type];
      for (const name of names) {
        const mutate = prototype[name];
        const page = this;
        prototype[name] = function (this: unknown, ...values: unknown[]) {
          if (++page.#mutations > MAX_MUTATIONS) {
            if (page.#mutations === MAX_MUTATIONS + 1) page.errors.push("the page changes without end");
            throw new Error("the page changes without end");
          }
          return mutate.apply(this, values);
        };
      }
    }
  }
}

function describe(about: unknown): string {
  if (about && typeof about === "object" && "message" in about) {
    const { message, cause, detail } = about as { message: unknown; cause?: unknown; detail?: unknown };
    const reason = cause ?? detail;
    return reason && reason !== about ? `${message}: ${describe(reason)}` : `${message}`;
  }
  return typeof about === "string" ? about.slice(0, 100) : "";
}

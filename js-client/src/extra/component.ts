// Stateful components: each is made once, and lives where a part has placed it last.
//
// A component's nodes travel with it, from place to place and out of the page,
// where it stays until the server has confirmed that it is gone (protocol.md
// §4.6). Its number (cid) is unique within a view, from join to join.

import type { OnAnswer } from "../channel.ts";
import type { Kept } from "../morph.ts";
import type { ChildPart } from "../parts.ts";
import type { Namespace } from "../template.ts";
import { Key } from "../wire.ts";
import type { Changes, Rendered } from "../wire.ts";
import { core } from "./core.ts";

/** Sends a message of the view's, and hears its answer. */
type Send = (event: string, payload: { cids: number[] }, onAnswer: OnAnswer) => void;

export class Component {
  cid = 0;
  /** The part that shows it; null when none wants it, undefined before the first does. */
  place: ChildPart | null | undefined;
  /** Whether the view was told that it left the page. */
  isGone = false;
  readonly body: ChildPart;

  constructor(namespace: Namespace) {
    const anchor = new Text();
    new DocumentFragment().append(anchor);
    this.body = new core.ChildPart(anchor, namespace);
  }

  firstNode(): ChildNode {
    return this.body.firstNode();
  }

  take(rendered: Rendered): void {
    if (this.place && !this.body.isSound()) {
      const mender = core.mender();
      if (!mender) return core.withMender(() => core.unobserved(() => this.take(rendered)));
      mender.mendComponent(this);
    }
    this.body.take(0, rendered);
    const root = core.elementFrom(this.firstNode(), this.body.anchor) as Element;
    core.writeAttribute(root, "data-phx-component", `${this.cid}`);
  }

  /** Puts its nodes before another. */
  moveTo(parent: Node, before: Node | null): void {
    const { anchor } = this.body;
    const first = this.firstNode();
    if (core.parentNode(first) !== anchor.parentNode) {
      // Its element was leaving, or has left, and comes back.
      anchor.before(first);
      core.stay(first as HTMLElement);
    }
    core.moveRange(parent, first, anchor, before);
  }

  /** Its part wants something else; where it goes to is known at the end of the patch. */
  clear(): void {
    this.place = null;
    displaced.push(this);
  }

  snapshot(): number {
    return this.cid;
  }

  rebase(kept: Kept): void {
    this.body.rebase(kept);
  }
}

/** Those of the view that is patched, and those that its parts gave up. */
let components: Components;
let displaced: Component[] = [];

/** The component of a number for the part that is to show it, in which `standing` stood. */
export function componentOf(cid: number, standing: unknown, namespace: Namespace): Component {
  return components.find(cid, standing, namespace);
}

/**
 * The components of an item that isn't shown: they are made all the same, outside of the page, so
 * that the server hears that they are not in it.
 */
export function makeUnshown(item: unknown, namespace: Namespace): void {
  if (typeof item === "number") componentOf(item, undefined, namespace);
  if (typeof item !== "object") return;
  for (const [key, value] of Object.entries(item!)) {
    // Dynamics, and entries of lists: all other numbers are no components.
    if (+key >= 0 || key === Key.Entries) makeUnshown(value, namespace);
  }
}

export class Components {
  #all = new Map<number, Component>();
  /** What messages have brought and no component has taken yet. */
  #due: Changes = {};

  /** Runs a patch with the components of its message. */
  patch(changes: Changes = {}, run: () => void): void {
    components = this;
    if (core.witness.isJoin) {
      this.#all = new Map();
      this.#due = {};
    }
    this.#resolve(changes);
    Object.assign(this.#due, changes);
    run();
    // What a part takes is taken by now; the others change where they are.
    for (const cid in this.#due) if (this.#all.has(+cid)) this.find(+cid);
    for (const component of displaced) {
      if (!component.place) core.removeRange(component.firstNode(), component.body.anchor);
    }
    displaced = [];
  }

  /** Makes those that share a template whole; all references are to what was before the message. */
  #resolve(changes: Changes): void {
    const before = (cid: number) => (this.#due[cid] as Rendered) ?? (this.#all.get(cid)?.body.snapshot() as Rendered);
    const whole = (cid: number): Rendered => {
      const change = changes[cid]!;
      const source = change[Key.Statics];
      if (typeof source === "object") return change as Rendered;
      const base = source! > 0 ? whole(source!) : before(source ? -source : cid);
      return core.mergeNode(base, change as Rendered);
    };
    for (const cid in changes) {
      if (Key.Statics in changes[cid]! || cid in this.#due) changes[cid] = whole(+cid) as Changes[number];
    }
  }

  /** At a join the one that stood at a component's place becomes it. */
  find(cid: number, standing?: unknown, namespace: Namespace = ""): Component {
    let component = this.#all.get(cid);
    const due = this.#due[cid] as Rendered | undefined;
    delete this.#due[cid];
    if (!component) {
      if (!due) throw new Error(`no component ${cid}`);
      const isFormer = standing instanceof Component && this.#all.get(standing.cid) !== standing;
      component = isFormer ? standing : new Component(namespace);
      component.cid = cid;
      this.#all.set(cid, component);
    }
    if (due) component.take(due);
    return component;
  }

  /** Agrees with the server on the end of those that left the page. */
  dismiss(send: Send): void {
    const left = this.left();
    const agree = (event: string, cids: number[], then: (response: { cids: number[] }) => void) => {
      if (cids.length) send(event, { cids }, (status, response) => status === "ok" && then(response));
    };
    agree("cids_will_destroy", left, () =>
      core.afterTransitions(() => agree("cids_destroyed", this.out(left), ({ cids }) => this.forget(cids))),
    );
  }

  /** Those that left the page since this was asked for last. */
  left(): number[] {
    return [...this.#all.values()].flatMap((component) => {
      const wasGone = component.isGone;
      component.isGone = !component.body.anchor.isConnected;
      return component.isGone && !wasGone ? component.cid : [];
    });
  }

  /** Of these, those that are still out of the page. */
  out(cids: number[]): number[] {
    return cids.filter((cid) => this.#all.get(cid)?.isGone);
  }

  forget(cids: number[]): void {
    for (const cid of cids) this.#all.delete(cid);
  }
}

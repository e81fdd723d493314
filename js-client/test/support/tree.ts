// A tree of parts in an element, without a view around it.

import "./beside.ts";
import { Tree } from "../../src/tree.ts";
import { resolve } from "../../src/wire.ts";

export class Page {
  readonly el: HTMLElement;
  readonly tree: Tree;
  #isJoined = false;

  /** `dead` is the HTML that is there before the first message. */
  constructor(dead = "") {
    this.el = document.createElement("div");
    document.body.replaceChildren(this.el);
    this.el.innerHTML = dead;
    this.el.id = "view";
    this.tree = new Tree(this.el);
  }

  apply(message: object): this {
    this.tree.take(resolve(structuredClone(message)), !this.#isJoined);
    this.#isJoined = true;
    return this;
  }

  /** The next message is a whole new state. */
  rejoin(): this {
    this.#isJoined = false;
    return this;
  }

  html(): string {
    return this.el.innerHTML;
  }

  find<E extends Element = HTMLElement>(selector: string): E {
    return this.el.querySelector<E>(selector)!;
  }
}

/** What a client writes of its own accord. */
const OURS = ["data-phx-component", "data-phx-stream"];

/** HTML in one spelling: how texts are split and attributes ordered says nothing. */
export function canonical(html: string): string {
  const template = document.createElement("template");
  template.innerHTML = html;
  const sort = (parent: Node) => {
    for (const node of parent.childNodes) {
      if (node instanceof Element) {
        for (const name of OURS) node.removeAttribute(name);
        const attributes = [...node.attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
        for (const { name } of attributes) node.removeAttribute(name);
        for (const attribute of attributes) node.setAttributeNode(attribute);
      }
      sort(node);
    }
  };
  sort(template.content);
  return template.innerHTML;
}

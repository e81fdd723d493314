// A tree of parts in an element, without a view around it.

import { ChildPart } from "../../src/parts.ts";
import { resolve } from "../../src/wire.ts";

export class Page {
  readonly el: HTMLElement;
  readonly #root: ChildPart;

  /** `dead` is the HTML that is there before the first message. */
  constructor(dead = "") {
    this.el = document.createElement("div");
    document.body.replaceChildren(this.el);
    this.el.innerHTML = dead;
    const first = this.el.firstChild;
    const anchor = document.createTextNode("");
    this.el.append(anchor);
    this.#root = new ChildPart(anchor, "", first);
  }

  apply(message: object): this {
    this.#root.take(0, resolve(structuredClone(message)));
    return this;
  }

  html(): string {
    return this.el.innerHTML;
  }

  find<E extends Element = HTMLElement>(selector: string): E {
    return this.el.querySelector<E>(selector)!;
  }
}

/** HTML in one spelling: how texts are split and attributes ordered says nothing. */
export function canonical(html: string): string {
  const template = document.createElement("template");
  template.innerHTML = html;
  const sort = (parent: Node) => {
    for (const node of parent.childNodes) {
      if (node instanceof Element) {
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

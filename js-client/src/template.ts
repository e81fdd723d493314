// A template: statics prepared once, so that its instances are clones and its
// dynamics have known places (lit's Template and parts).
//
// `markup` reads the statics as HTML just far enough to write a mark for each
// dynamic that suits its place; the browser parses the result once; `Template`
// collects the marks as slots and removes them. A template
// with a dynamic that has no place (a tag's name, an unquoted value) is
// `printed`: its instances print themselves as a string for every change.
// Values are parts.ts's concern.

import { attributes, childNodes, document, insertBefore } from "./natives.ts";
import { putAttribute, trusted } from "./page.ts";
import type { Statics } from "./wire.ts";

export const enum SlotKind {
  /** Between tags: any content. */
  Child,
  /** One attribute's value, with the strings around its dynamics. */
  Attribute,
  /** Between attributes: any number of whole attributes. */
  Tag,
  /** The text of a comment or of an element that holds only text. */
  Data,
}

export interface Slot {
  kind: SlotKind;
  /** Child indices from the content's root to the node. */
  path: number[];
  /** The index of the first dynamic; attributes and data may hold several. */
  first: number;
  /** What stands around the dynamics. */
  strings: string[];
  /** The attribute's name; for data that of the element, empty for a comment; in a tag that of a state, if it is one. */
  name: string;
  namespace: Namespace;
}

/** The namespace that markup is parsed in, as its URI has it; "" for HTML. */
export type Namespace = "" | "svg" | "Math";

/** Elements that belong to the page once they are there: only their `data-*` are written. */
export const IGNORED = "[phx-update=ignore]";

/** A dynamic's place while the markup is parsed; no page contains this character. */
const MARK = "\x01";
const MARKS = /\x01(\d+)\x01/;
/** A tag from behind its name on. */
export const ATTRIBUTES = /(?:[^>"']|"[^"]*"|'[^']*')*>/.source;
/** Comments; elements whose content is text to the parser; tags; and marks between them. */
const TOKENS = new RegExp(
  `<!--[^]*?-->|(<(textarea|title|style|script)\\b${ATTRIBUTES})([^]*?)(?=</\\2)|(</?[a-z]${ATTRIBUTES})|${MARKS.source}`,
  "gi",
);
const VALUES_AND_MARKS = /"[^"]*"|'[^']*'|\x01\d+\x01/g;

/** The statics joined by marks that the parser can read, or nothing when there is no such. */
function markup(statics: Statics): string | undefined {
  let isReadable = true;
  const joined = statics.reduce((html, text, index) => `${html}${MARK}${index - 1}${MARK}${text}`);
  const html = joined.replace(TOKENS, (token, open, _name, text = "", tag, mark, at) => {
    if (mark) {
      // Right behind the opening of a tag stands its name.
      isReadable &&= !/<\/?$/.test(joined.substring(at - 2, at));
      return `<!--${MARK}${token}-->`;
    }
    const marked = ((open ?? tag ?? "") as string).replace(VALUES_AND_MARKS, (piece, at, tag) => {
      if (piece[0] !== MARK) return piece;
      // Part of a name, or a value without quotes.
      isReadable &&= tag[1] !== "/" && !/=\s*$/.test(tag.slice(0, at)) && /[\s/>\x01]/.test(tag[at + piece.length]);
      return ` ${piece} `;
    });
    return marked ? marked + text : token;
  });
  return isReadable ? html : undefined;
}

/** Parses markup as the content of an element of the namespace. */
export function parse(html: string, namespace: Namespace): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = trusted.createHTML(namespace ? `<${namespace}>${html}</${namespace}>` : html);
  const content = template.content;
  if (namespace) content.replaceChildren(...content.firstChild!.childNodes);
  return content;
}

/** What children of a node stand in: those of a template are apart from the page. */
export function contentOf(node: Node): Node {
  return node instanceof HTMLTemplateElement ? node.content : node;
}

export class Template {
  content: DocumentFragment;
  slots: Slot[] = [];
  /** For each dynamic the index of its slot. */
  readonly slotOf: number[] = [];
  readonly isPrinted: boolean;
  /** Whether an instance may hold what is ignored. */
  readonly mayIgnore: boolean;

  constructor(statics: Statics, namespace: Namespace) {
    const html = markup(statics);
    this.content = parse(html ?? "", namespace);
    this.#collect(this.content, [], namespace);
    // A state that comes and goes has a space of its own before it, so that it is known while it is not there.
    for (const slot of this.slots) {
      if (slot.kind === SlotKind.Tag && statics[slot.first]!.endsWith(" ")) slot.name = "checked";
    }
    // The parser may have dropped a mark, or doubled its element.
    const marks = this.slots.flatMap(({ strings }) => strings.slice(1));
    this.isPrinted = marks.length !== statics.length - 1 || Object.keys(this.slotOf).length !== marks.length;
    if (this.isPrinted) {
      ({ content: this.content, slots: this.slots } = new Template(["", ""], namespace));
    }
    this.mayIgnore = /phx-update/.test(html!) || this.slots.some(({ kind }) => kind === SlotKind.Tag);
    // An instance needs a node that says where it stands.
    if (!this.content.firstChild) this.content.append("");
  }

  /** The node of each slot in a copy of the content, before any part changes what paths mean. */
  find(content: Node): Node[] {
    return this.slots.map(({ path }) =>
      path.reduce((node, index) => childNodes(contentOf(node))[index]!, content),
    );
  }

  /** What is ignored in an instance is a copy: the parts write on to nodes that nobody sees. */
  detach(content: DocumentFragment): void {
    for (const element of this.mayIgnore ? content.querySelectorAll(IGNORED) : []) {
      const copy = content.ownerDocument.importNode(element, true);
      const [own, fresh] = [new DocumentFragment(), new DocumentFragment()];
      fresh.append(...childNodes(copy));
      own.append(...childNodes(element));
      insertBefore(element, fresh, null);
    }
  }

  #collect(parent: Node, path: number[], namespace: Namespace): void {
    childNodes(contentOf(parent)).forEach((node, index) => {
      /** Says whether the text holds marks. */
      const add = (kind: SlotKind, text: string, name: string): boolean => {
        const pieces = text.split(MARKS);
        const strings = pieces.filter((_, at) => {
          if (at % 2) this.slotOf[+pieces[at]!] = this.slots.length;
          return !(at % 2);
        });
        const slot = { kind, path: [...path, index], first: +pieces[1]!, strings, name, namespace };
        return !!pieces[1] && this.slots.push(slot) > 0;
      };
      if (node instanceof Element) {
        for (const { name, value } of [...attributes(node)]) {
          if (add(SlotKind.Tag, name, "")) putAttribute(node, name, null);
          // The attribute stays, emptied: instances keep the order of the source.
          else if (add(SlotKind.Attribute, value, name)) putAttribute(node, name, "");
        }
        this.#collect(node, [...path, index], namespaceIn(node));
      } else {
        const { data } = node as CharacterData;
        const isChild = data.startsWith(MARK + MARK);
        const name = node instanceof Text ? (parent as Element).localName : "";
        if (add(isChild ? SlotKind.Child : SlotKind.Data, data, name) && isChild) node.replaceWith("");
      }
    });
  }
}

/** The namespace of an element's content. */
function namespaceIn({ namespaceURI, localName }: Element): Namespace {
  const uri = localName === "foreignObject" ? "" : namespaceURI!;
  return (/svg|Math/.exec(uri)?.[0] ?? "") as Namespace;
}

const templates = new Map<Statics, Partial<Record<Namespace, Template>>>();

/** The template of these (interned) statics in a namespace. */
export function templateOf(statics: Statics, namespace: Namespace): Template {
  const prepared = templates.get(statics) ?? {};
  templates.set(statics, prepared);
  return (prepared[namespace] ??= new Template(statics, namespace));
}

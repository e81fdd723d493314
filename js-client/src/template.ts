// A template: statics prepared once, so that its instances are clones and its
// dynamics have known places (lit's Template and parts).
//
// `markup` reads the statics as HTML just far enough to tell in which context
// each dynamic stands and writes a mark there; the browser parses the result
// once; `Template` collects the marks as slots and removes them. A template
// with a dynamic that has no place (a tag's name, an unquoted value) is
// `printed`: its instances print themselves as a string for every change.
// Values are parts.ts's concern.

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
  /** The strings around the dynamics of an attribute or of data. */
  strings: string[];
  /** The attribute's name. */
  name: string;
  /** Whether character references stand for characters here. */
  escaped: boolean;
  namespace: Namespace;
}

/** The namespace that markup is parsed in; "" for HTML. */
export type Namespace = "" | "svg" | "math";

const MARK = "\x01";
const MARKS = /\x01(\d+)\x01/;
/** Elements whose content is text to the parser; the first two decode references. */
const TEXT_ONLY = /^(textarea|title|style|script|xmp|iframe|noembed|noframes)$/i;

const enum Place {
  Text,
  Tag,
  Double,
  Single,
  Unquoted,
  Comment,
  TextOnly,
}

/** What ends each place, or opens the next one inside it. */
const ENDS: Record<Place, RegExp> = {
  [Place.Text]: /<(?:!--|(\/?[a-z][^\s/>]*))/gi,
  [Place.Tag]: />|=\s*(["']?)/g,
  [Place.Double]: /"/g,
  [Place.Single]: /'/g,
  [Place.Unquoted]: /[\s>]/g,
  [Place.Comment]: /-->/g,
  [Place.TextOnly]: /<\/([a-z]+)/gi,
};

/** The statics joined by marks, or nothing when a dynamic has no place. */
function markup(statics: Statics): string | undefined {
  let html = "";
  let place = Place.Text;
  let name = "";
  for (let index = 0; index < statics.length; index++) {
    const text = statics[index]!;
    for (let at = 0; ; ) {
      const ends: RegExp = ENDS[place];
      ends.lastIndex = at;
      const end: RegExpExecArray | null = ends.exec(text);
      if (!end) break;
      at = ends.lastIndex;
      if (place === Place.Text) {
        name = end[1] ?? "";
        place = name ? Place.Tag : Place.Comment;
      } else if (place === Place.Tag) {
        if (end[0] === ">") place = TEXT_ONLY.test(name) ? Place.TextOnly : Place.Text;
        else place = end[1] === '"' ? Place.Double : end[1] ? Place.Single : Place.Unquoted;
      } else if (place === Place.TextOnly) {
        if (end[1]!.toLowerCase() !== name.toLowerCase()) continue;
        name = "/";
        place = Place.Tag;
      } else {
        place = place === Place.Comment || end[0] === ">" ? Place.Text : Place.Tag;
      }
    }
    html += text;
    if (index === statics.length - 1) break;
    const mark = MARK + index + MARK;
    if (place === Place.Text) {
      if (/<\/?$/.test(text)) return;
      html += `<!--${MARK}${mark}-->`;
    } else if (place === Place.Tag) {
      if (name[0] === "/" || !/^([\s/>]|$)/.test(statics[index + 1]!)) return;
      html += ` ${mark} `;
    } else if (place === Place.Unquoted) return;
    else html += mark;
  }
  return html;
}

/** Parses markup as the content of an element of the namespace. */
export function parse(html: string, namespace: Namespace): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = namespace ? `<${namespace}>${html}</${namespace}>` : html;
  const content = template.content;
  if (namespace) content.replaceChildren(...content.firstChild!.childNodes);
  return content;
}

export class Template {
  readonly statics: Statics;
  readonly content: DocumentFragment;
  readonly slots: Slot[] = [];
  /** For each dynamic the index of its slot. */
  readonly slotOf: number[] = [];
  readonly printed: boolean;

  constructor(statics: Statics, namespace: Namespace) {
    this.statics = statics;
    const html = markup(statics);
    let content = parse(html ?? "", namespace);
    let placed = html !== undefined;
    if (placed) {
      this.#collect(content, [], namespace);
      for (let index = 0; index < statics.length - 1; index++) {
        placed &&= index in this.slotOf;
      }
      // A mark that the parser has doubled or moved away leaves no use for the rest.
      placed &&= this.slotOf.length === statics.length - 1;
    }
    this.printed = !placed;
    if (!placed) {
      this.slots.length = this.slotOf.length = 0;
      content = parse("", "");
      content.append("");
      this.#slot(SlotKind.Child, [0], namespace, 0);
    }
    // An instance needs a node that says where it stands.
    if (!content.firstChild) content.append("");
    this.content = content;
  }

  #slot(kind: SlotKind, path: number[], namespace: Namespace, first: number): Slot {
    const slot = { kind, path, first, strings: [], name: "", escaped: true, namespace };
    this.slotOf[first] = this.slots.push(slot) - 1;
    return slot;
  }

  #composed(kind: SlotKind, path: number[], pieces: string[]): Slot {
    const slot = this.#slot(kind, path, "", +pieces[1]!);
    for (let index = 0; index < pieces.length; index++) {
      if (index % 2) this.slotOf[+pieces[index]!] = this.slots.length - 1;
      else slot.strings.push(pieces[index]!);
    }
    return slot;
  }

  #collect(parent: Node, path: number[], namespace: Namespace): void {
    for (let index = 0; index < parent.childNodes.length; index++) {
      const node = parent.childNodes[index]!;
      const here = [...path, index];
      if (node instanceof Element) {
        for (const { name, value } of [...node.attributes]) {
          const mark = MARKS.exec(name);
          const pieces = value.split(MARKS);
          if (mark) {
            node.removeAttribute(name);
            this.#slot(SlotKind.Tag, here, namespaceInside(node, true), +mark[1]!);
          } else if (pieces[1]) {
            // The attribute stays, emptied: instances keep the order of the source.
            node.setAttribute(name, "");
            this.#composed(SlotKind.Attribute, here, pieces).name = name;
          }
        }
        this.#collect(node, here, namespaceInside(node));
      } else {
        const pieces = (node as CharacterData).data.split(MARKS);
        if (!pieces[1]) continue;
        if (node instanceof Comment && pieces[0] === MARK) {
          node.replaceWith("");
          this.#slot(SlotKind.Child, here, namespace, +pieces[1]);
        } else {
          const slot = this.#composed(SlotKind.Data, here, pieces);
          slot.escaped = /^(textarea|title)$/i.test(parent.nodeName);
        }
      }
    }
  }
}

/** The namespace of an element's content, or of the element itself. */
function namespaceInside(element: Element, itself = false): Namespace {
  if (!itself && element.localName === "foreignObject") return "";
  const uri = element.namespaceURI!;
  return uri.endsWith("svg") ? "svg" : uri.endsWith("MathML") ? "math" : "";
}

const templates: Record<Namespace, WeakMap<Statics, Template>> = {
  "": new WeakMap(),
  svg: new WeakMap(),
  math: new WeakMap(),
};

/** The template of these (interned) statics in a namespace. */
export function templateOf(statics: Statics, namespace: Namespace): Template {
  let template = templates[namespace].get(statics);
  if (!template) templates[namespace].set(statics, (template = new Template(statics, namespace)));
  return template;
}

// What the DOM gives a node, also where that is a form, and the document. A form has its
// fields by their names, before all else: one named `attributes` or `closest` takes the place
// of what every element has by that name. The document has forms, images and frames in the
// same way. So whoever may have a form before them, or needs the document, asks here.

const { prototype } = HTMLFormElement as any;
const own = window.document;

/** A method, or what reads a property, with the node as its first argument; nothing where it has none. */
export function native<F>(name: string): F {
  const read = prototype.__lookupGetter__(name);
  const ofForm = Function.prototype.call.bind(read ?? prototype[name]);
  // Elements of the application's may have methods of their own by these names.
  return ((node: any, ...args: unknown[]) =>
    (node = node === own ? document : node) instanceof HTMLFormElement ? ofForm(node, ...args) : read ? node[name] : node?.[name]?.(...args)) as F;
}

/** The document by what it is and not by who bears a name. As a node it is `own`, elsewhere `window.document`. */
export const document: Document = new Proxy(Document.prototype, {
  get(prototype, name) {
    const value = Reflect.get(prototype, name, own);
    return typeof value === "function" ? value.bind(own) : value;
  },
  set: (prototype, name, value) => Reflect.set(prototype, name, value, own),
});

type Getter<N extends keyof HTMLFormElement> = (node: Node) => HTMLFormElement[N];
type Method<N extends keyof HTMLFormElement, T = Node> = HTMLFormElement[N] extends (...args: infer A) => infer R
  ? (node: T, ...args: A) => R
  : never;

export const attributes = native<Getter<"attributes">>("attributes");
export const childNodes = native<Getter<"childNodes">>("childNodes");
export const classList = native<Getter<"classList">>("classList");
export const firstChild = native<Getter<"firstChild">>("firstChild");
export const isConnected = native<Getter<"isConnected">>("isConnected");
export const localName = native<Getter<"localName">>("localName");
export const nextSibling = native<Getter<"nextSibling">>("nextSibling");
export const previousSibling = native<Getter<"previousSibling">>("previousSibling");
export const parentNode = native<Getter<"parentNode">>("parentNode");

export const closest = native<<E extends Element = HTMLElement>(node: Node, selector: string) => E | null>("closest");
export const contains = native<Method<"contains">>("contains");
export const dispatchEvent = native<Method<"dispatchEvent", EventTarget>>("dispatchEvent");
export const focus = native<Method<"focus">>("focus");
export const getAttribute = native<Method<"getAttribute">>("getAttribute");
export const moveBefore = native<Method<"insertBefore">>("moveBefore");
export const insertBefore = native<Method<"insertBefore">>("insertBefore");
export const matches = native<Method<"matches">>("matches");
export const querySelectorAll = native<<E extends Element = HTMLElement>(node: Node, selector: string) => NodeListOf<E>>("querySelectorAll");
export const removeAttribute = native<Method<"removeAttribute">>("removeAttribute");
export const setAttribute = native<Method<"setAttribute">>("setAttribute");

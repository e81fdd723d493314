// Forms in jsdom as browsers have them: a field takes the place of what the form has by
// its name, which jsdom leaves as it is.

import { page } from "./dom.ts";

/** What any element, text or document of the DOM has a property for. */
export const NAMES: string[] = [];
const types = ["HTMLFormElement", "HTMLInputElement", "HTMLSelectElement", "HTMLTextAreaElement", "HTMLDialogElement", "HTMLTemplateElement", "Text", "Document"];
for (const type of types) {
  let { prototype } = (page as any)[type];
  for (; prototype; prototype = Object.getPrototypeOf(prototype)) NAMES.push(...Object.getOwnPropertyNames(prototype));
}
// What jsdom lacks.
NAMES.push("ariaHidden", "moveBefore", "role", "requestSubmit");
NAMES.splice(0, Infinity, ...new Set(NAMES));

const { prototype } = page.Element;
const listen = Object.getOwnPropertyDescriptor(page.HTMLFormElement.prototype, "elements")!.get!;

/** jsdom's selectors ask elements as any script does. */
function isAskedByDom(getter: () => unknown): boolean {
  const { prepareStackTrace } = Error;
  // The first is jsdom's own trap of what is read from a form.
  Error.prepareStackTrace = (_error, sites) => {
    const callers = sites.map((site) => `${site.getFileName() ?? site.getEvalOrigin()}`);
    return callers.find((caller) => !caller.endsWith("/HTMLFormElement.js"));
  };
  const about = { stack: "" };
  Error.captureStackTrace(about, getter);
  const { stack } = about;
  Error.prepareStackTrace = prepareStackTrace;
  return /nwsapi|jsdom/.test(stack);
}

/** Lets the fields of each form in a tree take their places. */
export function shadow(root: ParentNode & Node): void {
  const forms = [...root.querySelectorAll("form")];
  if (root instanceof page.HTMLFormElement) forms.push(root as HTMLFormElement);
  for (const form of forms) {
    for (const field of listen.call(form) as Iterable<HTMLInputElement>) {
      const name = field.getAttribute("name");
      const get = () => (isAskedByDom(get) ? Reflect.get(page.HTMLFormElement.prototype, name!, form) : field);
      if (name) Object.defineProperty(form, name, { get, configurable: true });
    }
  }
}

/** Lets an element take the place of all that a document has, until the returned function is called. */
export function shadowDocument(element: HTMLElement): () => void {
  const { document } = page;
  // What no name of an element hides.
  const own = new Set([...Object.getOwnPropertyNames(document), "__proto__", "constructor"]);
  const names = NAMES.filter((name) => name in document && !own.has(name));
  for (const name of names) {
    const get = () => (isAskedByDom(get) ? Reflect.get(page.Document.prototype, name, document) : element);
    Object.defineProperty(document, name, { get, configurable: true });
  }
  return () => names.forEach((name) => Reflect.deleteProperty(document, name));
}

/** Shadows what comes into being from now on: by the parser and as a copy. */
export function shadowAll(): void {
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, "innerHTML")!;
  Object.defineProperty(prototype, "innerHTML", {
    configurable: true,
    get,
    set(this: Element, html: string) {
      set!.call(this, html);
      shadow(this instanceof page.HTMLTemplateElement ? (this as HTMLTemplateElement).content : this);
    },
  });
  for (const [type, name] of [["Node", "cloneNode"], ["Document", "importNode"]] as const) {
    const owner = (page as any)[type].prototype;
    const copy = owner[name];
    owner[name] = function (this: Node, ...args: unknown[]) {
      const fresh = copy.apply(this, args);
      if (fresh.querySelectorAll) shadow(fresh);
      return fresh;
    };
  }
}

// What a page of random shapes shows, in one spelling: what clients write of their own accord,
// and what is new with each load, is left out. The client's tests read pages of jsdom with it, and
// the browser specs import it in the page itself, so it imports nothing.

const XHTML = "http://www.w3.org/1999/xhtml";

/** What clients and tokens are about; the others are the application's. */
const INTERNAL = /^data-phx-(?!(link|link-state|portal|sticky|main)$)/;

/**
 * The body of a page, as a text that is the same for pages that show the same.
 *
 * @param {Document} document
 */
export function printPage(document) {
  /** @type {string[]} */
  const lines = [];
  print(document.body, lines, "");
  return lines.join("\n");
}

/**
 * In a page without scripts, what portals show stands in them still: shows it.
 *
 * @param {Document} document
 */
export function openPortals(document) {
  const portals = document.getElementById("portals");
  const next = () => document.querySelector("template[data-phx-portal]:not([data-phx-shown])");
  // What is shown may have portals of its own.
  for (let source; (source = next()); ) {
    source.setAttribute("data-phx-shown", "");
    portals.append(source.content);
  }
}

function print(parent, lines, indent) {
  let text = "";
  const flush = () => {
    if (text) lines.push(`${indent}${JSON.stringify(text)}`);
    text = "";
  };
  for (const node of childrenOf(parent)) {
    if (node.nodeType === 3) text += node.data;
    else if (node.nodeType === 8) {
      flush();
      lines.push(`${indent}<!--${node.data}-->`);
    } else {
      flush();
      const kind = node.namespaceURI === XHTML ? "" : "drawing ";
      lines.push(`${indent}<${kind}${node.localName}${attributesOf(node)}>`);
      if (node.localName !== "template") print(node, lines, `${indent}  `);
    }
  }
  flush();
}

/** In which order portals show their content is left to the client. */
function childrenOf(parent) {
  const children = [...parent.childNodes];
  if (parent.id !== "portals") return children;
  return children.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function attributesOf(element) {
  const isView = element.hasAttribute("data-phx-session");
  // What a field without a name holds, only the browser knows.
  const isField = element.localName === "input" && element.hasAttribute("name");
  const attributes = [...element.attributes].flatMap(({ name, value }) => {
    // It takes the focus for want of another place, as long as it has it.
    if (name === "tabindex" && element === element.ownerDocument.activeElement) return [];
    if (INTERNAL.test(name) || (isField && name === "value")) return [];
    // A child that takes the place of another has a number behind its id.
    if (name === "id" && isView) value = element.hasAttribute("data-phx-main") ? "main" : value.replace(/~\d+$/, "");
    if (name.startsWith("phx-")) value = value.replace(/("target":)(\d+)/, (_, key, cid) => key + targetOf(element, cid));
    if (name === "class") value = value.split(/\s+/).filter((name) => name && !/^phx-/.test(name)).join(" ");
    return name === "class" && !value ? [] : [` ${name}=${JSON.stringify(value)}`];
  });
  if (isField) attributes.push(` holds ${JSON.stringify(element.value)}`);
  return attributes.sort().join("");
}

/** All bindings of these pages are for the component around; only a page that is connected knows which one that is. */
function targetOf(element, cid) {
  const component = element.closest("[data-phx-component]");
  return !component || component.getAttribute("data-phx-component") === cid ? "own" : cid;
}

// Selectors and locators' steps: how they are written, and how a page finds what they name. CSS is
// the browser's own; what Playwright adds to it, as far as the specs use it, is here:
//
//     text=Add   "…" >> nth=-1   .kinds >> text=Herbal   li:has-text("tea")   a:text-is("To-do")
//     li:visible   li:has(:text-is("tea")) input
//
// `parse` runs in the harness and gives steps as plain data; `engine` runs in the page. It travels
// as text with each question, because a page with a strict policy lets nobody add a script, and a
// page that is left takes everything with it. Waiting and acting are in locator.mjs.

/**
 * @typedef {object} Step narrows what the steps before it have found
 * @property {string} written as a message shows it
 * @property {string} [css] a selector list that the browser understands by itself
 * @property {Compound[][]} [chains] the same list, or one with Playwright's additions, taken apart
 * @property {string} [text] the smallest elements with this text
 * @property {string} [hasText] those that contain this text
 * @property {number} [nth] the one at this place, from the end where it is negative
 * @property {Matcher} [label] fields with this label
 * @property {{ role: string, name?: Matcher }} [role] elements with this role and accessible name
 *
 * @typedef {object} Compound
 * @property {string} combinator what stands before it: "", " ", ">", "+" or "~"
 * @property {string} css what the browser can match of it
 * @property {{ kind: string, text?: string, chains?: Compound[][] }[]} filters what it can't
 *
 * @typedef {{ text: string, exact: boolean } | { source: string, flags: string }} Matcher
 */

const ADDED = /:(?:has-text|text-is|visible)(?![\w-])/;
const FILTER = /:(has-text|text-is|visible|has)(?![\w-])/y;
const STRING = /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'/y;

/** @returns {Step[]} */
export function parse(selector) {
  return split(selector, />>/y).map(({ text }) => {
    const [, engine, rest] = /^(text|nth|css)=([^]*)$/.exec(text) ?? [null, "css", text];
    if (engine === "nth") return { written: text, nth: Number(rest) };
    if (engine === "text") return { written: text, text: rest };
    const chains = /:scope/.test(rest) ? undefined : parseList(rest);
    return { written: text, css: ADDED.test(rest) ? undefined : rest, chains };
  });
}

/** @returns {Matcher} of a text as Playwright's `name` and `getByLabel` take it */
export function matcher(text, { exact = false } = {}) {
  return text instanceof RegExp ? { source: text.source, flags: text.flags } : { text, exact };
}

function parseList(selector) {
  return split(selector, /,/y).map(({ text }) => {
    const compounds = split(text, /\s*[>+~]\s*|\s+/y);
    return compounds.map(({ before, text }) => parseCompound(text, before.trim() || before.slice(0, 1)));
  });
}

function parseCompound(text, combinator) {
  const filters = [];
  let css = "";
  let at = 0;
  while (at < text.length) {
    const [whole, kind] = matchAt(FILTER, text, at) ?? [];
    const end = whole === undefined ? at : at + whole.length;
    const close = text[end] === "(" ? findClosing(text, end) : end;
    const inner = text.slice(end + 1, close - 1);
    if (kind === "visible") filters.push({ kind });
    else if (kind === "has" && ADDED.test(inner)) filters.push({ kind, chains: parseList(inner) });
    else if (kind && kind !== "has") filters.push({ kind, text: unquote(inner) });
    else {
      const next = Math.max(close, findEnd(text, at));
      css += text.slice(at, next);
      at = next;
      continue;
    }
    at = close;
  }
  return { combinator, css: css || "*", filters };
}

/** Cuts a text at what matches outside of quotes and brackets. */
function split(text, separator) {
  const found = [];
  let piece = { before: "", text: "" };
  const trimmed = text.trim();
  for (let at = 0; at < trimmed.length; ) {
    const match = matchAt(separator, trimmed, at);
    if (match) {
      found.push(piece);
      piece = { before: match[0], text: "" };
      at += match[0].length;
    } else {
      const next = findEnd(trimmed, at);
      piece.text += trimmed.slice(at, next);
      at = next;
    }
  }
  return [...found, piece].map(({ before, text }) => ({ before, text: text.trim() }));
}

/** Where what begins here ends: a string, a bracket with what it holds, or one character. */
function findEnd(text, at) {
  const string = matchAt(STRING, text, at);
  if (string) return at + string[0].length;
  if (text[at] === "\\") return at + 2;
  return text[at] === "(" || text[at] === "[" ? findClosing(text, at) : at + 1;
}

/** The place after the bracket that closes the one that stands here. */
function findClosing(text, at) {
  const close = text[at] === "(" ? ")" : "]";
  for (let next = at + 1; next < text.length; next = findEnd(text, next)) {
    if (text[next] === close) return next + 1;
  }
  throw new Error(`a bracket is not closed in the selector ${text}`);
}

function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function unquote(text) {
  const [string] = matchAt(STRING, text, 0) ?? [];
  return string === text ? text.slice(1, -1).replace(/\\([^])/g, "$1") : text;
}

/** Runs in the page: `findAll(steps)`, and what locators ask of an element that was found. */
export function engine() {
  const ROLES = {
    button: "button, summary, input:is([type=button], [type=submit], [type=reset], [type=image])",
    checkbox: "input[type=checkbox]",
    combobox: "select:not([multiple], [size])",
    dialog: "dialog",
    group: "fieldset, details, optgroup",
    heading: "h1, h2, h3, h4, h5, h6",
    img: "img, svg",
    link: "a[href], area[href]",
    list: "ul, ol, menu",
    listbox: "select:is([multiple], [size])",
    listitem: "li",
    main: "main",
    navigation: "nav",
    option: "option",
    radio: "input[type=radio]",
    slider: "input[type=range]",
    spinbutton: "input[type=number]",
    textbox: "textarea, input:is([type=text], [type=email], [type=tel], [type=url], :not([type]))",
  };
  const FIELDS = "input:not([type=hidden]), select, textarea, button, meter, output, progress";
  const NAMED_BY_CONTENT = "button, summary, a, h1, h2, h3, h4, h5, h6, option, li, td, th, [role]";

  const fold = (text) => text.replace(/\u200b/g, "").replace(/\s+/g, " ").trim();
  const includes = (text, part) => fold(text).toLowerCase().includes(fold(part).toLowerCase());
  const fits = (text, { text: wanted, exact, source, flags }) =>
    source !== undefined
      ? new RegExp(source, flags).test(fold(text))
      : exact
        ? fold(text) === fold(wanted)
        : includes(text, wanted);

  function findAll(steps) {
    return steps.reduce((found, step) => {
      if (step.nth !== undefined) return [found.at(step.nth)].filter(Boolean);
      if (step.hasText !== undefined) return found.filter((element) => includes(textOf(element), step.hasText));
      const next = found.map((root) => [...find(root, step)]);
      // Roots may stand in one another.
      return next.length === 1 ? next[0] : inOrder(new Set(next.flat()));
    }, [document]);
  }

  const inOrder = (elements) =>
    [...elements].sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1));

  function find(root, step) {
    // In another element all of a selector is looked for inside of it; the browser would let what
    // is around it match the selector's beginning.
    if (step.css !== undefined && (root === document || !step.chains)) return root.querySelectorAll(step.css);
    if (step.chains) return findChains(root, step.chains);
    if (step.text !== undefined) return findText(root, step.text);
    if (step.label) {
      const isLabelled = (element) => labelsOf(element).some((label) => fits(label, step.label));
      return all(root, `${FIELDS}, [aria-label], [aria-labelledby]`).filter(isLabelled);
    }
    const { role, name } = step.role;
    const native = ROLES[role] ? `:is(${ROLES[role]}):not([role]), ` : "";
    return all(root, `${native}[role="${role}"]`).filter((element) => isExposed(element) && (!name || fits(nameOf(element), name)));
  }

  const all = (root, selector) => [...root.querySelectorAll(selector)];

  function findChains(root, chains) {
    const found = chains.map((chain) =>
      all(root, chain.at(-1).css).filter((element) => matchesChain(root, element, chain, chain.length - 1)),
    );
    return found.length === 1 ? found[0] : inOrder(new Set(found.flat()));
  }

  function matchesChain(root, element, chain, at) {
    const { combinator, css, filters } = chain[at];
    if (!element.matches(css) || !filters.every((filter) => passes(element, filter))) return false;
    if (at === 0) return true;
    const before = (candidate) =>
      candidate !== null && candidate !== root && root.contains(candidate) && matchesChain(root, candidate, chain, at - 1);
    if (combinator === ">") return before(element.parentElement);
    if (combinator === "+") return before(element.previousElementSibling);
    const next = combinator === "~" ? "previousElementSibling" : "parentElement";
    for (let candidate = element[next]; candidate; candidate = candidate[next]) {
      if (before(candidate)) return true;
    }
    return false;
  }

  function passes(element, { kind, text, chains }) {
    if (kind === "visible") return isVisible(element);
    if (kind === "has") return findChains(element, chains).length > 0;
    if (hasNoText(element)) return false;
    return kind === "has-text"
      ? includes(textOf(element), text)
      : runsOf(element).some((run) => fold(run) === fold(text));
  }

  /** The smallest elements with a text; in quotes it must be the whole of a run of text. */
  function findText(root, text) {
    const quoted = /^(["'])([^]*)\1$/.exec(text);
    const holds = (element) =>
      !hasNoText(element) &&
      (quoted ? runsOf(element).some((run) => fold(run) === fold(quoted[2])) : includes(textOf(element), text));
    return all(root, "*").filter((element) => holds(element) && (quoted || ![...element.children].some(holds)));
  }

  const hasNoText = (element) => element.matches("script, style, noscript, head, head *");
  const isButton = (element) => element.matches("input:is([type=submit], [type=button], [type=reset])");
  const textOf = (element) => (isButton(element) ? element.value : element.textContent);

  /** The texts of an element's own text nodes, joined where no element stands between them. */
  function runsOf(element) {
    if (isButton(element)) return [element.value];
    const runs = [""];
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) runs.push(runs.pop() + node.data);
      else if (node.nodeType === Node.ELEMENT_NODE) runs.push("");
    }
    return runs;
  }

  function labelledBy(element) {
    const ids = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  }

  function labelsOf(element) {
    const named = labelledBy(element).trim() || element.getAttribute("aria-label")?.trim();
    return named ? [named] : [...(element.labels ?? [])].map((label) => label.textContent);
  }

  /** The accessible name, as far as labels, `aria-label` and text give it. */
  function nameOf(element) {
    const labels = labelsOf(element);
    if (labels.length > 0) return labels.join(" ");
    if (isButton(element)) return element.value;
    if (element.matches("fieldset")) return element.querySelector(":scope > legend")?.textContent ?? "";
    const content = element.matches(NAMED_BY_CONTENT) ? contentOf(element) : "";
    return content.trim() || (element.getAttribute("alt") ?? element.getAttribute("title") ?? "");
  }

  function contentOf(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("[aria-hidden=true]")) return "";
    return node.getAttribute("aria-label") ?? node.getAttribute("alt") ?? [...node.childNodes].map(contentOf).join("");
  }

  const isExposed = (element) =>
    !element.closest("[aria-hidden=true]") && element.checkVisibility({ visibilityProperty: true });

  function isVisible(element) {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  }

  const isEnabled = (element) => !element.matches(":disabled") && !element.closest("[aria-disabled=true]");

  /** An element as it is told of: its tag with its attributes. */
  const describe = (element) => element.cloneNode(false).outerHTML.slice(0, 200);

  return { findAll, isVisible, isEnabled, describe };
}

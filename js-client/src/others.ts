// What others than we did to the page: its scripts, and the browser itself.
//
// A morph leaves it as it is unless the server has changed its mind about the same
// thing since: a dialog stays open, a custom element keeps what it gave itself.
// Our own patches run unobserved.

/** The attributes that others wrote, each with what the server had there. */
const attributes = new WeakMap<Node, Map<string, string | null>>();
/** Nodes that others have put on the page. */
const nodes = new WeakSet<Node>();
/** Nodes that have been taken out: whoever puts them back in did not make them. */
const moved = new WeakSet<Node>();

const observer = new MutationObserver(note);

function note(records: MutationRecord[]): void {
  for (const { target, attributeName, oldValue, addedNodes, removedNodes } of records) {
    if (attributeName) {
      const known = attributes.get(target) ?? new Map<string, string | null>();
      attributes.set(target, known);
      if (!known.has(attributeName)) known.set(attributeName, oldValue);
    }
    for (const node of removedNodes) moved.add(node);
    // What stands in for ours, as a translation does, is no addition.
    for (const node of addedNodes) if (!removedNodes.length && !moved.has(node)) nodes.add(node);
  }
}

export function watchOthers(): void {
  observer.observe(window.document, { subtree: true, childList: true, attributes: true, attributeOldValue: true });
}

/** Runs what changes the page in our name. */
export function unobserved(run: () => void): void {
  note(observer.takeRecords());
  observer.disconnect();
  try {
    run();
  } finally {
    watchOthers();
  }
}

export function isOthers(node: Node | null): boolean {
  return nodes.has(node!);
}

/** Whether others have changed an attribute for which the server has this value still. */
export function keepsOthers(element: Element, name: string, value: string | null): boolean {
  const known = attributes.get(element);
  return !!known?.has(name) && known.get(name) === value;
}

/** The server has written the attribute. */
export function forgetOthers(element: Element, name: string): void {
  attributes.get(element)?.delete(name);
}

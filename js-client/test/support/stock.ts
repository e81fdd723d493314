// The stock client's tree, as the judge of ours.

// The package exports only its bundle; the class is in its sources.
// @ts-expect-error no types for this path
import StockRendered from "../../node_modules/phoenix_live_view/assets/js/phoenix_live_view/rendered.js";

/** What a tree of the client prints, but for what it leaves to the page: the items of streams. */
export function print(tree: object): string {
  // What the client notes in it lets parts that its page has already be left out.
  const isNote = (key: string) => key === "magicId" || key === "newRender" || key === "reset";
  return new Stock().apply(JSON.parse(JSON.stringify(tree, (key, value) => (isNote(key) ? undefined : value))));
}

export class Stock {
  #rendered: any;

  /** Applies a message and prints the whole tree, without the client's own attributes. */
  apply(message: object): string {
    const { diff } = StockRendered.extract(structuredClone(message));
    if (this.#rendered) this.#rendered.mergeDiff(diff);
    else this.#rendered = new StockRendered("view", diff);
    const { buffer } = this.#rendered.recursiveToString(
      this.#rendered.rendered,
      undefined,
      undefined,
      false,
      {},
      null,
    );
    return strip(buffer);
  }
}

/** HTML without what the client writes of its own accord. */
export function strip(html: string): string {
  return html.replace(/ data-phx-(id|component|view|skip|magic-id|stream|root-id)(="[^"]*")?/g, "");
}

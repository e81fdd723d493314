// The stock client's tree, as the judge of ours.

// The package exports only its bundle; the class is in its sources.
// @ts-expect-error no types for this path
import StockRendered from "../../node_modules/phoenix_live_view/assets/js/phoenix_live_view/rendered.js";

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

function strip(html: string): string {
  return html.replace(/ data-phx-(id|component|view|skip|magic-id)(="[^"]*")?/g, "");
}

// What is known to fail in random pages (shapes.test.ts).
//
// Ordinary runs of a client leave out the shapes and races of its faults. Each
// fault has runs of its own, of which the first that fails has to fail for the
// reason given; if none of them does, the tests are red. Who mends a fault
// deletes its entry, and the ordinary runs take its shapes from then on.

import type { ClientName } from "./clients.ts";
import type { Options, Race, RunStep } from "./run.ts";

export interface KnownFault {
  /** What fails. */
  name: string;
  /** What ordinary runs leave out. */
  shapes?: string[];
  races?: Race[];
  /** Runs that show it; what is not said here is as in an ordinary run. */
  run: Partial<Options>;
  /** How they fail. */
  error: RegExp;
}

/** A run of these shapes in which nothing happens but changes. */
function changes(shapes: string[], more: { steps?: RunStep[]; races?: Race[]; count?: number } = {}): Partial<Options> {
  return { shapes, steps: ["change"], races: [], count: 20, ...more };
}

const OURS: KnownFault[] = [];

/** What Phoenix's client does with the same server. What has no runs of its own shows itself rarely. */
const STOCK: KnownFault[] = [
  {
    name: "a new entry of a list takes the field of another, with what was typed in it (L4)",
    shapes: ["list of fields"],
    run: changes(["keyed list", "list of fields"], { steps: ["change", "change", "field"], count: 60 }),
    error: /is new and has a text|lost what was typed/,
  },
  {
    name: "an element with the id of a child in its place shows what the child did",
    shapes: ["child that becomes something else"],
    run: changes(["child", "elements with ids", "child that becomes something else"], { count: 60 }),
    error: /views have not joined|the page shows something else/,
  },
  {
    name: "a page is loaded, or stays on its way, that is to go to two places at once",
    races: ["two navigations at once"],
    run: changes([], { steps: ["navigate", "patch", "follow", "back"], races: ["two navigations at once"], count: 200 }),
    error: /Not implemented: navigation|views have not joined|the address is another page's/,
  },
  {
    name: "a page is loaded whose connection breaks while it goes somewhere",
    races: ["connection lost on the way"],
    run: changes([], { steps: ["follow", "cut"], races: ["connection lost on the way", "news while disconnected"] }),
    error: /Not implemented: navigation|views have not joined/,
  },
  {
    name: "what the server sends while a patch is under way is shown after the patch",
    races: ["news on the way"],
    run: {},
    error: /Cannot read properties of undefined|the page shows something else/,
  },
  {
    name: "an element with an id that comes to another place is not found there",
    shapes: ["elements with ids", "form at another place", "stream at another place", "portal at another place"],
    run: {},
    error: /can not be found in the parent|is not a child of this node/,
  },
  {
    name: "a child in a portal is empty when its view joins with a patch",
    shapes: ["child in portal"],
    run: changes(["child", "portal", "child in portal"], { steps: ["change", "patch", "follow"], count: 60 }),
    error: /the page shows something else/,
  },
  {
    name: "a component that comes into a portal, or to another place in one, is empty",
    shapes: ["component in portal"],
    run: changes(["component", "portal", "memo list", "list of components", "component in list", "component in portal", "component at another place"], {
      count: 60,
    }),
    error: /the page shows something else/,
  },
  {
    name: "a stream in a portal has its items in another order after its view has joined again",
    shapes: ["stream in portal"],
    run: changes(["stream", "portal", "stream of elements", "stream in portal"], {
      steps: ["change", "change", "cut"],
      races: ["news while disconnected"],
      count: 40,
    }),
    error: /the page shows something else/,
  },
  {
    name: "a child that comes to another place is not found there",
    shapes: ["child at another place"],
    run: {},
    error: /no id found|views have not joined|is not a child of this node|the page shows something else/,
  },
  {
    name: "a child that is an item of a stream and is sent again stands there twice",
    shapes: ["stream of children", "child item that is sent again", "child item at another place"],
    run: {},
    error: /Multiple IDs detected|the page shows something else/,
  },
  {
    name: "an item of a stream whose element becomes another one is as it was",
    shapes: ["stream that changes its entries"],
    run: changes(
      ["stream", "child", "stream of elements", "stream of functions", "stream of children", "stream that changes its entries"],
      { count: 60 },
    ),
    error: /Multiple IDs detected|the page shows something else/,
  },
  {
    name: "a stream of components that comes to another place shows them empty",
    shapes: ["component item at another place"],
    run: changes(
      ["stream", "component", "portal", "stream of components", "stream at another place", "stream in portal", "component item at another place"],
      { count: 60 },
    ),
    error: /the page shows something else/,
  },
];

export const KNOWN_FAULTS: Record<ClientName, KnownFault[]> = { ours: OURS, stock: STOCK };

// The scripts beside the first one, as a page has that loaded all of them.

import "./dom.ts";
import { foundBy } from "../../src/beside.ts";
import { extend, extendForms, extendMender, extendNavigation } from "../../src/core.ts";
import { give } from "../../src/extra/index.ts";
import { give as giveForms } from "../../src/forms/index.ts";
import { give as giveMender } from "../../src/mend/index.ts";
import { give as giveNavigation } from "../../src/navigation/index.ts";

extend(give);
extendForms(giveForms);
extendMender(giveMender);
extendNavigation(giveNavigation);

/** The client finds its scripts by this tag, which is on no page. */
export function findBy(dataset: Record<string, string>): void {
  const tag = document.createElement("script");
  tag.type = "text/plain";
  tag.src = "/live/assets/bennu-1.js";
  tag.nonce = "N";
  Object.assign(tag.dataset, dataset);
  foundBy(tag);
}

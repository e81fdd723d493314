// The scripts beside the first one, as a page has that loaded all of them.

import "./dom.ts";
import { extend, extendForms, extendMender, extendNavigation } from "../../src/core.ts";
import { give } from "../../src/extra/index.ts";
import { give as giveForms } from "../../src/forms/index.ts";
import { give as giveMender } from "../../src/mend/index.ts";
import { give as giveNavigation } from "../../src/navigation/index.ts";

extend(give);
extendForms(giveForms);
extendMender(giveMender);
extendNavigation(giveNavigation);

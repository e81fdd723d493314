// The script's entry. A page may run another client than ours, which has no use for it.

import type {} from "../index.ts";
import { give } from "./index.ts";

window.Bennu?.extendMender?.(give);

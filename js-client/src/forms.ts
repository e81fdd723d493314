// The door to what pages with fields need (`forms/`): what is sent of a form, and what
// of it, and of any field, is the server's and what the user's.

import { door } from "./beside.ts";
import type { handFiles } from "./forms/files.ts";
import type { bind, isUsedInput as isUsed, release, writeState } from "./forms/controls.ts";
import type { disabled } from "./forms/frozen.ts";
import type { View } from "./view.ts";

export interface Forms {
  /** The server knows this state of the element. */
  bind: typeof bind;
  /** Writes an attribute, or a text area's text; what the control shows follows as soon as it is free. */
  writeState: typeof writeState;
  isUsed: typeof isUsed;
  /** After a patch: controls that are free by now show what the server has. */
  release: typeof release;
  /** What `phx-disable-with` lays over an element. */
  disabled: typeof disabled;
  handFiles: typeof handFiles;
  keepChoice(control: Element): void;
  /** Before a patch: the result gives the user's choices to what has their values now. */
  keepChoices(): () => void;
  /** The server was told of a box. */
  tellBox(element: Element): void;
  /** Before a view is shown that was mounted: the result tells it what its forms hold. */
  recoverForms(view: View): () => void;
  /** Lets the browser itself submit the forms of which the server says so. */
  submitForms(): void;
  /** Marks the form that sends more than the limit. */
  tellTooLarge(source: Element, limit: number): void;
}

/** Not there until its script has run. */
export let forms: Forms | undefined;

export function installForms(given: Forms | undefined): void {
  forms = given;
}

const MENTIONED = /phx-(change|submit|trigger|disable)|<(input|select|textarea)/;

/** Runs at once if the script is there, else when it has run or failed. */
export const withForms = door("forms", () => forms, MENTIONED);

/** Whether a control, or anything in a form, was used. */
export function isUsedInput(element: Element): boolean {
  return !!forms?.isUsed(element);
}

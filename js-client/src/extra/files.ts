// Files that a hook hands over, as if somebody had chosen them.

import { core } from "./core.ts";

/** Into the live file input of this name in what an element, a selector or a component's number in `root` stands for. */
export function handFiles(root: Element, target: string | number | Element, name: string, files: Iterable<File>): void {
  const to = isNaN(+target) ? (target as string) : { inner: `[data-phx-component="${target}"]` };
  const roots = target instanceof Element ? [target] : core.targetsOf(root, to);
  const all = [...roots].flatMap((root) => [...root.querySelectorAll<HTMLInputElement>("[data-phx-upload-ref]")]);
  const inputs = all.filter((input) => input.name === name);
  if (inputs.length !== 1) {
    const message = `expected one live file input "${name}", found ${inputs.length}`;
    return core.diagnose("upload.input", "app", message, target);
  }
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  inputs[0]!.files = transfer.files;
  inputs[0]!.dispatchEvent(new Event("input", { bubbles: true }));
}

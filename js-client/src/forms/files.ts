// Files that hooks hand over: they go to a live file input, as if a person had chosen them.

import { core } from "./core.ts";

export function handFiles(around: Element, target: string | number | Element, name: string, files: Iterable<File>): void {
  const to = isNaN(+target) ? (target as string) : { inner: `[data-phx-component="${target}"]` };
  const roots = target instanceof Element ? [target] : [...core.targetsOf(around, to)];
  const all = roots.flatMap((root) => [...core.querySelectorAll<HTMLInputElement>(root, "[data-phx-upload-ref]")]);
  const [input, ...others] = all.filter((input) => input.name === name);
  if (!input || others.length) {
    const found = input ? others.length + 1 : 0;
    return core.diagnose("upload.input", "app", `expected one live file input "${name}", found ${found}`, target);
  }
  const transfer = new DataTransfer();
  // The build shortens names of ours, and `items` is one elsewhere.
  for (const file of files) transfer["items"].add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

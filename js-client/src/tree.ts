// What a view shows: a part whose value is all that stands in its element, and
// the components that are placed anywhere in it.

import type { Components } from "./extra/component.ts";
import { extra } from "./extra.ts";
import { mender, withMender } from "./mend.ts";
import type { Kept } from "./morph.ts";
import { unobserved } from "./others.ts";
import { ChildPart } from "./parts.ts";
import { Key } from "./wire.ts";
import type { Diff } from "./wire.ts";
import { witness } from "./writes.ts";

export class Tree {
  /** There as soon as any may come. */
  components: Components | undefined;
  readonly root: ChildPart;

  /** What stands in the element already is fitted to what comes. */
  constructor(readonly el: Element) {
    const first = el.firstChild;
    const anchor = new Text();
    el.append(anchor);
    this.root = new ChildPart(anchor, "", first);
  }

  /** Takes a message, of a join or of a change since then, after what was kept back before it. */
  take(diff: Diff, isJoin: boolean, due: (() => void)[] = []): void {
    if (!this.root.isSound()) {
      if (!mender) return withMender(() => unobserved(() => this.take(diff, isJoin, due)));
      mender.mendTree(this);
    }
    witness.isJoin = isJoin;
    const patch = () => {
      for (const run of due) run();
      this.root.take(0, diff);
    };
    this.components ??= extra && new extra.Components();
    if (this.components) this.components.patch(diff[Key.Components], patch);
    else patch();
  }

  rebase(kept: Kept): void {
    this.root.rebase(kept);
  }
}


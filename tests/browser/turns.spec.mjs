// Turns by the hundred, twice, with a user in between: the page is as one that is loaded then.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { suite } from "./harness/index.mjs";

const spec = suite(app);

/** `cargo xtask test --all` takes more of them. */
const [SEEDS, TURNS] = process.env.BENNU_TEST_ALL ? [[1, 2, 3, 4, 5, 6], 500] : [[1], 200];

/** The page as it is, in one spelling. */
const shown = (page) =>
  page.evaluate(() => {
    const copy = document.getElementById("turns").cloneNode(true);
    for (const element of [copy, ...copy.querySelectorAll("*")]) {
      const attributes = [...element.attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const { name } of attributes) element.removeAttribute(name);
      for (const { name, value } of attributes) if (!name.startsWith("data-phx-")) element.setAttribute(name, value);
    }
    // The parser gives rows a body, empty or not.
    for (const body of copy.querySelectorAll("tbody")) body.replaceWith(...body.childNodes);
    return copy.outerHTML;
  });

/** Asks for so many turns, and types, focuses and scrolls meanwhile, as the seed says. */
function use(seed, turns) {
  let state = seed;
  const random = (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  const one = (selector) => {
    const all = document.querySelectorAll(selector);
    return all[random(all.length || 1)];
  };
  const actions = [
    () => one("#turns input")?.focus(),
    () => document.activeElement.blur(),
    () => {
      const field = one("#turns input, #turns textarea");
      if (!field) return;
      field.value = `typed ${random(9)}`;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    () => scrollTo(0, random(500)),
    () => getSelection().selectAllChildren(one("#turns *") ?? document.body),
    () => one("#turns *")?.click?.(),
  ];
  const run = async () => {
    for (let turn = 0; turn < turns; turn++) {
      actions[random(actions.length)]();
      const answer = window.perform("next");
      if (random(3)) await answer;
    }
    document.activeElement.blur();
  };
  return run();
}

for (const seed of SEEDS) {
  spec(`whatever led there, a page looks as if it was loaded so (${seed})`, "/turns", async (session) => {
    const { page, see, settled, tab } = session;
    for (let turn = 100; turn <= TURNS; turn += 100) {
      await page.evaluate(`(${use})(${seed * 1000 + turn}, 100)`);
      await see("#turn", `${turn}`);
      await settled();
      // What a removed entry had of the focus its neighbour has.
      await page.evaluate(() => document.activeElement.blur());
      const fresh = await tab(`/turns?turn=${turn}`);
      assert.equal(await shown(page), await shown(fresh), `turn ${turn}`);
      await fresh.close();
    }
  });
}

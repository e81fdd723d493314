// What axe-core finds on the showcase: nothing serious on any page, by day and by night, wide and
// narrow, as it opens and with a form's errors shown.

import assert from "node:assert/strict";

import axe from "axe-core";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

/** Fails with what axe finds serious or worse on the page as it is now. */
async function check(page, where) {
  // Evaluated rather than added as a script, which the pages' policy would refuse.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const found = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map(({ html }) => html).join("\n    ")}`);
  assert.deepEqual(found, [], `on ${where}`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const context = { colorScheme, viewport };
    // The pages are the server's; what a client adds to them is checked once, with ours.
    spec(`every page is accessible, ${colorScheme} and ${size}`, "/", { clients: ["bennu"], context }, async (session) => {
      const { page, goto } = session;
      const links = await page.locator("a[href^='/']").evaluateAll((links) =>
        links.map((link) => link.getAttribute("href")),
      );
      const pages = [...new Set(links)].filter((path) => !path.startsWith("/source/"));
      assert.ok(pages.length > 5, `the start page leads to ${pages}`);
      for (const path of pages) {
        await goto(path);
        await check(page, path);
      }
    });
  }
}

spec("a form that shows its errors is accessible", "/register", { clients: ["bennu"] }, async ({ page, settled }) => {
  await page.locator("form button:not([type=button])").last().click();
  await settled();
  assert.ok((await page.locator("[aria-invalid=true]").count()) > 0, "errors are shown");
  await check(page, "/register with errors");
});

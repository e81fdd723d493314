// Scrolling as a reader does it: again, if the page has not followed.

/**
 * Scrolls an element's edge to the edge of the window until `read` gives something else than it
 * does now. What is scrolled while an answer is awaited, or shortly after it, may be scrolled back;
 * and who is at an end already goes away from it first, or nothing would be scrolled.
 *
 * @param {import("./session.mjs").Session} session
 * @param {string} selector
 * @param {"start" | "end"} block
 * @param {() => Promise<string>} read
 */
export async function scrollUntilChanged({ page, eventually, settled }, selector, block, read) {
  const before = await read();
  const isChanged = async () => (await read()) !== before;
  const attempt = async () => {
    if (!(await isChanged())) await page.evaluate(scroll, [selector, block]);
    return isChanged();
  };
  await eventually(`a change by scrolling to the ${block} of ${selector}`, attempt, true);
  await settled();
}

/** Runs in the page. Scroll events come with frames. */
async function scroll([selector, block]) {
  const frames = async () => {
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  };
  scrollBy(0, block === "end" ? -50 : 50);
  await frames();
  document.querySelector(selector)?.scrollIntoView({ block });
  await frames();
}

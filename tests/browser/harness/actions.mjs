// What is done to an element, or said of it, in the page. Each of these functions travels there as
// text and knows nothing around it but its arguments: the element, one more, and what `engine` of
// selectors.mjs gives. Those that can't act yet say in `wait` what is missing; locator.mjs asks again.

/** Whether a box, a radio button or a switch is on. */
export function isChecked(element) {
  return element.matches("[role]") ? element.getAttribute("aria-checked") === "true" : element.checked;
}

/**
 * Gives the point where the element is to be clicked, as soon as it is visible, stable, enabled and
 * not covered there. From then on a guard lets no other element have the click: what comes between
 * this answer and the click would else be clicked in its place.
 */
export async function aim(element, { force = false, isGuarded = false, position }, { isVisible, isEnabled, describe }) {
  const key = Symbol.for("bennu.pointer-guard");
  const box = () => {
    const rectangles = [...element.getClientRects()];
    const { x, y, width, height } = rectangles.find(({ width, height }) => width * height > 0) ?? rectangles[0] ?? new DOMRect();
    return { x, y, width, height };
  };
  const middle = ({ x, y, width, height }) => {
    const at = position ?? { x: width / 2, y: height / 2 };
    return { x: Math.floor(x + at.x), y: Math.floor(y + at.y) };
  };
  // Hidden windows draw no frames.
  const frame = () => new Promise((resolve) => (document.hidden ? setTimeout(resolve) : requestAnimationFrame(resolve)));

  if (!isVisible(element)) return { wait: "the element is not visible" };
  if (!force && !isEnabled(element)) return { wait: "the element is not enabled" };
  const before = box();
  await frame();
  await frame();
  const after = box();
  if (!element.isConnected) return { wait: "the element was removed" };
  if (!force && JSON.stringify(before) !== JSON.stringify(after)) return { wait: "the element moves" };

  const point = middle(after);
  const hit = document.elementFromPoint(point.x, point.y);
  if (!element.contains(hit)) {
    element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const scrolled = middle(box());
    if (scrolled.x !== point.x || scrolled.y !== point.y) return { wait: "the element was out of sight" };
    if (!force) return { wait: `${hit ? describe(hit) : "nothing"} is where the element's middle is` };
  }

  if (isGuarded) {
    const types = ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "auxclick", "dblclick"];
    const guard = { taker: undefined };
    const watch = (event) => {
      if (!event.isTrusted) return;
      // The first event decides: what the element's own handlers do to the page is none of it.
      guard.taker ??= event.composedPath().includes(element) ? null : describe(event.target);
      if (guard.taker === null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    guard.remove = () => types.forEach((type) => removeEventListener(type, watch, true));
    window[key]?.remove();
    window[key] = guard;
    types.forEach((type) => addEventListener(type, watch, true));
  }
  return point;
}

/** Takes the guard away, and tells of another element that the click would have gone to. */
export function release() {
  const key = Symbol.for("bennu.pointer-guard");
  const guard = window[key];
  guard?.remove();
  delete window[key];
  return guard?.taker ?? null;
}

/** Puts a text in the place of a field's own. */
export function fill(element, value, { isVisible, isEnabled }) {
  if (!isVisible(element)) return { wait: "the field is not visible" };
  if (!isEnabled(element)) return { wait: "the field is not enabled" };
  if (element.readOnly) return { wait: "the field is read-only" };
  element.focus();
  // These have no text that could be selected.
  if (element.matches("input:is([type=color], [type=date], [type=datetime-local], [type=month], [type=range], [type=time], [type=week])")) {
    element.value = value;
    if (element.value !== value) throw new Error(`the field takes no ${value}`);
    for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    return {};
  }
  element.select();
  // The only way for a script to have the browser edit, with the events of an edit.
  if (value === "") document.execCommand("delete");
  else document.execCommand("insertText", false, value);
  return {};
}

/** Chooses the options with these values or texts, and none else. */
export function select(element, values, { isVisible, isEnabled }) {
  if (!isVisible(element)) return { wait: "the select is not visible" };
  if (!isEnabled(element)) return { wait: "the select is not enabled" };
  const options = [...element.options];
  const find = (value) => options.find((option) => option.value === value) ?? options.find(({ label }) => label === value);
  const missing = values.filter((value) => !find(value));
  if (missing.length > 0) return { wait: `there is no option ${missing}` };
  const chosen = values.map(find);
  for (const option of options) option.selected = chosen.includes(option);
  for (const type of ["input", "change"]) element.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
  return {};
}

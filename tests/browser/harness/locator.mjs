// Elements of a page by how they are found, with the part of Playwright's `Locator` that specs use.
// A locator finds its elements anew each time. What reads or acts waits for the one element, fails
// at once where there are several, and acts when the element is visible, stable and enabled, and
// would get the pointer; what fails to come says at the end what was missing. Functions that take
// an element run in the page, with what `engine` of selectors.mjs gives; the longer ones are in
// actions.mjs.

import { aim, fill, isChecked, release, select } from "./actions.mjs";
import { engine, matcher, parse } from "./selectors.mjs";

export class Locator {
  #page;
  #steps;

  /**
   * @param {import("./page.mjs").Page} page
   * @param {import("./selectors.mjs").Step[]} steps
   */
  constructor(page, steps) {
    this.#page = page;
    this.#steps = steps;
  }

  // Other elements.

  /** @param {{ hasText?: string }} [options] */
  locator(selector, { hasText } = {}) {
    const filter = hasText === undefined ? [] : [{ written: `has-text=${hasText}`, hasText }];
    return this.#with(...parse(selector), ...filter);
  }

  getByLabel(text, { exact } = {}) {
    return this.#with({ written: `label=${text}`, label: matcher(text, { exact }) });
  }

  getByRole(role, { name, exact } = {}) {
    const named = name === undefined ? undefined : matcher(name, { exact });
    return this.#with({ written: `role=${role} ${name ?? ""}`, role: { role, name: named } });
  }

  first() {
    return this.nth(0);
  }

  last() {
    return this.nth(-1);
  }

  nth(nth) {
    return this.#with({ written: `nth=${nth}`, nth });
  }

  async all() {
    return Array.from({ length: await this.count() }, (_, at) => this.nth(at));
  }

  // What is there now, however many.

  count() {
    return this.evaluateAll((elements) => elements.length);
  }

  allTextContents() {
    return this.evaluateAll((elements) => elements.map((element) => element.textContent));
  }

  evaluateAll(work, argument) {
    const find = `(steps, argument) => (${work})((${engine})().findAll(steps), argument)`;
    return this.#page.call(find, this.#steps, argument);
  }

  /** Whether the element is there and visible now. */
  async isVisible() {
    const { value } = await this.#ask((element, _, { isVisible }) => isVisible(element));
    return value ?? false;
  }

  // What the one element says, once it is there.

  evaluate(work, argument) {
    return this.#read("evaluate", work, argument);
  }

  textContent() {
    return this.#read("textContent", (element) => element.textContent);
  }

  innerText() {
    return this.#read("innerText", (element) => element.innerText);
  }

  innerHTML() {
    return this.#read("innerHTML", (element) => element.innerHTML);
  }

  inputValue() {
    return this.#read("inputValue", (element) => element.value);
  }

  getAttribute(name) {
    return this.#read("getAttribute", (element, name) => element.getAttribute(name), name);
  }

  isChecked() {
    return this.#read("isChecked", isChecked);
  }

  isEnabled() {
    return this.#read("isEnabled", (element, _, { isEnabled }) => isEnabled(element));
  }

  async isDisabled() {
    return !(await this.isEnabled());
  }

  /** @param {{ state?: "visible" | "attached" | "hidden" | "detached" }} [options] */
  waitFor({ state = "visible" } = {}) {
    return this.#page.until(`${this}.waitFor(${state})`, async () => {
      const { wait, value: isVisible } = await this.#ask((element, _, { isVisible }) => isVisible(element));
      const isThere = wait === undefined;
      const states = { attached: isThere, detached: !isThere, visible: isVisible === true, hidden: !isVisible };
      return states[state] ? {} : { wait: isThere ? "it is there" + (isVisible ? "" : ", and not visible") : wait };
    });
  }

  // What is done to the one element, once it can be.

  /** @param {{ force?: boolean }} [options] `force` clicks whatever is at its middle */
  click(options) {
    return this.#click("click", 1, options);
  }

  dblclick(options) {
    return this.#click("dblclick", 2, options);
  }

  /** @param {{ position?: { x: number, y: number } }} [options] from the element's corner */
  async hover({ position } = {}) {
    const { x, y } = await this.#act("hover", aim, { position });
    await this.#page.mouse.move(x, y);
  }

  /** Puts a text in the place of a field's own, as one change. */
  fill(value) {
    return this.#act("fill", fill, value);
  }

  async focus() {
    await this.#page.activate();
    await this.#read("focus", (element) => element.focus());
  }

  async press(key) {
    await this.focus();
    await this.#page.keyboard.press(key);
  }

  async pressSequentially(text) {
    await this.focus();
    await this.#page.keyboard.type(text);
  }

  check(options) {
    return this.#setChecked(true, options);
  }

  uncheck(options) {
    return this.#setChecked(false, options);
  }

  /** Chooses the options with these values or texts, and none else. */
  selectOption(values) {
    return this.#act("selectOption", select, [values].flat());
  }

  /** Sends the element an event that no user made. */
  dispatchEvent(type, init = {}) {
    const dispatch = (element, [type, init]) => {
      element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true, composed: true, ...init }));
    };
    return this.#read("dispatchEvent", dispatch, [type, init]);
  }

  toString() {
    return this.#steps.map(({ written }) => written).join(" >> ");
  }

  #with(...steps) {
    return new Locator(this.#page, [...this.#steps, ...steps]);
  }

  async #click(name, count, { force = false } = {}) {
    await this.#page.activate();
    await this.#page.until(`${this}.${name}`, async () => {
      const { wait, value } = await this.#ask(aim, { force, isGuarded: !force });
      if (wait ?? value.wait) return { wait: wait ?? value.wait };
      await this.#page.mouse.click(value.x, value.y, { clickCount: count });
      // Where the click has led to another page there is nothing left to ask.
      const taker = await this.#page.call(release).catch(() => null);
      return taker ? { wait: `${taker} took the pointer` } : {};
    });
  }

  async #setChecked(wanted, options) {
    const name = wanted ? "check" : "uncheck";
    if ((await this.#read(name, isChecked)) === wanted) return;
    await this.#click(name, 1, options);
    if ((await this.#read(name, isChecked)) !== wanted) throw new Error(`${this}.${name}: a click didn't do it`);
  }

  /** Waits until the element is there, and gives what `work` makes of it. */
  #read(name, work, argument) {
    return this.#page.until(`${this}.${name}`, () => this.#ask(work, argument));
  }

  /** Waits until the element is there and `work` finds no more `wait`. */
  async #act(name, work, argument) {
    await this.#page.activate();
    return this.#page.until(`${this}.${name}`, async () => {
      const { wait, value } = await this.#ask(work, argument);
      return wait === undefined ? { wait: value.wait, value } : { wait };
    });
  }

  /** Calls `work` with the one element, if it is there now: `{ value }` or `{ wait }`. */
  async #ask(work, argument) {
    const find = `async (steps, argument) => {
      const page = (${engine})();
      const found = page.findAll(steps);
      if (found.length !== 1) return { found: found.slice(0, 5).map(page.describe) };
      return { value: await (${work})(found[0], argument, page) };
    }`;
    const { found, value } = await this.#page.call(find, this.#steps, argument);
    if (found === undefined) return { value };
    if (found.length === 0) return { wait: "no such element" };
    throw new Error(`${this}: strict mode violation, the locator resolved to ${found.join(", ")}`);
  }
}

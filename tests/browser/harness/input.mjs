// The keyboard and the mouse of a page, as Playwright has them. What the browser gets are real key
// and pointer events, which its driver makes; where elements are is locator.mjs's to know.

export class Keyboard {
  #page;
  #keys;

  /**
   * @param {import("./page.mjs").Page} page
   * @param {import("./page.mjs").Window} window
   */
  constructor(page, { keys }) {
    this.#page = page;
    this.#keys = keys;
  }

  /** Presses a key such as "Enter", or several at once, such as "Control+a". */
  async press(chord) {
    // A plus that ends the chord is the key itself.
    const [, held, key] = /^((?:[^+]+\+)*)([^+]+|\+)$/.exec(chord);
    const modifiers = held.split("+").filter(Boolean);
    await this.#ready();
    for (const modifier of modifiers) await this.#keys.down(modifier);
    await this.#keys.press(key);
    for (const modifier of modifiers.reverse()) await this.#keys.up(modifier);
  }

  /** Types a text, key by key. */
  async type(text) {
    await this.#ready();
    await this.#keys.type(text);
  }

  async down(key) {
    await this.#ready();
    await this.#keys.down(key);
  }

  async up(key) {
    await this.#ready();
    await this.#keys.up(key);
  }

  /**
   * Has the page laid out before it gets keys, as it always is when somebody presses them: Firefox
   * sends those to the body while the focused element has been moved and not been laid out since.
   */
  async #ready() {
    await this.#page.activate();
    await this.#page.call(() => void document.documentElement.offsetHeight).catch(() => {});
  }
}

export class Mouse {
  #page;
  #pointer;
  #at = { x: 0, y: 0 };

  /**
   * @param {import("./page.mjs").Page} page
   * @param {import("./page.mjs").Window} window
   */
  constructor(page, { pointer }) {
    this.#page = page;
    this.#pointer = pointer;
  }

  async move(x, y) {
    this.#at = { x, y };
    await this.#page.activate();
    await this.#pointer.move(x, y);
  }

  /** Moves there and clicks that often, quickly enough for a double click. */
  async click(x, y, { clickCount = 1 } = {}) {
    this.#at = { x, y };
    await this.#page.activate();
    await this.#pointer.click(x, y, clickCount);
  }

  async down() {
    await this.#page.activate();
    await this.#pointer.down();
  }

  async up() {
    await this.#page.activate();
    await this.#pointer.up();
  }

  /** Turns the wheel where the mouse is. */
  async wheel(deltaX, deltaY) {
    await this.#page.activate();
    await this.#pointer.wheel(this.#at.x, this.#at.y, deltaX, deltaY);
  }
}

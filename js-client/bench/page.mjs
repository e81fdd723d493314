// What runs in the measured page. These functions are sent there, so they close over nothing.

/** Before the client's script: times what the client does with each message of its WebSocket. */
export function instrument() {
  const meter = { spent: 0, last: 0, answered: null };
  window.meter = meter;
  meter.time = (work) => {
    const start = performance.now();
    work();
    meter.last = performance.now() - start;
    meter.spent += meter.last;
  };
  const { set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    set(handler) {
      set.call(this, (message) => {
        meter.time(() => handler.call(this, message));
        if (/"phx_reply"/.test(message.data)) meter.answered?.();
      });
    },
  });
}

/**
 * Runs one operation after the other, a frame apart, and tells the time that the client took for
 * them: for the event that it sends and for the answer that it gets. Style, layout and paint are
 * the browser's and come after.
 *
 * @param {{events: string[], field?: string, count: number}} job
 *   the events of a click, in turns, or the field that gets a letter typed
 */
export async function perform({ events, field, count }) {
  const { meter } = window;
  const target = field
    ? document.querySelector(field)
    : document.querySelector("[data-phx-main] h1");
  meter.spent = 0;
  const each = [];
  for (let turn = 0; turn < count; turn += 1) {
    const answered = new Promise((resolve) => (meter.answered = resolve));
    const before = meter.spent;
    if (field) {
      target.focus();
      target.value += "x";
      meter.time(() => target.dispatchEvent(new Event("input", { bubbles: true })));
    } else {
      // A patch may take away what the template doesn't have.
      target.setAttribute("phx-click", events[turn % events.length]);
      meter.time(() => target.click());
    }
    await answered;
    each.push(meter.spent - before);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
  return each;
}

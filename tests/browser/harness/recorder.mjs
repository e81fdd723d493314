// The console of a page whose driver tells nothing of it. `record` runs in the page with each
// question, so the recorder is there from the first question after a load on. It sees calls of
// `console.error`, `console.warn` and `console.assert`, uncaught errors and rejections, and
// violations of the page's policy. It can't see what happened before that question, what the
// browser itself writes (requests that fail, sockets that break), nor what happened between the
// last question and the page's end.

/** Gives what was recorded since the last call, as `{ type, text, url, lineNumber }`. */
export function record() {
  const key = Symbol.for("bennu.console");
  if (window[key]) return window[key].splice(0);
  const messages = (window[key] = []);
  const shown = (value) => {
    if (value instanceof Error) return `${value}\n${value.stack}`;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  const note = (type, text, url = location.href, lineNumber = 0) => messages.push({ type, text, url, lineNumber });
  for (const [method, type] of [["error", "error"], ["warn", "warning"]]) {
    const native = console[method];
    console[method] = (...values) => {
      note(type, values.map(shown).join(" "));
      native.apply(console, values);
    };
  }
  const assert = console.assert;
  console.assert = (condition, ...values) => {
    if (!condition) note("assert", values.map(shown).join(" "));
    assert.call(console, condition, ...values);
  };
  addEventListener("error", ({ error, message, filename, lineno }) => note("pageerror", error ? shown(error) : message, filename, lineno));
  addEventListener("unhandledrejection", ({ reason }) => note("pageerror", shown(reason)));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
    note("error", `Content Security Policy: ${violatedDirective} refuses ${blockedURI}`, sourceFile, lineNumber),
  );
  return [];
}

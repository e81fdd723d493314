// The JavaScript of this application: what HTML can't say. Bennu's client takes
// hooks until the page is parsed; an element names its hook by `phx-hook`.

// Comes with the focus, and gives it to the element that `data-return` names
// when it leaves.
Bennu.hooks.Focus = {
  mounted() {
    this.el.focus();
    this.el.select?.();
  },
  destroyed() {
    document.getElementById(this.el.dataset.return)?.focus();
  },
};

// Empties a field when the server says that it took what was in it. A patch
// leaves the text of a focused field alone.
Bennu.hooks.Clear = {
  mounted() {
    this.handleEvent(`clear:${this.el.id}`, () => (this.el.value = ""));
  },
};

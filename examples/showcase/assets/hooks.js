// The JavaScript of this application: what HTML can't say. Bennu's client takes
// hooks until the page is parsed; an element names its hook by `phx-hook`.

// Comes with the focus, and gives it to the element that `data-return` names
// when it leaves.
Bennu.hooks.Focus = {
  mounted() {
    this.el.focus();
    this.el.select();
  },
  destroyed() {
    document.getElementById(this.el.dataset.return)?.focus();
  },
};

// Empties a form when the server says that it is done with what was in it. The
// server leaves the text of a focused field alone, so it can't do this itself.
Bennu.hooks.Reset = {
  mounted() {
    this.handleEvent(`reset:${this.el.id}`, () => this.el.reset());
  },
};

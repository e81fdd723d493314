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

// Answers that take longer: the choice among radio buttons, in milliseconds,
// for as long as one is on the page. The client keeps it for the whole tab.
Bennu.hooks.Delay = {
  mounted() {
    const { liveSocket } = this;
    this.end = () => liveSocket.disableLatencySim();
    const begin = () => {
      const ms = +this.el.querySelector(":checked").value;
      if (ms) liveSocket.enableLatencySim(ms);
      else this.end();
    };
    begin();
    this.el.addEventListener("change", begin);
    window.addEventListener("pagehide", this.end);
  },
  destroyed() {
    window.removeEventListener("pagehide", this.end);
    this.end();
  },
};

// Cards that are dragged. Where they are dropped is told to the server, with
// the prediction that it will be so: Bennu's client shows it at once.
Bennu.hooks.Board = {
  mounted() {
    let dragged = null;
    const cardAt = ({ target }) => target.closest?.("[data-card]");
    const laneAt = ({ target }) => target.closest?.(".lane")?.querySelector("[data-lane]");
    this.el.addEventListener("dragstart", (event) => {
      dragged = cardAt(event)?.dataset.card ?? null;
      event.dataTransfer.effectAllowed = "move";
    });
    this.el.addEventListener("dragover", (event) => {
      if (dragged && laneAt(event)) event.preventDefault();
    });
    this.el.addEventListener("dragend", () => (dragged = null));
    this.el.addEventListener("drop", (event) => {
      const lane = laneAt(event);
      const before = cardAt(event)?.dataset.card ?? null;
      if (!dragged || !lane || before === dragged) return;
      event.preventDefault();
      const place = before ? `#card-${before}` : `#${lane.id}`;
      const push = {
        event: "move",
        value: { id: dragged, lane: lane.dataset.lane, before },
        predict: [["move", `#card-${dragged}`, place, !before]],
      };
      this.liveSocket.execJS(this.el, JSON.stringify([["push", push]]));
    });
  },
};

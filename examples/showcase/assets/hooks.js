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

// A list that keeps the focus: when what has it goes or can't take it any more,
// one beside it takes it, or the same one of the next row, or what the
// selector in `data-else` finds.
Bennu.hooks.KeepFocus = {
  mounted() {
    const { el } = this;
    const controls = (place) =>
      [...(place?.querySelectorAll("button, input") ?? [])].filter((control) => control.checkVisibility());
    const rows = () => [...el.querySelectorAll("li")];
    let held = null;
    const note = (target) => {
      const row = target.closest("li");
      const [at, place] = [rows().indexOf(row), controls(row).indexOf(target)];
      held = row && { target, at, place };
    };
    const isLost = () => held && (!held.target.isConnected || held.target.disabled);
    el.addEventListener("focusin", ({ target }) => note(target));
    // Who leaves by himself is let go; what is taken away loses the focus too.
    el.addEventListener("focusout", () => setTimeout(() => {
      if (!isLost() && !el.contains(document.activeElement)) held = null;
    }));
    this.observer = new MutationObserver(() => {
      if (!held) return;
      const { target, at, place } = held;
      const { activeElement } = document;
      if (activeElement !== document.body && !(activeElement === target && isLost())) {
        return el.contains(activeElement) && note(activeElement);
      }
      const same = target.isConnected ? target : target.id ? document.getElementById(target.id) : null;
      const row = same?.closest("li") ?? rows()[Math.min(at, rows().length - 1)];
      const beside = controls(same?.parentElement);
      const back = document.querySelector(el.dataset.else);
      const choices = [same, ...beside, controls(row)[place], ...controls(row), back];
      // What is being read stays in view.
      choices.find((element) => element && !element.disabled)?.focus({ preventScroll: true });
    });
    this.observer.observe(el, { subtree: true, childList: true, attributeFilter: ["disabled"] });
  },
  destroyed() {
    this.observer.disconnect();
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
      // WebKit drags nothing that has no data.
      event.dataTransfer.setData("text/plain", dragged ?? "");
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

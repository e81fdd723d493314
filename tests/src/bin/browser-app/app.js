// What the specs look at: the calls of hooks, and events of the server.
window.calls = [];

// What a view learns of its client.
Bennu.options.params = {
  // Also on pages where an element is named like this method.
  _csrf_token: Document.prototype.querySelector.call(document, "meta[name=csrf-token]").content,
  zone: "Test/Zone",
};

const record = (name, call) => window.calls.push(`${name} ${call}`);

Bennu.hooks.Recorder = {
  mounted() {
    record(this.el.id, `mounted ${this.el.dataset.ticks}`);
    this.handleEvent("told", ({ ticks }) => record(this.el.id, `told ${ticks}`));
    this.el.addEventListener("click", () =>
      this.pushEvent("ask", { number: 20 }, (reply) => record(this.el.id, `reply ${reply.answer}`)),
    );
    this.el.addEventListener("dblclick", async () => {
      const reply = await this.pushEvent("ask", { number: 1 });
      record(this.el.id, `promise ${(reply.reply ?? reply).answer}`);
    });
  },
  beforeUpdate() {
    record(this.el.id, `beforeUpdate ${this.el.dataset.ticks}`);
  },
  updated() {
    record(this.el.id, `updated ${this.el.dataset.ticks}`);
  },
  destroyed() {
    record(this.el.id, "destroyed");
  },
  disconnected() {
    record(this.el.id, "disconnected");
  },
  reconnected() {
    record(this.el.id, "reconnected");
  },
};

window.addEventListener("phx:told", ({ detail }) => window.calls.push(`window told ${detail.ticks}`));

// Lets a spec push without a click, which would move the focus.
Bennu.hooks.Order = {
  mounted() {
    window.order = (rows) => this.pushEvent("order", { rows });
  },
};

Bennu.hooks.Do = {
  mounted() {
    window.perform = (commands) => this.pushEvent("do", { commands });
  },
};

// Commands that the server sent as an event.
Bennu.hooks.Told = {
  mounted() {
    this.handleEvent("commands", ({ commands }) => this.liveSocket.execJS(this.el, JSON.stringify(commands)));
  },
};

window.addEventListener("app:zoom", ({ target, detail }) =>
  window.calls.push(`zoom ${target.id} ${detail.factor} by ${detail.dispatcher.id}`),
);

// The server runs what stands in an attribute.
window.addEventListener("phx:exec", ({ detail }) => {
  const element = detail && document.querySelector(detail.to);
  if (element) window.liveSocket.execJS(element, element.getAttribute(detail.attr));
});

// An element that says of itself how it is.
customElements.define(
  "x-meter",
  class extends HTMLElement {
    static observedAttributes = ["value"];
    connectedCallback() {
      this.connections = (this.connections ?? 0) + 1;
      this.setAttribute("role", "meter");
    }
    attributeChangedCallback(_name, _old, value) {
      this.setAttribute("aria-valuenow", value);
    }
  },
);

// A field that is none of the browser's.
customElements.define(
  "x-rating",
  class extends HTMLElement {
    static formAssociated = true;
    constructor() {
      super();
      this.internals = this.attachInternals();
    }
    rate(value) {
      this.internals.setFormValue(value);
    }
  },
);

Bennu.hooks.Asker = {
  mounted() {
    this.el.addEventListener("click", async () => {
      const answers = await this.pushEventTo(".asked", "ask", { number: 4 });
      record("answers", answers.map(({ status, value }) => `${status} ${value.reply.asked}`).join());
    });
  },
};

// Says goodbye when its element has gone, and once more later.
Bennu.hooks.Parting = {
  destroyed() {
    this.pushEvent("bye", { text: "bye" });
    setTimeout(() => this.pushEvent("bye", { text: "late" }));
  },
};

Bennu.hooks.Pinger = {
  mounted() {
    this.el.addEventListener("click", () => this.pushEventTo(this.el, "ping"));
  },
};
// Controls of the application's own: a field in a shadow, and text that is edited where it stands.
customElements.define(
  "x-input",
  class extends HTMLElement {
    static formAssociated = true;
    static observedAttributes = ["value"];
    #internals = this.attachInternals();
    #field = document.createElement("input");
    constructor() {
      super();
      this.attachShadow({ mode: "open", delegatesFocus: true }).append(this.#field);
      this.#field.addEventListener("input", () => this.#internals.setFormValue(this.value));
    }
    get form() {
      return this.#internals.form;
    }
    get name() {
      return this.getAttribute("name");
    }
    get value() {
      return this.#field.value;
    }
    attributeChangedCallback(_name, _old, value) {
      this.#field.value = value ?? "";
      this.#internals.setFormValue(this.value);
    }
  },
);
customElements.define(
  "x-editor",
  class extends HTMLElement {
    static formAssociated = true;
    #internals = this.attachInternals();
    connectedCallback() {
      this.addEventListener("input", () => this.#internals.setFormValue(this.textContent));
    }
    get form() {
      return this.#internals.form;
    }
    get name() {
      return this.getAttribute("name");
    }
    get value() {
      return this.textContent;
    }
  },
);

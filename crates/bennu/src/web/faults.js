// What a page in development says of itself, in debug builds alone: what the server has found in a
// connected view, and what is wrong with the page that patches have made. Any client runs beside it.

(() => {
  /** How long the page has to be at rest before it is looked through, in milliseconds. */
  const REST = 500;

  // Neither forms by the names of what is called here nor their fields take its place.
  const { closest, getAttribute } = Element.prototype;
  const find = (selector) => Document.prototype.querySelectorAll.call(document, selector);
  const attribute = (element, name) => getAttribute.call(element, name);

  /** Shows a fault once, below those that the server has found in the page as it was loaded. */
  function tell(fault) {
    let [box] = find("[data-bennu-faults]");
    if (!box) {
      box = Object.assign(Document.prototype.createElement.call(document, "dialog"), { open: true, role: "alert" });
      box.setAttribute("data-bennu-faults", "");
      find("body")[0].append(box);
    }
    if ([...box.children].some(({ textContent }) => textContent === fault)) return;
    const line = Document.prototype.createElement.call(document, "p");
    line.textContent = fault;
    box.append(line);
  }

  /** As the server names it. */
  function nameOf(element) {
    const names = ["id", "name"].filter((name) => attribute(element, name));
    const shown = names.map((name) => ` ${name}=${JSON.stringify(attribute(element, name).slice(0, 40))}`);
    return `\`<${element.localName}${shown.join("")}>\``;
  }

  function look() {
    const ids = new Set();
    for (const element of find("[data-phx-session] :is([id],[phx-change],[phx-submit])")) {
      // It is on its way out, or a drawing, which nobody asks by its ids.
      if (closest.call(element, "[inert],svg")) continue;
      const isForm = element instanceof HTMLFormElement;
      if (attribute(element, "phx-change") && !isForm && !element.form && !closest.call(element, "form")) {
        tell(`${nameOf(element)} has \`phx-change\` and stands in no form, so no change is ever sent: put it into a \`form\``);
      }
      if (attribute(element, "phx-submit") && !isForm) {
        tell(`${nameOf(element)} has \`phx-submit\`, which only a \`form\` sends: put it there`);
      }
      const id = attribute(element, "id");
      if (id && ids.has(id)) tell(`${nameOf(element)} has an id that another element has, which is patched in its place: give it one of its own`);
      ids.add(id);
    }
  }

  let timer;
  function lookLater() {
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  }

  addEventListener("phx:bennu-fault", ({ detail }) => tell(detail.fault));
  addEventListener("phx:update", lookLater);
  lookLater();
})();

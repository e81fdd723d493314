import { page } from "./support/dom.ts";
import { Session } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;
afterEach(() => session.end());

const PORTAL = ['<template id="p" data-phx-portal="', '"><div id="modal"><b>', '</b><i id="h" phx-hook="Log" phx-click="e"></i></div></template>'];
const portal = (text: string, target = "#away") => ({ s: PORTAL, "0": target, "1": text });

/** A page with two places outside of the view. */
function start(content: unknown, dead = ""): string[] {
  const log: string[] = [];
  session = new Session(dead, {
    hooks: { Log: { mounted() { log.push("mounted"); }, updated() { log.push("updated"); }, destroyed() { log.push("destroyed"); } } },
  });
  document.body.insertAdjacentHTML("beforeend", '<aside id="away"></aside><aside id="other"></aside>');
  session.join({ rendered: { s: ["<main>", "", "</main>"], "0": content, "1": "" } });
  return log;
}

test("what a portal holds is shown at its target, and changes there", () => {
  const log = start(portal("one"), "<main></main>");
  const modal = session.find("#away > #modal");
  assert.equal(session.el.querySelector("#modal"), null);
  assert.equal(modal.dataset.phxTeleported, "phx-MAIN");
  assert.equal(modal.dataset.phxTeleportedSrc, "p");
  session.push("diff", { "0": { "1": "two" } });
  assert.equal(modal.textContent, "two");
  assert.deepEqual(log, ["mounted"]);
});

test("what leaves with its portal runs its phx-remove there, and the portal ends after it", () => {
  const inner = (name: string, inner: string) => `<div id="${name}"${inner}</div>`;
  start({ s: [`<template id="q" data-phx-portal="#away">${inner("box", `>${inner("leaving", ` phx-remove='[["add_class",{"names":["gone"],"to":"#other"}],["transition",{"transition":[["fade"],[],[]],"time":50}]]'>`)}`)}</template>`] });
  assert.ok(session.find("#away #box #leaving"));
  session.push("diff", { "0": "" });
  assert.equal(session.find("#other").className, "gone");
  assert.ok(session.find("#away #leaving"));
  session.tick(50);
  assert.equal(session.find("#away").innerHTML, "");
});

test("a portal of the dead render opens with the join", () => {
  start(portal("live"), '<main><template id="p" data-phx-portal="#away"><div id="modal"><b>dead</b></div></template></main>');
  assert.equal(session.find("#away > #modal").textContent, "live");
});

test("events come home to the view, and to the component named there", () => {
  start(portal("x"));
  session.find("#h").click();
  assert.deepEqual(session.frame().slice(2, 4), ["lv:phx-MAIN", "event"]);
});

test("what a portal shows is in the component of its template", () => {
  const component = (inner: unknown) => ({ s: ["<section>", "</section>"], "0": inner });
  session = new Session();
  session.join({
    rendered: {
      s: ["", "", ""],
      ...[1, 2],
      c: { "1": component(portal('<em phx-click="e" phx-target="em"></em>', "#place")), "2": component('<u id="place"></u>') },
    },
  });
  session.find("#place em").click();
  assert.equal(session.frame()[4].cid, 1);
});

test("a form that a portal shows is submitted by the browser, and a binding there runs", () => {
  const form = `<form phx-trigger-action=""></form><b id="there" phx-connected='[["add_class",{"names":["shown"]}]]'></b>`;
  const submitted: Element[] = [];
  const submit = page.HTMLFormElement.prototype.requestSubmit;
  page.HTMLFormElement.prototype.requestSubmit = function (this: HTMLFormElement) { submitted.push(this); };
  start(portal(form));
  page.HTMLFormElement.prototype.requestSubmit = submit;
  assert.deepEqual(submitted, [session.find("#modal form")]);
  assert.equal(session.find("#there").className, "shown");
});

test("a portal goes with its template, and its hooks too", () => {
  const log = start(portal("x"));
  session.push("diff", { "0": "" });
  assert.equal(document.getElementById("modal"), null);
  assert.deepEqual(log, ["mounted", "destroyed"]);
});

test("another target takes the nodes along", () => {
  start(portal("x"));
  const modal = session.find("#modal");
  session.push("diff", { "0": { "0": "#other" } });
  assert.equal(session.find("#other > #modal"), modal);
});

test("a portal in a portal opens and goes with it", () => {
  const inner = '<template id="q" data-phx-portal="#other"><p id="deep">deep</p></template>';
  start(portal(inner));
  assert.equal(session.find("#other > #deep").textContent, "deep");
  session.push("diff", { "0": { "1": "" } });
  assert.equal(document.getElementById("deep"), null);
  session.push("diff", { "0": { "1": inner } });
  session.push("diff", { "0": "" });
  assert.equal(document.getElementById("deep"), null);
});

test("a component in a portal is on the page, and moves in and out", () => {
  start(portal("x"));
  session.push("diff", { "0": { "1": 1 }, c: { "1": { s: ["<u>", "</u>"], "0": "card" } } });
  const card = session.find("#modal u");
  assert.deepEqual(session.sent(), []);
  session.push("diff", { "0": { "1": "" }, "1": 1 });
  assert.equal(session.find("main > u"), card);
  session.push("diff", { "0": { "1": 1 }, "1": "" });
  session.push("diff", { c: { "1": { "0": "changed" } } });
  assert.equal(session.find("#modal u").textContent, "changed");
  session.push("diff", { "0": "" });
  assert.deepEqual(session.frame()[4], { cids: [1] });
});

test("a rejoin keeps the nodes, a page that one navigates to has portals of its own", () => {
  start(portal("x"));
  const modal = session.find("#modal");
  session.push("phx_error", {});
  session.tick(1000);
  session.reply(session.frame(), { rendered: { s: ["<main>", "", "</main>"], "0": portal("again"), "1": "" } });
  assert.equal(session.find("#away > #modal"), modal);
  assert.equal(modal.textContent, "again");
  session.push("live_redirect", { to: "/next", kind: "push" });
  session.reply(session.sent().at(-1)!, { rendered: { s: ["<h1>", "</h1>"], "0": portal("next") } });
  assert.notEqual(session.find("#away > #modal"), modal);
  assert.equal(document.querySelectorAll("#modal").length, 1);
  assert.equal(session.find("#modal").textContent, "next");
});

test("a target that is nowhere is reported", (context) => {
  const error = context.mock.method(console, "error", () => {});
  start(portal("x", "#nowhere"));
  assert.match(String(error.mock.calls[0]!.arguments), /#nowhere/);
  session.push("diff", { "0": { "0": "#away" } });
  assert.equal(session.find("#away > #modal").textContent, "x");
});

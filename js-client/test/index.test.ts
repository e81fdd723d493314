import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";

const bundle = readFileSync("../crates/bennu/assets/bennu.js", "utf8");

/** A page that runs the bundle in a script with these attributes, then the other script. */
async function load(attributes: string, other = ""): Promise<{ window: any; urls: string[] }> {
  const urls: string[] = [];
  const { window } = new JSDOM(
    `<!doctype html><meta name="csrf-token" content="TOK"><script ${attributes}>${bundle}</script><script>${other}</script>
    <div id="phx-1" data-phx-main data-phx-session="S"></div>`,
    {
      url: "https://example.com/",
      runScripts: "dangerously",
      beforeParse(window) {
        Object.assign(window, {
          WebSocket: class {
            constructor(url: string) {
              urls.push(url);
            }
            close() {}
          },
        });
      },
    },
  );
  if (window.document.readyState === "loading") {
    await new Promise((resolve) => window.addEventListener("DOMContentLoaded", resolve));
  }
  return { window, urls };
}

test("the page connects by itself, with the token and the socket of its markup", async () => {
  const { window, urls } = await load('data-socket="/app/live"');
  assert.deepEqual(urls, ["wss://example.com/app/live/websocket?_csrf_token=TOK&vsn=2.0.0"]);
  assert.equal(window.liveSocket.main.id, "phx-1");
});

test("without a socket in the markup it is /live", async () => {
  const { urls } = await load("");
  assert.match(urls[0]!, /^wss:\/\/example\.com\/live\/websocket/);
});

test("a script that follows may add options and hooks", async () => {
  const { window, urls } = await load("", "Bennu.options.params = { a: 1 }; Bennu.hooks.X = {};");
  assert.deepEqual(urls, ["wss://example.com/live/websocket?_csrf_token=TOK&a=1&vsn=2.0.0"]);
  assert.deepEqual(Object.keys(window.Bennu), ["LiveSocket", "Socket", "ViewHook", "createHook", "isUsedInput", "hooks", "options", "extend", "extendForms", "extendMender", "extendNavigation"]);
});

test("parameters of the application come beside the token, also where they are a function's", async () => {
  const { urls } = await load("", "Bennu.options.params = (el) => ({ el: typeof el });");
  assert.deepEqual(urls, ["wss://example.com/live/websocket?_csrf_token=TOK&el=undefined&vsn=2.0.0"]);
});

test("a page that starts by hand is left to that", async () => {
  const { window, urls } = await load("data-manual");
  assert.deepEqual([urls, window.liveSocket], [[], undefined]);
  const { LiveSocket, Socket } = window.Bennu;
  new LiveSocket("/x", Socket, {}).connect();
  assert.deepEqual(urls, ["wss://example.com/x/websocket?vsn=2.0.0"]);
});

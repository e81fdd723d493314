// Phoenix's own client, booted as Bennu's bundle boots ours, so that a page can't tell them apart:
// `window.Bennu` takes hooks and options until the document is parsed, `window.liveSocket` is made
// then. Replaces the page's script in the stock half of the specs.

import { Socket } from "phoenix";
import { LiveSocket } from "phoenix_live_view";

const script = document.currentScript;
const Bennu = (window.Bennu = { hooks: {}, options: {} });

document.addEventListener("DOMContentLoaded", () => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  window.liveSocket = new LiveSocket(script.dataset.socket ?? "/live", Socket, {
    params: { _csrf_token: token },
    hooks: Bennu.hooks,
    ...Bennu.options,
  });
  window.liveSocket.connect();
});

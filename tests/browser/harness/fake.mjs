// A server that speaks just enough of the protocol, by hand, to try the harness on: one view that
// counts, and mistakes on demand.

import { createServer } from "node:http";

import { WebSocketServer } from "ws";

import { Server } from "./server.mjs";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="csrf-token" content="token"><title data-default="Fake">Fake</title>
<link rel="icon" href="data:,">
<script defer src="/live/assets/bennu-0.js"></script>
</head>
<body><div id="phx-fake" data-phx-main data-phx-session="s" data-phx-static="t"></div></body>
</html>`;

const HEADERS = { "content-type": "text/html", "content-security-policy": "default-src 'self'; img-src data:" };

const STATICS = ['<p id="count">', '</p><button id="inc" phx-click="inc">+</button>'];

export class FakeServer extends Server {
  async launch(port) {
    const http = createServer((request, response) => this.#answer(request, response));
    const sockets = new WebSocketServer({ server: http, path: "/live/websocket" });
    sockets.on("connection", serve);
    await new Promise((resolve) => http.listen(port, "127.0.0.1", resolve));
    return {
      async stop() {
        for (const socket of sockets.clients) socket.terminate();
        http.closeAllConnections();
        await new Promise((resolve) => http.close(resolve));
      },
    };
  }

  #answer(request, response) {
    if (request.url === "/dead") {
      response.writeHead(200, HEADERS).end("<!doctype html><title>Dead</title><p>No view here.");
    } else if (request.url === "/inline") {
      const page = PAGE.replace("</body>", "<script>console.log('not allowed')</script></body>");
      response.writeHead(200, HEADERS).end(page);
    } else {
      response.writeHead(200, HEADERS).end(PAGE);
    }
  }
}

function serve(socket) {
  let count = 0;
  socket.on("message", (data) => {
    const [joinRef, ref, topic, event, payload] = JSON.parse(data);
    const reply = (response) =>
      socket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response }]));
    if (event === "phx_join") {
      reply({ rendered: { 0: "0", s: STATICS }, liveview_version: "1.2.12" });
    } else if (event === "event" && payload.event === "inc") {
      count += 1;
      reply({ diff: { 0: String(count) } });
    } else {
      reply({});
    }
  });
}

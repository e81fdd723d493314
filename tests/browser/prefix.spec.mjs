// An application that browsers see below a path.

import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { connect } from "node:net";

import { CargoServer, suite } from "./harness/index.mjs";

const PREFIX = "/app";
const environment = { BENNU_SECRET: "a secret of the browser specs, long enough", PREFIX };

const nested = suite(() => new CargoServer("browser-app", { ...environment, NEST: "1" }));
const stripped = suite(() => new CargoServer("browser-app", environment));

/** A proxy before the server that takes the prefix off paths, and answers nothing else. */
async function strip(port) {
  const inside = (path) => (path === PREFIX ? "/" : path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length) : null);
  const proxy = createServer(({ method, url, headers, ...incoming }, answer) => {
    const path = inside(url);
    if (!path) return answer.writeHead(404).end();
    const asked = request({ port, method, path, headers }, (answered) => {
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
    });
    asked.end();
  });
  proxy.on("upgrade", ({ url, rawHeaders }, browser) => {
    const server = connect(port, "localhost");
    const headers = rawHeaders.map((text, index) => text + (index % 2 ? "\r\n" : ": ")).join("");
    server.write(`GET ${inside(url)} HTTP/1.1\r\n${headers}\r\n`);
    for (const [one, other] of [[browser, server], [server, browser]]) {
      one.on("error", () => {}).on("close", () => other.destroy()).pipe(other);
    }
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return proxy;
}

async function walk({ page, see, settled, sent }, origin) {
  const path = () => new URL(page.url()).pathname;
  await page.goto(`${origin}${PREFIX}/journey/a`);
  await settled();
  // Inside of the application nobody knows of the prefix.
  await see("#uri", "/journey/a");
  await page.click("#to-step");
  await see("#uri", "/journey/a?step=9");
  assert.equal(path(), `${PREFIX}/journey/a`);
  for (const [button, uri] of [["patch", "/journey/a?step=1"], ["replace", "/journey/a?step=2"], ["navigate", "/journey/b"]]) {
    await page.click(`#${button}`);
    await see("#uri", uri);
    await settled();
    const { pathname, search } = new URL(page.url());
    assert.equal(pathname + search, PREFIX + uri);
  }
  await page.goBack();
  await see("#uri", "/journey/a?step=2");
  await settled();
  await page.click("#redirect");
  await see("#uri", "/journey/c");
  await settled();
  assert.equal(path(), `${PREFIX}/journey/c`);
  await page.click("#to-b");
  await see("#uri", "/journey/b");
  await settled();
  assert.equal(path(), `${PREFIX}/journey/b`);
  assert.equal(new URL(sent("phx_join").at(-1).redirect).pathname, `${PREFIX}/journey/b`);
  await page.reload();
  await settled();
  await see("#uri", "/journey/b");
  await page.goto(`${origin}${PREFIX}/members`);
  await see("h1", "Please log in");
  assert.equal(path(), `${PREFIX}/login`);
  await page.goto(`${origin}${PREFIX}/faults`);
  await settled();
  await page.click("#leave");
  await see("h1", "Please log in");
  assert.equal(path(), `${PREFIX}/login`);
}

nested("an application may be nested below a path", null, async (session) => {
  await walk(session, session.url);
});

stripped("an application may stand behind a proxy that strips a path", null, async (session) => {
  const proxy = await strip(session.connection.port);
  try {
    await walk(session, `http://localhost:${proxy.address().port}`);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

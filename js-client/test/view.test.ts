import { Session, TOPIC } from "./support/server.ts";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

let session: Session;

function start(...args: ConstructorParameters<typeof Session>): Session {
  return (session = new Session(...args));
}

afterEach(() => session.end());

const counter = (count: number) => ({
  rendered: { s: ['<span id="n">', '</span><button id="inc" phx-click="inc">+</button>'], "0": String(count) },
});
const COUNTER = '<span id="n">0</span><button id="inc" phx-click="inc">+</button>';

test("the join says where the page is and who it is", () => {
  start();
  session.open();
  assert.match(session.connection.url, /^ws:\/\/localhost:4000\/live\/websocket\?_csrf_token=CSRF&vsn=2\.0\.0$/);
  assert.deepEqual(session.frame(), [
    "1", "1", TOPIC, "phx_join",
    {
      url: "http://localhost:4000/items?x=1",
      params: { _csrf_token: "CSRF", _mounts: 0, _mount_attempts: 0 },
      session: "SESS",
      static: "STAT",
      sticky: false,
    },
  ]);
});

test("a click is sent, and its reply's diff is shown", () => {
  start(COUNTER);
  const join = session.join(counter(0));
  session.find("#inc").click();
  const frame = session.frame();
  assert.deepEqual(frame, [join[0], frame[1], TOPIC, "event", { type: "click", event: "inc", value: { value: "" } }]);
  session.reply(frame, { diff: { "0": "1" } });
  assert.equal(session.find("#n").textContent, "1");
});

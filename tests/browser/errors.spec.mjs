// What stands in for a page that can't be shown, and what would go on for ever.

import assert from "node:assert/strict";

import { app } from "./harness/app.mjs";
import { DISCONNECTS, suite } from "./harness/index.mjs";

const spec = suite(app);

spec("a path that leads nowhere shows the application's page", null, { allow: [/404/] }, async (session) => {
  const { page, url, see } = session;
  const response = await page.goto(`${url}/nowhere?a=1`);
  assert.equal(response.status(), 404);
  await see("h1", "404 Not Found");
  await see("#asked", "/nowhere?a=1");
  // Who asks for data gets no page.
  const data = await page.request.get(`${url}/nowhere`, { headers: { accept: "application/json" } });
  assert.equal(await data.text(), "404 Not Found\n");
});

spec("a status at a join shows the application's page, once", null, { allow: [/404/] }, async (session) => {
  const { page, url, see } = session;
  await page.goto(`${url}/faults?fail=404`, { waitUntil: "commit" });
  await see("h1", "404 Not Found");
  await see("#asked", "/faults?fail=404");
  const cookies = await page.context().cookies();
  assert.ok(!cookies.some(({ name }) => name === "__phoenix_reload_status__"));
});

spec("a status of a child that joins stands for the page", null, { allow: [/404/] }, async (session) => {
  const { page, url, see } = session;
  await page.goto(`${url}/nested/a?fail=1`, { waitUntil: "commit" });
  await see("h1", "404 Not Found");
  await see("#asked", "/nested/a?fail=1");
});

spec("views that navigate in a circle come to an end", null, { allow: [/join crashed/] }, async (session) => {
  const { page, url, eventually, frames } = session;
  await page.goto(`${url}/faults?circle`, { waitUntil: "commit" });
  const end = () => frames.findIndex(({ text }) => text.includes("join crashed"));
  await eventually("the end", () => end() >= 0, true);
  // The client loads the page after a while, which begins another row.
  const joins = frames.slice(0, end()).filter(({ from, text }) => from === "browser" && JSON.parse(text)[3] === "phx_join");
  assert.equal(joins.length, 21);
});

spec("who is logged out is disconnected, and let in no more", null, { allow: DISCONNECTS }, async (session) => {
  const { page, url, see, goto } = session;
  await page.context().addCookies([{ name: "user", value: "ada", url }]);
  await goto("/members");
  await see("#uri", "/members");
  const number = await page.textContent("#number");

  // Still logged in: the view is mounted anew.
  assert.equal(await (await page.request.get(`${url}/disconnect`)).text(), "1");
  await session.eventually("another view", async () => (await page.textContent("#number")) !== number, true);
  await session.settled();

  await page.context().clearCookies({ name: "user" });
  assert.equal(await (await page.request.get(`${url}/disconnect`)).text(), "1");
  await see("h1", "Please log in");
});

// The application of the specs (tests/src/bin/browser-app) and what can be asked of it.

import { CargoServer } from "./server.mjs";

/** With a secret, so that its pages outlive a restart. */
export const app = () =>
  new CargoServer("browser-app", { BENNU_SECRET: "a secret of the browser specs, long enough" });

/** Makes something happen on the server, and waits until this page shows it. */
export async function tick({ page, url, see }) {
  const ticks = Number(await page.textContent("#ticks"));
  await page.request.get(`${url}/tick`);
  await see("#ticks", String(ticks + 1));
}

/** Lets one handler that waits at this gate go on. */
export async function open({ page, url }, gate) {
  await page.request.get(`${url}/open/${gate}`);
}

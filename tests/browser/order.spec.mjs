// An order over several pages: forwards, backwards, by URL, after a reload, in two tabs.

import assert from "node:assert/strict";

import { suite } from "./harness/index.mjs";

const spec = suite("showcase");

const step = (page) => page.locator("[aria-current=step]").textContent();
const path = (page) => new URL(page.url()).pathname;
const place = (page) => path(page).split("/").at(-1);

/** Puts a tea into the cart and returns the URL of the order, without its last part. */
async function begin({ page, see, settled }) {
  await page.click("#tea-assam .more");
  await see("#tea-assam output", "1");
  await settled();
  return path(page).replace(/\/cart$/, "");
}

async function fillAddress({ page }) {
  await page.fill("#name", "Ada Lovelace");
  await page.fill("#street", "12 St James's Square");
  await page.fill("#postcode", "SW1Y 4JH");
  await page.fill("#city", "London");
}

async function onward({ page, settled }, selector, to) {
  await page.click(selector);
  await page.waitForURL(`**/${to}`);
  await settled();
}

/** Goes through the order until this step is shown. */
async function reach(session, goal) {
  const { page, see, settled } = session;
  const base = await begin(session);
  if (goal === "cart") return base;
  await onward(session, "#onward", "address");
  if (goal === "address") return base;
  await fillAddress(session);
  await onward(session, "#address button", "delivery");
  if (goal === "delivery") return base;
  await page.check("input[value=express]");
  await see("#total", "€ 21.80");
  await settled();
  await onward(session, "#onward", "payment");
  return base;
}

spec("an order is placed step by step", "/order", async (session) => {
  const { page, see, settled, goto } = session;
  const base = await reach(session, "payment");
  await see("#sent-to", "To Ada Lovelace, 12 St James's Square, SW1Y 4JH London");
  await page.fill("#proof", "ada@example.org");
  await onward(session, "#payment button", "done");
  await see("#flash-info p", "Thank you! Your order is placed.");
  await see("#step h2", "Your tea is on its way");
  await see("#total", "€ 21.80");

  // Nothing leads back into it.
  for (const part of ["cart", "address", "delivery", "payment"]) {
    await goto(`${base}/${part}`);
    assert.equal(place(page), "done");
    await see("#flash-error p", /This order is placed/);
  }
  await settled();
});

spec("the first tea gives an order its address, and a reload finds it", "/order", async (session) => {
  const { page, see, settled } = session;
  assert.equal(path(page), "/order");
  const base = await begin(session);
  assert.match(base, /^\/order\/[0-9a-f]{32}$/);
  await page.click("#tea-mint .more");
  await see("#tea-mint output", "1");
  await page.click("#tea-mint .more");
  await see("#tea-mint output", "2");
  await page.click("#tea-assam .less");
  await see("#tea-assam output", "0");
  assert.ok(await page.locator("#tea-assam .less").isDisabled());
  await settled();
  await page.reload();
  await settled();
  await see("#tea-mint output", "2");
  await see("#total", "€ 9.80");
});

spec("the kind of tea is a part of the URL, with or without an order", "/order", async (session) => {
  const { page, see, settled, back, eventually } = session;
  const names = () => page.locator("#teas strong").allTextContents();
  await page.click(".kinds >> text=Herbal");
  await eventually("teas", names, ["Mint", "Rooibos"]);
  await settled();
  await page.click("#tea-mint .more");
  await see("#tea-mint output", "1");
  await settled();
  assert.match(page.url(), /\/cart\?kind=herbal$/);
  await page.click(".kinds >> text=Green");
  await eventually("teas", names, ["Sencha", "Jasmine", "Genmaicha"]);
  await settled();
  await back();
  await eventually("teas", names, ["Mint", "Rooibos"]);
  await see("#tea-mint output", "1");
});

spec("a step opens only when those before it are done, by URL too", "/order", async (session) => {
  const { page, see, goto, settled } = session;
  const base = await begin(session);
  for (const part of ["delivery", "payment", "done"]) {
    await goto(`${base}/${part}`);
    assert.equal(place(page), "address", part);
    await see("#flash-error p", "Say first where to send it.");
  }
  await fillAddress(session);
  await onward(session, "#address button", "delivery");
  await goto(`${base}/done`);
  assert.equal(place(page), "delivery");
  await see("#flash-error p", "Choose first how it is delivered.");

  // Steps that can't be entered are no links.
  const links = await page.locator(".steps a").allTextContents();
  assert.deepEqual(links, ["Cart", "Address"]);
  await page.click(".steps >> text=Cart");
  await page.waitForURL("**/cart");
  await settled();
  assert.equal(await step(page), "Cart");

  await goto("/order/nothing/payment");
  assert.equal(path(page), "/order");
  await see("#flash-error p", /no such order/);
});

spec("back and forward lead through the steps, with what was entered", "/order", async (session) => {
  const { page, see, seeValue, back, forward } = session;
  await reach(session, "payment");
  await back();
  assert.equal(place(page), "delivery");
  assert.ok(await page.locator("input[value=express]").isChecked());
  await back();
  assert.equal(place(page), "address");
  await seeValue("#name", "Ada Lovelace");
  await back();
  assert.equal(place(page), "cart");
  await see("#tea-assam output", "1");
  await forward();
  await forward();
  assert.equal(place(page), "delivery");
  assert.equal(await step(page), "Delivery");
});

spec("what is missing in an address is said field by field", "/order", async (session) => {
  const { page, see, settled } = session;
  await reach(session, "address");
  await page.fill("#postcode", "?");
  await see("#postcode_errors", "must be one such as 10115 or SW1A 1AA");
  await page.click("#address button");
  await see("#name_errors", "is required");
  await see("#city_errors", "is required");
  await settled();
  assert.equal(place(page), "address");
});

spec("a way of paying has its own question", "/order", async (session) => {
  const { page, see, seeValue, settled } = session;
  await reach(session, "payment");
  await page.fill("#proof", "ada@example.org");
  await page.click(".kinds >> text=By voucher");
  await see("label[for=proof]", "Code of the voucher");
  await settled();
  await seeValue("#proof", "");
  await page.fill("#proof", "tea");
  await see("#proof_errors", "must be a code such as TEA-2026");
  await page.fill("#proof", "TEA-2026");
  await page.locator("#proof:not([aria-invalid])").waitFor();
  await settled();
  await onward(session, "#payment button", "done");
  await see("#step p >> nth=0", /paid by voucher/);
});

spec("an order that another tab emptied is not placed", "/order", async (session) => {
  const { page, see, settled, tab } = session;
  const base = await reach(session, "payment");
  const other = await tab(`${base}/cart`);
  await other.click("#tea-assam .less");
  await see("#tea-assam output", "0", other);
  await page.fill("#proof", "ada@example.org");
  await onward(session, "#payment button", "cart");
  await see("#flash-error p", "Put something into the cart first.");
  await settled();
});

spec("the keyboard is enough", "/order", async (session) => {
  const { page, see, settled } = session;
  await page.locator("#tea-assam .more").focus();
  await page.keyboard.press("Enter");
  await see("#tea-assam output", "1");
  await settled();
  await page.keyboard.press("Space");
  await see("#tea-assam output", "2");
  await settled();
  await page.locator("#onward").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/address");
  await settled();
  await fillAddress(session);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/delivery");
  await settled();
  await page.locator("input[value=standard]").focus();
  await page.keyboard.press("ArrowDown");
  await see("#so-far li >> nth=1", /By courier/);
});

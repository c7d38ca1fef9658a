import type { Page } from '@playwright/test';
import { Principal } from '@dfinity/principal';
import { noViolations } from './support/accessibility.ts';
import { advance, expect, figure, fund, logIn, screenshot, second, test, untilMinutePlus, visit } from './support/exchange.ts';
import { startExchange, type Running } from './support/start.ts';

// A capped option from the ticket to its receipt, on a desk and on a phone, and the tenors that end at a time of the calendar.

const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const firstMoney = 5_000_000n;

let running: Running;
test.beforeEach(async () => {
  running = await startExchange();
});
test.afterEach(async () => running.close());

/** Waits until the network has a price for its current minute and the page shows it. */
async function nextPrice(page: Page): Promise<void> {
  await advance(running, page.context(), untilMinutePlus(running, 33 * second));
}

/** Pictures of the page as it stands, and what axe and the width of a phone have against it. */
async function lookAt(page: Page, name: string): Promise<void> {
  for (const [label, size] of [['desk', desk] as const, ['phone', phone] as const]) {
    await page.setViewportSize(size);
    await noViolations(page);
    await screenshot(page, `${name}-${label}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, `${name} is wider than the screen`).toBe(0);
  }
  await page.setViewportSize(desk);
}

test('a capped call is bought, fills, and pays what its receipt and the page compute', async ({ page, context }) => {
  await context.clock.install();
  await page.goto(running.url);
  await logIn(page, 'Alice');
  await visit(page, 'Wallet');
  const trader = Principal.fromText(await page.locator('main code').first().innerText());
  const { options } = running.exchange.as(trader);
  await fund(running, trader, firstMoney);
  await visit(page, 'Trade');
  await advance(running, context, 31 * second); // balances are read every 30 s
  await nextPrice(page);
  await expect(figure(page, 'satstrike')).toContainText('0.05000000 BTC');

  await page.getByRole('radio', { name: /^Capped/ }).check();
  await page.getByRole('radio', { name: /^Call/ }).check();
  await page.getByRole('radio', { name: '1 min' }).check();
  await expect(page.getByLabel('Cap', { exact: true })).toHaveValue('50.00');
  // The cap may not reach the strike.
  await page.getByLabel('Cap', { exact: true }).fill('90000');
  await page.getByLabel('Notional').fill('1');
  await page.getByLabel('Notional').blur();
  await page.getByLabel('Cap', { exact: true }).blur();
  await expect(page.getByText(/The cap must be below the strike/)).toBeVisible();
  await page.getByLabel('Cap', { exact: true }).fill('50');
  await page.getByLabel('Highest premium you accept').selectOption({ index: 3 });
  await page.getByLabel('Largest payout reserved for you').selectOption({ index: 2 });
  const place = page.getByRole('button', { name: /^Place order: up to/ });
  await expect(place).toBeEnabled();
  await expect(page.getByRole('img', { name: 'Profit and loss by settlement price' })).toBeVisible();
  await page.getByText('How its fair value moves').click();
  await expect(page.getByText('One minute later (theta)')).toBeVisible();
  await lookAt(page, 'capped-ticket');
  await place.click();
  await expect(page.getByText(/Order \d+ is accepted/)).toBeVisible();

  await visit(page, 'Positions');
  const pending = page.getByRole('list', { name: 'Pending orders' });
  await expect(pending).toContainText('Capped call');
  await expect(pending).toContainText('1.00000000 BTC, cap $50.00');
  await expect(pending).toContainText('Largest payout');
  await advance(running, context, untilMinutePlus(running, 0));
  await nextPrice(page);
  const open = page.getByRole('list', { name: 'Open positions' });
  await expect(open).toContainText(/Expires at \d\d:\d\d/);
  await expect(open).toContainText(/it would (not )?pay/);
  await lookAt(page, 'capped-open');

  await advance(running, context, untilMinutePlus(running, 0));
  await nextPrice(page);
  const finished = page.getByRole('list', { name: 'Finished positions' });
  await expect(finished).toContainText(/Won|Lost/);
  const rows = await options.get_positions({ filter: { finished: null }, page: { after: [], limit: 10n } });
  const position = 'ok' in rows ? rows.ok.rows[0] : undefined;
  if (position === undefined || !('settled' in position.state)) throw new Error('it is not settled');
  const { fill, receipt } = position.state.settled;
  // 1 BTC * min(max(S - K, 0), 50) / S, rounded down.
  const move = receipt.price_e8 > fill.strike_e8 ? receipt.price_e8 - fill.strike_e8 : 0n;
  const gain = move < 5_000_000_000n ? move : 5_000_000_000n;
  expect(receipt.payout_sats).toBe((100_000_000n * gain) / receipt.price_e8);
  const left = firstMoney - fill.premium_sats + receipt.payout_sats;
  await expect(figure(page, 'satstrike')).toContainText(`0.${left.toString().padStart(8, '0')} BTC`);

  await page.getByRole('button', { name: `Receipt of position ${position.id}` }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('1.00000000 BTC, cap $50.00');
  await expect(dialog).toContainText('own calculation of outcome, payout and profit gives the same');
  await expect(dialog).toContainText('the price book’s entry of this minute');
  await lookAt(page, 'capped-receipt');
});

test('daily and weekly options say when they end; what was typed outlives a reload', async ({ page, context }) => {
  await context.clock.install();
  await page.goto(running.url);
  await nextPrice(page);
  await page.getByRole('radio', { name: /^Daily \d+ \w+ \d{4}, 08:00 UTC/ }).check();
  await page.getByLabel('Payout').fill('0.002');
  const quote = page.getByRole('group', { name: 'Quote' });
  await expect(quote).toContainText(/expires\s+\d+ \w+ \d{4}, 08:00 UTC, settles at the mean price of the ten minutes/);
  await page.getByRole('radio', { name: /^Capped/ }).check();
  await page.getByRole('radio', { name: /^Put/ }).check();
  await page.getByRole('radio', { name: /^Weekly/ }).check();
  await page.getByLabel('Notional').fill('0.05');
  await expect(quote).toContainText('Largest payout');
  await page.reload();
  await expect(page.getByRole('radio', { name: /^Capped/ })).toBeChecked();
  await expect(page.getByRole('radio', { name: /^Weekly/ })).toBeChecked();
  await expect(page.getByLabel('Notional')).toHaveValue('0.05');
  await expect(page.getByLabel('Cap', { exact: true })).toHaveValue('5000.00');
  await expect(quote).toContainText('Largest payout');
  await lookAt(page, 'weekly-ticket');
});

import { join } from 'node:path';
import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import type { Principal } from '@dfinity/principal';
import { deployer } from '../../../scripts/lib/deploy.ts';
import { root } from '../../../scripts/lib/paths.ts';
import type { Running } from './start.ts';

export const second = 1_000;
export const minute = 60 * second;

/** Moves the network's clock and the page's clock (in every window of the context) by the same time. */
export async function advance(running: Running, context: BrowserContext, milliseconds: number): Promise<void> {
  await running.ic.advance(BigInt(milliseconds) * 1_000_000n);
  await context.clock.fastForward(milliseconds);
}

/** Milliseconds from the network's now to the next moment that is `offset` milliseconds after a whole minute. */
export function untilMinutePlus(running: Running, offset: number): number {
  const now = Number(running.ic.now() / 1_000_000n);
  const next = Math.ceil((now - offset) / minute) * minute + offset;
  return next - now;
}

/** Logs in through the real window: chooses the identity with this name, or creates it. */
export async function logIn(page: Page, name: string): Promise<void> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('banner').getByRole('button', { name: 'Log in' }).click();
  const popup = await opened;
  await popup.getByRole('button', { name: 'Decline' }).waitFor();
  const choice = popup.getByRole('radio', { name });
  if ((await choice.count()) === 0) {
    await popup.getByRole('textbox', { name: 'Name' }).fill(name);
    await popup.getByRole('button', { name: 'Create identity' }).click();
  }
  await choice.check();
  const closed = popup.waitForEvent('close');
  // The app closes the window, perhaps before the button is up again.
  await popup
    .getByRole('button', { name: 'Approve' })
    .click()
    .catch((error: unknown) => {
      if (!popup.isClosed()) throw error;
    });
  await closed;
  await expect(page.getByRole('banner').getByRole('button', { name: 'Log out' })).toBeVisible();
}

export async function logOut(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Log in' })).toBeVisible();
}

/** Goes to a page by the main navigation. */
export async function visit(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
}

/** One amount of the balance strip: `satstrike`, `legacy`, `platform`. */
export function figure(page: Page, id: string): Locator {
  return page.locator(`[data-figure="${id}"]`);
}

/** The value beside a label in a list of facts. */
export function fact(page: Page, label: string): Locator {
  return page
    .locator('div')
    .filter({ has: page.locator('> dt', { hasText: label }) })
    .locator('dd')
    .first();
}

/** ckBTC for a wallet, minted by the local ledger. */
export async function mint(running: Running, to: Principal, amountSats: bigint): Promise<void> {
  const minted = await running.exchange.as(deployer).ledger.mint_test_bitcoin({ to: { owner: to, subaccount: [] }, amount: amountSats });
  if ('Err' in minted) throw new Error(minted.Err);
}

/** Puts ckBTC into a trader's account on the exchange. */
export async function fund(running: Running, trader: Principal, amountSats: bigint): Promise<void> {
  await mint(running, trader, amountSats + 100n);
  const { ledger, options } = running.exchange.as(trader);
  await ledger.icrc2_approve({
    spender: { owner: running.exchange.ids.options, subaccount: [] },
    amount: amountSats + 10n,
    from_subaccount: [],
    expected_allowance: [],
    expires_at: [],
    fee: [],
    memo: [],
    created_at_time: []
  });
  expect(await options.deposit({ request_id: 'first money', amount_sats: amountSats })).toHaveProperty('ok');
}

/** Every page of a test: its console must stay silent, except for the messages a test expects. */
export const test = base.extend<{ expectedConsole: RegExp[] }>({
  expectedConsole: async ({ context }, use) => {
    const expected: RegExp[] = [];
    const unexpected: string[] = [];
    context.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      const text = `${message.type()}: ${message.text()} (${message.location().url})`;
      if (!expected.some((pattern) => pattern.test(text))) unexpected.push(text);
    });
    context.on('weberror', (error) => unexpected.push(`uncaught: ${error.error().message}`));
    await use(expected);
    expect(unexpected, 'unexpected console messages').toEqual([]);
  }
});

export { expect };

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(root, 'tests/e2e/screenshots', `${name}.png`), fullPage: true });
}

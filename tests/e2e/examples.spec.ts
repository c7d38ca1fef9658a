import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { Principal } from '@dfinity/principal';
import { buildExamples, exampleBuild, type Example } from '../../scripts/lib/buildExamples.ts';
import { deployer } from '../../scripts/lib/deploy.ts';
import { noViolations } from './support/accessibility.ts';
import { advance, expect, figure, logIn, logOut, minute, second, test, untilMinutePlus } from './support/exchange.ts';
import { startExchange, type Running } from './support/start.ts';

// The three examples of docs/integration-guide.md as they are built, under their Content Security Policy.

let running: Running;
test.beforeAll(() => buildExamples());
test.afterEach(async () => running.close());

async function open(example: Example, page: Page, path = ''): Promise<void> {
  running = await startExchange({ site: exampleBuild(example) });
  await page.context().clock.install();
  await page.goto(`${running.url}/${path}`);
}

/** Who "Alice" is on this site: the same name at another origin is another principal. */
async function alice(): Promise<Principal> {
  const { id } = (await running.ic.identities.list()).find(({ name }) => name === 'Alice') ?? {};
  if (id === undefined) throw new Error('Alice has not logged in');
  return running.ic.identities.principalFor(id, new URL(running.url).origin);
}

/** An open trade of 15 seconds on the legacy platform, and the account and the money it takes. */
async function legacyTrade(owner: Principal): Promise<bigint> {
  const { legacy, options } = running.exchange.as(deployer);
  if ('err' in (await legacy.get_user(owner))) expect(await legacy.create_user(owner)).toHaveProperty('ok');
  expect(await legacy.admin_credit_user_balance(owner, 0.02)).toHaveProperty('ok');
  const cents = ((await options.get_market()).price[0]?.price_e8 ?? 0n) / 1_000_000n;
  const placed = await legacy.place_trade_simple(owner, 'call', 250n, '15s', 5n, cents, cents + 250n);
  if ('err' in placed) throw new Error(placed.err);
  return placed.ok;
}

test('phase 1: the hub follows the existing app’s login, and is gone with a switch', async ({ page, expectedConsole: _ }) => {
  await open('1-hub-beside', page);
  await expect(page.getByTestId('price')).toHaveText(/^\$\d{2},\d{3}\.\d{2}$/);
  await expect(page.getByRole('status')).toHaveText('live');
  await expect(page.getByText('online')).toBeVisible();
  await expect(page.getByTestId('principal')).toHaveText('nobody');
  await noViolations(page);
  await logIn(page, 'Alice');
  await expect(page.getByTestId('principal')).toHaveText((await alice()).toText());
  await page.reload();
  await expect(page.getByTestId('principal')).toHaveText((await alice()).toText());
  await logOut(page);
  await expect(page.getByTestId('principal')).toHaveText('nobody');

  await page.route('**/hub.json', (route) => route.fulfill({ json: { on: false } }));
  await page.reload();
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await expect(page.getByRole('complementary')).toHaveCount(0);
});

test('phase 2: a balance that falls back and recovers, switches, and the operators’ CSV', async ({ page, context, expectedConsole }) => {
  expectedConsole.push(/Failed to load resource/); // what the browser itself says of a canister that is stopped
  await open('2-balance-and-admin', page);
  await logIn(page, 'Alice');
  await expect(figure(page, 'satstrike')).toContainText('0.00000000 BTC');
  await expect(figure(page, 'satstrike')).toContainText('Live');
  await legacyTrade(await alice());
  await advance(running, context, 31 * second);
  await expect(figure(page, 'legacy')).toContainText('BTC');
  await noViolations(page);

  await running.ic.stopCanister(running.exchange.ids.options, deployer);
  await advance(running, context, 61 * second);
  await expect(figure(page, 'satstrike')).toHaveAttribute('data-phase', 'fallback');
  await expect(figure(page, 'satstrike')).toContainText('0.00000000 BTC');
  await running.ic.startCanister(running.exchange.ids.options, deployer);
  await expect
    .poll(async () => {
      await advance(running, context, 31 * second);
      return figure(page, 'satstrike').getAttribute('data-phase');
    })
    .toBe('live');

  // Taken back without a deploy: by the operators for everybody ...
  const { options } = running.exchange.as(deployer);
  expect(await options.set_flags({ balances: false, admin: true, settlement: true })).toHaveProperty('ok');
  await advance(running, context, 16 * second);
  await expect(page.getByText('balances: off, by the operators')).toBeVisible();
  await expect(figure(page, 'satstrike')).toHaveAttribute('data-phase', 'fallback');
  await expect(page.getByRole('button', { name: 'Switch balances' })).toHaveCount(0);
  expect(await options.set_flags({ balances: true, admin: true, settlement: true })).toHaveProperty('ok');
  await advance(running, context, 16 * second);
  await expect(figure(page, 'satstrike')).toHaveAttribute('data-phase', 'live');
  // ... or by a person in this browser.
  await page.getByRole('button', { name: 'Switch balances off here' }).click();
  await expect(figure(page, 'satstrike')).toHaveAttribute('data-phase', 'fallback');
  await page.getByRole('button', { name: 'Switch balances on here' }).click();
  await expect(figure(page, 'satstrike')).toHaveAttribute('data-phase', 'live');
  await logOut(page);

  await logIn(page, 'Operator');
  await expect(figure(page, 'treasury')).toContainText('10.00000000 BTC');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV of all users' }).click();
  expect((await download).suggestedFilename()).toMatch(/^satstrike-users-.*\.csv$/);
});

for (const [how, path] of [
  ['with the hub', ''],
  ['without the hub', '?hub=off']
] as const) {
  test(`phase 3, ${how}: a position is settled by the options canister, another over the old route`, async ({
    page,
    context,
    expectedConsole
  }) => {
    expectedConsole.push(/Failed to load resource/);
    await open('3-settlement', page, path);
    await logIn(page, 'Alice');
    const owner = await alice();
    const settle = (id: bigint) => page.getByRole('button', { name: `Settle legacy position ${id}` });
    /** Opened early in a minute, due at the next one; whoever logged in is still here after a reload. */
    const trade = async (): Promise<bigint> => {
      await advance(running, context, untilMinutePlus(running, 5 * second));
      const id = await legacyTrade(owner);
      await page.reload();
      await expect(settle(id)).toBeVisible();
      return id;
    };

    const first = await trade();
    await settle(first).click();
    await expect(page.getByText(/not due yet/)).toBeVisible();
    await advance(running, context, untilMinutePlus(running, 40 * second));
    await advance(running, context, minute);
    await settle(first).click();
    await expect(page.getByText(new RegExp(`Legacy position ${first}: .*route options`))).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('2 attempts, 1 failed, 0 open.')).toBeVisible();
    await settle(first).click();
    await expect(page.getByText(/settled before/)).toBeVisible({ timeout: 30_000 });
    await noViolations(page);

    const late = await trade();
    await advance(running, context, minute + 35 * second);
    // The page holds the certified price of the second one's minute before the options canister goes away.
    await expect
      .poll(async () => {
        await advance(running, context, 11 * second);
        const kept = await page.evaluate(() => JSON.stringify(localStorage));
        return kept.split('priceE8').length - 1;
      })
      .toBeGreaterThanOrEqual(2);
    await running.ic.stopCanister(running.exchange.ids.options, deployer);
    await settle(late).click();
    await expect(page.getByText(new RegExp(`Legacy position ${late}: .*route legacy`))).toBeVisible({ timeout: 60_000 });
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV of the history' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv).toContain(`legacy/${first},done,options`);
    expect(csv).toContain(`legacy/${late},done,legacy`);
  });
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Principal } from '@dfinity/principal';
import { parse } from 'csv-parse/sync';
import { deployer } from '../../scripts/lib/deploy.ts';
import {
  advance,
  expect,
  fact,
  figure,
  logIn,
  logOut,
  minute,
  mint,
  screenshot,
  second,
  test,
  untilMinutePlus,
  visit
} from './support/exchange.ts';
import { startExchange, type Running } from './support/start.ts';
import { noViolations } from './support/accessibility.ts';

// The README's story, told once by a machine: one exchange, one trader, one operator, from the first look to a restart.

/** Waits until the network has a price for its current minute and the page shows it. */
async function nextPrice(running: Running, page: Page): Promise<void> {
  await advance(running, page.context(), untilMinutePlus(running, 33 * second));
}

function btc(text: string): bigint {
  const match = /(-?)(\d+)\.(\d{8})/.exec(text);
  if (!match) throw new Error(`no amount in "${text}"`);
  return BigInt(`${match[1]}${match[2]}${match[3]}`);
}

async function availableSats(page: Page): Promise<bigint> {
  return btc(await figure(page, 'satstrike').locator('.amount').innerText());
}

test('a trader trades and is paid; an operator watches and exports', async ({ page, context, expectedConsole }) => {
  test.setTimeout(400_000);
  const stateDir = await mkdtemp(join(tmpdir(), 'satstrike-e2e-'));
  let running = await startExchange({ stateDir });
  await context.clock.install();
  const desk = running.exchange.as(deployer);

  await test.step('1: the price shows without login', async () => {
    await page.goto(running.url);
    await expect(page.getByTestId('price')).toHaveText(/^\$\d{2},\d{3}\.\d{2}$/);
    await expect(page.getByText(/Replayed prices: \d+ March 2023, \d\d:\d\d UTC/)).toBeVisible();
    await noViolations(page);
    await screenshot(page, '1-market');
  });

  let trader = '';
  await test.step('2: a trader logs in, gets test bitcoin and deposits', async () => {
    await logIn(page, 'Alice');
    await visit(page, 'Wallet');
    trader = await page.locator('main code').first().innerText();
    await page.getByRole('button', { name: 'Get test bitcoin' }).click();
    await expect(page.getByText('test ckBTC are in your wallet')).toBeVisible();

    // Bad input, where the person looks.
    const amount = page.getByLabel('Amount to deposit');
    for (const [typed, complaint] of [
      ['abc', /number/i],
      ['0.000000001', /8 decimals/i],
      ['0.00000001', /smallest deposit/i],
      ['5', /more than there is in your wallet/i]
    ] as const) {
      await amount.fill(typed);
      await amount.blur();
      await expect(page.getByText(complaint).and(page.locator('[id$="-error"]'))).toBeVisible();
    }
    await amount.fill('0.01');
    await page.getByRole('button', { name: 'Deposit 0.01000000 BTC' }).click();
    await expect(page.getByText('Credited to your balance in block')).toBeVisible({ timeout: 30_000 });
    await expect(figure(page, 'satstrike')).toContainText('0.01000000 BTC');
    await noViolations(page);
    await screenshot(page, '2-wallet');
  });

  await test.step('2: a change made elsewhere arrives by itself within 30 s', async () => {
    const elsewhere = running.exchange.as(Principal.fromText(trader));
    await mint(running, Principal.fromText(trader), 1_000_000n);
    await elsewhere.ledger.icrc2_approve({
      spender: { owner: running.exchange.ids.options, subaccount: [] },
      amount: 500_010n,
      from_subaccount: [],
      expected_allowance: [],
      expires_at: [],
      fee: [],
      memo: [],
      created_at_time: []
    });
    expect(await elsewhere.options.deposit({ request_id: 'from-another-device', amount_sats: 500_000n })).toHaveProperty('ok');
    await expect(figure(page, 'satstrike')).toContainText('0.01000000 BTC');
    await advance(running, context, 31 * second);
    await expect(figure(page, 'satstrike')).toContainText('0.01500000 BTC');
  });

  let positionId = 0n;
  await test.step('3: a digital call is pending, fills, counts down, settles without a click', async () => {
    await visit(page, 'Trade');
    await nextPrice(running, page); // early in a minute's second half: time to fill in the ticket
    await page.getByRole('radio', { name: /^Call/ }).check();
    await page.getByRole('radio', { name: '1 min' }).check();
    await page.getByLabel('Payout').fill('0.002');
    await page.getByLabel('Highest premium you accept').selectOption({ index: 3 });
    const place = page.getByRole('button', { name: /^Place order: up to/ });
    await expect(place).toBeEnabled();
    await screenshot(page, '3-ticket');
    await place.click();
    await expect(page.getByText(/Order \d+ is accepted/)).toBeVisible();
    await visit(page, 'Positions');
    await expect(page.getByRole('list', { name: 'Pending orders' })).toContainText('Pending');
    await expect(page.getByRole('list', { name: 'Pending orders' })).toContainText(/Fills at \d\d:\d\d/);
    await screenshot(page, '3-pending');

    const before = 1_500_000n;
    await advance(running, context, untilMinutePlus(running, 0));
    await nextPrice(running, page); // the fill minute's price
    const open = page.getByRole('list', { name: 'Open positions' });
    await expect(open).toContainText(/Expires at \d\d:\d\d/);
    const opened = await running.exchange
      .as(Principal.fromText(trader))
      .options.get_positions({ filter: { active: null }, page: { after: [], limit: 10n } });
    if (!('ok' in opened)) throw new Error(opened.err.message);
    const position = opened.ok.rows[0];
    if (!position || !('open' in position.state)) throw new Error('the order did not fill');
    positionId = position.id;
    const premium = position.state.open.premium_sats;
    await expect.poll(() => availableSats(page)).toBe(before - premium);

    // The price of the expiry minute is far above: this call wins.
    await advance(running, context, untilMinutePlus(running, 0));
    await nextPrice(running, page);
    await expect(page.getByRole('list', { name: 'Finished positions' })).toContainText(/Won|Lost|Tie/);
    const settled = await running.exchange.as(Principal.fromText(trader)).options.get_position(positionId);
    if (!('ok' in settled) || !('settled' in settled.ok.state)) throw new Error('not settled');
    const { receipt } = settled.ok.state.settled;
    await expect.poll(() => availableSats(page)).toBe(before - premium + receipt.payout_sats);

    await page.getByRole('button', { name: `Receipt of position ${positionId}` }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(/Settlement price\s*\$/);
    await expect(dialog).toContainText('Price minute');
    await expect(dialog).toContainText(/Won|Lost|Tie/);
    await expect(dialog).toContainText('own calculation of outcome, payout and profit gives the same');
    await noViolations(page);
    await screenshot(page, '3-receipt');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('4: the options canister stops: nothing is lost, the old route works once, everything recovers', async () => {
    expectedConsole.push(/Failed to load resource/); // what the browser itself says of an answer that is not 2xx
    const owner = Principal.fromText(trader);
    expect(await desk.legacy.create_user(owner)).toHaveProperty('ok');
    expect(await desk.legacy.admin_credit_user_balance(owner, 0.02)).toHaveProperty('ok');
    const market = await desk.options.get_market();
    const cents = (market.price[0]?.price_e8 ?? 0n) / 1_000_000n;
    const early = await desk.legacy.place_trade_simple(owner, 'call', 250n, '15s', 5n, cents, cents + 250n);
    if ('err' in early) throw new Error(early.err);

    // The browser is open while the position's minute gets its price: it holds that price, certified.
    await nextPrice(running, page);
    await advance(running, context, minute);
    await expect(page.getByRole('region', { name: 'On the legacy platform' })).toContainText('Due', { timeout: 30_000 });
    await advance(running, context, 31 * second);
    await expect(figure(page, 'legacy')).toContainText('BTC');

    // A second position is opened just before the canister stops: nobody holds its price.
    const late = await desk.legacy.place_trade_simple(owner, 'put', 250n, '5s', 1n, cents, cents - 250n);
    if ('err' in late) throw new Error(late.err);
    await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('priceE8');

    const lastKnown = await availableSats(page);
    await running.ic.stopCanister(running.exchange.ids.options, deployer);
    await advance(running, context, 61 * second);
    await expect(figure(page, 'legacy')).toContainText('Legacy platform account');
    await expect(figure(page, 'legacy')).toContainText(/separate account/i);
    await expect(figure(page, 'satstrike')).toContainText('last known');
    expect(await availableSats(page)).toBe(lastKnown);
    await screenshot(page, '4-stopped-positions');

    const legacyList = page.getByRole('list', { name: 'Legacy positions' });
    const before = await desk.legacy.get_user(owner);
    await legacyList.getByRole('button', { name: `Settle legacy position ${early.ok}` }).click();
    await expect(legacyList.getByText(/old route/i)).toBeVisible({ timeout: 60_000 });
    await legacyList.getByRole('button', { name: `Settle legacy position ${late.ok}` }).click();
    await expect(legacyList.getByText(/waits/i)).toBeVisible({ timeout: 60_000 });
    const once = await desk.legacy.get_position(early.ok);
    expect('ok' in once && 'Settled' in once.ok.status).toBe(true);
    const notYet = await desk.legacy.get_position(late.ok);
    expect('ok' in notYet && 'Active' in notYet.ok.status).toBe(true);
    expect(before).toHaveProperty('ok');
    await screenshot(page, '4-old-route');

    await visit(page, 'Trade');
    await expect(page.getByText('New orders are closed').first()).toBeVisible();
    await expect(page.getByTestId('price')).toHaveText(/^\$/);
    await screenshot(page, '4-ticket-closed');

    await running.ic.startCanister(running.exchange.ids.options, deployer);
    await advance(running, context, 61 * second);
    await expect(figure(page, 'satstrike')).toContainText('Live', { timeout: 30_000 });
    await nextPrice(running, page);
    await expect(page.getByText('New orders are closed')).toHaveCount(0, { timeout: 30_000 });
    await expect.poll(() => availableSats(page)).toBe(lastKnown);

    // The one that waited is finished by the page itself, now over the options canister, and once.
    await expect
      .poll(
        async () => {
          await advance(running, context, 10 * second);
          const waited = await desk.legacy.get_position(late.ok);
          return 'ok' in waited && 'Settled' in waited.ok.status;
        },
        { timeout: 60_000 }
      )
      .toBe(true);
    await visit(page, 'Positions');
    await expect(legacyList.getByRole('button', { name: /^Settle/ })).toHaveCount(0);
  });

  await test.step('5: a trader is refused at the console, by the page and by the canister', async () => {
    await page.goto(`${running.url}/admin`);
    await expect(page.getByRole('main')).toContainText(/operators/i);
    await expect(page.getByRole('table')).toHaveCount(0);
    await screenshot(page, '5-refused');
    const refused = await running.exchange.as(Principal.fromText(trader)).options.get_overview();
    expect('err' in refused && refused.err.kind).toEqual({ request: null });
    await logOut(page);
  });

  await test.step("5: the operator's figures equal what the canister's raw data add up to; the CSV is what it answered", async () => {
    await logIn(page, 'Operator');
    await visit(page, 'Console');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(fact(page, 'Premiums taken')).toBeVisible();

    const rows = await allPositions(running);
    const users = await desk.options.list_users({ after: [], limit: 200n });
    if (!('ok' in users)) throw new Error(users.err.message);
    const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
    const premiums = sum(
      rows.map(({ state }) => ('settled' in state ? state.settled.fill.premium_sats : 'open' in state ? state.open.premium_sats : 0n))
    );
    const payouts = sum(rows.map(({ state }) => ('settled' in state ? state.settled.receipt.payout_sats : 0n)));
    const shown = async (label: string): Promise<bigint> => btc(await fact(page, label).innerText());
    expect(await shown('Traders’ balances, free')).toBe(sum(users.ok.rows.map((row) => row.available_sats)));
    expect(await shown('Premiums taken')).toBe(premiums);
    expect(await shown('Payouts made')).toBe(payouts);
    expect(await shown('Traders’ accounts')).toBe(sum(users.ok.rows.map((row) => row.available_sats + row.reserved_sats)));
    await expect(page.getByText('The ledger holds everything that is owed')).toBeVisible();
    await noViolations(page);
    await screenshot(page, '5-console');

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /everything.*users|users.*everything/i }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    const records = parse(csv, { columns: true, bom: true }) as Record<string, string>[];
    expect(records.map((record) => Object.values(record)[0])).toEqual(users.ok.rows.map((row) => row.owner.toText()));
    for (const [index, row] of users.ok.rows.entries()) {
      expect(Object.values(records[index] ?? {})).toEqual(
        expect.arrayContaining([row.available_sats.toString(), row.payouts_sats.toString()])
      );
    }
    await logOut(page);
  });

  await test.step('6: after a restart everything is still there', async () => {
    const ports = { port: Number(new URL(running.url).port), providerPort: Number(new URL(running.providerUrl).port) };
    const before = await allPositions(running);
    await page.goto('about:blank');
    await running.close();
    running = await startExchange({ stateDir, previous: running.exchange, ...ports });
    expect(await allPositions(running)).toEqual(before);
    await page.goto(running.url);
    await logIn(page, 'Alice');
    await visit(page, 'Positions');
    await expect(page.getByRole('button', { name: `Receipt of position ${positionId}` })).toBeVisible();
    await screenshot(page, '6-after-restart');
  });

  await running.close();
  await rm(stateDir, { recursive: true, force: true });
});

async function allPositions(running: Running) {
  const answer = await running.exchange.as(deployer).options.list_positions({ filter: { all: null }, page: { after: [], limit: 200n } });
  if (!('ok' in answer)) throw new Error(answer.err.message);
  return answer.ok.rows;
}

import { Principal } from '@dfinity/principal';
import { connectFaults, ledgerError } from 'local-ic/faults';
import { deployer } from '../../scripts/lib/deploy.ts';
import { advance, expect, figure, fund, logIn, minute, second, test, untilMinutePlus, visit } from './support/exchange.ts';
import { startExchange, type Running } from './support/start.ts';

// What a person sees when something is wrong: specific words where they look, nothing lost, recovery by itself.

let running: Running;
test.beforeEach(async () => {
  running = await startExchange();
});
test.afterEach(async () => running.close());

test('a session that ends asks to log in again and keeps what was typed', async ({ page, context, expectedConsole }) => {
  // The network's clock moves a moment before the page's: the agent warns about calls in between.
  expectedConsole.push(/Failed to load resource/, /delegation has expired/, /Expected to find result for path subnet/);
  await context.clock.install();
  await page.goto(running.url);
  await logIn(page, 'Alice');
  await page.getByLabel('Payout').fill('0.0042');
  // The session lasts 8 hours. With the exchange stopped the network has nothing to do in them, so that they pass quickly.
  await running.ic.stopCanister(running.exchange.ids.options, deployer);
  await advance(running, context, 9 * 60 * minute);
  await running.ic.startCanister(running.exchange.ids.options, deployer);
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await expect(page.getByLabel('Payout')).toHaveValue('0.0042');
  await expect(figure(page, 'satstrike')).toHaveCount(0); // nothing private stays on the screen
  await page.getByRole('button', { name: 'Log in again' }).click({ trial: true });
  await logIn(page, 'Alice');
  await expect(page.getByLabel('Payout')).toHaveValue('0.0042');
  await expect(figure(page, 'satstrike')).toContainText('BTC');
});

test('without a network the last values stay, named as old, and come back by themselves', async ({ page, context, expectedConsole }) => {
  expectedConsole.push(/ERR_INTERNET_DISCONNECTED|Failed to load resource|Failed to fetch/);
  await context.clock.install();
  await page.goto(running.url);
  await logIn(page, 'Alice');
  await expect(figure(page, 'satstrike')).toContainText('0.00000000 BTC');
  await context.setOffline(true);
  await expect(figure(page, 'satstrike')).toContainText(/offline/i);
  await expect(figure(page, 'satstrike')).toContainText('0.00000000 BTC');
  await expect(page.getByText('New orders are closed').first()).toBeVisible();
  await context.setOffline(false);
  await advance(running, context, 31 * second);
  await expect(figure(page, 'satstrike')).toContainText('Live');
  await expect(page.getByText('New orders are closed')).toHaveCount(0);
});

test('a configuration that is missing or wrong is said, and trying again works', async ({ page, expectedConsole }) => {
  expectedConsole.push(/Failed to load resource/);
  let answer: { status: number; body: string } | undefined = { status: 404, body: 'not found' };
  await page.route('**/config.json', (route) => (answer ? route.fulfill(answer) : route.continue()));
  await page.goto(running.url);
  await expect(page.getByText('Satstrike could not start')).toBeVisible();
  answer = { status: 200, body: '{"network":"mars"}' };
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Satstrike could not start')).toBeVisible();
  answer = undefined;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('price')).toBeVisible();
});

test('an order is refused where the person looks: no money, too much, not a number', async ({ page, context }) => {
  await context.clock.install();
  await page.goto(running.url);
  await logIn(page, 'Alice');
  const payout = page.getByLabel('Payout');
  for (const [typed, complaint] of [
    ['abc', /number/i],
    ['0.123456789', /8 decimals/i],
    ['-1', /./],
    ['0.00000001', /smallest|at least|minimum/i],
    ['20', /largest|at most|maximum/i]
  ] as const) {
    await payout.fill(typed);
    await payout.blur();
    const described = (await payout.getAttribute('aria-describedby')) ?? '';
    await expect(payout).toHaveAttribute('aria-invalid', 'true');
    await expect(
      page
        .locator(
          described
            .split(' ')
            .map((id) => `[id="${id}"]`)
            .join(',')
        )
        .filter({ hasText: complaint })
        .first()
    ).toBeVisible();
  }
  await payout.fill('0.001');
  await expect(page.getByText(/This order would cost up to/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Deposit bitcoin' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Place order/ })).toBeDisabled();
});

test('a destination that is no account is refused in words', async ({ page }) => {
  await page.goto(running.url);
  await logIn(page, 'Alice');
  await visit(page, 'Wallet');
  await page.getByLabel('Destination').fill('not-a-principal');
  await page.getByLabel('Amount to withdraw').fill('0.001');
  await page.getByRole('button', { name: /^Withdraw/ }).click();
  await expect(page.getByLabel('Destination')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('This is not a principal: check that all of it was copied.')).toBeVisible();
  await expect(page.getByLabel('Amount to withdraw')).toHaveAttribute('aria-invalid', 'true');
});

test('a ledger that is busy or falls silent costs nothing: a deposit is made once', async ({ page, context }) => {
  await context.clock.install();
  await page.goto(running.url);
  await logIn(page, 'Alice');
  await visit(page, 'Wallet');
  const trader = Principal.fromText(await page.locator('main code').first().innerText());
  await page.getByRole('button', { name: 'Get test bitcoin' }).click();
  await expect(page.getByText('test ckBTC are in your wallet')).toBeVisible();
  const { ledger } = running.exchange.as(trader);
  const walletSats = (): Promise<bigint> => ledger.icrc1_balance_of({ owner: trader, subaccount: [] });
  const before = await walletSats();
  const faults = connectFaults(running.controlsUrl);
  const busy = { ...ledgerError('TemporarilyUnavailable'), count: 1 };
  const canisterId = running.exchange.ids.ledger.toText();

  // The approval, which the trader's own page asks for.
  await faults.add({ ...busy, match: { canisterId, method: 'icrc2_approve' } });
  await page.getByLabel('Amount to deposit').fill('0.01');
  const deposit = page.getByRole('button', { name: 'Deposit 0.01000000 BTC' });
  await deposit.click();
  await expect(page.getByText('The ckBTC ledger is busy. Try again in a moment.')).toBeVisible();
  await expect(page.getByText('The deposit was not made')).toBeVisible();
  await expect(page.getByLabel('Amount to deposit')).toHaveValue('0.01');
  expect(await walletSats()).toBe(before);

  // The transfer, which the exchange asks for.
  const approvalFee = 10n;
  await faults.add({ ...busy, match: { canisterId, method: 'icrc2_transfer_from', from: 'canister' } });
  await deposit.click();
  await expect(page.getByText('nothing was moved: the ledger is busy. Try again in a moment.')).toBeVisible();
  expect(await walletSats()).toBe(before - approvalFee);

  // The transfer is made and its answer lost: the exchange finds out by itself, and credits it once.
  const lost = { kind: 'canister-reject', executed: true, code: 5, count: 1 } as const;
  await faults.add({ ...lost, match: { canisterId, method: 'icrc2_transfer_from' } });
  await deposit.click();
  await expect(page.getByText('Deposit of 0.01000000 BTC')).toBeVisible();
  const after = before - approvalFee - 1_000_000n - 10n;
  expect(await walletSats()).toBe(after);
  await advance(running, context, 2 * minute);
  await expect(figure(page, 'satstrike')).toContainText('0.01000000 BTC');
  expect(await walletSats()).toBe(after);
  expect((await faults.state()).log.map(({ kind, method }) => `${kind} ${method}`)).toEqual([
    'ledger-error icrc2_approve',
    'ledger-error icrc2_transfer_from',
    'canister-reject icrc2_transfer_from'
  ]);
});

test('an order on which the exchange fails is not placed, and can be sent again', async ({ page, context, expectedConsole }) => {
  expectedConsole.push(/canister_failed|IC0503/);
  await context.clock.install();
  await page.goto(running.url);
  await logIn(page, 'Alice');
  await visit(page, 'Wallet');
  const trader = Principal.fromText(await page.locator('main code').first().innerText());
  await fund(running, trader, 1_000_000n);
  await visit(page, 'Trade');
  await advance(running, context, 31 * second); // balances are read every 30 s
  await advance(running, context, untilMinutePlus(running, 33 * second));
  await expect(figure(page, 'satstrike')).toContainText('0.01000000 BTC');
  await page.getByLabel('Payout').fill('0.002');
  await page.getByLabel('Highest premium you accept').selectOption({ index: 3 });
  const faults = connectFaults(running.controlsUrl);
  // It runs to its end, and then all of it is undone.
  const rule = await faults.add({
    kind: 'canister-trap',
    when: 'after',
    match: { canisterId: running.exchange.ids.options.toText(), method: 'place_order' }
  });
  await page.getByRole('button', { name: /^Place order: up to/ }).click();
  await expect(page.getByText('It isn’t known whether this order was placed')).toBeVisible();
  await expect(page.getByText(/the same order is never placed twice/)).toBeVisible();
  const { options } = running.exchange.as(trader);
  const placed = async (): Promise<number> => {
    const positions = await options.get_positions({ filter: { active: null }, page: { after: [], limit: 10n } });
    if (!('ok' in positions)) throw new Error(positions.err.message);
    return positions.ok.rows.length;
  };
  expect(await placed()).toBe(0);
  await expect(figure(page, 'satstrike')).toContainText('0.01000000 BTC');
  await faults.remove(rule);
  await page.getByRole('button', { name: 'Send the same order again' }).click();
  await expect(page.getByText(/Order \d+ is accepted/)).toBeVisible();
  expect(await placed()).toBe(1);
});

test('logging out in one tab logs out in all', async ({ page, context }) => {
  await page.goto(running.url);
  await logIn(page, 'Alice');
  const other = await context.newPage();
  await other.goto(running.url);
  await expect(other.getByRole('button', { name: 'Log out' })).toBeVisible();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(other.getByRole('banner').getByRole('button', { name: 'Log in' })).toBeVisible();
});

test('the canister refuses what the screen would not even ask', async () => {
  const stranger = running.exchange.as(Principal.fromUint8Array(new Uint8Array([1, 2, 3, 4])));
  for (const call of [
    () => stranger.options.get_overview(),
    () => stranger.options.pause_entry('because'),
    () => stranger.options.list_audit({ after: [], limit: 10n })
  ]) {
    const answer = await call();
    expect('err' in answer && answer.err.code[0]).toHaveProperty('forbidden');
  }
  // Nobody is not even let in: the canister refuses anonymous updates before they run.
  const nobody = running.exchange.as(Principal.anonymous());
  await expect(nobody.options.deposit({ request_id: 'x', amount_sats: 100_000n })).rejects.toMatchObject({ errorCode: 'IC0406' });
});

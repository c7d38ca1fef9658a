import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestPayout, settlementAt } from '../../src/lib/options/payoff';
import type { OrderRequest, Position } from '../../src/lib/options/types';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { person, watch, type Person } from './support/people.ts';

let network: Network;
const people: Person[] = [];

function open(name: string | undefined): Person {
  const opened = person(network.config, name);
  people.push(opened);
  return opened;
}

/** A trader with one million sats on the exchange. */
async function funded(name: string): Promise<Person> {
  const trader = open(name);
  await trader.services.getTestBitcoin(2_000_000n);
  await trader.services.deposit(randomUUID(), 1_000_000n);
  return trader;
}

const order = (change: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: randomUUID(),
  instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n },
  tenor: '1m',
  strike: { kind: 'offset', offsetE8: 0n },
  maxPremiumSats: 90_000n,
  maxPayoutSats: undefined,
  ...change
});

beforeAll(async () => {
  network = await startNetwork();
  // The price book needs a first entry.
  await network.pass(2 * MINUTE);
}, 300_000);
afterAll(async () => {
  for (const { services } of people) services.cleanup();
  await network.close();
});

describe('money', () => {
  it('comes in exactly, with the ledger’s fees from the wallet', async () => {
    const trader = open('depositor');
    const balance = watch(trader.services.balance);
    await network.until(() => balance.shown.phase === 'live', 'the first balance');
    expect(balance.value).toMatchObject({ account: { availableSats: 0n, reservedSats: 0n }, walletSats: 0n });
    await trader.services.getTestBitcoin(5_000_000n);
    const deposit = await trader.services.deposit('first', 1_000_000n);
    expect(deposit).toMatchObject({ amountSats: 1_000_000n, state: { kind: 'done' }, target: 'account', fromSubaccount: false });
    await network.until(() => balance.value.account.availableSats === 1_000_000n, 'the deposit');
    expect(balance.value.walletSats).toBe(5_000_000n - 1_000_000n - 2n * 10n);
    // The same request again is the same deposit.
    expect(await trader.services.deposit('first', 1_000_000n)).toEqual(deposit);
    await balance.away();
  });

  it('goes out to where it was sent, the fee out of the amount', async () => {
    const [trader, friend] = [await funded('payer'), open('friend')];
    const friendBalance = watch(friend.services.balance);
    const withdrawal = await trader.services.withdraw('out', 300_000n, friend.principal);
    expect(withdrawal).toMatchObject({ amountSats: 300_000n, feeSats: 10n, to: friend.principal, state: { kind: 'done' } });
    // Nobody told the friend's page: it finds out by itself.
    await network.pass(30 * SECOND);
    await network.until(() => friendBalance.value.walletSats === 299_990n, 'the money');
  });

  it('is refused in words where it cannot go', async () => {
    const trader = await funded('careless');
    const { services } = trader;
    await expect(services.withdraw('a', 0n, trader.principal)).rejects.toMatchObject({ kind: 'request', code: 'invalid_amount' });
    await expect(services.withdraw('b', 1n, 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq')).rejects.toMatchObject({
      code: 'invalid_destination'
    });
    await expect(services.withdraw('c', 2_000_000n, trader.principal)).rejects.toMatchObject({
      kind: 'request',
      code: 'insufficient_balance'
    });
    await expect(services.withdraw('d', 1n, trader.principal)).rejects.toMatchObject({ kind: 'request', code: 'below_minimum' });
    await expect(services.deposit('e', 9_000_000n)).rejects.toMatchObject({ kind: 'request', code: 'insufficient_wallet' });
    await expect(services.deposit('f', 1n)).rejects.toMatchObject({ kind: 'request', code: 'below_minimum' });
    const nobody = open(undefined);
    await expect(nobody.services.deposit('g', 10_000n)).rejects.toMatchObject({ kind: 'session', code: 'anonymous' });
  });
});

describe('an order', () => {
  it('is pending, fills, counts down, is settled without a click, and pays exactly', async () => {
    const { services } = await funded('alice');
    const [positions, balance, market] = [watch(services.positions), watch(services.balance), watch(services.market)];
    await network.until(() => market.shown.phase === 'live', 'the market');
    const placed = await services.placeOrder(order());
    expect(placed.state.kind).toBe('pending');
    const shown = (): Position | undefined => positions.shown.value?.find(({ id }) => id === placed.id);
    await network.until(() => shown()?.state.kind === 'pending', 'the pending order');
    await network.until(() => balance.shown.value?.account.reservedSats === 90_000n, 'the reserved premium');

    await network.pass(2 * MINUTE);
    await network.until(() => shown()?.state.kind === 'open', 'the fill');
    await network.pass(90 * SECOND);
    await network.until(() => shown()?.state.kind === 'settled', 'the settlement');

    const state = shown()?.state;
    if (state?.kind !== 'settled') throw new Error('not settled');
    const { fill, receipt } = state;
    expect(settlementAt(placed.instrument, fill, receipt.priceE8)).toEqual({
      outcome: receipt.outcome,
      payoutSats: receipt.payoutSats,
      profitSats: receipt.profitSats
    });
    expect(receipt.priceMinuteNs).toBe(placed.expiryNs);
    await network.pass(30 * SECOND);
    await network.until(() => balance.value.account.availableSats === 1_000_000n - fill.premiumSats + receipt.payoutSats, 'the payout');
    expect(balance.value.account.reservedSats).toBe(0n);
    // Asking for it gives the same receipt, checked by the page itself.
    expect(await services.settle(placed.id)).toEqual(receipt);
  });

  it('of a capped option fills, is settled and pays what the page computes, at the price the price book has', async () => {
    const { services } = await funded('cora');
    const instrument = { kind: 'capped', direction: 'call', notionalSats: 10_000_000n, capE8: 5_000_000_000n } as const;
    const wanted = { instrument, tenor: '1m', strike: { kind: 'offset', offsetE8: 0n } } as const;
    const quote = await services.quote(wanted);
    expect(quote.maxPayoutSats).toBe(largestPayout(instrument, quote.strikeE8));
    const positions = watch(services.positions);
    const placed = await services.placeOrder(
      order({ ...wanted, maxPremiumSats: (quote.premiumSats * 3n) / 2n, maxPayoutSats: (quote.maxPayoutSats * 11n) / 10n })
    );
    expect(placed).toMatchObject({ instrument, maxPayoutSats: (quote.maxPayoutSats * 11n) / 10n, state: { kind: 'pending' } });
    const shown = (): Position | undefined => positions.shown.value?.find(({ id }) => id === placed.id);
    await network.pass(4 * MINUTE);
    await network.until(() => shown()?.state.kind === 'settled', 'the settlement');
    const state = shown()?.state;
    if (state?.kind !== 'settled') throw new Error('not settled');
    const { fill, receipt } = state;
    expect(settlementAt(instrument, fill, receipt.priceE8)).toEqual({
      outcome: receipt.outcome,
      payoutSats: receipt.payoutSats,
      profitSats: receipt.profitSats
    });
    expect(await services.settle(placed.id)).toEqual(receipt);
    expect(await services.checkPrice(receipt)).toBe('minute');
    expect(await services.checkPrice({ ...receipt, priceE8: receipt.priceE8 + 1n })).toBe('neither');
    expect(await services.checkPrice({ ...receipt, priceMinuteNs: receipt.priceMinuteNs + 600_000_000_000n })).toBe('unread');
  });

  it('can end at a time of the calendar', async () => {
    const market = watch(open(undefined).services.market);
    await network.until(() => market.shown.phase === 'live', 'the market');
    const tenors = market.value.tenors.map(({ name, schedule, settlesAtMean }) => [name, schedule.kind, settlesAtMean]);
    expect(tenors.slice(-3)).toEqual([
      ['4h', 'minutes', true],
      ['1d', 'daily', true],
      ['1w', 'weekly', true]
    ]);
    const { expiryNs } = market.value.tenors.find(({ name }) => name === '1w') ?? { expiryNs: 0n };
    const expiry = new Date(Number(expiryNs / 1_000_000n));
    expect([expiry.getUTCDay(), expiry.toISOString().slice(11)]).toEqual([5, '08:00:00.000Z']);
    const quote = await open(undefined).services.quote({ ...order(), tenor: '1w' });
    expect(quote.expiryNs).toBe(expiryNs);
  });

  it('that is sent again is the same order', async () => {
    const { services } = await funded('bob');
    const request = order();
    const first = await services.placeOrder(request);
    expect((await services.placeOrder(request)).id).toBe(first.id);
    await expect(services.placeOrder({ ...request, maxPremiumSats: 80_000n })).rejects.toMatchObject({
      kind: 'request',
      code: 'id_reused'
    });
    const cancelled = await services.cancelOrder(first.id);
    expect(cancelled.state).toMatchObject({ kind: 'cancelled', reason: 'by_trader' });
  });

  it('is refused in words when it does not fit', async () => {
    const { services } = await funded('carol');
    const refused = (change: Partial<OrderRequest>) => services.placeOrder(order(change));
    await expect(refused({ tenor: '2w' })).rejects.toMatchObject({ kind: 'request', code: 'unknown_tenor' });
    await expect(refused({ strike: { kind: 'at', priceE8: 1n } })).rejects.toMatchObject({ kind: 'request' });
    await expect(
      refused({ maxPremiumSats: 2_000_000n, instrument: { kind: 'digital', direction: 'put', payoutSats: 3_000_000n } })
    ).rejects.toMatchObject({
      code: 'insufficient_balance'
    });
    await expect(services.settle(999_999n)).rejects.toMatchObject({ kind: 'request' });
  });

  it('has a quote that shows where the premium comes from', async () => {
    const { services } = open(undefined);
    const quote = await services.quote(order());
    expect(quote.premiumSats).toBe(quote.fairSats + quote.spreadSats + quote.skewSats);
    expect(quote.maxPayoutSats).toBe(100_000n);
    await expect(services.quote(order(), AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a lost connection', () => {
  it.each(['lost before', 'lost after'] as const)('never makes two orders: %s', async (fault) => {
    const trader = await funded(`orders ${fault}`);
    const request = order();
    trader.wire.failCalls(network.config.canisters.options, fault);
    const placing = trader.services.placeOrder(request).catch((error: unknown) => error);
    await network.pass(20 * SECOND);
    const outcome = await placing;
    if (fault === 'lost after') expect(outcome).toMatchObject({ clientOrderId: request.clientOrderId });
    else expect(outcome).toMatchObject({ kind: 'temporary', code: 'outcome_unknown', unclear: true });
    const again = await trader.services.placeOrder(request);
    const positions = watch(trader.services.positions);
    await network.until(() => positions.shown.phase === 'live', 'the positions');
    expect(positions.value.map(({ id }) => id)).toEqual([again.id]);
  });

  it.each(['lost before', 'lost after'] as const)('never deposits twice: %s', async (fault) => {
    const trader = open(`deposits ${fault}`);
    await trader.services.getTestBitcoin(1_000_000n);
    for (const canister of [network.config.canisters.ledger, network.config.canisters.options]) {
      trader.wire.failCalls(canister, fault);
      const depositing = trader.services.deposit('one', 100_000n).catch((error: unknown) => error);
      await network.pass(20 * SECOND);
      await depositing;
      trader.wire.heal();
    }
    expect(await trader.services.deposit('one', 100_000n)).toMatchObject({ state: { kind: 'done' } });
    const balance = watch(trader.services.balance);
    await network.until(() => balance.shown.phase === 'live', 'the balance');
    expect(balance.value.account.availableSats).toBe(100_000n);
    // One deposit and its fee; each approval that got through cost a fee as well.
    expect(balance.value.walletSats).toBeLessThanOrEqual(1_000_000n - 100_000n - 20n);
    expect(balance.value.walletSats).toBeGreaterThanOrEqual(1_000_000n - 100_000n - 40n);
  });

  it.each(['lost before', 'lost after'] as const)('never pays a withdrawal twice: %s', async (fault) => {
    const trader = await funded(`withdrawals ${fault}`);
    trader.wire.failCalls(network.config.canisters.options, fault);
    const withdrawing = trader.services.withdraw('one', 200_000n, trader.principal).catch((error: unknown) => error);
    await network.pass(20 * SECOND);
    await withdrawing;
    expect(await trader.services.withdraw('one', 200_000n, trader.principal)).toMatchObject({ state: { kind: 'done' } });
    const balance = watch(trader.services.balance);
    await network.until(() => balance.shown.phase === 'live', 'the balance');
    expect(balance.value.account.availableSats).toBe(800_000n);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { person, watch, type Person } from './support/people.ts';

let network: Network;
const people: Person[] = [];

function open(name: string): Person {
  const opened = person(network.config, name);
  people.push(opened);
  return opened;
}

/** Somebody who uses both platforms and has the page open. */
async function veteran(name: string) {
  const trader = open(name);
  await network.openLegacyAccount(trader.principal, 0.01);
  await trader.services.getTestBitcoin(1_000_000n);
  await trader.services.deposit(randomUUID(), 500_000n);
  const { balance, legacyAccount, legacyPositions, market } = trader.services;
  const views = { balance: watch(balance), legacy: watch(legacyAccount), trades: watch(legacyPositions), market: watch(market) };
  await network.until(() => Object.values(views).every(({ shown }) => shown.phase === 'live'), 'all figures');
  return { ...trader, ...views };
}

beforeAll(async () => {
  network = await startNetwork();
  await network.pass(2 * MINUTE);
}, 300_000);
afterAll(async () => {
  for (const { services } of people) services.cleanup();
  await network.close();
});

describe('when the options canister is stopped', () => {
  it('the last balance stays, the legacy account is shown as what it is, and all recovers by itself', async () => {
    const { balance, legacy, market } = await veteran('alice');
    const readAt = balance.shown.updatedAt;
    await network.stop('options');
    await network.pass(45 * SECOND);
    await network.until(() => balance.shown.phase === 'fallback', 'the fallback');
    expect(balance.shown).toMatchObject({ value: { account: { availableSats: 500_000n } }, updatedAt: readAt });
    expect(balance.shown.error).toMatchObject({ kind: 'temporary', code: 'canister_stopped', canister: 'options' });
    expect(legacy.value).toMatchObject({ balanceSats: 1_000_000n });
    expect(market.shown).toMatchObject({ phase: 'stale', error: { code: 'canister_stopped' } });

    await network.pass(5 * MINUTE);
    expect(balance.shown).toMatchObject({ phase: 'fallback', updatedAt: readAt, value: { account: { availableSats: 500_000n } } });

    await network.start('options');
    await network.pass(45 * SECOND);
    await network.until(() => balance.shown.phase === 'live' && market.shown.phase === 'live', 'the recovery');
    expect(balance.shown.error).toBeUndefined();
  });

  it('somebody without a legacy account sees the last balance, stale', async () => {
    const trader = open('newcomer');
    const balance = watch(trader.services.balance);
    await network.until(() => balance.shown.phase === 'live', 'the balance');
    await network.stop('options');
    await network.pass(45 * SECOND);
    await network.until(() => balance.shown.phase === 'stale', 'the staleness');
    await expect(trader.services.cancelOrder(1n)).rejects.toMatchObject({ kind: 'temporary', code: 'canister_stopped', unclear: false });
    await network.start('options');
    await network.pass(45 * SECOND);
    await network.until(() => balance.shown.phase === 'live', 'the recovery');
  });
});

describe('a position on the legacy platform', () => {
  it('is settled by the options canister, once', async () => {
    const { services, principal, trades } = await veteran('bob');
    const id = await network.placeLegacyTrade(principal, 'call', '5s', 10n);
    await expect(services.settleLegacy(id)).rejects.toMatchObject({ code: 'not_due' });
    await network.pass(2 * MINUTE);
    const settled = await services.settleLegacy(id);
    expect(settled).toMatchObject({ positionId: id, alreadySettled: false, route: 'options' });
    expect(await services.settleLegacy(id)).toMatchObject({ ...settled, alreadySettled: true });
    await network.pass(60 * SECOND);
    await network.until(() => trades.value.find((trade) => trade.id === id)?.state.kind === 'settled', 'the settled trade');
  });

  it('is settled by the old route while the exchange is away, with the certified price, once', async () => {
    const { services, principal, trades, legacy, wire } = await veteran('carol');
    const before = legacy.value?.balanceSats ?? 0n;
    const id = await network.placeLegacyTrade(principal, 'put', '15s', 10n);
    await services.legacyPositions.refresh();
    // The page looks at its trades and fetches their prices while it can.
    await network.pass(3 * MINUTE);
    await network.stop('options');
    const calls = wire.calls;
    const settled = await services.settleLegacy(id);
    expect(settled).toMatchObject({ positionId: id, alreadySettled: false, route: 'legacy' });
    expect(wire.calls).toBeGreaterThan(calls);
    await services.legacyAccount.refresh();
    const after = legacy.value?.balanceSats ?? 0n;
    expect(after > before).toBe(settled.payoutCents > 0n);
    // Again, by any route: the same, and nothing is paid.
    expect(await services.settleLegacy(id)).toMatchObject({
      outcome: settled.outcome,
      payoutCents: settled.payoutCents,
      alreadySettled: true
    });
    await network.start('options');
    await network.pass(45 * SECOND);
    expect(await services.settleLegacy(id)).toMatchObject({
      route: 'options',
      alreadySettled: true,
      outcome: settled.outcome,
      payoutCents: settled.payoutCents,
      profitCents: settled.profitCents
    });
    await services.legacyAccount.refresh();
    expect(legacy.value?.balanceSats).toBe(after);
    await network.until(() => trades.value.find((trade) => trade.id === id)?.state.kind === 'settled', 'the settled trade');
  });

  it('waits, and says so, when no certified price is held; then settles by itself', async () => {
    const { services, principal, trades } = await veteran('dora');
    const id = await network.placeLegacyTrade(principal, 'call', '5s', 10n);
    await network.stop('options');
    await network.pass(2 * MINUTE);
    const settling = services.settleLegacy(id).catch((error: unknown) => error);
    await network.pass(10 * SECOND);
    const error = await settling;
    expect(error).toMatchObject({ kind: 'temporary', code: 'price_not_held' });
    expect(String(error)).toContain('waits');
    await network.start('options');
    await network.pass(2 * MINUTE);
    await network.until(() => trades.value.find((trade) => trade.id === id)?.state.kind === 'settled', 'the settlement that was left open');
  });
});

describe('when the network is away', () => {
  it('nothing is shown as fresh, nothing falls back, and all recovers by itself', async () => {
    const { balance, legacy, wire } = await veteran('frank');
    wire.down = true;
    await network.pass(2 * MINUTE);
    expect(balance.shown).toMatchObject({ value: { account: { availableSats: 500_000n } }, error: { code: 'unreachable' } });
    expect(legacy.shown).toMatchObject({ phase: 'stale', error: { code: 'unreachable' } });
    wire.heal();
    await network.pass(45 * SECOND);
    await network.until(() => balance.shown.phase === 'live' && legacy.shown.phase === 'live', 'the recovery');
  });
});

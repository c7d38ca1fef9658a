import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { get } from 'svelte/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClients, type Clients } from '../../src/lib/ic/clients';
import { legacyPriceMinute, legacySettlementAt } from '../../src/lib/options/legacyPayout';
import type { LegacyPosition } from '../../src/lib/options/legacy';
import type { AuditEntry, Position } from '../../src/lib/options/types';
import { CertifiedPrices } from '../../src/lib/settlement/certifiedPrices';
import { openJournal } from '../../src/lib/settlement/journal';
import { createSettlementService, type SettlementService } from '../../src/lib/settlement/settlementService';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { identityOf, person, watch, type Person } from './support/people.ts';

// Settlements under faults, with a legacy platform that does what the live one does: it pays as often as it is asked.

let network: Network;
const people: Person[] = [];
const services: SettlementService[] = [];

function tab(name: string): Person {
  const opened = person(network.config, name);
  people.push(opened);
  return opened;
}

/** The module without the hub, as another app would use it. */
function module(name: string, enhanced = true): { clients: Clients; settlement: SettlementService } {
  const clients = createClients({ config: network.config, identity: identityOf(name) });
  const prices = new CertifiedPrices(network.config.canisters.options, undefined);
  const settlement = createSettlementService({ network: network.config.canisters.options, prices, enhanced: () => enhanced });
  services.push(settlement);
  return { clients, settlement };
}

/** Somebody with an account and a due position on the legacy platform, which has won, and whose page holds its price. */
async function veteran(name: string) {
  const trader = tab(name);
  await network.openLegacyAccount(trader.principal, 0.01);
  const legacy = watch(trader.services.legacyAccount);
  const trades = watch(trader.services.legacyPositions);
  await network.until(() => legacy.shown.phase === 'live' && trades.shown.phase === 'live', 'the old platform');
  const won = await winner(trader);
  const balance = async (): Promise<bigint> => {
    await trader.services.legacyAccount.refresh();
    return legacy.value?.balanceSats ?? 0n;
  };
  const before = await balance();
  /** Sats paid since. */
  const paid = async (): Promise<bigint> => (await balance()) - before;
  return { ...trader, ...won, before, paid };
}

/** Of a call and a put around the price, the one that the price after it lets win. */
async function winner({ name, principal, services: hub }: Person): Promise<{ id: bigint; payoutCents: bigint; payoutSats: bigint }> {
  const { options, legacy } = module(name).clients;
  for (let round = 0; round < 10; round += 1) {
    const ids = [await network.placeLegacyTrade(principal, 'call', '5s', 10n), await network.placeLegacyTrade(principal, 'put', '5s', 10n)];
    await hub.legacyPositions.refresh();
    await network.pass(3 * MINUTE);
    for (const id of ids) {
      const position = await legacy?.getPosition(id);
      const minuteNs = position && legacyPriceMinute(position);
      const price = minuteNs === undefined ? undefined : await options.getCertifiedPrice(minuteNs);
      const result = position && price && legacySettlementAt(position, price.priceE8);
      if (result?.outcome !== 'win') continue;
      const { payoutCents, priceCents } = result;
      return { id, payoutCents, payoutSats: (payoutCents * 100_000_000n) / priceCents };
    }
  }
  throw new Error('the price never moved');
}

/** Somebody with a position on the exchange that has been settled by its timer. */
async function trader(name: string) {
  const opened = tab(name);
  await opened.services.getTestBitcoin(2_000_000n);
  await opened.services.deposit(randomUUID(), 1_000_000n);
  const { id } = await opened.services.placeOrder({
    clientOrderId: randomUUID(),
    instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n },
    tenor: '1m',
    strike: { kind: 'offset', offsetE8: 0n },
    maxPremiumSats: 90_000n,
    maxPayoutSats: undefined
  });
  await network.pass(4 * MINUTE);
  return { ...opened, id };
}

/** The entries of the audit trail about one action. */
async function audited(action: string): Promise<AuditEntry[]> {
  const operator = tab('operator');
  await network.grantOperator(operator.principal);
  const { rows } = await operator.services.adminPages.audit(undefined, 200);
  return rows.filter((row) => row.action === action);
}

/** What becomes of something while time passes. */
async function during<T>(ms: number, run: Promise<T>): Promise<T | Error> {
  const ended = run.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  await network.pass(ms);
  return ended;
}

const optionsId = (): string => network.config.canisters.options;

beforeAll(async () => {
  network = await startNetwork();
  await network.misbehave();
  await network.pass(2 * MINUTE);
}, 300_000);
afterAll(async () => {
  for (const { services: hub } of people) hub.cleanup();
  for (const service of services) service.close();
  await network.close();
});

describe('a position on the exchange', () => {
  it('whose receipt is lost on its way is read back', async () => {
    const { services: hub, id, wire } = await trader('alice');
    wire.failCalls(optionsId(), 'lost after', 1_000);
    const receipt = await during(2 * MINUTE, hub.settle(id));
    expect(receipt).toMatchObject({ positionId: id });
    wire.heal();
    expect(await hub.settle(id)).toEqual(receipt);
    expect(await hub.settlementHistory()).toMatchObject([{ state: 'done', positionId: id, attempts: 2 }]);
  });

  it('whose canister hangs is read back, too', async () => {
    const { services: hub, id, wire } = await trader('berta');
    wire.failCalls(optionsId(), 'hang', 1_000);
    expect(await during(3 * MINUTE, hub.settle(id))).toMatchObject({ positionId: id });
    wire.heal();
  });

  it('waits behind an open circuit while the network is away, and is settled by itself afterwards', async () => {
    const { services: hub, id, wire } = await trader('conrad');
    wire.down = true;
    expect(await during(MINUTE, hub.settle(id))).toMatchObject({ kind: 'temporary', code: 'unreachable' });
    expect(get(hub.settlementMetrics)).toMatchObject({ queued: 1, breakers: { options: 'open', legacy: 'closed' } });
    // A person's own press is always a real attempt.
    const { requests } = wire;
    expect(await during(MINUTE, hub.retryFailedSettlements())).toEqual({ settled: 0, stillOpen: 1, refused: 0 });
    expect(wire.requests).toBeGreaterThan(requests);
    wire.heal();
    await network.pass(6 * MINUTE);
    await network.until(() => get(hub.settlementMetrics).queued === 0, 'the settlement that was left open');
    expect(get(hub.settlementMetrics)).toMatchObject({ breakers: { options: 'closed' } });
    expect(await hub.settlementHistory()).toMatchObject([{ state: 'done', positionId: id }]);
  });

  it('that was altered on its way makes a receipt that does not agree: an error, a figure, and an entry of the audit trail', async () => {
    const { id, principal } = await trader('dagmar');
    const { clients, settlement } = module('dagmar');
    const altered = async (of: bigint): Promise<Position> => ({
      ...(await clients.options.getPosition(of)),
      instrument: { kind: 'digital', direction: 'put', payoutSats: 100_000n }
    });
    const lied = { ...clients, options: { ...clients.options, getPosition: altered } };
    await expect(settlement.settle(lied, id)).rejects.toMatchObject({ kind: 'internal', code: 'settlement_mismatch' });
    await expect(settlement.settle(lied, id)).rejects.toThrow('audit trail has it');
    expect(get(settlement.metrics)).toMatchObject({ mismatches: 2, failures: 2 });
    expect(await settlement.history(clients)).toMatchObject([{ state: 'done', lastError: 'settlement_mismatch' }]);
    const reports = await audited(`report_mismatch of position ${id}`);
    expect(reports).toMatchObject([{ who: principal, before: expect.stringContaining(`position ${id}: `) as string }]);
    expect(reports[0]?.after).not.toBe(reports[0]?.before);
    // What was not altered agrees.
    expect(await settlement.settle(clients, id)).toMatchObject({ positionId: id });
  });
});

describe('a position on a platform that pays as often as it is asked', () => {
  it('is paid once when two tabs settle it at once over the old route', async () => {
    const here = await veteran('emil');
    const there = tab('emil');
    const trades = watch(there.services.legacyPositions);
    await network.until(() => trades.shown.phase === 'live', 'the other tab');
    await network.pass(30 * SECOND);
    await network.stop('options');
    const both = await during(MINUTE, Promise.all([here.services.settleLegacy(here.id), there.services.settleLegacy(here.id)]));
    await network.start('options');
    if (both instanceof Error) throw both;
    expect(both.map(({ alreadySettled }) => alreadySettled).sort()).toEqual([false, true]);
    expect(both.map(({ payoutCents }) => payoutCents)).toEqual([here.payoutCents, here.payoutCents]);
    expect(await here.services.settleLegacy(here.id)).toMatchObject({ alreadySettled: true, payoutCents: here.payoutCents });
    expect(await here.paid()).toBe(here.payoutSats);
  });

  it('is settled after a tab was closed between the journal and the answer', async () => {
    const first = await veteran('frida');
    first.wire.failCalls(optionsId(), 'hang', 1_000);
    const settling = first.services.settleLegacy(first.id).catch((error: unknown) => error);
    await network.until(() => first.wire.asked('settle_legacy') > 0, 'the call');
    await network.pass(5 * SECOND);
    first.services.cleanup();
    expect(await settling).toMatchObject({ unclear: true });
    const journal = openJournal(optionsId());
    expect(await journal.pending(first.principal)).toMatchObject([{ positionId: first.id, open: { route: 'options' } }]);

    const next = tab('frida');
    const legacy = watch(next.services.legacyAccount);
    await network.pass(MINUTE);
    await network.until(() => get(next.services.settlementMetrics).last?.positionId === first.id, 'the settlement of the closed tab');
    expect(await journal.pending(first.principal)).toEqual([]);
    journal.close();
    await next.services.legacyAccount.refresh();
    expect(await next.services.settleLegacy(first.id)).toMatchObject({ alreadySettled: true });
    await next.services.legacyAccount.refresh();
    expect(legacy.value?.balanceSats).toBe(first.before + first.payoutSats);
  });

  it('is not paid twice when the options canister’s answer is lost, and not by the old route while it may still act', async () => {
    const { services: hub, wire, id, payoutCents, payoutSats, paid } = await veteran('gustav');
    wire.failCalls(optionsId(), 'lost before', 1_000);
    expect(await during(MINUTE, hub.settleLegacy(id))).toMatchObject({ code: 'outcome_unknown', unclear: true });
    await network.stop('options');
    expect(await during(MINUTE, hub.settleLegacy(id))).toMatchObject({ code: 'outcome_unknown' });
    expect(await paid()).toBe(0n);
    // Ten minutes later nothing of it can take effect any more.
    await network.pass(15 * MINUTE);
    await network.until(() => get(hub.settlementMetrics).queued === 0, 'the old route');
    expect(await paid()).toBe(payoutSats);
    wire.heal();
    await network.start('options');
    await network.pass(MINUTE);
    expect(await hub.settleLegacy(id)).toMatchObject({ alreadySettled: true, payoutCents });
    expect(await paid()).toBe(payoutSats);
    expect(await hub.settlementHistory()).toMatchObject([{ state: 'done', result: { payout: payoutCents } }]);
  });

  it('is found settled when the options canister did it and only the answer was lost', async () => {
    const { services: hub, wire, id, payoutCents, payoutSats, paid } = await veteran('hedda');
    wire.failCalls(optionsId(), 'lost after', 1_000);
    const settled = await during(2 * MINUTE, hub.settleLegacy(id));
    expect(settled).toMatchObject({ positionId: id, route: 'options', alreadySettled: false, payoutCents });
    expect(await paid()).toBe(payoutSats);
    wire.heal();
    expect(await hub.settleLegacy(id)).toMatchObject({ alreadySettled: true });
    expect(await paid()).toBe(payoutSats);
  });

  it('takes the old route while the operators’ switch is off, once, although the exchange is there; options positions wait', async () => {
    const { id, payoutCents, payoutSats, paid } = await veteran('ida');
    const { clients, settlement } = module('ida', false);
    const settled = await settlement.settleLegacy(clients, id);
    expect(settled).toMatchObject({ route: 'legacy', alreadySettled: false, payoutCents });
    expect(await paid()).toBe(payoutSats);
    expect(await settlement.settleLegacy(clients, id)).toMatchObject({ alreadySettled: true, payoutCents });
    await expect(settlement.settle(clients, 0n)).rejects.toMatchObject({ kind: 'temporary', code: 'settlement_off' });
    expect(await paid()).toBe(payoutSats);
  });

  it('that was altered on its way makes a receipt that does not agree, which is paid once and ends in the audit trail', async () => {
    const { id, principal, payoutCents, payoutSats, paid } = await veteran('jonas');
    const { clients, settlement } = module('jonas');
    const { legacy } = clients;
    if (legacy === undefined) throw new Error('there is a legacy platform in these tests');
    const altered = async (of: bigint): Promise<LegacyPosition> => ({ ...(await legacy.getPosition(of)), contracts: 11n });
    const lied = { ...clients, legacy: { ...legacy, getPosition: altered } };
    for (let time = 0; time < 2; time += 1) {
      await expect(settlement.settleLegacy(lied, id)).rejects.toMatchObject({ kind: 'internal', code: 'settlement_mismatch' });
    }
    await expect(settlement.settleLegacy(lied, id)).rejects.toThrow('audit trail has it');
    expect(await settlement.history(clients)).toMatchObject([{ state: 'done', lastError: 'settlement_mismatch' }]);
    const reports = await audited(`report_mismatch of legacy position ${id}`);
    expect(reports).toMatchObject([{ who: principal, after: expect.stringContaining(`payout ${payoutCents}, `) as string }]);
    expect(reports[0]?.before).not.toBe(reports[0]?.after);
    expect(await settlement.settleLegacy(clients, id)).toMatchObject({ alreadySettled: true, payoutCents });
    expect(await paid()).toBe(payoutSats);
  });
});

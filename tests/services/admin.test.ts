import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportAll } from '../../src/lib/export/exportAll';
import { toCsvFile, type Column } from '../../src/lib/export/toCsv';
import type { Position, UserRow } from '../../src/lib/options/types';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { person, watch, type Person } from './support/people.ts';

let network: Network;
const people: Person[] = [];
let operator: Person;

function open(name: string): Person {
  const opened = person(network.config, name);
  people.push(opened);
  return opened;
}

async function everything<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

beforeAll(async () => {
  network = await startNetwork();
  await network.pass(2 * MINUTE);
  operator = open('the operator');
  await network.grantOperator(operator.principal);
  for (const name of ['alice', 'bob', 'carol']) {
    const { services, principal } = open(name);
    await services.getTestBitcoin(2_000_000n);
    await services.deposit(randomUUID(), 1_000_000n);
    await services.placeOrder({
      clientOrderId: randomUUID(),
      instrument: { kind: 'digital', direction: name === 'bob' ? 'put' : 'call', payoutSats: 100_000n },
      tenor: '1m',
      strike: { kind: 'offset', offsetE8: 0n },
      maxPremiumSats: 90_000n,
      maxPayoutSats: undefined
    });
    await services.withdraw(randomUUID(), 50_000n, principal);
    await network.pass(30 * SECOND);
  }
  await network.pass(3 * MINUTE);
}, 300_000);
afterAll(async () => {
  for (const { services } of people) services.cleanup();
  await network.close();
});

describe('the operator’s figures', () => {
  it('equal the sums of the raw lists', async () => {
    const { services } = operator;
    const admin = watch(services.admin);
    await network.until(() => admin.shown.phase === 'live', 'the figures');
    const { overview, reserves } = admin.value;
    const legacyPlatform = watch(services.legacyPlatform);
    await network.until(() => legacyPlatform.shown.phase === 'live', 'the legacy platform');
    const legacy = legacyPlatform.value;
    const users = await everything(exportAll(services.adminPages.users));
    const positions = await everything(exportAll((after, limit) => services.adminPages.positions('all', after, limit)));
    const deposits = await everything(exportAll(services.adminPages.deposits));
    const withdrawals = await everything(exportAll(services.adminPages.withdrawals));

    expect(overview.users).toBe(BigInt(users.length));
    expect(overview.tradersAvailableSats).toBe(sum(users.map(({ availableSats }) => availableSats)));
    expect(overview.tradersReservedSats).toBe(sum(users.map(({ reservedSats }) => reservedSats)));
    const receipts = positions.flatMap(({ state }) => (state.kind === 'settled' ? [state.receipt] : []));
    expect(receipts).toHaveLength(3);
    expect(overview.settled).toBe(3n);
    expect(overview.wins + overview.ties + overview.losses).toBe(3n);
    expect(overview.premiumsSats).toBe(sum(receipts.map(({ premiumSats }) => premiumSats)));
    expect(overview.payoutsSats).toBe(sum(receipts.map(({ payoutSats }) => payoutSats)));
    expect(overview.depositsSats).toBe(sum(deposits.filter(({ target }) => target === 'account').map(({ amountSats }) => amountSats)));
    expect(overview.withdrawalsSats).toBe(sum(withdrawals.map(({ amountSats }) => amountSats)));
    expect(reserves.accountsSats).toBe(overview.tradersAvailableSats + overview.tradersReservedSats);
    const inTreasury = reserves.treasuryAvailableSats + reserves.treasuryReservedSats;
    expect(reserves.ledgerSats).toBe(reserves.accountsSats + inTreasury + reserves.withdrawalsInTransitSats + reserves.unattributedSats);
    expect(reserves.unattributedSats).toBe(0n);
    expect(legacy).toMatchObject({ totalTrades: 0n, users: 0n });
  });

  it('are read again every minute', async () => {
    const admin = watch(operator.services.admin);
    await network.until(() => admin.shown.phase === 'live', 'the figures');
    const deposits = admin.value.overview.depositsSats;
    const { services } = open('dora');
    await services.getTestBitcoin(200_000n);
    await services.deposit(randomUUID(), 100_000n);
    await network.pass(60 * SECOND);
    await network.until(() => admin.value.overview.depositsSats === deposits + 100_000n, 'the deposit');
  });

  it('are refused to a trader, by the canister itself', async () => {
    const trader = open('alice');
    const [admin, roles] = [watch(trader.services.admin), watch(trader.services.roles)];
    await network.until(() => admin.shown.phase === 'error' && roles.shown.phase === 'live', 'the refusal');
    expect(admin.shown.error).toMatchObject({ kind: 'request', code: 'forbidden' });
    expect(roles.value).toEqual([]);
    await expect(trader.services.adminPages.users(undefined, 10)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(trader.services.pauseEntry('mine')).rejects.toMatchObject({ code: 'forbidden' });
    const mine = watch(operator.services.roles);
    await network.until(() => mine.shown.phase === 'live', 'the roles');
    expect(mine.value).toContain('operator');
  });
});

describe('pausing entry', () => {
  it('closes it with the reason everywhere, and opens it again', async () => {
    const trader = open('bob');
    const market = watch(trader.services.market);
    await operator.services.pauseEntry('Maintenance until noon.');
    await network.pass(15 * SECOND);
    await network.until(() => market.value.entry.kind === 'closed', 'the pause');
    expect(market.value.entry).toEqual({ kind: 'closed', reason: 'Maintenance until noon.' });
    const order = {
      clientOrderId: randomUUID(),
      instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n },
      tenor: '1m',
      strike: { kind: 'offset', offsetE8: 0n },
      maxPremiumSats: 90_000n,
      maxPayoutSats: undefined
    } as const;
    await expect(trader.services.placeOrder(order)).rejects.toMatchObject({ code: 'entry_closed' });
    await operator.services.resumeEntry();
    await network.pass(15 * SECOND);
    await network.until(() => market.value.entry.kind === 'open', 'the end of the pause');
  });
});

describe('an export', () => {
  it('parsed by another library, equals what the canister answered', async () => {
    const { services } = operator;
    const columns: Column<UserRow>[] = [
      { title: 'owner', kind: 'text', value: ({ owner }) => owner },
      { title: 'available_sats', kind: 'number', value: ({ availableSats }) => availableSats },
      { title: 'created', kind: 'time', value: ({ createdNs }) => createdNs }
    ];
    const users = await everything(exportAll(services.adminPages.users));
    const file = await toCsvFile(columns, exportAll(services.adminPages.users));
    expect(parse(await file.text(), { columns: true, record_delimiter: '\r\n' })).toEqual(
      users.map(({ owner, availableSats, createdNs }) => ({
        owner,
        available_sats: availableSats.toString(),
        created: new Date(Number(createdNs / 1_000_000n)).toISOString()
      }))
    );
  });

  it('walks every page of a list', async () => {
    const read = operator.services.adminPages.positions;
    const one = await everything(exportAll((after) => read('all', after, 1)));
    const all = await everything<Position>(exportAll((after, limit) => read('all', after, limit)));
    expect(one).toEqual(all);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });
});

import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { _SERVICE as Options, Deposit, Position } from '../../src/lib/canisters/options/options.did.js';
import { allRows, wrongFigures, wrongStatement } from './support/books.ts';
import { alice, bob, ok, operator, order, owner, priceE8, refusal, stateOf } from './support/exchange.ts';
import { minuteNs, person, secondNs } from './support/standins.ts';
import { oldOrder, openOldExchange, type OldExchange } from './support/version010.ts';
import type { _SERVICE as OldOptions, Deposit as OldDeposit, Position as OldPosition } from './versions/options-0.1.0.did.js';

const auditor = person('auditor');
const people: Principal[] = [alice, bob, operator, owner];
const cent = 1_000_000n;
const to = (who: Principal) => ({ owner: who, subaccount: [] as [] });
/** The value of a legacy answer, whose errors are texts. */
function okText<T>(answer: { ok: T } | { err: string }): T {
  if ('err' in answer) throw new Error(answer.err);
  return answer.ok;
}

let exchange: OldExchange;
let requests: number;
beforeEach(async () => {
  requests = 0;
  exchange = await openOldExchange();
});
afterEach(() => exchange.close());

async function toSecond(second: bigint): Promise<void> {
  const into = exchange.ic.now() % minuteNs;
  await exchange.ic.advance((second > into ? second : second + 60n * secondNs) - into);
}
async function deposit(who: Principal, sats: bigint): Promise<void> {
  await exchange.approve(who, sats);
  ok(await exchange.old(who).deposit({ request_id: `deposit ${(requests += 1)}`, amount_sats: sats }));
}
async function fund(sats: bigint): Promise<void> {
  await exchange.approve(operator, sats);
  ok(await exchange.old(operator).fund_treasury({ request_id: `fund ${(requests += 1)}`, amount_sats: sats }));
}
const withdraw = (id: string, sats: bigint, who = alice) => exchange.old(who).withdraw({ request_id: id, amount_sats: sats, to: to(who) });

/** Everything version 0.1.0 could have in its memory, brought about by using it. The clock stands at second 21 of a minute. */
async function useItAll(): Promise<void> {
  const { ledger, ic } = exchange;
  const trader = exchange.old(alice);
  await fund(50_000_000n);
  await deposit(alice, 5_000_000n);
  await deposit(bob, 2_000_000n);
  ok(await exchange.old().grant_role(auditor, { auditor: null }));
  ok(await exchange.old().grant_role(bob, { auditor: null }));
  ok(await exchange.old().revoke_role(bob, { auditor: null }));
  const { settings } = await trader.get_market();
  ok(await exchange.old(operator).set_settings({ ...settings, spread_ppm: 25_000n, min_cycles: 2_000_000_000_000n }));
  // Cancelled by a pause, by the trader, and because it would be too dear at its fill.
  ok(await trader.place_order(oldOrder('paused')));
  ok(await exchange.old(operator).pause_entry('a short look'));
  ok(await exchange.old(operator).resume_entry());
  const cancelled = ok(await trader.place_order(oldOrder('cancelled')));
  ok(await trader.cancel_order(cancelled.id));
  const { premium_sats: premium } = ok(await trader.quote(oldOrder('quote', { tenor: '5m' })));
  ok(await trader.place_order(oldOrder('too dear', { max_premium_sats: premium, tenor: '5m' })));
  // Won, lost and tied; by two traders, at a price and at a distance from it.
  ok(await trader.place_order(oldOrder('won')));
  ok(await trader.place_order(oldOrder('lost', { instrument: { digital: { direction: { put: null }, payout_sats: 70_000n } } })));
  ok(await exchange.old(bob).place_order(oldOrder('won', { strike: { offset: -1_000_000_000n }, max_premium_sats: 90_000n })));
  ok(await trader.place_order(oldOrder('tied', { tenor: '5m', strike: { offset: 0n } })));
  const fillMinute = (ic.now() / minuteNs + 1n) * minuteNs;
  await exchange.setPrice(fillMinute, priceE8 + 50n * cent);
  await exchange.setPrice(fillMinute + minuteNs, priceE8 + 1_000n * cent);
  await exchange.setPrice(fillMinute + 5n * minuteNs, priceE8 + 50n * cent);
  // A tenor that is made longer while a position of it is open, which still settles at its minute; and one that settles at the mean.
  ok(await trader.place_order(oldOrder('four hours', { tenor: '4h', strike: { offset: 5_000_000_000n } })));
  ok(await exchange.old(operator).set_tenor({ name: 'moved', minutes: 9n, sigma_ppm: 800_000n, strike_grid_e8: cent, enabled: true }));
  ok(
    await exchange
      .old(bob)
      .place_order(oldOrder('moved', { tenor: 'moved', strike: { offset: -2_500_000_000n }, max_premium_sats: 99_000n }))
  );
  await ic.advance(2n * minuteNs);
  ok(await exchange.old(operator).set_tenor({ name: 'moved', minutes: 300n, sigma_ppm: 900_000n, strike_grid_e8: cent, enabled: false }));
  // A position of the legacy platform.
  okText(await exchange.legacy.as(alice).create_user(alice));
  okText(await exchange.legacy.as(operator).admin_credit_user_balance(alice, 1));
  const entryCents = priceE8 / cent;
  const trade = () => exchange.legacy.as(alice).place_trade_simple(alice, 'call', 500n, '5s', 10n, entryCents, entryCents + 500n);
  const legacyId = okText(await trade());
  await ic.advance(5n * minuteNs);
  ok(await trader.settle_legacy(legacyId));
  // Paid, given back, in review; of a trader and of the treasury.
  ok(await withdraw('paid', 200_000n));
  ok(await exchange.old(owner).withdraw_treasury({ request_id: 'paid', amount_sats: 1_000_000n, to: to(owner) }));
  await ledger.as().set_fault([{ trap_before: null }]);
  ok(await withdraw('in review', 110_000n));
  ok(await trader.deposit({ request_id: 'in review', amount_sats: 40_000n }));
  await ledger.as().set_fault([{ bad_fee: 20n }]);
  await ic.advance(minuteNs);
  await ledger.as().set_fault([]);
  await withdraw('given back', 300_000n); // its fee is wrong
  await ledger.as().set_fault([{ generic: 'not today' }]);
  await exchange.old(owner).withdraw_treasury({ request_id: 'given back', amount_sats: 70_000n, to: to(owner) });
  // No prices from here on: two queues of pending orders, and positions that are due.
  await toSecond(50n * secondNs);
  await exchange.exchangeRate.as().set_fault([{ Pending: null }]);
  ok(await exchange.old(bob).place_order(oldOrder('pending 1')));
  await ic.advance(31n * secondNs);
  ok(await trader.place_order(oldOrder('pending 2', { tenor: '5m' })));
  ok(await trader.place_order(oldOrder('pending 3', { tenor: '4h', strike: { offset: 1_000_000_000n } })));
  const late = okText(await trade());
  await ic.advance(60n * secondNs);
  refusal(await exchange.old(alice).settle_legacy(late)); // its minute is wanted now
  await ledger.as().set_fault([]);
  await exchange.approve(bob, 500_000n);
  await ledger.as().set_fault([{ trap_before: null }]);
  ok(await exchange.old(bob).deposit({ request_id: 'in transit', amount_sats: 500_000n }));
  ok(await withdraw('in transit', 120_000n));
}

/** What both versions show, by the same names, every row of it. */
async function views(at: (who?: Principal) => OldOptions | Options) {
  const all = at() as Options;
  const own = await Promise.all(
    people.map(async (who) => {
      const actor = at(who) as Options;
      return {
        account: ok(await actor.get_account()),
        movements: await allRows((page) => actor.get_movements(page)),
        positions: (await allRows((page) => actor.get_positions({ filter: { all: null }, page }))).map(positionOfToday),
        active: (await allRows((page) => actor.get_positions({ filter: { active: null }, page }))).map(({ id }) => id),
        withdrawals: await allRows((page) => actor.get_withdrawals(page)),
        roles: await actor.my_roles()
      };
    })
  );
  const named = {
    won: positionOfToday(ok(await (at(bob) as Options).get_position_by_client_id('won'))),
    inTransit: depositOfToday(ok(await (at(bob) as Options).get_deposit('in transit'))),
    inReview: ok(await (at(alice) as Options).get_withdrawal('in review'))
  };
  const { price, entry, treasury_available_sats, utilisation_ppm } = await all.get_market();
  return {
    own,
    named,
    market: { price, entry, treasury_available_sats, utilisation_ppm },
    users: await allRows((page) => all.list_users(page)),
    positions: (await allRows((page) => all.list_positions({ filter: { all: null }, page }))).map(positionOfToday),
    deposits: (await allRows((page) => all.list_deposits(page))).map(depositOfToday),
    withdrawals: await allRows((page) => all.list_withdrawals(page)),
    audit: await allRows((page) => all.list_audit(page)),
    roles: ok(await all.list_roles()),
    prices: await all.get_prices({ from_minute_ns: 0n, limit: 1_500n })
  };
}

/** A row as it is expected after the upgrade; one that is of today already stays as it is. */
const positionOfToday = (row: OldPosition | Position): Position => {
  if ('max_payout_sats' in row) return row;
  return { ...row, max_payout_sats: row.instrument.digital.payout_sats };
};
const depositOfToday = (row: OldDeposit | Deposit): Deposit => {
  if ('target' in row) return row;
  const { to_treasury: toTreasury, ...rest } = row;
  return { ...rest, target: toTreasury ? { treasury: null } : { account: null }, from_subaccount: false };
};

async function expectRightBooks(unattributed: bigint): Promise<void> {
  const wrong = await wrongFigures(exchange.today(), await exchange.onLedger(exchange.id), unattributed);
  for (const who of people) wrong.push(...(await wrongStatement(exchange.today(who), who)));
  expect(wrong).toEqual([]);
}

describe('the upgrade from version 0.1.0', () => {
  test('keeps every row, and everything goes on', { timeout: 300_000 }, async () => {
    await useItAll();
    const before = await views(exchange.old);
    const overview = ok(await exchange.old().get_overview());
    const oldMarket = await exchange.old().get_market();
    const reserves = ok(await exchange.old().get_reserves());
    // Each kind of row is there, or the comparison would prove less.
    const states = (rows: { state: object }[]) => [...new Set(rows.map((row) => Object.keys(row.state)[0]))].sort();
    expect(states(before.positions)).toEqual(['cancelled', 'open', 'pending', 'settled']);
    expect(states(before.deposits)).toEqual(['credited', 'in_transit', 'needs_review']);
    expect(states(before.withdrawals)).toEqual(['in_transit', 'needs_review', 'paid', 'refunded']);
    expect([overview.wins, overview.losses, overview.ties].map((count) => count > 0n)).toEqual([true, true, true]);

    const instructions = await exchange.upgradeToToday();
    expect(instructions).toBeLessThan(1_000_000_000n);

    expect(await views(exchange.today)).toEqual(before);
    // Grouped since then. The first round after the upgrade asked the oracle again, and says it in today's words.
    const others = new Set(['cycles', 'version', 'as_of_ns', 'oracle_last_error']);
    const figures = Object.fromEntries(Object.entries(overview).filter(([name]) => !others.has(name)));
    const today = ok(await exchange.today().get_overview());
    const { as_of_ns, users, entry, utilisation_ppm, positions, money, waiting } = today;
    const ungrouped = {
      users,
      entry,
      utilisation_ppm,
      ...positions,
      ...money,
      set_aside: waiting.set_aside,
      oracle_newest_ns: today.oracle.newest_ns
    };
    expect(ungrouped).toMatchObject(figures);
    expect(as_of_ns).toBe(exchange.ic.now());
    expect(today).toMatchObject({
      positions: { voided: 0n },
      money: { migration_sats: 0n },
      waiting: { large_withdrawals: 0n, transfers_in_review: 2n }
    });
    expect(ok(await exchange.today().get_reserves())).toMatchObject({
      ledger_sats: reserves.ledger_sats,
      migration_sats: 0n,
      unattributed_sats: reserves.unattributed_sats
    });
    const market = await exchange.today().get_market();
    expect(market.settings).toMatchObject({ ...oldMarket.settings, alert_cycles: 6_000_000_000_000n, volatility_lambda_ppm: 970_000n });
    expect(market.tenors.map(({ tenor }) => tenor)).toEqual(
      oldMarket.tenors.map(({ minutes, sigma_ppm: sigma, ...rest }) => ({
        ...rest,
        schedule: { minutes },
        volatility: { fixed: { sigma_ppm: sigma } },
        band_ppm: 0n
      }))
    );
    const version = await exchange.today().get_version();
    expect(version).toMatchObject({ version: '0.2.0', schema: 2n, upgraded_ns: exchange.ic.now() });
    expect(version.installed_ns).toBeLessThanOrEqual(before.prices[0]?.recorded_ns ?? 0n);
    await expectRightBooks(0n);

    await goOn(before.positions);
  });

  /** Clears every fault: what was pending fills, what was open settles, what was in transit arrives, and everybody takes everything out. */
  async function goOn(positions: Position[]): Promise<void> {
    await exchange.ledger.as().set_fault([]);
    await exchange.exchangeRate.as().set_fault([]);
    await exchange.ic.advance(20n * minuteNs);
    const now = await allRows((page) => exchange.today().list_positions({ filter: { all: null }, page }));
    expect(now.map((row) => row.client_order_id)).toEqual(positions.map((row) => row.client_order_id));
    const byName = (name: string): Position => now.find((row) => row.client_order_id === name) ?? expect.fail(name);
    // It settled at the price of its minute although its tenor is one of five hours now.
    expect(stateOf(byName('moved'))).toBe('settled');
    expect(stateOf(byName('four hours'))).toBe('open');
    for (const name of ['pending 1', 'pending 2', 'pending 3']) expect(['settled', 'open']).toContain(stateOf(byName(name)));
    expect(ok(await exchange.today(bob).get_deposit('in transit')).state).toMatchObject({ credited: {} });
    expect(ok(await exchange.today(alice).get_withdrawal('in transit')).state).toMatchObject({ paid: {} });
    // An order sent again is the one of before; one of another content isn't taken for it.
    const again = { ...order('won'), strike: { offset: -1_000_000_000n }, max_premium_sats: 90_000n };
    expect(ok(await exchange.today(bob).place_order(again)).id).toBe(ok(await exchange.today(bob).get_position_by_client_id('won')).id);
    expect(refusal(await exchange.today(bob).place_order({ ...again, max_premium_sats: 90_001n })).code).toEqual({ id_reused: null });
    const fresh = ok(await exchange.today(alice).place_order(order('fresh', { tenor: '5m' })));

    const used = await exchange.upgradeToToday(); // a second time, to the same code
    expect(used).toBeLessThan(10_000_000n);
    expect((await exchange.today().get_version()).upgraded_ns).toBe(exchange.ic.now());
    await exchange.ic.advance(250n * minuteNs);
    expect(stateOf(ok(await exchange.today(alice).get_position(fresh.id)))).toBe('settled');
    expect(ok(await exchange.today().get_overview())).toMatchObject({
      positions: { pending: 0n, open: 0n },
      money: { treasury_reserved_sats: 0n },
      waiting: { set_aside: 0n }
    });
    for (const who of [alice, bob]) {
      const { available_sats: available } = ok(await exchange.today(who).get_account());
      const held = await exchange.onLedger(who);
      ok(await exchange.today(who).withdraw({ request_id: 'all of it', amount_sats: available, to: to(who) }));
      expect(await exchange.onLedger(who)).toBe(held + available - 10n);
      expect(ok(await exchange.today(who).get_account()).available_sats).toBe(0n);
    }
    await expectRightBooks(0n);
  }

  test('while entry is paused keeps the pause and cancels what was pending', async () => {
    await fund(5_000_000n);
    await deposit(alice, 1_000_000n);
    const placed = ok(await exchange.old(alice).place_order(oldOrder('before the pause')));
    ok(await exchange.old(operator).pause_entry('an upgrade'));
    await exchange.upgradeToToday();
    await exchange.ic.advance(2n * minuteNs);
    const market = await exchange.today().get_market();
    expect(market.entry).toEqual({ closed: { reason: 'an upgrade' } });
    expect(stateOf(ok(await exchange.today(alice).get_position(placed.id)))).toBe('cancelled');
    ok(await exchange.today(operator).resume_entry());
    ok(await exchange.today(alice).place_order(order('after it')));
    await expectRightBooks(0n);
  });

  test('leaves the legacy settlements without an owner: operators alone can report their receipts', async () => {
    okText(await exchange.legacy.as(alice).create_user(alice));
    okText(await exchange.legacy.as(operator).admin_credit_user_balance(alice, 1));
    const entryCents = priceE8 / cent;
    const trade = () => exchange.legacy.as(alice).place_trade_simple(alice, 'call', 500n, '5s', 1n, entryCents, entryCents + 500n);
    const [before, after] = [okText(await trade()), okText(await trade())];
    await exchange.ic.advance(2n * minuteNs);
    const receipt = ok(await exchange.old(alice).settle_legacy(before));
    await exchange.upgradeToToday();
    expect(ok(await exchange.today(alice).settle_legacy(before))).toEqual({ ...receipt, already_settled: true });
    ok(await exchange.today(bob).settle_legacy(after));
    const report = (id: bigint) => ({ position_id: id, expected: 'win', received: 'loss' });
    expect(refusal(await exchange.today(alice).report_legacy_mismatch(report(before))).code).toEqual({ not_found: null });
    ok(await exchange.today(operator).report_legacy_mismatch(report(before)));
    ok(await exchange.today(alice).report_legacy_mismatch(report(after)));
  });

  test('of a canister nobody has used yet works, too', async () => {
    await exchange.upgradeToToday();
    expect((await exchange.today().get_market()).tenors.map(({ tenor }) => tenor.name)).toEqual(['1m', '5m', '4h']);
    expect(await allRows((page) => exchange.today().list_audit(page))).toHaveLength(2);
    await expectRightBooks(0n);
  });
});

describe('an upgrade that is refused', () => {
  const notCandid = new Uint8Array([1, 2, 3]);

  test('by its argument leaves version 0.1.0 running with all it had', async () => {
    await fund(5_000_000n);
    await deposit(alice, 1_000_000n);
    const placed = ok(await exchange.old(alice).place_order(oldOrder('open')));
    const today = await exchange
      .today()
      .get_version()
      .catch(() => 'not there');
    expect(today).toBe('not there');
    await expect(exchange.upgrade(new Uint8Array([0, 97, 115, 109]), notCandid)).rejects.toThrow();
    await exchange.ic.advance(3n * minuteNs);
    expect(Object.keys(ok(await exchange.old(alice).get_position(placed.id)).state)).toEqual(['settled']);
  });

  test('back to version 0.1.0 leaves the new version running with all it has', async () => {
    await fund(5_000_000n);
    await deposit(alice, 1_000_000n);
    await exchange.upgradeToToday();
    const placed = ok(await exchange.today(alice).place_order(order('open')));
    await exchange.ic.advance(secondNs); // a timer that is due at the very moment of the stop would be lost
    const { wasm, arg } = exchange.oldModule;
    await expect(exchange.upgrade(wasm, arg)).rejects.toThrow(/Memory-incompatible/u);
    await exchange.ic.advance(3n * minuteNs);
    expect(stateOf(ok(await exchange.today(alice).get_position(placed.id)))).toBe('settled');
    await expectRightBooks(0n);
  });
});

import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportReport, ImportRow } from '../../src/lib/canisters/options/options.did.js';
import { allRows } from './support/books.ts';
import { alice, bob, ok, openExchange, operator, owner, priceE8, refusal, type Exchange } from './support/exchange.ts';
import { minuteNs, secondNs } from './support/standins.ts';
import { installStrangeUsers, type StrangeUsers } from './support/strangeUsers.ts';

let exchange: Exchange;
afterEach(() => exchange.close());

/** The value of a legacy answer, whose errors are texts. */
function okText<T>(answer: { ok: T } | { err: string }): T {
  if ('err' in answer) throw new Error(answer.err);
  return answer.ok;
}
let fundings = 0;
async function fundMigration(sats: bigint): Promise<void> {
  await exchange.approve(operator, sats);
  ok(await exchange.as(operator).fund_migration({ request_id: `migration ${(fundings += 1)}`, amount_sats: sats }));
}
const batch = (limit = 100n) => exchange.as(operator).import_legacy(limit);
const rows = (): Promise<ImportRow[]> => allRows((page) => exchange.as(operator).list_imports(page));
const stateOf = (row: ImportRow): string => Object.keys(row.state)[0] ?? '';
const report = async (): Promise<ImportReport> => ok(await exchange.as(operator).get_import_report());
const available = async (who: Principal): Promise<bigint> => ok(await exchange.as(who).get_account()).available_sats;

describe.each([{ badlyBehavedLegacy: false }, { badlyBehavedLegacy: true }])(
  'importing from the legacy platform, $badlyBehavedLegacy',
  (options) => {
    const balanceThere = async (who: Principal): Promise<number> => okText(await exchange.legacy.as().get_user(who)).balance;
    beforeEach(async () => {
      exchange = await openExchange(options);
      for (const who of [alice, bob, owner]) okText(await exchange.legacy.as(operator).create_user(who));
      okText(await exchange.legacy.as(operator).admin_credit_user_balance(alice, 0.29)); // times 10^8 it is 28,999,999.999999996
      okText(await exchange.legacy.as(operator).admin_credit_user_balance(bob, 0.000_001));
    });

    test('takes each balance there and pays it here, once', async () => {
      await fundMigration(30_000_000n);
      const before = (await allRows((page) => exchange.as(operator).list_audit(page))).length;
      for (let count = 0; count < 3; count += 1) ok(await batch(1n));
      expect(await report()).toEqual({
        seen: 3n,
        imported: 2n,
        imported_sats: 29_000_100n,
        taken_sats: 29_000_100n,
        skipped: 1n,
        differing: 0n,
        differing_sats: 0n,
        dust_e12: 0n,
        migration_sats: 999_900n,
        finished: true
      });
      expect([await available(alice), await available(bob)]).toEqual([29_000_000n, 100n]);
      expect([await balanceThere(alice), await balanceThere(bob)]).toEqual([0, 0]);
      const lines = await allRows((page) => exchange.as(alice).get_movements(page));
      expect(lines.map((line) => [line.kind, line.amount_sats, line.balance_after_sats])).toEqual([
        [[{ legacy_import: null }], 29_000_000n, 29_000_000n]
      ]);
      const audit = (await allRows((page) => exchange.as(operator).list_audit(page))).slice(before);
      expect(audit.map(({ action }) => action)).toEqual(Array(3).fill('import_legacy'));
      expect(audit[2]?.after).toContain('imported_sats = 29_000_100');
      // Once more changes nothing.
      const done = await report();
      expect(ok(await batch())).toEqual(done);
      expect(await rows()).toHaveLength(3);
      // It is money like any other.
      ok(await exchange.as(alice).withdraw({ request_id: 'all', amount_sats: 29_000_000n, to: { owner: alice, subaccount: [] } }));
    });

    test('ends before a user whom the migration account can not pay, and goes on when it can', async () => {
      await fundMigration(28_999_999n);
      const answers = [await batch(), await batch()];
      for (const answer of answers) {
        if ('ok' in answer) continue;
        expect(refusal(answer)).toMatchObject({ kind: 'request', code: { insufficient_balance: { required: 29_000_000n } } });
      }
      expect(answers.some((answer) => 'err' in answer)).toBe(true);
      expect(await balanceThere(alice)).toBe(0.29);
      expect(await available(alice)).toBe(0n);
      await fundMigration(1_000n);
      while (!ok(await batch()).finished);
      expect([await available(alice), await available(bob)]).toEqual([29_000_000n, 100n]);
    });

    test('leaves open positions there, and fetches what they pay with the next pass', async () => {
      await fundMigration(60_000_000n);
      const cents = priceE8 / 1_000_000n;
      const id = okText(await exchange.legacy.as(alice).place_trade_simple(alice, 'call', 500n, '5s', 10n, cents, cents + 500n));
      const had = BigInt(Math.round((await balanceThere(alice)) * 1e8));
      while (!ok(await batch()).finished);
      expect(await available(alice)).toBe(had);
      await exchange.setPrice((exchange.ic.now() / minuteNs + 1n) * minuteNs, priceE8 + 2_000_000_000n);
      await exchange.advance(100n * secondNs);
      ok(await exchange.as(alice).settle_legacy(id));
      const paid = BigInt(Math.round((await balanceThere(alice)) * 1e8));
      expect(paid).toBeGreaterThan(0n);
      while (!ok(await batch()).finished);
      expect(await available(alice)).toBe(had + paid);
      expect(await balanceThere(alice)).toBe(0);
    });

    test('is for operators, in batches of 1 to 100, one at a time', async () => {
      await fundMigration(60_000_000n);
      expect(refusal(await exchange.as(alice).import_legacy(1n)).code).toEqual({ forbidden: { needs: 'operator' } });
      expect(refusal(await exchange.as(alice).get_import_report()).code).toEqual({ forbidden: { needs: 'auditor' } });
      expect(refusal(await exchange.as(alice).list_imports({ after: [], limit: 1n })).code).toEqual({ forbidden: { needs: 'auditor' } });
      expect(refusal(await exchange.as(alice).fund_migration({ request_id: 'x', amount_sats: 5_000n })).code).toEqual({
        forbidden: { needs: 'operator' }
      });
      for (const limit of [0n, 101n, 2n ** 64n - 1n]) expect(refusal(await batch(limit)).code).toEqual({ invalid: { field: 'limit' } });
      const both = await Promise.all([exchange.unchecked(operator).import_legacy(100n), exchange.unchecked(operator).import_legacy(100n)]);
      expect(both.map((answer) => ('ok' in answer ? 'ok' : refusal(answer).code))).toEqual(['ok', { busy: null }]);
      await exchange.checkBooks();
      expect(await report()).toMatchObject({ imported: 2n, imported_sats: 29_000_100n });
    });
  }
);

test('without a legacy platform there is nothing to import', async () => {
  exchange = await openExchange({ withoutLegacy: true });
  expect(refusal(await batch()).kind).toBe('request');
});

describe('a legacy platform that can not be trusted', () => {
  let strange: StrangeUsers;
  const open = async (): Promise<void> => {
    exchange = await openExchange({ legacy: async (ic) => (strange = await installStrangeUsers(ic)).id });
  };
  const only = async (): Promise<ImportRow> => {
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    return row ?? expect.fail('no row');
  };

  beforeEach(async () => {
    await open();
    await fundMigration(100_000_000n);
    await strange.set_balance(alice, 0.123_456_785); // half a satoshi more than 12,345,678
  });

  test('that does as it is told takes and pays, and the dust is counted', async () => {
    await strange.setMode('obey');
    ok(await batch());
    expect(stateOf(await only())).toBe('imported');
    expect(await available(alice)).toBe(12_345_678n);
    const { dust_e12: dust } = await report();
    expect(Number(dust) / 1e12).toBeCloseTo(0.5, 3);
    expect(await strange.balance(alice)).toBeCloseTo(0.000_000_005, 12);
  });

  test.each([
    ['lose_answer', 'differing'],
    ['lose_and_spend', 'differing'], // the two look the same
    ['answer_nonsense', 'differing'],
    ['say_yes_only', 'differing'],
    ['take_half', 'differing'],
    ['refuse_but_take', 'differing'],
    ['win_after', 'differing'],
    ['lose_request', 'taking']
  ] as const)('pays nothing with %s: the row is %s', async (mode, state) => {
    await strange.setMode(mode);
    await batch();
    expect(stateOf(await only())).toBe(state);
    expect(await available(alice)).toBe(0n);
    await strange.setMode('obey');
    await batch();
    expect(await strange.times_asked()).toBe(1n); // not asked again
    await exchange.advance(6n * minuteNs);
    await batch();
    const imported = state === 'taking';
    expect(stateOf(await only())).toBe(imported ? 'imported' : 'differing');
    expect(await available(alice)).toBe(imported ? 12_345_678n : 0n);
    expect(await report()).toMatchObject({ differing: imported ? 0n : 1n, differing_sats: imported ? 0n : 12_345_678n });
  });

  test('that lost the request, whose user then spends just that much, is not believed to have taken it', async () => {
    await strange.setMode('lose_request');
    await batch();
    await strange.set_balance(alice, 0.000_000_005);
    await strange.setMode('obey');
    ok(await batch());
    expect((await only()).state).toEqual({
      differing: { reason: 'the balance is gone, but the platform never answered: it may have been spent there' }
    });
    expect([await available(alice), (await report()).taken_sats]).toEqual([0n, 0n]);
  });

  test('that refuses ends the batch, and is asked again with the next pass', async () => {
    await strange.setMode('refuse');
    expect(refusal(await batch())).toEqual({ kind: 'request', code: { legacy: { error: 'no' } } });
    await strange.setMode('obey');
    while (!ok(await batch()).finished);
    ok(await batch());
    expect((await rows()).map(stateOf)).toEqual(['skipped', 'imported']);
    expect(await available(alice)).toBe(12_345_678n);
  });

  test('that agreed and can not be read afterwards is read before anything else', async () => {
    await strange.setMode('unreadable');
    expect(refusal(await batch()).kind).toBe('temporary');
    expect(stateOf(await only())).toBe('taking');
    await exchange.upgrade();
    await strange.setMode('obey');
    ok(await batch());
    expect(stateOf(await only())).toBe('imported');
    expect([await available(alice), await strange.times_asked()]).toEqual([12_345_678n, 1n]);
  });

  test('that agreed, can not be read afterwards and then has the balance again is not asked twice', async () => {
    await strange.setMode('unreadable');
    await batch();
    await strange.set_balance(alice, 0.123_456_785);
    await strange.setMode('obey');
    await exchange.advance(6n * minuteNs);
    ok(await batch());
    expect([stateOf(await only()), await strange.times_asked()]).toEqual(['differing', 1n]);
  });

  test('that is stopped moves nothing', async () => {
    await exchange.ic.stopCanister(strange.id);
    expect(refusal(await batch()).kind).toBe('temporary');
    expect(await rows()).toEqual([]);
    await exchange.ic.startCanister(strange.id);
    ok(await batch());
    expect(await available(alice)).toBe(12_345_678n);
  });

  test('shows amounts that are none', async () => {
    for (const amount of [-1, Number.NaN, Infinity, 21_000_001, 0, 0.000_000_009]) {
      await strange.set_balance(alice, amount);
      ok(await batch());
      expect(stateOf(await only())).toBe('skipped');
    }
    expect(await strange.times_asked()).toBe(0n);
  });
});

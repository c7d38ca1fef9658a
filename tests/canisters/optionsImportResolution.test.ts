import fc from 'fast-check';
import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Action, ImportReport, ImportRow } from '../../src/lib/canisters/options/options.did.js';
import { allRows } from './support/books.ts';
import { alice, bob, ok, openExchange, operator, owner, refusal, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, person } from './support/standins.ts';
import { installStrangeUsers, modes, type Mode, type StrangeUsers } from './support/strangeUsers.ts';

let exchange: Exchange;
let strange: StrangeUsers;
const open = async (): Promise<void> => {
  exchange = await openExchange({ legacy: async (ic) => (strange = await installStrangeUsers(ic)).id });
};
afterEach(() => exchange.close());

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
const resolution = (who: Principal, taken: boolean): Action => ({ resolve_import: { owner: who, taken } });
const propose = (who: Principal, taken: boolean) => exchange.as(operator).propose(resolution(who, taken));
const proposed = async (who: Principal, taken: boolean): Promise<bigint> => ok(await propose(who, taken)).id;
const approve = (id: bigint) => exchange.as(owner).approve(id);
const amount = 12_345_678n;

describe('an import that differs', () => {
  beforeEach(async () => {
    await open();
    await fundMigration(amount);
    await strange.set_balance(alice, 0.123_456_785); // half a satoshi more
  });
  /** Alice's row, differing in this way, when it can be resolved. */
  async function differing(mode: Mode): Promise<void> {
    await strange.setMode(mode);
    await batch();
    expect((await rows()).map(stateOf)).toContain('differing');
    await strange.setMode('obey');
    await exchange.advance(5n * minuteNs);
  }

  test('is paid when two operators saw that it was taken, once', async () => {
    await differing('lose_answer');
    expect(await report()).toMatchObject({ differing: 1n, differing_sats: amount, taken_sats: 0n, imported: 0n, finished: true });
    const id = await proposed(alice, true);
    expect(refusal(await exchange.as(operator).approve(id)).code).toEqual({ needs_other_operator: null });
    ok(await approve(id));
    expect(await available(alice)).toBe(amount);
    expect(await report()).toMatchObject({
      seen: 1n,
      imported: 1n,
      imported_sats: amount,
      taken_sats: amount,
      skipped: 0n,
      differing: 0n,
      differing_sats: 0n,
      migration_sats: 0n,
      finished: true
    });
    expect(Number((await report()).dust_e12) / 1e12).toBeCloseTo(0.5, 3);
    const [line] = ok(await exchange.as(alice).get_movements({ after: [], limit: 1n })).rows;
    expect(line).toMatchObject({ kind: [{ legacy_import: null }], amount_sats: amount, balance_after_sats: amount });
    const audit = await allRows((page) => exchange.as(operator).list_audit(page));
    expect(audit.slice(-2).map(({ action, who }) => [action, who.toText()])).toEqual([
      ['propose', operator.toText()],
      ['approve', owner.toText()]
    ]);
    expect(audit.at(-1)?.before).toContain('#differing');
    expect(audit.at(-1)?.after).toContain('#imported');
    // Neither again nor otherwise.
    expect(refusal(await approve(id)).code).toEqual({ already_final: null });
    for (const taken of [true, false]) expect(refusal(await propose(alice, taken)).code).toEqual({ already_final: null });
    ok(await batch());
    expect([await available(alice), await strange.times_asked()]).toEqual([amount, 1n]);
  });

  test('pays nothing when they saw that it was not taken; the next pass moves what is there then', async () => {
    await differing('lose_and_spend');
    ok(await approve(await proposed(alice, false)));
    expect(await available(alice)).toBe(0n);
    expect(await report()).toMatchObject({
      imported: 0n,
      taken_sats: 0n,
      skipped: 1n,
      differing: 0n,
      differing_sats: 0n,
      migration_sats: amount
    });
    expect((await rows()).at(0)?.state).toEqual({ skipped: { reason: 'two operators saw that it was not taken' } });
    // The half satoshi that is left is no reason for a row.
    for (let pass = 0; pass < 2; pass += 1) ok(await batch());
    expect([await strange.times_asked(), (await rows()).length]).toEqual([1n, 1]);
    await strange.set_balance(alice, 0.000_05);
    for (let pass = 0; pass < 2; pass += 1) ok(await batch());
    expect((await rows()).map((row) => [stateOf(row), row.amount_sats])).toEqual([
      ['skipped', amount],
      ['imported', 5_000n]
    ]);
    expect(await available(alice)).toBe(5_000n);
  });

  test('that the platform took in part is put right there first, and moved whole with the next pass', async () => {
    await differing('take_half');
    await strange.admin_credit_user_balance(alice, 0.061_728_39);
    ok(await approve(await proposed(alice, false)));
    for (let pass = 0; pass < 2; pass += 1) ok(await batch());
    expect((await rows()).map(stateOf)).toEqual(['skipped', 'imported']);
    expect(await available(alice)).toBe(amount);
  });

  test('waits for the money that pays it, which other rows have a claim to first', async () => {
    await differing('lose_answer');
    ok(await exchange.as(owner).withdraw_migration({ request_id: 'w', amount_sats: 2_000_000n, to: { owner, subaccount: [] } }));
    const lacking = (free: bigint) => ({ kind: 'request', code: { insufficient_balance: { available: free, required: amount } } });
    expect(refusal(await propose(alice, true))).toEqual(lacking(amount - 2_000_000n));
    await fundMigration(2_000_000n);
    const id = await proposed(alice, true);
    // Bob's balance may have been taken, so what pays it is spoken for.
    await strange.set_balance(bob, 0.000_1);
    await strange.setMode('lose_request');
    ok(await exchange.as(operator).import_legacy(100n));
    expect(refusal(await approve(id))).toEqual(lacking(amount - 10_000n));
    expect(await report()).toMatchObject({ differing: 1n, differing_sats: amount, taken_sats: 0n });
    await fundMigration(10_000n);
    ok(await approve(id));
    expect(await available(alice)).toBe(amount);
    expect(await report()).toMatchObject({ differing: 0n, taken_sats: amount, imported: 1n, migration_sats: 10_000n, finished: false });
  });

  test('is not resolved while its call may still come to something, nor is one that does not differ', async () => {
    await strange.setMode('lose_answer');
    await batch();
    const [row] = await rows();
    if (row === undefined) throw new Error('no row');
    for (const taken of [true, false]) {
      expect(refusal(await propose(alice, taken))).toEqual({
        kind: 'temporary',
        code: { too_early: { from_ns: row.at_ns + 5n * minuteNs } }
      });
    }
    expect(refusal(await propose(bob, true)).code).toEqual({ not_found: null });
    await strange.set_balance(bob, 0.000_1);
    await strange.setMode('lose_request');
    await fundMigration(10_000n);
    await batch();
    expect((await rows()).map(stateOf)).toEqual(['differing', 'taking']);
    for (const taken of [true, false]) expect(refusal(await propose(bob, taken)).code).toEqual({ already_final: null });
    expect(refusal(await exchange.as(alice).propose(resolution(alice, true))).code).toEqual({ forbidden: { needs: 'operator' } });
  });

  test('anew is not what an older proposal is about', async () => {
    await differing('lose_and_spend');
    const [old, right] = [await proposed(alice, true), await proposed(alice, false)];
    ok(await approve(right));
    await strange.set_balance(alice, 0.000_1);
    while (!ok(await batch()).finished);
    await strange.set_balance(alice, 0.000_1);
    await differing('lose_answer');
    expect(refusal(await approve(old)).code).toEqual({ already_final: null });
    expect(await available(alice)).toBe(10_000n);
    ok(await exchange.as(operator).withdraw_proposal(old));
    ok(await approve(await proposed(alice, true)));
    expect(await available(alice)).toBe(20_000n);
  });

  test('keeps its proposal through an upgrade, not for ever', async () => {
    await differing('lose_answer');
    const id = await proposed(alice, true);
    await exchange.upgrade();
    await exchange.sleep(7n * dayNs);
    expect(refusal(await approve(id)).code).toEqual({ already_final: null });
    ok(await approve(await proposed(alice, true)));
    expect(await available(alice)).toBe(amount);
  });
});

const users = [0, 1, 2, 3, 4].map((index) => person(`legacy user ${index}`));
const step = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('batch' as const), limit: fc.bigInt({ min: 1n, max: 6n }) }), weight: 5 },
  { arbitrary: fc.record({ do: fc.constant('mode' as const), mode: fc.constantFrom(...modes) }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('upgrade' as const), limit: fc.bigInt({ min: 1n, max: 6n }) }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('stop' as const), running: fc.boolean() }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.bigInt({ min: 1n, max: 7n }) }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('fund' as const), sats: fc.bigInt({ min: 1_000n, max: 40_000_000n }) }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('resolve' as const) }), weight: 2 }
);
const holdings = fc.array(fc.oneof(fc.constantFrom(0, 0.29, 1e-8, 4e-9), fc.double({ min: 0, max: 0.3, noNaN: true })), {
  minLength: users.length,
  maxLength: users.length
});

/** What two careful operators do about every row that differs: they know the truth, and put right what the platform did by halves. */
async function resolveByTheTruth(): Promise<void> {
  for (const row of (await rows()).filter((one) => stateOf(one) === 'differing')) {
    const own = (await rows()).filter((one) => one.owner.toText() === row.owner.toText() && ['imported', 'taken'].includes(stateOf(one)));
    const before = own.reduce((sum, one) => sum + one.amount_sats, 0n);
    const taken = (await strange.taken_from(row.owner)) * 1e8 - Number(before);
    const whole = Math.abs(taken - Number(row.amount_sats)) < 0.01;
    if (!whole && Math.abs(taken) > 0.01) await strange.admin_credit_user_balance(row.owner, taken / 1e8);
    const answer = await propose(row.owner, whole);
    if ('ok' in answer) await approve(answer.ok.id);
  }
}

test('no satoshi is lost or paid twice, whatever the platform does and in whatever order', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(holdings, fc.array(step, { minLength: 6, maxLength: 18 }), async (balances, steps) => {
      await open();
      try {
        for (const [index, user] of users.entries()) await strange.set_balance(user, balances[index] ?? 0);
        let running = true;
        let mode: Mode = 'obey';
        const check = async (): Promise<void> => {
          await exchange.checkBooks();
          const all = await rows();
          const figures = await report();
          const inState = (state: string): ImportRow[] => all.filter((row) => stateOf(row) === state);
          const sats = (state: string): bigint => inState(state).reduce((sum, row) => sum + row.amount_sats, 0n);
          expect(figures.imported_sats).toBe(sats('imported'));
          expect(figures.taken_sats).toBe(sats('imported') + sats('taken'));
          expect(figures.differing_sats).toBe(sats('differing'));
          for (const state of ['imported', 'skipped', 'differing'] as const) expect(figures[state]).toBe(BigInt(inState(state).length));
          for (const [index, user] of users.entries()) {
            const own = all.filter((row) => row.owner.toText() === user.toText());
            const paid = await available(user);
            expect(paid).toBe(own.filter((row) => stateOf(row) === 'imported').reduce((sum, row) => sum + row.amount_sats, 0n));
            if (!running) continue;
            // Nothing is paid that was not taken. While a row is open, or for people to look at, more may have been taken than was paid.
            expect(Number(paid)).toBeLessThanOrEqual((await strange.taken_from(user)) * 1e8 + 0.001);
            const settled = own.every((row) => ['imported', 'skipped'].includes(stateOf(row)));
            const had = ((balances[index] ?? 0) + (await strange.changed_otherwise(user))) * 1e8;
            if (settled) expect((await strange.balance(user)) * 1e8 + Number(paid)).toBeCloseTo(had, 2);
          }
        };
        const resolveAll = async (): Promise<void> => {
          await exchange.advance(6n * minuteNs);
          await strange.setMode('obey');
          await resolveByTheTruth();
          await strange.setMode(mode);
        };
        for (const next of steps) {
          if (next.do === 'batch') await exchange.unchecked(operator).import_legacy(next.limit);
          else if (next.do === 'mode' && running) await strange.setMode((mode = next.mode));
          else if (next.do === 'resolve' && running) await resolveAll();
          else if (next.do === 'upgrade') {
            const moving = exchange.unchecked(operator).import_legacy(next.limit);
            await exchange.upgrade();
            await moving;
          } else if (next.do === 'stop' && next.running !== running) {
            running = next.running;
            await (running ? exchange.ic.startCanister(strange.id) : exchange.ic.stopCanister(strange.id));
          } else if (next.do === 'wait') await exchange.advance(next.minutes * minuteNs);
          else if (next.do === 'fund') await fundMigration(next.sats);
          await check();
        }
        if (!running) await exchange.ic.startCanister(strange.id);
        running = true;
        await strange.setMode((mode = 'obey'));
        await fundMigration(400_000_000n);
        await exchange.advance(6n * minuteNs);
        // One pass for what is left of this one, one from the first user on; then what differs, and what that leaves to be moved.
        for (let pass = 0; pass < 3; pass += 1) ok(await batch());
        await resolveAll();
        for (let pass = 0; pass < 2; pass += 1) ok(await batch());
        await check();
        for (const row of await rows()) expect(['imported', 'skipped']).toContain(stateOf(row));
        for (const user of users) expect(await strange.balance(user)).toBeLessThan(1.001e-8);
      } finally {
        await exchange.close();
      }
    }),
    { numRuns: 8, seed: 20_261_128, endOnFailure: true }
  );
  await open();
});

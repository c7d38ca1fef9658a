import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry, ErrorCode } from '../../src/lib/canisters/options/options.did.js';
import type { Principal } from '@dfinity/principal';
import { alice, bob, ok, openExchange, operator, order, priceE8, refusal, stateOf, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, person, secondNs } from './support/standins.ts';

// Receipts that somebody's own calculation does not agree with end in the audit trail: every one once, and nothing else.

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
  await exchange.deposit(alice, 5_000_000n);
});
afterEach(() => exchange.close());

const expected = 'win, payout 100000, profit 49000';
const received = 'loss, payout 0, profit -51000';

async function settled(count = 1): Promise<bigint[]> {
  const ids: bigint[] = [];
  for (let index = 0; index < count; index += 1) ids.push(ok(await exchange.unchecked(alice).place_order(order(`${index}`))).id);
  await exchange.advance(3n * minuteNs);
  for (const id of ids) expect(stateOf(ok(await exchange.unchecked(alice).get_position(id)))).toBe('settled');
  return ids;
}

async function reports(): Promise<AuditEntry[]> {
  const { rows } = ok(await exchange.as().list_audit({ after: [], limit: 200n }));
  return rows.filter(({ action }) => action.startsWith('report_mismatch'));
}

const limit = (kind: 'request' | 'temporary', name: string, maximum: bigint): { kind: string; code: ErrorCode } => ({
  kind,
  code: { limit_reached: { limit: name, maximum } }
});

describe('a receipt that somebody’s own calculation does not agree with', () => {
  test('is in the audit trail with who says so and both figures, once, also after an upgrade', async () => {
    const [id = 0n] = await settled();
    const report = { position_id: id, expected, received };
    ok(await exchange.as(alice).report_mismatch(report));
    ok(await exchange.as(alice).report_mismatch(report));
    await exchange.upgrade();
    ok(await exchange.as(alice).report_mismatch(report));
    expect(await reports()).toMatchObject([{ action: `report_mismatch of position ${id}`, before: expected, after: received }]);
    expect((await reports())[0]?.who.toText()).toBe(alice.toText());
    const again = limit('request', 'reports of a position', 1n);
    expect(refusal(await exchange.as(alice).report_mismatch({ ...report, received: 'something else' }))).toEqual(again);
    expect(refusal(await exchange.as(operator).report_mismatch(report))).toEqual(again);
  });

  test('is its owner’s business, or an operator’s', async () => {
    const [id = 0n] = await settled();
    const report = { position_id: id, expected, received };
    expect(refusal(await exchange.as(bob).report_mismatch(report))).toEqual({ kind: 'request', code: { not_found: null } });
    expect(refusal(await exchange.as(alice).report_mismatch({ ...report, position_id: 2n ** 64n - 1n }))).toEqual({
      kind: 'request',
      code: { not_found: null }
    });
    expect(await reports()).toEqual([]);
    ok(await exchange.as(operator).report_mismatch(report));
    expect((await reports())[0]?.who.toText()).toBe(operator.toText());
  });

  test('is told in one to two hundred visible characters', async () => {
    const [id = 0n] = await settled();
    for (const text of ['', 'x'.repeat(201), 'two\nlines', 'turned \u202e round']) {
      for (const field of ['expected', 'received']) {
        const answer = await exchange.as(alice).report_mismatch({ position_id: id, expected, received, [field]: text });
        expect(refusal(answer), `${field} ${text}`).toEqual({ kind: 'request', code: { invalid: { field } } });
      }
    }
    expect(await reports()).toEqual([]);
    ok(await exchange.as(alice).report_mismatch({ position_id: id, expected: 'x'.repeat(200), received: 'y'.repeat(200) }));
  });

  test('belongs to a position that was filled: orders that cost nothing can’t fill the audit trail', async () => {
    const { id } = ok(await exchange.as(alice).place_order(order('free')));
    const never = { kind: 'request', code: { invalid: { field: 'position_id' } } };
    expect(refusal(await exchange.as(alice).report_mismatch({ position_id: id, expected, received }))).toEqual(never);
    ok(await exchange.as(alice).cancel_order(id));
    expect(refusal(await exchange.as(alice).report_mismatch({ position_id: id, expected, received }))).toEqual(never);
  });

  test('can be reported ten times a caller and day, which holds nobody else up', async () => {
    const ids = await settled(12);
    await exchange.deposit(bob, 1_000_000n);
    const others = ok(await exchange.as(bob).place_order(order('of another'))).id;
    await exchange.advance(3n * minuteNs);
    const trader = exchange.unchecked(alice);
    for (const id of ids.slice(0, 10)) ok(await trader.report_mismatch({ position_id: id, expected, received }));
    const last = { position_id: ids[10] ?? 0n, expected, received };
    const answer = await trader.report_mismatch(last);
    expect(refusal(answer)).toEqual(limit('temporary', 'reports of a day', 10n));
    const midnight = (exchange.ic.now() / dayNs + 1n) * dayNs;
    expect('err' in answer && answer.err.retry_after_s).toEqual([(midnight - exchange.ic.now()) / secondNs + 1n]);
    // What was reported before is still answered, others are not held up, and a flood of refused ones leaves nothing behind.
    ok(await trader.report_mismatch({ position_id: ids[0] ?? 0n, expected, received }));
    ok(await exchange.as(bob).report_mismatch({ position_id: others, expected, received }));
    for (let index = 0; index < 200; index += 1) await exchange.unchecked(person(`flood ${index % 20}`)).report_mismatch(last);
    expect(await reports()).toHaveLength(11);
    await exchange.sleep(midnight - exchange.ic.now());
    await exchange.advance(40n * secondNs);
    ok(await exchange.as(alice).report_mismatch(last));
  });
});

describe('a receipt of a legacy position that somebody’s own calculation does not agree with', () => {
  const entryCents = priceE8 / 1_000_000n;
  const absent = { kind: 'request', code: { not_found: null } };

  /** The value of a legacy answer, whose errors are texts. */
  function okThere<T>(answer: { ok: T } | { err: string }): T {
    if ('err' in answer) throw new Error(answer.err);
    return answer.ok;
  }

  /** Due positions on the legacy platform that nobody has settled; alice's unless somebody else is named. */
  async function due(count = 1, owner: Principal = alice): Promise<bigint[]> {
    const legacy = exchange.legacy.as(operator);
    await legacy.create_user(owner);
    okThere(await legacy.admin_credit_user_balance(owner, 1));
    const ids: bigint[] = [];
    for (let index = 0; index < count; index += 1) {
      ids.push(okThere(await legacy.place_trade_simple(owner, 'call', 500n, '5s', 1n, entryCents, entryCents + 500n)));
    }
    await exchange.advance(100n * secondNs);
    return ids;
  }

  async function settledThere(count = 1, owner: Principal = alice): Promise<bigint[]> {
    const ids = await due(count, owner);
    for (const id of ids) ok(await exchange.unchecked(bob).settle_legacy(id));
    return ids;
  }

  test('is in the audit trail once, also after an upgrade, apart from a position of the exchange with the same number', async () => {
    const [id = 0n] = await settledThere();
    const report = { position_id: id, expected, received };
    ok(await exchange.as(alice).report_legacy_mismatch(report));
    ok(await exchange.as(alice).report_legacy_mismatch(report));
    await exchange.upgrade();
    ok(await exchange.as(alice).report_legacy_mismatch(report));
    expect(await reports()).toMatchObject([{ action: `report_mismatch of legacy position ${id}`, before: expected, after: received }]);
    expect((await reports())[0]?.who.toText()).toBe(alice.toText());
    const again = limit('request', 'reports of a position', 1n);
    expect(refusal(await exchange.as(alice).report_legacy_mismatch({ ...report, received: 'something else' }))).toEqual(again);
    expect(refusal(await exchange.as(operator).report_legacy_mismatch(report))).toEqual(again);
    for (const own of await settled(Number(id) + 1)) if (own === id) ok(await exchange.as(alice).report_mismatch(report));
    expect(await reports()).toMatchObject([{}, { action: `report_mismatch of position ${id}` }]);
  });

  test('is its owner’s business, as the platform named them, or an operator’s; not that of who had it settled', async () => {
    const [id = 0n] = await settledThere();
    await exchange.upgrade();
    const report = { position_id: id, expected, received };
    expect(refusal(await exchange.as(bob).report_legacy_mismatch(report))).toEqual(absent);
    expect(await reports()).toEqual([]);
    ok(await exchange.as(operator).report_legacy_mismatch(report));
    expect((await reports())[0]?.who.toText()).toBe(operator.toText());
  });

  test('is told in one to two hundred visible characters', async () => {
    const [id = 0n] = await settledThere();
    for (const text of ['', 'x'.repeat(201), 'two\nlines']) {
      for (const field of ['expected', 'received']) {
        const answer = await exchange.as(alice).report_legacy_mismatch({ position_id: id, expected, received, [field]: text });
        expect(refusal(answer), `${field} ${text}`).toEqual({ kind: 'request', code: { invalid: { field } } });
      }
    }
    expect(await reports()).toEqual([]);
  });

  test('belongs to a position that this exchange has settled, or found settled there', async () => {
    const [active = 0n, browsers = 0n] = await due(2);
    okThere(await exchange.legacy.as(alice).recordSettlement(browsers, 'loss', 0n, 0n, entryCents));
    for (const who of [alice, operator]) {
      for (const id of [active, browsers, 2n ** 64n - 1n]) {
        expect(refusal(await exchange.as(who).report_legacy_mismatch({ position_id: id, expected, received }))).toEqual(absent);
      }
    }
    expect(ok(await exchange.as(bob).settle_legacy(browsers)).already_settled).toBe(true);
    ok(await exchange.as(alice).report_legacy_mismatch({ position_id: browsers, expected, received }));
    expect(await reports()).toHaveLength(1);
  });

  test('counts with the others of a caller and day', async () => {
    const legacy = await settledThere(6);
    const own = await settled(5);
    for (const id of legacy.slice(0, 5)) {
      ok(await exchange.unchecked(alice).report_legacy_mismatch({ position_id: id, expected, received }));
    }
    for (const id of own) ok(await exchange.unchecked(alice).report_mismatch({ position_id: id, expected, received }));
    const last = { position_id: legacy[5] ?? 0n, expected, received };
    const answer = await exchange.as(alice).report_legacy_mismatch(last);
    expect(refusal(answer)).toEqual(limit('temporary', 'reports of a day', 10n));
    await exchange.sleep((exchange.ic.now() / dayNs + 1n) * dayNs - exchange.ic.now());
    ok(await exchange.as(alice).report_legacy_mismatch(last));
  });

  test('can’t fill the audit trail from many identities; an operator is not held up', async () => {
    const crowd = Array.from({ length: 6 }, (_, index) => person(`crowd ${index}`));
    const theirs: { who: Principal; id: bigint }[] = [];
    for (const who of crowd) for (const id of await settledThere(9, who)) theirs.push({ who, id });
    const say = ({ who, id }: { who: Principal; id: bigint }) =>
      exchange.unchecked(who).report_legacy_mismatch({ position_id: id, expected, received });
    for (const one of theirs.slice(0, 50)) ok(await say(one));
    const late = theirs.slice(50);
    for (const one of late) expect(refusal(await say(one))).toEqual(limit('temporary', 'legacy reports of a day', 50n));
    for (const { id } of late.slice(1)) ok(await say({ who: operator, id }));
    expect(await reports()).toHaveLength(53);
    await exchange.sleep((exchange.ic.now() / dayNs + 1n) * dayNs - exchange.ic.now());
    for (const one of late.slice(0, 1)) ok(await say(one));
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry, ErrorCode } from '../../src/lib/canisters/options/options.did.js';
import { alice, bob, ok, openExchange, operator, order, refusal, stateOf, type Exchange } from './support/exchange.ts';
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

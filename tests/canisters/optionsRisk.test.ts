import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderRequest, Position } from '../../src/lib/canisters/options/options.did.js';
import { allRows } from './support/books.ts';
import {
  alice,
  bob,
  fiveMinutes,
  minuteTenor,
  ok,
  openExchange,
  operator,
  order,
  refusal,
  stateOf,
  tenorOf,
  type Exchange
} from './support/exchange.ts';
import { minuteNs, secondNs } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange({
    tenors: [minuteTenor, fiveMinutes, tenorOf('4h', { minutes: 240n }), tenorOf('4h and 5', { minutes: 245n })]
  });
  for (const who of [alice, bob]) await exchange.deposit(who, 2_000_000n);
});
afterEach(() => exchange.close());

/** A capped call at the money on 0.1 BTC, capped at 200 USD: it can pay 70,921 sats, and its order has the treasury hold back more. */
const capped = (id: string, changes: Partial<OrderRequest> = {}, reserve = 80_000n): OrderRequest =>
  order(id, {
    instrument: { capped: { direction: { call: null }, notional_sats: 10_000_000n, cap_e8: 20_000_000_000n } },
    max_premium_sats: 30_000n,
    max_payout_sats: [reserve],
    ...changes
  });
const largest = (10_000_000n * 200n) / 28_200n;
const place = async (request: OrderRequest, who = alice): Promise<Position> => ok(await exchange.as(who).place_order(request));
const refused = async (request: OrderRequest, who = alice) => refusal(await exchange.as(who).place_order(request)).code;
const filling = (): Promise<void> => exchange.advance(minuteNs + 40n * secondNs);

describe('limits of capped options count the worst case', () => {
  test('per position: what the strike can pay, and what the order has held back', async () => {
    await exchange.changeSettings({ max_position_payout_sats: largest - 1n });
    expect(await refused(capped('a'))).toEqual({ above_maximum: { maximum: largest - 1n } });
    await exchange.changeSettings({ max_position_payout_sats: 79_999n });
    expect(await refused(capped('a'))).toEqual({ above_maximum: { maximum: 79_999n } });
    await place(capped('a', {}, 79_999n));
  });

  test('per order: at least what it can pay, at most twice that', async () => {
    expect(await refused(capped('a', {}, largest - 1n))).toEqual({ below_minimum: { minimum: largest } });
    expect(await refused(capped('a', {}, 2n * largest + 1n))).toEqual({ above_maximum: { maximum: 2n * largest } });
    expect(await refused(capped('a', { max_payout_sats: [] }))).toEqual({ invalid: { field: 'max_payout_sats' } });
    await place(capped('a', {}, 2n * largest));
  });

  test.each([
    ['trader', { max_trader_payout_sats: 159_999n }, 'a', '5m', alice],
    ['expiry', { max_expiry_payout_sats: 159_999n }, 'a', '1m', bob],
    ['total', { max_total_payout_sats: 159_999n }, 'a', '5m', bob]
  ] as const)('per %s', async (limit, settings, id, tenor, second) => {
    await exchange.changeSettings(settings);
    await place(capped(id));
    expect(await refused(capped('b', { tenor }), second)).toEqual({ limit_reached: { limit, maximum: 159_999n } });
    // After the fill only what the strike can pay is at risk: there is room for one more.
    await filling();
    await place(capped('c', { tenor }, largest), second);
  });

  test('the treasury: an order it can not cover is refused', async () => {
    const small = await openExchange({ treasury: 160_000n });
    await small.deposit(alice, 1_000_000n);
    const long = { tenor: '5m' };
    for (const id of ['a', 'b']) {
      ok(await small.as(alice).place_order(capped(id, long, 72_000n)));
      await small.advance(minuteNs + 40n * secondNs);
    }
    const { treasury_available_sats: available } = await small.as().get_market();
    expect(available).toBeLessThan(largest);
    expect(refusal(await small.as(alice).place_order(capped('c', long, 72_000n))).code).toEqual({ treasury_cannot_cover: { available } });
    await small.close();
  });

  test('a pause cancels what is pending and closes entry, and nothing else', async () => {
    const open = await place(capped('open'));
    await filling();
    const pending = await place(capped('pending'));
    ok(await exchange.as(operator).pause_entry('A test of the pause.'));
    expect(stateOf(ok(await exchange.as(alice).get_position(pending.id)))).toBe('cancelled');
    expect(await refused(capped('more'))).toEqual({ entry_closed: { reason: 'A test of the pause.' } });
    await exchange.advance(3n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_position(open.id)))).toBe('settled');
    ok(await exchange.as(alice).withdraw({ request_id: 'w', amount_sats: 5_000n, to: { owner: bob, subaccount: [] } }));
    expect(ok(await exchange.as(operator).list_expiries())).toEqual([]);
  });
});

describe('what auditors see of the risk', () => {
  test('is every expiry with something at risk, in the worst case, oldest first', async () => {
    const first = await place(order('a', { tenor: '5m' }));
    const second = await place(capped('b', { tenor: '1m' }));
    await place(order('c', { tenor: '1m' }), bob);
    const rows = async () => ok(await exchange.as(operator).list_expiries());
    expect(await rows()).toEqual([
      { expiry_ns: second.expiry_ns, at_risk_sats: 180_000n, open: 0n, set_aside: 0n },
      { expiry_ns: first.expiry_ns, at_risk_sats: 100_000n, open: 0n, set_aside: 0n }
    ]);
    await filling();
    expect(await rows()).toEqual([
      { expiry_ns: second.expiry_ns, at_risk_sats: 100_000n + largest, open: 2n, set_aside: 0n },
      { expiry_ns: first.expiry_ns, at_risk_sats: 100_000n, open: 1n, set_aside: 0n }
    ]);
    await exchange.advance(minuteNs);
    expect((await rows()).map((row) => row.expiry_ns)).toEqual([first.expiry_ns]);
  });

  test('is every open position of an expiry, page by page, once', async () => {
    // Fills of three minutes meet at one expiry, those of the 4-hour tenors in the queue of the mean.
    const placed = [];
    for (const name of ['a', 'b', 'c']) placed.push(await place(order(name, { tenor: '4h and 5', max_premium_sats: 90_000n })));
    const [{ expiry_ns }] = placed as [Position];
    await exchange.advance(5n * minuteNs);
    for (const name of ['d', 'e']) placed.push(await place(order(name, { tenor: '4h', max_premium_sats: 90_000n })));
    await place(order('elsewhere', { tenor: '5m' }));
    const at = (expiry: bigint) => (page: { after: [] | [bigint]; limit: bigint }) =>
      exchange.as(operator).list_positions_at({ expiry_ns: expiry, page });
    await filling();
    for (const limit of [1n, 2n, 200n]) {
      const found = await allRows((page) => at(expiry_ns)({ ...page, limit }));
      expect(found.map((row) => row.id)).toEqual(placed.map((row) => row.id));
      expect(found.every((row) => stateOf(row) === 'open' && row.expiry_ns === expiry_ns)).toBe(true);
    }
    expect(await allRows(at(0n))).toEqual([]);
    expect(await allRows(at(2n ** 64n - 1n))).toEqual([]);
    expect(refusal(await at(expiry_ns)({ after: [], limit: 201n })).code).toEqual({ invalid: { field: 'limit' } });
    expect(ok(await at(expiry_ns)({ after: [2n ** 64n - 1n], limit: 5n })).rows).toEqual([]);
    const { instructions } = await exchange.ic
      .reporting(exchange.unchecked(operator))
      .list_positions_at({ expiry_ns, page: { after: [], limit: 200n } });
    expect(instructions).toBeLessThan(500_000n);
  });

  test('nothing waits for an operator when all is well', async () => {
    expect(ok(await exchange.as(operator).list_set_aside())).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Position, Receipt } from '../../src/lib/canisters/options/options.did.js';
import {
  alice,
  bob,
  digital,
  fiveMinutes,
  ok,
  openExchange,
  operator,
  order,
  priceE8,
  reasonOf,
  refusal,
  stateOf,
  type Exchange
} from './support/exchange.ts';
import { minuteNs, secondNs, startNs } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
  await exchange.deposit(alice, 1_000_000n);
});
afterEach(() => exchange.close());

const cent = 1_000_000n;
const account = async (who = alice) => ok(await exchange.as(who).get_account());
const position = async (id: bigint): Promise<Position> => ok(await exchange.as().get_position(id));
const premiumOf = (row: Position): bigint => {
  if ('open' in row.state) return row.state.open.premium_sats;
  if ('settled' in row.state) return row.state.settled.fill.premium_sats;
  throw new Error(`no premium: ${stateOf(row)}`);
};
const receiptOf = (row: Position): Receipt => {
  if ('settled' in row.state) return row.state.settled.receipt;
  throw new Error(`no receipt: ${stateOf(row)}`);
};

/** Places, waits until it is settled at the given price, and returns the position. */
async function trade(request: ReturnType<typeof order>, settlementE8: bigint): Promise<Position> {
  const placed = ok(await exchange.as(alice).place_order(request));
  await exchange.setPrice(placed.expiry_ns, settlementE8);
  await exchange.advance(3n * minuteNs);
  return position(placed.id);
}

describe('the life of an order', () => {
  test('pending holds the maximum premium and the payout back', async () => {
    const before = (await exchange.as().get_market()).treasury_available_sats;
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    expect(placed).toMatchObject({
      id: 0n,
      owner: alice,
      client_order_id: 'first',
      state: { pending: null },
      reserved_payout_sats: 100_000n,
      fill_minute_ns: startNs + minuteNs,
      expiry_ns: startNs + 2n * minuteNs
    });
    expect(await account()).toMatchObject({ available_sats: 940_000n, reserved_sats: 60_000n });
    expect((await exchange.as().get_market()).treasury_available_sats).toBe(before - 100_000n);
  });

  test('placed at the very beginning of a minute fills at the next one: the running one may be known already', async () => {
    await exchange.advance(startNs + minuteNs - exchange.ic.now());
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    expect(placed).toMatchObject({ placed_ns: startNs + minuteNs, fill_minute_ns: startNs + 2n * minuteNs });
    await exchange.advance(minuteNs - 1n);
    expect(ok(await exchange.as(alice).place_order(order('second'))).fill_minute_ns).toBe(startNs + 2n * minuteNs);
  });

  test('fills at the price of its fill minute, not at the one it was placed at', async () => {
    await exchange.setPrice(startNs + minuteNs, priceE8 + 200_000_000n);
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    await exchange.advance(minuteNs + 20n * secondNs);
    expect(stateOf(await position(placed.id))).toBe('pending'); // the price comes at second 31
    await exchange.advance(20n * secondNs);
    const open = await position(placed.id);
    if (!('open' in open.state)) throw new Error('expected an open position');
    const fill = open.state.open;
    expect(fill).toMatchObject({ price_e8: priceE8 + 200_000_000n, strike_e8: priceE8, sigma_ppm: 600_000n });
    expect(fill.premium_sats).toBe(fill.fair_sats + fill.spread_sats + fill.skew_sats);
    expect(fill.fair_sats).toBeGreaterThan(53_000n);
    // Paid, and the rest of the maximum is free again.
    expect(await account()).toMatchObject({
      available_sats: 1_000_000n - fill.premium_sats,
      reserved_sats: 0n,
      open_premium_sats: fill.premium_sats,
      open_max_payout_sats: 100_000n
    });
  });

  test('a call wins above the strike, by itself', async () => {
    const settled = await trade(order('first'), priceE8 + cent);
    const receipt = receiptOf(settled);
    expect(receipt).toMatchObject({
      outcome: { win: null },
      price_e8: priceE8 + cent,
      price_minute_ns: settled.expiry_ns,
      payout_sats: 100_000n,
      profit_sats: 100_000n - premiumOf(settled)
    });
    expect(settled.reserved_payout_sats).toBe(0n);
    expect(await account()).toMatchObject({
      available_sats: 1_000_000n + receipt.profit_sats,
      open_premium_sats: 0n,
      open_max_payout_sats: 0n
    });
    const kinds = ok(await exchange.as(alice).get_movements({ after: [], limit: 10n })).rows.map((row) => [row.kind[0], row.amount_sats]);
    expect(kinds).toEqual([
      [{ payout: null }, 100_000n],
      [{ premium: null }, -premiumOf(settled)],
      [{ deposit: null }, 1_000_000n]
    ]);
  });

  test.each([
    ['call', -cent, 'loss'],
    ['call', 0n, 'tie'],
    ['call', cent / 2n - 1n, 'tie'], // the same cent, rounded half-up
    ['call', cent / 2n, 'win'],
    ['call', -cent / 2n, 'tie'],
    ['call', -cent / 2n - 1n, 'loss'],
    ['put', -cent, 'win'],
    ['put', 0n, 'tie'],
    ['put', cent, 'loss']
  ] as const)('a %s whose price ends %s beyond the strike is a %s', async (direction, beyond, outcome) => {
    const settled = await trade(order('first', { instrument: digital(direction, 100_000n) }), priceE8 + beyond);
    const receipt = receiptOf(settled);
    expect(Object.keys(receipt.outcome)).toEqual([outcome]);
    const premium = premiumOf(settled);
    expect(receipt.payout_sats).toBe(outcome === 'win' ? 100_000n : outcome === 'tie' ? premium : 0n);
    expect(receipt.profit_sats).toBe(receipt.payout_sats - premium);
    expect((await account()).available_sats).toBe(1_000_000n + receipt.profit_sats);
  });

  test('a strike given as an offset is taken from the price of the fill', async () => {
    await exchange.setPrice(startNs + minuteNs, priceE8 + 12_345_678n);
    const placed = ok(await exchange.as(alice).place_order(order('first', { strike: { offset: -500_000_000n } })));
    await exchange.advance(2n * minuteNs);
    expect((await position(placed.id)).state).toMatchObject({ open: { strike_e8: priceE8 + 12_345_678n - 500_000_000n } });
  });

  test('orders of one minute fill in order of id, each with the skew of those before it', async () => {
    await exchange.as(operator).set_settings({ ...(await exchange.as().get_market()).settings, max_skew_ppm: 500_000n });
    const payout = { instrument: digital('call', 5_000_000n), max_premium_sats: 4_000_000n };
    await exchange.deposit(bob, 9_000_000n);
    const first = ok(await exchange.as(bob).place_order(order('1', payout)));
    const second = ok(await exchange.as(bob).place_order(order('2', payout)));
    await exchange.advance(2n * minuteNs);
    const [a, b] = [await position(first.id), await position(second.id)];
    if (!('open' in a.state) || !('open' in b.state)) throw new Error('expected open positions');
    // 5 M of 100 M sats: 5 %; then 10 M of what the treasury has by then, the first premium included.
    const fair = a.state.open.fair_sats;
    expect(b.state.open.fair_sats).toBe(fair);
    const ceil = (n: bigint, d: bigint): bigint => (n + d - 1n) / d;
    expect(a.state.open.skew_sats).toBe(ceil(fair * 500_000n * 50_000n, 10n ** 12n));
    const utilisation = ceil(10_000_000n * 1_000_000n, 100_000_000n + a.state.open.premium_sats);
    expect(b.state.open.skew_sats).toBe(ceil(fair * 500_000n * utilisation, 10n ** 12n));
  });

  test('a tenor of four hours settles at the mean of the ten minutes up to its expiry, all ten needed', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('long', { tenor: '4h', max_premium_sats: 70_000n })));
    await exchange.advance(2n * minuteNs);
    await exchange.sleep(placed.expiry_ns - exchange.ic.now() - 20n * minuteNs);
    await exchange.setPrice(placed.expiry_ns, priceE8 + 10_000_000_009n);
    await exchange.advance(22n * minuteNs);
    expect(receiptOf(await position(placed.id))).toMatchObject({ price_e8: priceE8 + 1_000_000_000n, outcome: { win: null } });
  });
});

describe('an order that is sent again', () => {
  test('is the first order, whatever has become of it', async () => {
    const first = ok(await exchange.as(alice).place_order(order('same')));
    expect(ok(await exchange.as(alice).place_order(order('same')))).toEqual(first);
    expect((await account()).reserved_sats).toBe(60_000n);
    await exchange.advance(4n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).place_order(order('same'))))).toBe('settled');
    expect(ok(await exchange.as(alice).get_position_by_client_id('same')).id).toBe(first.id);
  });

  test('with other content is refused', async () => {
    ok(await exchange.as(alice).place_order(order('same')));
    const others = [
      order('same', { max_premium_sats: 60_001n }),
      order('same', { instrument: digital('put', 100_000n) }),
      order('same', { instrument: digital('call', 100_001n) }),
      order('same', { tenor: '5m' }),
      order('same', { strike: { offset: 0n } })
    ];
    for (const other of others)
      expect(refusal(await exchange.as(alice).place_order(other))).toEqual({ kind: 'request', code: { id_reused: null } });
    await exchange.deposit(bob, 100_000n);
    expect(ok(await exchange.as(bob).place_order(order('same', { tenor: '5m' }))).owner).toEqual(bob);
  });
});

describe('cancelling', () => {
  test('releases everything until the fill minute begins', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    await exchange.advance(startNs + minuteNs - 1n - exchange.ic.now());
    const cancelled = ok(await exchange.as(alice).cancel_order(placed.id));
    expect(reasonOf(cancelled)).toBe('by_trader');
    expect(await account()).toMatchObject({ available_sats: 1_000_000n, reserved_sats: 0n });
    expect((await exchange.as().get_market()).treasury_available_sats).toBe(100_000_000n);
    expect(refusal(await exchange.as(alice).cancel_order(placed.id)).code).toEqual({ already_final: null });
    await exchange.advance(4n * minuteNs);
    expect(await position(placed.id)).toEqual(cancelled);
  });

  test('is too late from the first moment of the fill minute', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    await exchange.advance(startNs + minuteNs - exchange.ic.now());
    expect(refusal(await exchange.as(alice).cancel_order(placed.id))).toEqual({ kind: 'request', code: { too_late: null } });
    await exchange.advance(minuteNs);
    expect(refusal(await exchange.as(alice).cancel_order(placed.id)).code).toEqual({ too_late: null });
    await exchange.advance(2n * minuteNs);
    expect(refusal(await exchange.as(alice).cancel_order(placed.id)).code).toEqual({ already_final: null });
  });

  test('is for the owner alone', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    for (const id of [placed.id, 99n, 2n ** 64n - 1n]) {
      expect(refusal(await exchange.as(bob).cancel_order(id))).toEqual({ kind: 'request', code: { not_found: null } });
    }
    expect(stateOf(await position(placed.id))).toBe('pending');
  });
});

describe('an order that does not fill', () => {
  const outcome = async (id: bigint) => {
    const row = await position(id);
    expect(row.reserved_payout_sats).toBe(0n);
    expect(await account()).toMatchObject({ available_sats: 1_000_000n, reserved_sats: 0n });
    return reasonOf(row);
  };

  test('because the premium is above its maximum', async () => {
    // Just enough at the newest price, and a cent too little at the fill.
    const placed = ok(await exchange.as(alice).place_order(order('first', { max_premium_sats: 51_024n })));
    await exchange.setPrice(placed.fill_minute_ns, priceE8 + cent);
    await exchange.advance(2n * minuteNs);
    expect(await outcome(placed.id)).toBe('premium_above_maximum');
  });

  test('because the premium would reach the payout', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first', { max_premium_sats: 100_000n })));
    await exchange.setPrice(placed.fill_minute_ns, priceE8 + 20_000_000_000n);
    await exchange.advance(2n * minuteNs);
    expect(await outcome(placed.id)).toBe('premium_above_maximum');
  });

  test('because there is no price for its minute within three minutes', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    await exchange.exchangeRate.as().set_fault([{ Pending: null }]);
    await exchange.advance(startNs + 4n * minuteNs - exchange.ic.now() - secondNs);
    expect(stateOf(await position(placed.id))).toBe('pending');
    await exchange.advance(10n * secondNs);
    expect(await outcome(placed.id)).toBe('no_price');
  });

  test('because entry was paused meanwhile', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    ok(await exchange.as(operator).pause_entry('We are looking into something.'));
    expect(await outcome(placed.id)).toBe('entry_paused');
    ok(await exchange.as(operator).resume_entry());
    await exchange.advance(2n * minuteNs);
    expect(await outcome(placed.id)).toBe('entry_paused');
  });

  test('because a limit was lowered meanwhile', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    await exchange.changeSettings({ max_expiry_payout_sats: 99_999n });
    await exchange.advance(2n * minuteNs);
    expect(await outcome(placed.id)).toBe('limit_reached');
  });

  test('because the price has moved too far from its strike', async () => {
    // A long tenor, so that a strike at twice the price is worth enough.
    ok(
      await exchange
        .as(operator)
        .set_tenor({ ...fiveMinutes, name: '30d', schedule: { minutes: 43_200n }, volatility: { fixed: { sigma_ppm: 3_000_000n } } })
    );
    const far = order('first', { tenor: '30d', strike: { at: 5_600_000_000_000n } });
    const placed = ok(await exchange.as(alice).place_order(far));
    await exchange.setPrice(startNs + minuteNs, priceE8 - cent);
    await exchange.advance(2n * minuteNs);
    expect(await outcome(placed.id)).toBe('limit_reached');
  });

  test('but an order is filled late when its price comes late', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first', { tenor: '5m' })));
    await exchange.exchangeRate.as().set_fault([{ RateLimited: null }]);
    await exchange.advance(2n * minuteNs);
    await exchange.exchangeRate.as().set_fault([]);
    await exchange.advance(40n * secondNs);
    expect(stateOf(await position(placed.id))).toBe('open');
  });
});

describe('an order is refused', () => {
  const place = async (changes: Parameters<typeof order>[1]) => refusal(await exchange.as(alice).place_order(order('first', changes)));
  afterEach(async () => {
    // Nothing was held back for any of them.
    expect(await account()).toMatchObject({ reserved_sats: 0n });
  });

  test('for a tenor that does not exist or is disabled', async () => {
    expect(await place({ tenor: '7m' })).toEqual({ kind: 'request', code: { unknown_tenor: null } });
    expect((await place({ tenor: 'x'.repeat(500) })).code).toEqual({ unknown_tenor: null });
    ok(await exchange.as(operator).set_tenor({ ...fiveMinutes, enabled: false }));
    expect((await place({ tenor: '5m' })).code).toEqual({ unknown_tenor: null });
  });

  test('for a strike off the grid or out of range', async () => {
    expect((await place({ strike: { at: priceE8 + cent } })).code).toEqual({ strike_off_grid: { grid_e8: 1_000_000_000n } });
    const far = [0n, priceE8 / 2n - 1_000_000_000n, priceE8 * 2n + 1_000_000_000n, 2n ** 63n, 2n ** 64n - 1n];
    for (const at of far) expect((await place({ strike: { at } })).code).toEqual({ strike_out_of_range: null });
    for (const offset of [-priceE8, priceE8 + 1n, -(2n ** 63n), 2n ** 63n - 1n]) {
      expect((await place({ strike: { offset } })).code).toEqual({ strike_out_of_range: null });
    }
  });

  test('for a payout or maximum premium that is too small or too large', async () => {
    expect((await place({ instrument: digital('call', 999n) })).code).toEqual({ below_minimum: { minimum: 1_000n } });
    expect((await place({ instrument: digital('call', 10_000_001n) })).code).toEqual({ above_maximum: { maximum: 10_000_000n } });
    expect((await place({ instrument: digital('call', 2n ** 64n - 1n) })).code).toEqual({ above_maximum: { maximum: 10_000_000n } });
    expect((await place({ instrument: digital('call', 1_000n), max_premium_sats: 99n })).code).toEqual({
      below_minimum: { minimum: 513n }
    });
    expect((await place({ max_premium_sats: 100_001n })).code).toEqual({ above_maximum: { maximum: 100_000n } });
    expect((await place({ max_premium_sats: 2n ** 64n - 1n })).code).toEqual({ above_maximum: { maximum: 100_000n } });
  });

  test('for an id of the wrong length', async () => {
    for (const id of ['', 'x'.repeat(65)]) {
      expect(refusal(await exchange.as(alice).place_order(order(id))).code).toEqual({ invalid: { field: 'client_order_id' } });
    }
  });

  test('without the money for it', async () => {
    expect(refusal(await exchange.as(bob).place_order(order('first'))).code).toEqual({
      insufficient_balance: { available: 0n, required: 60_000n }
    });
    const large = { instrument: digital('call', 1_900_000n), max_premium_sats: 1_000_001n };
    expect((await place(large)).code).toEqual({ insufficient_balance: { available: 1_000_000n, required: 1_000_001n } });
  });

  test('while entry is paused, with the reason', async () => {
    ok(await exchange.as(operator).pause_entry('Maintenance until noon.'));
    expect(await place({})).toEqual({ kind: 'temporary', code: { entry_closed: { reason: 'Maintenance until noon.' } } });
    expect((await exchange.as().get_market()).entry).toEqual({ closed: { reason: 'Maintenance until noon.' } });
    ok(await exchange.as(operator).resume_entry());
    expect((await exchange.as().get_market()).entry).toEqual({ open: null });
  });

  test('while the newest price is older than 180 seconds', async () => {
    await exchange.exchangeRate.as().set_fault([{ Pending: null }]);
    // The newest entry is of the minute before the start.
    await exchange.advance(startNs + 2n * minuteNs - exchange.ic.now());
    expect((await exchange.as().get_market()).entry).toEqual({ open: null });
    await exchange.advance(1n);
    expect(await place({})).toEqual({ kind: 'temporary', code: { price_stale: null } });
    expect((await exchange.as().get_market()).entry).toMatchObject({ closed: {} });
  });

  test('while cycles are low', async () => {
    await exchange.changeSettings({ min_cycles: 10n ** 18n });
    expect((await place({})).code).toMatchObject({ entry_closed: {} });
  });
});

describe('limits and the reserve', () => {
  const big = (id: string, tenor = '1m') => order(id, { instrument: digital('call', 600_000n), max_premium_sats: 400_000n, tenor });
  const placeBoth = async (secondTenor: string) => {
    await exchange.deposit(bob, 1_000_000n);
    ok(await exchange.as(bob).place_order(big('one')));
    return refusal(await exchange.as(bob).place_order(big('two', secondTenor)));
  };

  test('per trader', async () => {
    await exchange.changeSettings({ max_trader_payout_sats: 1_199_999n });
    expect((await placeBoth('5m')).code).toEqual({ limit_reached: { limit: 'trader', maximum: 1_199_999n } });
    ok(await exchange.as(alice).place_order(big('other trader')));
  });

  test('per expiry', async () => {
    await exchange.changeSettings({ max_expiry_payout_sats: 1_199_999n });
    expect((await placeBoth('1m')).code).toEqual({ limit_reached: { limit: 'expiry', maximum: 1_199_999n } });
    ok(await exchange.as(alice).place_order(big('other expiry', '5m')));
  });

  test('overall', async () => {
    await exchange.changeSettings({ max_total_payout_sats: 1_199_999n });
    expect((await placeBoth('5m')).code).toEqual({ limit_reached: { limit: 'total', maximum: 1_199_999n } });
  });

  test('a limit is free again when the position is final', async () => {
    await exchange.changeSettings({ max_total_payout_sats: 600_000n });
    const first = ok(await exchange.as(alice).place_order(big('one')));
    ok(await exchange.as(alice).cancel_order(first.id));
    ok(await exchange.as(alice).place_order(big('two')));
    await exchange.advance(4n * minuteNs);
    ok(await exchange.as(alice).place_order(big('three')));
  });

  test('a payout the treasury could not pay in full is refused', async () => {
    const small = await openExchange({ treasury: 300_000n });
    await small.deposit(alice, 1_000_000n);
    const sized = (id: string, sats: bigint) =>
      order(id, { instrument: digital('call', sats), tenor: '5m', max_premium_sats: (sats * 6n) / 10n });
    for (const id of ['one', 'two']) {
      ok(await small.as(alice).place_order(sized(id, 150_000n)));
      await small.advance(minuteNs + 40n * secondNs);
    }
    const { treasury_available_sats: available } = await small.as().get_market();
    expect(available).toBeLessThan(170_000n);
    expect(refusal(await small.as(alice).place_order(sized('three', 170_000n))).code).toEqual({ treasury_cannot_cover: { available } });
    const quote = await small.as(alice).quote({ instrument: digital('call', 170_000n), tenor: '1m', strike: { at: priceE8 } });
    expect(refusal(quote).code).toEqual({ treasury_cannot_cover: { available } });
    await small.close();
  });
});

describe('a quote', () => {
  const request = { instrument: digital('call', 100_000n), tenor: '1m', strike: { at: priceE8 } };

  test('shows the parts, and is what an order costs if the price stays', async () => {
    const quote = ok(await exchange.as(alice).quote(request));
    expect(quote).toMatchObject({
      price_e8: priceE8,
      strike_e8: priceE8,
      sigma_ppm: 600_000n,
      fill_minute_ns: startNs + minuteNs,
      expiry_ns: startNs + 2n * minuteNs,
      max_payout_sats: 100_000n,
      premium_sats: quote.fair_sats + quote.spread_sats + quote.skew_sats
    });
    // at the money, one minute, 60 %: N(s / 2) = 50.0165 %; spread 2 %; skew 10 % at 0.1 % used
    expect([quote.fair_sats, quote.spread_sats, quote.skew_sats]).toEqual([50_017n, 1_001n, 6n]);
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    await exchange.advance(2n * minuteNs);
    expect(premiumOf(await position(placed.id))).toBe(quote.premium_sats);
  });

  test('is refused for the same reasons as an order, and where there is nothing to win', async () => {
    const ask = async (changes: Partial<typeof request>) => refusal(await exchange.as(alice).quote({ ...request, ...changes })).code;
    expect(await ask({ tenor: 'none' })).toEqual({ unknown_tenor: null });
    expect(await ask({ strike: { at: priceE8 + 1n } })).toEqual({ strike_off_grid: { grid_e8: 1_000_000_000n } });
    expect(await ask({ instrument: digital('call', 1n) })).toEqual({ below_minimum: { minimum: 1_000n } });
    expect(await ask({ strike: { at: 2_600_000_000_000n } })).toEqual({ strike_out_of_range: null });
  });
});

describe('settling', () => {
  const openPosition = async (): Promise<Position> => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    await exchange.advance(startNs + 2n * minuteNs - secondNs - exchange.ic.now());
    return position(placed.id);
  };

  test('answers when a position is not due, or has no price yet', async () => {
    const pending = ok(await exchange.as(alice).place_order(order('other', { tenor: '5m' })));
    const open = await openPosition();
    expect(refusal(await exchange.as(bob).settle(pending.id)).code).toEqual({ not_due: { due_ns: pending.expiry_ns } });
    expect(refusal(await exchange.as(bob).settle(open.id))).toEqual({ kind: 'temporary', code: { not_due: { due_ns: open.expiry_ns } } });
    await exchange.advance(secondNs);
    expect(refusal(await exchange.as(bob).settle(open.id))).toEqual({
      kind: 'temporary',
      code: { no_price_yet: { minute_ns: open.expiry_ns } }
    });
    expect(refusal(await exchange.as(bob).settle(99n)).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(bob).settle(2n ** 64n - 1n)).code).toEqual({ not_found: null });
  });

  test('by hand, again and again, by anybody, gives the one receipt and pays once', async () => {
    const open = await openPosition();
    await exchange.setPrice(open.expiry_ns, priceE8 + cent);
    await exchange.advance(minuteNs);
    const receipt = receiptOf(await position(open.id));
    const { available_sats } = await account();
    for (const who of [alice, bob, operator]) expect(ok(await exchange.as(who).settle(open.id))).toEqual(receipt);
    expect((await account()).available_sats).toBe(available_sats);
    const movements = ok(await exchange.as(alice).get_movements({ after: [], limit: 50n })).rows;
    expect(movements.filter((row) => row.kind[0] !== undefined && 'payout' in row.kind[0])).toHaveLength(1);
  });

  test('a cancelled order has nothing to settle', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('first')));
    ok(await exchange.as(alice).cancel_order(placed.id));
    expect(refusal(await exchange.as(alice).settle(placed.id)).code).toEqual({ already_final: null });
  });

  test('goes on while entry is paused, and after the price came late', async () => {
    const open = await openPosition();
    ok(await exchange.as(operator).pause_entry('Paused for a test.'));
    await exchange.exchangeRate.as().set_fault([{ StablecoinRateTooFewRates: null }]);
    await exchange.advance(10n * minuteNs);
    expect(stateOf(await position(open.id))).toBe('open');
    expect(ok(await exchange.as(operator).get_overview())).toMatchObject({ positions: { due_unsettled: 1n } });
    await exchange.exchangeRate.as().set_fault([]);
    await exchange.advance(11n * minuteNs);
    expect(receiptOf(await position(open.id)).price_minute_ns).toBe(open.expiry_ns);
    expect(ok(await exchange.as(operator).get_overview())).toMatchObject({ positions: { due_unsettled: 0n }, waiting: { set_aside: 0n } });
  });
});

describe('lists of positions', () => {
  test('in pages, newest first for the trader, filtered by state', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) ok(await exchange.as(alice).place_order(order(id, { tenor: id === 'e' ? '5m' : '1m' })));
    ok(await exchange.as(alice).cancel_order(1n));
    await exchange.advance(3n * minuteNs);
    const list = async (filter: 'all' | 'active' | 'finished', limit: bigint, after: [] | [bigint] = []) =>
      ok(await exchange.as(alice).get_positions({ filter: { [filter]: null } as { all: null }, page: { after, limit } }));
    const first = await list('all', 3n);
    expect(first.rows.map((row) => row.id)).toEqual([4n, 3n, 2n]);
    expect((await list('all', 3n, first.next)).rows.map((row) => row.id)).toEqual([1n, 0n]);
    expect((await list('active', 3n)).rows.map((row) => row.id)).toEqual([4n]);
    expect((await list('finished', 10n)).rows.map((row) => row.id)).toEqual([3n, 2n, 1n, 0n]);
    const all = ok(await exchange.as(operator).list_positions({ filter: { finished: null }, page: { after: [1n], limit: 10n } }));
    expect(all.rows.map((row) => row.id)).toEqual([2n, 3n]);
    expect(ok(await exchange.as(bob).get_positions({ filter: { all: null }, page: { after: [], limit: 1n } })).rows).toEqual([]);
    for (const limit of [0n, 201n, 2n ** 64n - 1n]) {
      const answer = await exchange.as(alice).get_positions({ filter: { all: null }, page: { after: [], limit } });
      expect(refusal(answer).code).toEqual({ invalid: { field: 'limit' } });
    }
    expect((await list('all', 3n, [2n ** 64n - 1n])).rows).toHaveLength(3);
  });

  test("another's position is as good as absent", async () => {
    const placed = ok(await exchange.as(alice).place_order(order('mine')));
    expect(refusal(await exchange.as(bob).get_position(placed.id)).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(bob).get_position(77n)).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(bob).get_position_by_client_id('mine')).code).toEqual({ not_found: null });
    expect(ok(await exchange.as(operator).get_position(placed.id)).owner).toEqual(alice);
  });
});

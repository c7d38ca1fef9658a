import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allRows } from './support/books.ts';
import { alice, fiveMinutes, minuteTenor, ok, openExchange, order, priceE8, stateOf, type Exchange } from './support/exchange.ts';
import { minuteNs, secondNs, startNs } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange({ tenors: [minuteTenor, fiveMinutes] });
  await exchange.deposit(alice, 1_000_000n);
});
afterEach(() => exchange.close());

describe('an upgrade', () => {
  test('in the middle of everything keeps the state and arms the timers again', async () => {
    const long = ok(await exchange.as(alice).place_order(order('open', { tenor: '5m' })));
    await exchange.advance(2n * minuteNs);
    const pending = ok(await exchange.as(alice).place_order(order('pending')));
    await exchange.approve(alice, 500_000n);
    await exchange.ledger.as().set_fault([{ trap_before: null }]);
    ok(await exchange.as(alice).deposit({ request_id: 'in transit', amount_sats: 50_000n }));
    const before = {
      overview: ok(await exchange.as().get_overview()),
      account: ok(await exchange.as(alice).get_account()),
      market: await exchange.as().get_market(),
      positions: await allRows((page) => exchange.as().list_positions({ filter: { all: null }, page })),
      audit: await allRows((page) => exchange.as().list_audit(page))
    };

    await exchange.upgrade();

    expect(ok(await exchange.as().get_overview())).toEqual(before.overview);
    expect(ok(await exchange.as(alice).get_account())).toEqual(before.account);
    expect(await exchange.as().get_market()).toEqual(before.market);
    expect(await allRows((page) => exchange.as().list_positions({ filter: { all: null }, page }))).toEqual(before.positions);
    expect(await allRows((page) => exchange.as().list_audit(page))).toEqual(before.audit);

    await exchange.ledger.as().set_fault([]);
    await exchange.setPrice(long.expiry_ns, priceE8 + 1_000_000n);
    await exchange.advance(6n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_position(pending.id)))).toBe('settled');
    expect(stateOf(ok(await exchange.as(alice).get_position(long.id)))).toBe('settled');
    expect(ok(await exchange.as(alice).get_deposit('in transit')).state).toMatchObject({ credited: {} });
    // The oracle goes on at second 31.
    const minute = (exchange.ic.now() / minuteNs - 1n) * minuteNs;
    expect((await exchange.as().get_price(minute))[0]?.recorded_ns).toBe(minute + 31n * secondNs);
  });

  test('that lasts minutes asks for the prices it missed and needs', async () => {
    const placed = ok(await exchange.as(alice).place_order(order('open')));
    await exchange.advance(startNs + 110n * secondNs - exchange.ic.now());
    expect(stateOf(ok(await exchange.as(alice).get_position(placed.id)))).toBe('open');
    await exchange.sleep(20n * minuteNs);
    await exchange.upgrade();
    await exchange.advance(30n * secondNs);
    const settled = ok(await exchange.as(alice).get_position(placed.id));
    expect(settled.state).toMatchObject({ settled: { receipt: { price_minute_ns: placed.expiry_ns } } });
    expect((await exchange.as().get_price(placed.expiry_ns))[0]?.recorded_ns).toBeGreaterThan(placed.expiry_ns + 19n * minuteNs);
  });

  test('many times over keeps the books right', async () => {
    for (let round = 0; round < 5; round += 1) {
      ok(await exchange.as(alice).place_order(order(`round ${round}`)));
      await exchange.advance(50n * secondNs);
      await exchange.upgrade();
    }
    await exchange.advance(3n * minuteNs);
    const positions = await allRows((page) => exchange.as().list_positions({ filter: { all: null }, page }));
    expect(positions.map(stateOf)).toEqual(Array(5).fill('settled'));
  });
});

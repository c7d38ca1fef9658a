import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, ok, openExchange, order, priceE8, stateOf, type Exchange } from './support/exchange.ts';
import { minuteNs, startNs } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
});
afterEach(() => exchange.close());

describe('an order', () => {
  test('fills at the price of its fill minute, expires and pays', async () => {
    await exchange.deposit(alice, 1_000_000n);
    const trader = exchange.as(alice);
    const placed = ok(await trader.place_order(order('first')));
    expect(stateOf(placed)).toBe('pending');
    expect(placed.fill_minute_ns).toBe(startNs + minuteNs);
    expect(placed.expiry_ns).toBe(startNs + 2n * minuteNs);
    await exchange.setPrice(startNs + 2n * minuteNs, priceE8 + 100_000_000n);
    await exchange.advance(2n * minuteNs);
    const open = ok(await trader.get_position(placed.id));
    expect(stateOf(open)).toBe('open');
    console.log(open.state, await exchange.as().get_market(), await exchange.as().get_overview());
    await exchange.advance(minuteNs);
    const settled = ok(await trader.get_position(placed.id));
    expect(stateOf(settled)).toBe('settled');
    console.log(settled.state, await trader.get_movements({after: [], limit: 10n}));
  });
});

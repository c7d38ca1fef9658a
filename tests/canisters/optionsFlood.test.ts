import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, bob, digital, ok, openExchange, order, refusal, stateOf, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, person, secondNs } from './support/standins.ts';

// What one person can do, for free or nearly so, to keep others out.

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
});
afterEach(() => exchange.close());

/** A funded trader. */
async function newcomer(name: string, sats: bigint) {
  const who = person(name);
  await exchange.ledger.as().mint_test_bitcoin({ to: { owner: who, subaccount: [] }, amount: sats + 1_000n });
  await exchange.deposit(who, sats);
  return exchange.as(who);
}

describe('orders that hold the treasury back', () => {
  test('must offer at least what they would cost now', async () => {
    await exchange.deposit(bob, 1_000_000n);
    for (const name of ['one', 'two']) {
      const trader = await newcomer(name, 10_000n);
      const free = order('free', { instrument: digital('call', 10_000_000n), max_premium_sats: 10_000n });
      const quote = ok(await trader.quote({ instrument: free.instrument, tenor: free.tenor, strike: free.strike }));
      const answer = await trader.place_order(free);
      expect(refusal(answer)).toEqual({ kind: 'request', code: { below_minimum: { minimum: quote.premium_sats } } });
      expect('err' in answer && answer.err.message).toContain(quote.premium_sats.toLocaleString('en-US'));
    }
    ok(await exchange.as(bob).place_order(order('honest')));
  });

  test('are at most twenty a trader until they are filled or cancelled', async () => {
    await exchange.deposit(alice, 5_000_000n);
    await exchange.deposit(bob, 100_000n);
    for (let index = 0; index < 20; index += 1) ok(await exchange.unchecked(alice).place_order(order(`${index}`)));
    await exchange.checkBooks();
    const full = { kind: 'request', code: { limit_reached: { limit: 'pending orders', maximum: 20n } } };
    expect(refusal(await exchange.as(alice).place_order(order('more')))).toEqual(full);
    ok(await exchange.as(bob).place_order(order('of another')));
    ok(await exchange.as(alice).cancel_order(0n));
    ok(await exchange.as(alice).place_order(order('instead')));
    expect(refusal(await exchange.as(alice).place_order(order('more')))).toEqual(full);
    await exchange.advance(minuteNs + 40n * secondNs);
    ok(await exchange.as(alice).place_order(order('after the fills')));
  });

  test('hold at most half of the treasury together; what fills makes room', async () => {
    const small = await openExchange({ treasury: 1_000_000n });
    await small.deposit(alice, 1_000_000n);
    await small.deposit(bob, 1_000_000n);
    const sized = (id: string, sats: bigint) => order(id, { instrument: digital('call', sats), max_premium_sats: (sats * 6n) / 10n });
    ok(await small.as(alice).place_order(sized('a', 400_000n)));
    expect(refusal(await small.as(bob).place_order(sized('b', 100_001n)))).toEqual({
      kind: 'request',
      code: { limit_reached: { limit: 'pending orders together', maximum: 500_000n } }
    });
    ok(await small.as(bob).place_order(sized('b', 100_000n)));
    await small.advance(minuteNs + 40n * secondNs);
    ok(await small.as(bob).place_order(sized('c', 400_000n)));
    await small.close();
  });
});

describe('orders that are cancelled again and again', () => {
  test('are at most a hundred a trader and day: each stays in the memory for ever and costs its trader nothing', async () => {
    await exchange.deposit(alice, 100_000n);
    await exchange.deposit(bob, 100_000n);
    const trader = exchange.unchecked(alice);
    for (let index = 0; index < 100; index += 1) {
      const { id } = ok(await trader.place_order(order(`${index}`)));
      ok(await trader.cancel_order(id));
    }
    await exchange.checkBooks();
    const answer = await exchange.as(alice).place_order(order('one more'));
    expect(refusal(answer)).toEqual({ kind: 'temporary', code: { limit_reached: { limit: 'cancelled orders of a day', maximum: 100n } } });
    // Nobody else is held up, and a resend is answered as ever.
    ok(await exchange.as(bob).place_order(order('of another')));
    expect(stateOf(ok(await exchange.as(alice).place_order(order('99'))))).toBe('cancelled');
    const midnight = (exchange.ic.now() / dayNs + 1n) * dayNs;
    expect('err' in answer && answer.err.retry_after_s).toEqual([(midnight - exchange.ic.now()) / secondNs + 1n]);
    await exchange.sleep(midnight - exchange.ic.now());
    await exchange.advance(40n * secondNs);
    ok(await exchange.as(alice).place_order(order('one more')));
  });
});

describe('deposits that never come to anything', () => {
  test('don’t hold an honest one back while the ledger has trouble', async () => {
    await exchange.ledger.as().set_fault([{ trap_before: null }]);
    for (let index = 0; index < 70; index += 1) {
      ok(await exchange.unchecked(person(`flood ${index}`)).deposit({ request_id: 'x', amount_sats: 1_000n }));
    }
    await exchange.approve(alice, 50_000n);
    ok(await exchange.unchecked(alice).deposit({ request_id: 'honest', amount_sats: 50_000n }));
    await exchange.ledger.as().set_fault([]);
    await exchange.advance(60n * secondNs);
    expect(Object.keys(ok(await exchange.as(alice).get_deposit('honest')).state)).toEqual(['credited']);
  });
});

test('an order at the exact start of a minute belongs to the next one', async () => {
  await exchange.deposit(alice, 1_000_000n);
  const first = ok(await exchange.as(alice).place_order(order('first')));
  await exchange.advance(first.fill_minute_ns - exchange.ic.now() - 1n);
  expect(ok(await exchange.as(alice).place_order(order('last moment'))).fill_minute_ns).toBe(first.fill_minute_ns);
  await exchange.advance(1n);
  const next = ok(await exchange.as(alice).place_order(order('next')));
  expect([stateOf(next), next.fill_minute_ns]).toEqual(['pending', first.fill_minute_ns + minuteNs]);
});

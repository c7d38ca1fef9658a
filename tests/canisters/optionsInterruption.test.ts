import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, expect, test } from 'vitest';
import { alice, bob, fee, ok, openExchange, order, owner, refusal, stateOf, type Exchange } from './support/exchange.ts';
import { installProbe } from './support/probe.ts';
import { minuteNs, secondNs } from './support/standins.ts';

interface HoldingRates {
  set_holding(on: boolean): Promise<void>;
  waits(): Promise<bigint>;
}
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({ set_holding: IDL.Func([IDL.Bool], [], []), waits: IDL.Func([], [IDL.Nat], ['query']) });

let exchange: Exchange;
afterEach(() => exchange.close());

const to = (who: Principal) => ({ owner: who, subaccount: [] as [] });

test('withdrawals and orders all at once pay what is there, once', async () => {
  exchange = await openExchange();
  await exchange.deposit(alice, 1_000_000n);
  const trader = exchange.unchecked(alice);
  const before = await exchange.onLedger(bob);
  const withdraw = (id: string) => trader.withdraw({ request_id: id, amount_sats: 600_000n, to: to(bob) });
  const same = Array.from({ length: 6 }, () => withdraw('same'));
  const others = Array.from({ length: 6 }, (_, index) => withdraw(`other ${index}`));
  const race = order('race', { max_premium_sats: 100_000n });
  await Promise.all([...same, ...others, trader.place_order(race), trader.place_order(race)]);
  await exchange.checkBooks();
  expect((await exchange.onLedger(bob)) - before).toBe(600_000n - fee);
  expect(ok(await exchange.as(alice).get_account())).toMatchObject({ available_sats: 300_000n, reserved_sats: 100_000n });
});

test('what orders hold back can not be withdrawn from the treasury at the same time', async () => {
  exchange = await openExchange({ treasury: 200_000n });
  await exchange.deposit(alice, 1_000_000n);
  const drain = () => exchange.unchecked(owner).withdraw_treasury({ request_id: 'drain', amount_sats: 150_000n, to: to(owner) });
  const [first, placed] = await Promise.all([drain(), exchange.unchecked(alice).place_order(order('a')), drain()]);
  await exchange.checkBooks();
  // Whoever came first has the money; the other is refused.
  if ('ok' in placed) refusal(first);
  else ok(first);
});

test('lost answers, stops and an upgrade in a row end in one transfer each', async () => {
  exchange = await openExchange();
  await exchange.deposit(alice, 1_000_000n);
  const before = await exchange.onLedger(bob);
  await exchange.approve(alice, 70_000n);
  await exchange.ledger.as().set_fault([{ trap_after: null }]);
  ok(await exchange.unchecked(alice).withdraw({ request_id: 'w', amount_sats: 500_000n, to: to(bob) }));
  ok(await exchange.unchecked(alice).deposit({ request_id: 'd', amount_sats: 70_000n }));
  await exchange.ic.stopCanister(exchange.id);
  await exchange.ic.startCanister(exchange.id);
  await exchange.ic.advance(2n * minuteNs);
  await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
  await exchange.ic.advance(10n * minuteNs);
  await exchange.ic.stopCanister(exchange.ledger.id);
  await exchange.ic.advance(3n * minuteNs);
  await exchange.ic.startCanister(exchange.ledger.id);
  await exchange.ledger.as().set_fault([]);
  exchange.unattributed = 70_000n - 500_000n; // done on the ledger, still in transit in the books
  await exchange.upgrade();
  exchange.unattributed = 0n;
  await exchange.advance(12n * minuteNs);
  expect(Object.keys(ok(await exchange.as(alice).get_withdrawal('w')).state)).toEqual(['paid']);
  expect(Object.keys(ok(await exchange.as(alice).get_deposit('d')).state)).toEqual(['credited']);
  expect((await exchange.onLedger(bob)) - before).toBe(500_000n - fee);
});

test('a stop and an upgrade while a price question is out leave no order behind', async () => {
  let id = Principal.anonymous();
  exchange = await openExchange({ exchangeRate: async (ic) => (id = await installProbe(ic, 'HoldingRates')) });
  const rates = exchange.ic.actor<HoldingRates>(idlFactory, id);
  await exchange.deposit(alice, 1_000_000n);
  const short = ok(await exchange.as(alice).place_order(order('short')));
  const long = ok(await exchange.as(alice).place_order(order('long', { tenor: '5m' })));
  await exchange.advance(short.fill_minute_ns + 30n * secondNs - exchange.ic.now());
  await rates.set_holding(true);
  const moving = exchange.ic.advance(secondNs); // the round at second 31 asks for the price
  await expect.poll(() => rates.waits()).toBe(1n);
  // The canister finishes what it began while it stops; its own messages are refused meanwhile.
  const stopped = exchange.ic.stopCanister(exchange.id);
  await expect.poll(() => exchange.ic.engine.canister(exchange.id)?.status).toBe('stopping');
  await rates.set_holding(false);
  await stopped;
  await moving;
  await exchange.upgrade();
  await exchange.advance(30n * secondNs);
  const states = async () => [
    stateOf(ok(await exchange.as(alice).get_position(short.id))),
    stateOf(ok(await exchange.as(alice).get_position(long.id)))
  ];
  expect(await states()).toEqual(['open', 'open']);
  await exchange.advance(6n * minuteNs);
  expect(await states()).toEqual(['settled', 'settled']);
  expect(ok(await exchange.as().get_overview()).waiting.set_aside).toBe(0n);
});

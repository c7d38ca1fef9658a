import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc } from 'local-ic';
import { afterEach, describe, expect, test } from 'vitest';
import {
  alice, bob, digital, fee, fiveMinutes, fourHours, minuteTenor, ok, openExchange, operator, optionsWasm, order, owner, priceE8, reasonOf, refusal, stateOf,
  type Exchange
} from './support/exchange.ts';
import { dayNs, minuteNs, person, secondNs, startNs } from './support/standins.ts';

let exchange: Exchange;
afterEach(() => exchange.close());
const to = (who: Principal) => ({ owner: who, subaccount: [] as [] });
const moment = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function probe(ic: LocalIc, name: string, source: string): Promise<Principal> {
  const dir = join(tmpdir(), 'attack');
  mkdirSync(dir, { recursive: true });
  const entry = join(dir, `${name}.mo`);
  writeFileSync(entry, source);
  const { wasm } = await compileMotoko({ entry, cacheDir: join(dir, 'cache') });
  const id = await ic.createCanister();
  await ic.installCode({ canisterId: id, wasm, arg: new Uint8Array(IDL.encode([], [])), mode: 'install' });
  return id;
}

/** An exchange rate canister that holds back its answers while `hold` is on. */
const holdingRates = `
import Time "mo:core/Time";
import Int "mo:core/Int";
import Nat64 "mo:core/Nat64";
persistent actor {
  type Asset = { symbol : Text; class_ : { #Cryptocurrency; #FiatCurrency } };
  type Rate = { base_asset : Asset; quote_asset : Asset; timestamp : Nat64; rate : Nat64; metadata : { decimals : Nat32; base_asset_num_received_rates : Nat64;
    base_asset_num_queried_sources : Nat64; quote_asset_num_received_rates : Nat64; quote_asset_num_queried_sources : Nat64; standard_deviation : Nat64; forex_timestamp : ?Nat64 } };
  var hold = false;
  var waiting = 0;
  var rate : Nat64 = 28_000_000_000_000;
  public func set_hold(value : Bool) : async () { hold := value };
  public func set_rate(value : Nat64) : async () { rate := value };
  public query func waits() : async Nat { waiting };
  func pass() : async () {};
  public func get_exchange_rate(request : { base_asset : Asset; quote_asset : Asset; timestamp : ?Nat64 }) : async { #Ok : Rate; #Err : { #Pending } } {
    let seconds = switch (request.timestamp) { case (?t) t; case null (Nat64.fromNat(Int.abs(Time.now())) / 1_000_000_000 - 30) };
    waiting += 1;
    while (hold) await pass();
    waiting -= 1;
    let timestamp = seconds / 60 * 60;
    #Ok { base_asset = request.base_asset; quote_asset = request.quote_asset; timestamp; rate; metadata = { decimals = 9; base_asset_num_received_rates = 5;
      base_asset_num_queried_sources = 5; quote_asset_num_received_rates = 0; quote_asset_num_queried_sources = 0; standard_deviation = 0; forex_timestamp = null } };
  };
};`;
interface Holding { set_hold(on: boolean): Promise<void>; set_rate(rate: bigint): Promise<void>; waits(): Promise<bigint> }
const holdingIdl: IDL.InterfaceFactory = () =>
  IDL.Service({ set_hold: IDL.Func([IDL.Bool], [], []), set_rate: IDL.Func([IDL.Nat64], [], []), waits: IDL.Func([], [IDL.Nat], ['query']) });

describe('S1: an upgrade while a price question is out', () => {
  test('pending orders are neither set aside nor stuck', async () => {
    let rates: Principal | undefined;
    exchange = await openExchange({ exchangeRate: async (ic) => (rates = await probe(ic, 'HoldingRates', holdingRates)) });
    const actor = exchange.ic.actor<Holding>(holdingIdl, rates as unknown as Principal);
    await exchange.deposit(alice, 1_000_000n);
    const placed = ok(await exchange.as(alice).place_order(order('victim')));
    const open = ok(await exchange.as(alice).place_order(order('victim 2', { tenor: '5m' })));
    await exchange.advance(placed.fill_minute_ns + 30n * secondNs - exchange.ic.now());
    await actor.set_hold(true);
    const moving = exchange.ic.advance(secondNs); // second 31: the round asks for the price, the answer is held back
    for (let i = 0; i < 100 && (await actor.waits()) === 0n; i += 1) await moment();
    expect(await actor.waits()).toBe(1n);
    const stopped = exchange.ic.stopCanister(exchange.id); // the operator's routine upgrade begins: stop, upgrade, start
    await moment();
    console.log('S1 status', exchange.ic.engine.canister(exchange.id)?.status, await exchange.ic.engine.now(), placed.fill_minute_ns);
    exchange.ic.engine.setLog((line) => console.log('LOG', line));
    await actor.set_hold(false);
    await stopped;
    await moving;
    await exchange.upgrade();
    await exchange.advance(10n * minuteNs);
    const overview = ok(await exchange.as().get_overview());
    const states = [stateOf(ok(await exchange.as(alice).get_position(placed.id))), stateOf(ok(await exchange.as(alice).get_position(open.id)))];
    const account = ok(await exchange.as(alice).get_account());
    const cancel = await exchange.as(alice).cancel_order(placed.id);
    console.log('S1', states, 'set aside', overview.set_aside, account, JSON.stringify(cancel, (_, v) => (typeof v === 'bigint' ? String(v) : v)));
    expect({ states, setAside: overview.set_aside }).toEqual({ states: ['settled', 'settled'], setAside: 0n });
  });
});

describe('S2: free orders', () => {
  test('ten orders that can never fill do not close the exchange to others', async () => {
    exchange = await openExchange({ treasury: 100_000_000n });
    await exchange.deposit(bob, 1_000_000n);
    const sybils = Array.from({ length: 2 }, (_, i) => person(`sybil ${i}`));
    for (const who of sybils) {
      await exchange.ledger.as().mint_test_bitcoin({ to: to(who), amount: 10_000n });
      await exchange.deposit(who, 1_000n);
      for (let i = 0; i < 5; i += 1) {
        // At the money, worth 5,000,000 sats, offered 100: it can't fill and costs nothing.
        ok(await exchange.as(who).place_order(order(`free ${i}`, { instrument: digital('call', 10_000_000n), max_premium_sats: 100n })));
      }
    }
    const honest = await exchange.as(bob).place_order(order('honest'));
    console.log('S2', 'err' in honest ? honest.err.message : 'ok');
    await exchange.advance(2n * minuteNs);
    const left = ok(await exchange.as(sybils[0]).get_account());
    console.log('S2 attacker keeps', left.available_sats);
    expect('ok' in honest).toBe(true);
  });
  test('place and cancel for ever leaves records', async () => {
    exchange = await openExchange({ treasury: 100_000_000n });
    await exchange.deposit(alice, 1_000n);
    const plain = exchange.unchecked(alice);
    for (let i = 0; i < 300; i += 1) {
      const made = ok(await plain.place_order(order(`${'\u{1F4A3}'.repeat(60)}${i}`, { max_premium_sats: 100n })));
      ok(await plain.cancel_order(made.id));
    }
    const overview = ok(await exchange.as().get_overview());
    console.log('S2b records left', overview.cancelled, 'attacker has', ok(await plain.get_account()).available_sats);
    expect(overview.cancelled).toBeLessThan(300n);
  });
});

describe('S3: journal entries for free', () => {
  test('deposits without an approval leave nothing behind', async () => {
    exchange = await openExchange();
    const before = (await exchange.as().list_deposits({ after: [], limit: 200n }));
    const plain = (i: number) => exchange.unchecked(person(`nobody ${i}`));
    for (let i = 0; i < 50; i += 1) refusal(await plain(i).deposit({ request_id: '\u{1F4A3}'.repeat(64), amount_sats: 1_000n }));
    const after = (await exchange.as().list_deposits({ after: [], limit: 200n }));
    expect(ok(after).rows.length - ok(before).rows.length).toBe(0);
  });
  test('a flood of unfunded deposits while the ledger stops does not hold an honest one back', async () => {
    exchange = await openExchange();
    await exchange.ic.stopCanister(exchange.ledger.id);
    for (let i = 0; i < 400; i += 1) await exchange.unchecked(person(`flood ${i}`)).deposit({ request_id: 'x', amount_sats: 1_000n });
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.approve(alice, 50_000n);
    await exchange.ledger.as().set_fault([{ trap_after: null }]);
    ok(await exchange.unchecked(alice).deposit({ request_id: 'honest', amount_sats: 50_000n }));
    await exchange.ledger.as().set_fault([]);
    await exchange.ic.advance(5n * minuteNs);
    const state = ok(await exchange.unchecked(alice).get_deposit('honest')).state;
    console.log('S3b after 5 min', state);
    await exchange.ic.advance(15n * minuteNs);
    console.log('S3b after 20 min', ok(await exchange.unchecked(alice).get_deposit('honest')).state);
    expect(Object.keys(state)[0]).toBe('credited');
  });
});

describe('S4: ingress', () => {
  test('anonymous updates and megabytes are turned away before they cost cycles', async () => {
    exchange = await openExchange();
    const anonymous = await exchange.unchecked(Principal.anonymous()).place_order(order('x')).catch((e: unknown) => e);
    const big = await exchange.unchecked(alice).deposit({ request_id: 'x'.repeat(1_900_000), amount_sats: 1_000n }).catch((e: unknown) => e);
    console.log('S4', anonymous, big);
    expect(anonymous).toBeInstanceOf(Error);
    expect(big).toBeInstanceOf(Error);
  });
});

describe('S5: lottery tickets', () => {
  test('a far strike costs a fair share of its payout', async () => {
    exchange = await openExchange();
    for (const tenor of ['1m', '5m']) {
      for (const offset of [priceE8 / 200n, priceE8 / 100n, priceE8 / 50n]) {
        const quote = ok(await exchange.as(alice).quote({ instrument: digital('call', 10_000_000n), tenor, strike: { offset } }));
        console.log('S5', tenor, `${Number(offset * 10_000n / priceE8) / 100} %`, quote.fair_sats, quote.premium_sats, 'of', quote.max_payout_sats);
      }
    }
    const quote = ok(await exchange.as(alice).quote({ instrument: digital('call', 10_000_000n), tenor: '5m', strike: { offset: priceE8 / 100n } }));
    expect(quote.premium_sats).toBeGreaterThanOrEqual(10_000n); // 0.1 % of the payout: what 5-minute moves of 1 % really happen
  });
});

describe('S6: operators', () => {
  test('an operator cannot close withdrawals by settings', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const { settings } = await exchange.as().get_market();
    const answer = await exchange.as(operator).set_settings({ ...settings, min_withdrawal_sats: 2_100_000_000_000_000n });
    const out = await exchange.as(alice).withdraw({ request_id: 'all', amount_sats: 1_000_000n, to: to(alice) });
    console.log('S6', 'ok' in answer, 'err' in out ? out.err.message : 'paid');
    expect('ok' in out).toBe(true);
  });
  test('the rest of an account below the minimum can be withdrawn', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_500n);
    ok(await exchange.as(alice).withdraw({ request_id: 'a', amount_sats: 1_000n, to: to(alice) }));
    const out = await exchange.as(alice).withdraw({ request_id: 'rest', amount_sats: 500n, to: to(alice) });
    expect('ok' in out).toBe(true);
  });
});

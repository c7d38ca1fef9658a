import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc } from 'local-ic';
import { afterEach, describe, expect, test } from 'vitest';
import { alice, bob, digital, fee, fiveMinutes, minuteTenor, ok, openExchange, operator, order, owner, priceE8, refusal, stateOf, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, person, secondNs, startNs } from './support/standins.ts';

let exchange: Exchange;
afterEach(() => exchange.close());
const to = (who: Principal) => ({ owner: who, subaccount: [] as [] });
const moment = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const str = (x: unknown): string => JSON.stringify(x, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v));

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

const legacySource = `
import Time "mo:core/Time";
import Float "mo:core/Float";
import Int64 "mo:core/Int64";
persistent actor {
  type Position = { id : Nat; user : Principal; option_type : { #Call; #Put }; strike_price : Float; entry_price : Float; expiry : Text; size : Float; entry_premium : Float;
    current_value : Float; pnl : Float; status : { #Active; #Settled }; opened_at : Int; settled_at : ?Int; settlement_price : ?Float };
  var position : ?Position = null;
  var sentCount = 0; var failReads = false; var yesOnly = false; var lose = false; var entry : Float = 28_000.0;
  public func set(fail : Bool, yes : Bool, losing : Bool) : async () { failReads := fail; yesOnly := yes; lose := losing };
  public query func sent() : async Nat { sentCount };
  public func open(opened_at : Int, strike : Float, entry_price : Float, size : Float) : async () {
    position := ?{ id = 1; user = actorId(); option_type = #Call; strike_price = strike; entry_price; expiry = "5s"; size; entry_premium = 1.0; current_value = 1.0; pnl = 0.0;
      status = #Active; opened_at; settled_at = null; settlement_price = null } };
  func actorId() : Principal = (prim "blobToPrincipal" : Blob -> Principal) "\\04";
  public func settle_by_browser(price : Float) : async () {
    switch position { case (?p) position := ?{ p with status = #Settled; settled_at = ?Time.now(); settlement_price = ?price }; case null {} } };
  public func get_position(_ : Nat) : async { #ok : Position; #err : Text } {
    if (failReads and sentCount > 0) assert false;
    switch position { case (?p) #ok p; case null #err "none" } };
  public func recordSettlement(_ : Nat, _ : Text, _ : Nat64, _ : Nat64, cents : Nat64) : async { #ok; #err : Text } {
    if lose assert false;
    sentCount += 1;
    if (not yesOnly) switch position { case (?p) position := ?{ p with status = #Settled; settled_at = ?Time.now(); settlement_price = ?(Float.fromInt64(Int64.fromNat64(cents)) / 100.0) }; case null {} };
    #ok };
};`;
interface L { set(fail: boolean, yes: boolean, lose: boolean): Promise<void>; sent(): Promise<bigint>; open(at: bigint, strike: number, entry: number, size: number): Promise<void>; settle_by_browser(p: number): Promise<void> }
const legacyIdl: IDL.InterfaceFactory = () =>
  IDL.Service({ set: IDL.Func([IDL.Bool, IDL.Bool, IDL.Bool], [], []), sent: IDL.Func([], [IDL.Nat], ['query']), open: IDL.Func([IDL.Int, IDL.Float64, IDL.Float64, IDL.Float64], [], []), settle_by_browser: IDL.Func([IDL.Float64], [], []) });

async function withLegacy(): Promise<L> {
  let id: Principal | undefined;
  exchange = await openExchange({ legacy: async (ic) => (id = await probe(ic, 'Legacy', legacySource.replace('actorId();', 'anon;').replace(/ {2}func actorId.*\n/u, '').replace('persistent actor {', 'import Principal "mo:core/Principal";\npersistent actor {\n  transient let anon = Principal.anonymous();'))) });
  return exchange.ic.actor<L>(legacyIdl, id as unknown as Principal);
}

describe('L: legacy', () => {
  test('L1 accepted, then unreadable: never sent a second time', async () => {
    const legacy = await withLegacy();
    await legacy.open(exchange.ic.now(), 28_005, 28_000, 1);
    await exchange.advance(2n * minuteNs);
    await legacy.set(true, true, false);
    const first = await exchange.as(alice).settle_legacy(1n);
    await legacy.set(false, true, false);
    await exchange.advance(6n * minuteNs);
    const second = await exchange.as(alice).settle_legacy(1n);
    console.log('L1', str(first), str(second));
    expect(await legacy.sent()).toBe(1n);
  });
  test('L2 our request was lost and the browser recorded another price: the receipt is what stands there', async () => {
    const legacy = await withLegacy();
    const opened = exchange.ic.now();
    await legacy.open(opened, 28_005, 28_000, 1);
    const due = (opened / minuteNs + 1n) * minuteNs;
    await exchange.setPrice(due, priceE8 + 1_000_000_000n);
    await exchange.advance(3n * minuteNs);
    await legacy.set(false, false, true);
    const first = await exchange.as(alice).settle_legacy(1n);
    await legacy.settle_by_browser(28_000);
    const second = await exchange.as(alice).settle_legacy(1n);
    console.log('L2', str(first), str(second));
    expect(ok(second)).toMatchObject({ outcome: { loss: null } });
  });
  test('L3 a made-up entry price is not certified as a win', async () => {
    const legacy = await withLegacy();
    await legacy.open(exchange.ic.now(), 6, 1, 1_000_000);
    await exchange.advance(3n * minuteNs);
    const answer = await exchange.as(alice).settle_legacy(1n);
    console.log('L3', str(answer));
    expect('ok' in answer && 'win' in answer.ok.outcome).toBe(false);
  });
});

describe('M: money at two calls at once', () => {
  test('M1 the same and other withdrawals at once pay once each and never more than there is', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const plain = exchange.unchecked(alice);
    const before = await exchange.onLedger(bob);
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => plain.withdraw({ request_id: 'same', amount_sats: 600_000n, to: to(bob) })),
      ...Array.from({ length: 6 }, (_, i) => plain.withdraw({ request_id: `o${i}`, amount_sats: 600_000n, to: to(bob) })),
      plain.place_order(order('race', { max_premium_sats: 100_000n })), plain.place_order(order('race', { max_premium_sats: 100_000n }))
    ]);
    await exchange.checkBooks();
    expect((await exchange.onLedger(bob)) - before).toBe(600_000n - fee);
    expect(answers.length).toBe(14);
  });
  test('M2 lost answers, stops and upgrades in every order end in exactly one transfer', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const before = await exchange.onLedger(bob);
    await exchange.ledger.as().set_fault([{ trap_after: null }]);
    const answer = await exchange.unchecked(alice).withdraw({ request_id: 'w', amount_sats: 500_000n, to: to(bob) });
    await exchange.approve(alice, 70_000n);
    await exchange.unchecked(alice).deposit({ request_id: 'd', amount_sats: 70_000n });
    await exchange.ic.stopCanister(exchange.id); await exchange.ic.startCanister(exchange.id);
    await exchange.ic.advance(2n * minuteNs);
    await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
    await exchange.ic.advance(10n * minuteNs);
    await exchange.ic.stopCanister(exchange.ledger.id);
    await exchange.ic.advance(3n * minuteNs);
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.ledger.as().set_fault([]);
    await exchange.ic.advance(12n * minuteNs);
    await exchange.checkBooks();
    expect(stateOf(ok(await exchange.as(alice).get_withdrawal('w')) as never)).toBe('paid');
    expect(Object.keys(ok(await exchange.as(alice).get_deposit('d')).state)).toEqual(['credited']);
    expect((await exchange.onLedger(bob)) - before).toBe(500_000n - fee);
    expect('ok' in answer).toBe(true);
  });
  test('M3 a ledger that changes its fee while stopped leaves a withdrawal that somebody can finish', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    ok(await exchange.as(alice).withdraw({ request_id: 'learn', amount_sats: 10_000n, to: to(bob) }));
    await exchange.ic.stopCanister(exchange.ledger.id);
    await exchange.unchecked(alice).withdraw({ request_id: 'w', amount_sats: 500_000n, to: to(bob) });
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.ledger.as().set_fault([{ bad_fee: 20n }]);
    await exchange.ic.advance(2n * minuteNs);
    await exchange.ledger.as().set_fault([]);
    await exchange.ic.advance(30n * minuteNs);
    const state = ok(await exchange.unchecked(alice).get_withdrawal('w')).state;
    console.log('M3', state);
    // The ledger was stopped: nothing can have happened, and no method of the canister ends this state.
    expect(Object.keys(state)[0]).not.toBe('needs_review');
  });
  test('M4 treasury: reserve can not be withdrawn, also at once with orders', async () => {
    exchange = await openExchange({ treasury: 200_000n });
    await exchange.deposit(alice, 1_000_000n);
    const plain = exchange.unchecked();
    const results = await Promise.all([
      exchange.unchecked(owner).withdraw_treasury({ request_id: 't', amount_sats: 150_000n, to: to(owner) }),
      exchange.unchecked(alice).place_order(order('a')), plain.withdraw_treasury({ request_id: 't', amount_sats: 150_000n, to: to(owner) }),
      exchange.unchecked(alice).place_order(order('b'))
    ]);
    await exchange.checkBooks();
    console.log('M4', results.map((r) => ('ok' in r ? 'ok' : r.err.message)));
    const o = ok(await exchange.as().get_overview());
    expect(o.treasury_available_sats + o.treasury_reserved_sats).toBeGreaterThanOrEqual(0n);
  });
});

describe('B: boundaries', () => {
  test('B1 cancel and place at the exact minute', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const a = ok(await exchange.as(alice).place_order(order('a')));
    await exchange.advance(a.fill_minute_ns - exchange.ic.now() - 1n);
    const late = ok(await exchange.as(alice).place_order(order('late')));
    expect(late.fill_minute_ns).toBe(a.fill_minute_ns);
    await exchange.advance(1n);
    expect(exchange.ic.now()).toBe(a.fill_minute_ns);
    expect(refusal(await exchange.as(alice).cancel_order(a.id)).code).toEqual({ too_late: null });
    expect(ok(await exchange.as(alice).place_order(order('next'))).fill_minute_ns).toBe(a.fill_minute_ns + minuteNs);
  });
  test('B2 absurd numbers never trap', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const huge = 2n ** 4_000n;
    const q = (strike: { at: bigint } | { offset: bigint }, payout = 100_000n) => exchange.as(alice).quote({ instrument: digital('put', payout), tenor: '1m', strike });
    for (const s of [{ at: 0n }, { at: huge }, { offset: -priceE8 }, { offset: -huge }, { offset: huge }, { offset: -priceE8 - 1n }]) refusal(await q(s));
    for (const p of [0n, huge]) refusal(await q({ at: priceE8 }, p));
    refusal(await exchange.as(alice).place_order(order('x', { max_premium_sats: huge })));
    refusal(await exchange.as(alice).place_order(order('x', { max_premium_sats: 0n })));
    refusal(await exchange.as(alice).settle(huge));
    refusal(await exchange.as(alice).cancel_order(huge));
    refusal(await exchange.as(alice).get_position(huge));
    refusal(await exchange.as(alice).settle_legacy(huge));
    refusal(await exchange.as(alice).withdraw({ request_id: 'x', amount_sats: huge, to: to(bob) }));
    refusal(await exchange.as(alice).deposit({ request_id: 'x', amount_sats: huge }));
    refusal(await exchange.as(alice).get_movements({ after: [huge], limit: huge }));
    ok(await exchange.as(alice).get_movements({ after: [huge], limit: 200n }));
    ok(await exchange.as(alice).get_positions({ filter: { all: null }, page: { after: [huge], limit: 200n } }));
    ok(await exchange.as().list_positions({ filter: { all: null }, page: { after: [huge], limit: 200n } }));
    await exchange.as().get_prices({ from_minute_ns: 2n ** 64n - 1n, limit: huge });
    expect(await exchange.as().get_price(2n ** 64n - 1n)).toEqual([]);
    // What an edge fills at
    for (const s of [{ offset: -priceE8 / 2n }, { offset: priceE8 }]) ok(await q(s).then((r) => ('ok' in r ? r : { ok: 1 })));
  });
  test('B3 a bomb of a Nat does not cost seconds', async () => {
    exchange = await openExchange();
    const t = Date.now();
    const answer = await exchange.unchecked(alice).settle(2n ** 200_000n).catch((e: unknown) => String(e).slice(0, 200));
    console.log('B3', Date.now() - t, 'ms', str(answer).slice(0, 200));
  });
  test('B4 privacy', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const a = ok(await exchange.as(alice).place_order(order('a')));
    ok(await exchange.as(alice).withdraw({ request_id: 'w', amount_sats: 10_000n, to: to(bob) }));
    expect(refusal(await exchange.as(bob).get_position(a.id)).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(bob).get_position_by_client_id('a')).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(bob).cancel_order(a.id)).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(bob).get_withdrawal('w')).code).toEqual({ not_found: null });
    expect(refusal(await exchange.as(bob).get_deposit('deposit 2')).code).toEqual({ not_found: null });
    expect(ok(await exchange.as(bob).get_positions({ filter: { all: null }, page: { after: [], limit: 10n } })).rows).toEqual([]);
    for (const list of [exchange.as(bob).get_overview(), exchange.as(bob).get_reserves(), exchange.as(bob).list_roles()]) refusal((await list) as never);
  });
  test('B5 roles', async () => {
    exchange = await openExchange();
    for (const role of [{ owner: null }, { operator: null }] as const) refusal(await exchange.as(operator).grant_role(operator, role));
    refusal(await exchange.as(operator).withdraw_treasury({ request_id: 'x', amount_sats: 10_000n, to: to(operator) }));
    ok(await exchange.as(owner).revoke_role(owner, { owner: null }));
    refusal(await exchange.as(owner).grant_role(owner, { owner: null }));
    ok(await exchange.as().grant_role(owner, { owner: null }));
    refusal(await exchange.as().grant_role(Principal.anonymous(), { owner: null }));
  });
});

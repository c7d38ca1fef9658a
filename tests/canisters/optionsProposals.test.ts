import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { afterEach, describe, expect, test } from 'vitest';
import type { Action, AuditEntry } from '../../src/lib/canisters/options/options.did.js';
import { allRows } from './support/books.ts';
import {
  alice,
  bob,
  fiveMinutes,
  ok,
  openExchange,
  operator,
  order,
  owner,
  priceE8,
  refusal,
  stateOf,
  type Exchange
} from './support/exchange.ts';
import { installProbe } from './support/probe.ts';
import { dayNs, minuteNs, secondNs, startNs } from './support/standins.ts';
import { stateName } from './support/transfers.ts';

const hourNs = 60n * minuteNs;
let exchange: Exchange;
afterEach(() => exchange.close());

const to = (who: Principal) => ({ owner: who, subaccount: [] as [] });
const propose = async (action: Action) => ok(await exchange.as(operator).propose(action));
const approve = async (id: bigint) => ok(await exchange.as(owner).approve(id));
/** Proposes and approves at once. */
const both = async (action: Action) => exchange.as(owner).approve((await propose(action)).id);
const audit = () => allRows<AuditEntry>((page) => exchange.as().list_audit(page));
const inReview = async () => ok(await exchange.as(operator).get_overview()).waiting.transfers_in_review;

type Fault = 'trap_after' | 'trap_before';
/** A deposit of alice's, 70,000 sats, that happened (trap_after) or not, in review. */
async function depositInReview(fault: Fault): Promise<bigint> {
  await exchange.approve(alice, 70_000n);
  await exchange.ledger.as().set_fault([{ [fault]: null } as { trap_after: null }]);
  exchange.unattributed += fault === 'trap_after' ? 70_000n : 0n;
  const { id } = ok(await exchange.as(alice).deposit({ request_id: 'review', amount_sats: 70_000n }));
  await clearInto();
  expect(stateName(ok(await exchange.as(alice).get_deposit('review')))).toBe('needs_review');
  return id;
}
/** A withdrawal of alice's, 300,000 sats, likewise. */
async function withdrawalInReview(fault: Fault): Promise<bigint> {
  await exchange.ledger.as().set_fault([{ [fault]: null } as { trap_after: null }]);
  exchange.unattributed -= fault === 'trap_after' ? 300_000n : 0n;
  const { id } = ok(await exchange.as(alice).withdraw({ request_id: 'review', amount_sats: 300_000n, to: to(bob) }));
  await clearInto();
  expect(stateName(ok(await exchange.as(alice).get_withdrawal('review')))).toBe('needs_review');
  return id;
}
async function clearInto(): Promise<void> {
  await exchange.ledger.as().set_fault([{ generic: 'not today' }]);
  await exchange.advance(minuteNs);
  await exchange.ledger.as().set_fault([]);
}

describe('a transfer in review', () => {
  test.each([
    ['credited', 'trap_after', [7n]],
    ['failed', 'trap_before', []]
  ] as const)('a deposit is %s by two operators', async (state, fault, block) => {
    exchange = await openExchange();
    const id = await depositInReview(fault);
    const action = { resolve_deposit: { id, block: [...block] as [] | [bigint] } };
    const proposal = await propose(action);
    expect(refusal(await exchange.as(operator).approve(proposal.id)).code).toEqual({ needs_other_operator: null });
    if (fault === 'trap_after') exchange.unattributed -= 70_000n;
    const approved = await approve(proposal.id);
    expect(approved.state).toMatchObject({ approved: { by: owner } });
    const deposit = ok(await exchange.as(alice).get_deposit('review'));
    expect(stateName(deposit)).toBe(state);
    expect(ok(await exchange.as(alice).get_account()).available_sats).toBe(state === 'credited' ? 70_000n : 0n);
    expect(await inReview()).toBe(0n);
    expect(refusal(await exchange.as(owner).approve(proposal.id)).code).toEqual({ already_final: null });
    expect(refusal(await exchange.as(operator).propose(action)).code).toEqual({ already_final: null });
    const [proposed, done] = (await audit()).slice(-2);
    expect(proposed).toMatchObject({ action: 'propose', who: operator });
    expect(done).toMatchObject({ action: 'approve', who: owner });
    expect(done?.before).toContain('needs_review');
    expect(done?.after).toContain(state);
  });

  test.each([
    ['paid', 'trap_after'],
    ['refunded', 'trap_before']
  ] as const)('a withdrawal is %s by two operators', async (state, fault) => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const id = await withdrawalInReview(fault);
    if (fault === 'trap_after') {
      // It left: a refund would be money that isn't there.
      const wrong = await propose({ resolve_withdrawal: { id, block: [] } });
      expect(refusal(await exchange.as(owner).approve(wrong.id)).code).toMatchObject({ insufficient_balance: { available: 0n } });
    }
    const right =
      fault === 'trap_after'
        ? await propose({ resolve_withdrawal: { id, block: [7n] } })
        : await propose({ resolve_withdrawal: { id, block: [] } });
    exchange.unattributed = 0n;
    await approve(right.id);
    expect(stateName(ok(await exchange.as(alice).get_withdrawal('review')))).toBe(state);
    const left = state === 'paid' ? 700_000n : 1_000_000n;
    expect(ok(await exchange.as(alice).get_account())).toMatchObject({ available_sats: left, withdrawing_sats: 0n });
    expect(await inReview()).toBe(0n);
  });

  test("is not credited from what is another deposit's", async () => {
    exchange = await openExchange();
    const id = await depositInReview('trap_before');
    const { id: proposal } = await propose({ resolve_deposit: { id, block: [9n] } });
    expect(refusal(await exchange.as(owner).approve(proposal)).code).toEqual({
      insufficient_balance: { available: 0n, required: 70_000n }
    });
    await exchange.approve(bob, 90_000n);
    await exchange.ledger.as().set_fault([{ trap_after: null }]);
    exchange.unattributed = 90_000n;
    ok(await exchange.as(bob).deposit({ request_id: 'on its way', amount_sats: 90_000n }));
    expect(refusal(await exchange.as(owner).approve(proposal)).code).toEqual({
      insufficient_balance: { available: 0n, required: 70_000n }
    });
    await exchange.ledger.as().set_fault([]);
    exchange.unattributed = 0n;
    await exchange.advance(minuteNs);
    expect(ok(await exchange.as(bob).get_account()).available_sats).toBe(90_000n);
    expect(refusal(await exchange.as(owner).approve(proposal)).kind).toBe('temporary');
  });

  test('hides nothing from another one: a deposit that came does not cover a withdrawal that left', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const deposit = await depositInReview('trap_after');
    const withdrawal = await withdrawalInReview('trap_after');
    expect(await inReview()).toBe(2n);
    refusal(await both({ resolve_withdrawal: { id: withdrawal, block: [] } }));
    refusal(await both({ resolve_deposit: { id: deposit, block: [7n] } }));
    const left = await propose({ resolve_withdrawal: { id: withdrawal, block: [8n] } });
    exchange.unattributed += 300_000n;
    await approve(left.id);
    exchange.unattributed = 0n;
    ok(await exchange.as(owner).approve(1n));
    expect(stateName(ok(await exchange.as(alice).get_deposit('review')))).toBe('credited');
  });

  test('approved by two people at once is resolved once; while the ledger is silent, not at all', async () => {
    exchange = await openExchange();
    const id = await depositInReview('trap_after');
    const { id: proposal } = await propose({ resolve_deposit: { id, block: [7n] } });
    await exchange.ic.stopCanister(exchange.ledger.id);
    expect(refusal(await exchange.as(owner).approve(proposal))).toMatchObject({ kind: 'temporary', code: { ledger: {} } });
    await exchange.ic.startCanister(exchange.ledger.id);
    const answers = await Promise.all([1, 2, 3].map(() => exchange.unchecked(owner).approve(proposal)));
    exchange.unattributed = 0n;
    await exchange.checkBooks();
    expect(answers.filter((answer) => 'ok' in answer)).toHaveLength(1);
    expect(ok(await exchange.as(alice).get_account()).available_sats).toBe(70_000n);
  });

  test('that is none, or unknown, is refused', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    ok(await exchange.as(alice).withdraw({ request_id: 'w', amount_sats: 5_000n, to: to(bob) }));
    const cases: [Action, object][] = [
      [{ resolve_deposit: { id: 1n, block: [] } }, { already_final: null }],
      [{ resolve_withdrawal: { id: 0n, block: [1n] } }, { already_final: null }],
      [{ resolve_deposit: { id: 10n ** 18n, block: [] } }, { not_found: null }],
      [{ resolve_withdrawal: { id: 2n ** 64n - 1n, block: [] } }, { not_found: null }],
      [{ accept_price: { minute_ns: startNs, price_e8: priceE8 } }, { not_found: null }],
      [{ void: { expiry_ns: 2n ** 64n - 1n } }, { not_found: null }]
    ];
    for (const [action, code] of cases) expect(refusal(await exchange.as(operator).propose(action)).code).toEqual(code);
    expect(ok(await exchange.as(operator).list_proposals({ after: [], limit: 5n })).rows).toEqual([]);
  });
});

describe('a proposal', () => {
  test('is made once, withdrawn by who made it or an owner, and approved by nobody afterwards', async () => {
    exchange = await openExchange();
    const second = alice;
    ok(await exchange.as(owner).grant_role(second, { operator: null }));
    const id = await depositInReview('trap_after');
    const action: Action = { resolve_deposit: { id, block: [7n] } };
    const first = await propose(action);
    expect(refusal(await exchange.as(owner).propose(action)).code).toEqual({ invalid: { field: 'action' } });
    await propose({ resolve_deposit: { id, block: [8n] } });
    expect(refusal(await exchange.as(second).withdraw_proposal(first.id)).code).toEqual({ forbidden: { needs: 'owner' } });
    expect(ok(await exchange.as(operator).withdraw_proposal(first.id)).state).toEqual({ withdrawn: null });
    expect(ok(await exchange.as(owner).withdraw_proposal(1n)).state).toEqual({ withdrawn: null });
    for (const call of [exchange.as(owner).approve(first.id), exchange.as(operator).withdraw_proposal(first.id)]) {
      expect(refusal(await call).code).toEqual({ already_final: null });
    }
    for (const unknown of [2n, 2n ** 64n - 1n])
      expect(refusal(await exchange.as(owner).approve(unknown)).code).toEqual({ not_found: null });
    expect((await propose(action)).id).toBe(2n);
    expect((await audit()).at(-2)).toMatchObject({ action: 'withdraw_proposal', who: owner });
  });

  test('is not one of an operator who is none any more', async () => {
    exchange = await openExchange();
    const id = await depositInReview('trap_after');
    const proposal = await propose({ resolve_deposit: { id, block: [7n] } });
    ok(await exchange.as(owner).revoke_role(operator, { operator: null }));
    expect(refusal(await exchange.as(owner).approve(proposal.id)).code).toEqual({ needs_other_operator: null });
  });

  test('expires after seven days, through an upgrade', async () => {
    exchange = await openExchange();
    const id = await depositInReview('trap_after');
    const action: Action = { resolve_deposit: { id, block: [7n] } };
    const proposal = await propose(action);
    await exchange.upgrade();
    await exchange.sleep(7n * dayNs - minuteNs);
    expect(refusal(await exchange.as(owner).propose(action)).code).toEqual({ invalid: { field: 'action' } });
    await exchange.sleep(minuteNs);
    expect(refusal(await exchange.as(owner).approve(proposal.id)).code).toEqual({ already_final: null });
    expect(ok(await exchange.as(operator).list_proposals({ after: [], limit: 5n })).rows.map(stateName)).toEqual(['expired']);
    const again = await propose(action);
    exchange.unattributed = 0n;
    ok(await exchange.as(owner).approve(again.id));
  });
});

describe('voiding', () => {
  /** Two positions of alice's and one of bob's whose expiry gets no price; the clock stands at the expiry. */
  async function withoutPrice(): Promise<bigint> {
    exchange = await openExchange({ tenors: [fiveMinutes] });
    await exchange.deposit(alice, 1_000_000n);
    await exchange.deposit(bob, 1_000_000n);
    const placed = ok(await exchange.as(alice).place_order(order('a', { tenor: '5m' })));
    ok(await exchange.as(alice).place_order(order('b', { tenor: '5m' })));
    ok(await exchange.as(bob).place_order(order('c', { tenor: '5m' })));
    await exchange.advance(2n * minuteNs);
    await exchange.exchangeRate.as().set_fault([{ Pending: null }]);
    await exchange.advance(placed.expiry_ns - exchange.ic.now());
    expect(await states()).toEqual(['open', 'open', 'open']);
    return placed.expiry_ns;
  }
  /** Timers that were due while the exchange stood still would go on by themselves in the middle of what follows. */
  const roundsAreDone = async (): Promise<void> => {
    await exchange.upgrade();
    await exchange.advance(11n * secondNs);
  };
  const states = async () => (await allRows((page) => exchange.as().list_positions({ filter: { all: null }, page }))).map(stateOf);

  test('gives premiums back, a day after the expiry and an hour after it was proposed', async () => {
    const expiry = await withoutPrice();
    const action: Action = { void: { expiry_ns: expiry } };
    await exchange.sleep(dayNs - minuteNs);
    expect(refusal(await exchange.as(operator).propose(action)).code).toEqual({ too_early: { from_ns: expiry + dayNs } });
    await exchange.sleep(minuteNs);
    const proposal = await propose(action);
    expect(proposal.approvable_ns).toBe(proposal.proposed_ns + hourNs);
    expect(refusal(await exchange.as(owner).approve(proposal.id)).code).toEqual({ too_early: { from_ns: proposal.approvable_ns } });
    await exchange.sleep(hourNs);
    await roundsAreDone();
    await approve(proposal.id);
    // From here on nothing settles them, not even a price that comes now.
    await exchange.upgrade();
    await exchange.exchangeRate.as().set_fault([]);
    await exchange.advance(minuteNs);
    expect(await states()).toEqual(['voided', 'voided', 'voided']);
    for (const who of [alice, bob]) {
      expect(ok(await exchange.as(who).get_account())).toMatchObject({ available_sats: 1_000_000n, open_premium_sats: 0n });
      const [last] = ok(await exchange.as(who).get_movements({ after: [], limit: 1n })).rows;
      expect(last?.kind).toEqual([{ void_refund: null }]);
    }
    expect(ok(await exchange.as().get_overview())).toMatchObject({
      positions: { voided: 3n, open: 0n, due_unsettled: 0n },
      money: { treasury_reserved_sats: 0n }
    });
    expect(refusal(await exchange.as(alice).settle(0n)).code).toEqual({ already_final: null });
    expect(refusal(await exchange.as(operator).propose(action)).code).toEqual({ not_found: null });
  });

  test('is refused when a price has come, and the positions settle', async () => {
    const expiry = await withoutPrice();
    await exchange.sleep(dayNs);
    const proposal = await propose({ void: { expiry_ns: expiry } });
    await exchange.exchangeRate.as().set_fault([]);
    await exchange.advance(11n * minuteNs);
    expect(await states()).toEqual(['settled', 'settled', 'settled']);
    await exchange.sleep(hourNs);
    expect(refusal(await exchange.as(owner).approve(proposal.id)).code).toEqual({ not_found: null });
  });

  test('goes on after a batch that trapped', async () => {
    const expiry = await withoutPrice();
    await exchange.sleep(dayNs);
    const proposal = await propose({ void: { expiry_ns: expiry } });
    await exchange.sleep(hourNs);
    await roundsAreDone();
    await approve(proposal.id);
    // A round begins with three messages of its own: the timer's, its own, that of open transfers. Then the batch traps, and each position alone.
    const match = { canisterId: exchange.id.toText(), from: 'canister' } as const;
    const traps = exchange.ic.faults.add({ kind: 'canister-trap', when: 'after', match, after: 3, count: 4 });
    await exchange.advance(20n * secondNs);
    expect(traps.fired).toBe(4);
    await exchange.advance(minuteNs);
    expect(await states()).toEqual(['voided', 'voided', 'voided']);
    expect(ok(await exchange.as().get_overview())).toMatchObject({ waiting: { set_aside: 0n } });
  });
});

describe('a minute that was set aside', () => {
  test("gets one of the exchange rate canister's own answers, by two operators", async () => {
    const asset = IDL.Record({ symbol: IDL.Text, class: IDL.Variant({ Cryptocurrency: IDL.Null, FiatCurrency: IDL.Null }) });
    const metadata = {
      decimals: IDL.Nat32,
      base_asset_num_received_rates: IDL.Nat64,
      base_asset_num_queried_sources: IDL.Nat64,
      quote_asset_num_received_rates: IDL.Nat64,
      quote_asset_num_queried_sources: IDL.Nat64,
      standard_deviation: IDL.Nat64,
      forex_timestamp: IDL.Opt(IDL.Nat64)
    };
    const rateType = IDL.Record({
      base_asset: asset,
      quote_asset: asset,
      timestamp: IDL.Nat64,
      rate: IDL.Nat64,
      metadata: IDL.Record(metadata)
    });
    const error = IDL.Variant({ Pending: IDL.Null, SomethingNew: IDL.Record({ hint: IDL.Text }) });
    const answer = IDL.Variant({ Ok: rateType, Err: error, Nonsense: IDL.Nat, Trap: IDL.Null });
    let strangeId: Principal | undefined;
    exchange = await openExchange({ exchangeRate: async (ic) => (strangeId = await installProbe(ic, 'StrangeExchangeRate')) });
    if (strangeId === undefined) throw new Error('the strange exchange rate canister was not installed');
    const idl: IDL.InterfaceFactory = () => IDL.Service({ set_answers: IDL.Func([IDL.Vec(answer)], [], []) });
    const strange = exchange.ic.actor<{ set_answers(answers: object[]): Promise<void> }>(idl, strangeId);
    const rate = (minute: bigint, usd: bigint) => ({
      Ok: {
        base_asset: { symbol: 'BTC', class: { Cryptocurrency: null } },
        quote_asset: { symbol: 'USD', class: { FiatCurrency: null } },
        timestamp: minute / secondNs,
        rate: usd * secondNs,
        metadata: {
          decimals: 9,
          base_asset_num_received_rates: 5n,
          base_asset_num_queried_sources: 5n,
          quote_asset_num_received_rates: 0n,
          quote_asset_num_queried_sources: 0n,
          standard_deviation: 0n,
          forex_timestamp: []
        }
      }
    });
    await strange.set_answers([rate(startNs, 28_000n)]);
    await exchange.toSecond(40n);
    const minute = startNs + minuteNs;
    // Three rounds, six answers, five different ones.
    await strange.set_answers([30_000n, 31_000n, 32_000n, 30_000n, 33_000n, 35_000n].map((usd) => rate(minute, usd)));
    await exchange.advance(minuteNs + 15n * secondNs);
    await strange.set_answers([{ Err: { Pending: null } }]);
    const price = (usd: bigint): Action => ({ accept_price: { minute_ns: minute, price_e8: usd * 100_000_000n } });
    for (const usd of [34_000n, 28_000n]) {
      expect(refusal(await exchange.as(operator).propose(price(usd))).code).toEqual({ invalid: { field: 'price_e8' } });
    }
    const chosen = await propose(price(31_000n));
    for (const usd of [30_000n, 32_000n, 33_000n, 35_000n]) await propose(price(usd));
    expect(ok(await exchange.as(operator).get_overview()).waiting.set_aside).toBe(1n);
    await approve(chosen.id);
    expect(await exchange.as().get_price(minute)).toMatchObject([{ price_e8: 3_100_000_000_000n, sources: 0n }]);
    expect(ok(await exchange.as(operator).get_overview()).waiting.set_aside).toBe(0n);
    // The others come too late.
    expect(refusal(await exchange.as(owner).approve(chosen.id + 1n)).code).toEqual({ not_found: null });
  });
});

describe('the migration account', () => {
  test('is funded by operators and emptied by owners, in the books', async () => {
    exchange = await openExchange();
    await exchange.approve(operator, 500_000n);
    const funding = ok(await exchange.as(operator).fund_migration({ request_id: 'm', amount_sats: 500_000n }));
    expect(funding).toMatchObject({ target: { migration: null } });
    expect(ok(await exchange.as(operator).check_reserves())).toMatchObject({ migration_sats: 500_000n, unattributed_sats: 0n });
    const request = (id: string, sats: bigint) => ({ request_id: id, amount_sats: sats, to: to(owner) });
    expect(refusal(await exchange.as(operator).withdraw_migration(request('w', 200_000n))).code).toEqual({ forbidden: { needs: 'owner' } });
    expect(refusal(await exchange.as(owner).withdraw_migration(request('w', 500_001n))).code).toEqual({
      insufficient_balance: { available: 500_000n, required: 500_001n }
    });
    expect(stateName(ok(await exchange.as(owner).withdraw_migration(request('w', 200_000n))))).toBe('paid');
    expect(refusal(await exchange.as(owner).withdraw_treasury(request('w', 200_000n))).code).toEqual({ id_reused: null });
    await exchange.ledger.as().set_fault([{ generic: 'no' }]);
    refusal(await exchange.as(owner).withdraw_migration(request('x', 300_000n)));
    expect(ok(await exchange.as().get_overview()).money.migration_sats).toBe(300_000n);
    const actions = (await audit()).slice(-3).map((entry) => [entry.action, entry.before]);
    expect(actions).toEqual([
      ['fund_migration', '0 sats available'],
      ['withdraw_migration', '500,000 sats available'],
      ['withdraw_migration', '300,000 sats available']
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ledgerError } from 'local-ic';
import { allRows } from './support/books.ts';
import { alice, bob, fee, ok, openExchange, operator, refusal, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, secondNs } from './support/standins.ts';
import { sendToDepositAccount, stateName, transfersWithBlocks } from './support/transfers.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
});
afterEach(() => exchange.close());

const send = (sats: bigint): Promise<void> => sendToDepositAccount(exchange, alice, sats);
const notify = async () => ok(await exchange.as(alice).notify_deposit());
const newest = async () => ok(await exchange.as(alice).get_deposit('subaccount'));
const available = async () => ok(await exchange.as(alice).get_account()).available_sats;
const sweeps = async () => (await allRows((page) => exchange.as().list_deposits(page))).filter((row) => row.from_subaccount);
const subaccountBalance = async () => exchange.ledger.as().icrc1_balance_of(ok(await exchange.as(alice).get_deposit_account()));

describe('a deposit account', () => {
  test("is the owner's own subaccount: length, principal, zeros", async () => {
    for (const who of [alice, bob, exchange.id]) {
      const { owner, subaccount } = ok(await exchange.as(who).get_deposit_account());
      const bytes = who.toUint8Array();
      const expected = new Uint8Array(32);
      expected.set([bytes.length, ...bytes]);
      expect(owner.toText()).toBe(exchange.id.toText());
      expect(Uint8Array.from(subaccount[0] ?? [])).toEqual(expected);
    }
  });

  test('is swept when it is asked for, less the fee, and only then in the books', async () => {
    await send(50_000n);
    await exchange.advance(minuteNs);
    expect(await available()).toBe(0n);
    const deposit = await notify();
    expect(deposit).toMatchObject({ amount_sats: 50_000n - fee, from_subaccount: true, target: { account: null } });
    expect(stateName(deposit)).toBe('credited');
    expect(await available()).toBe(49_990n);
    expect(await subaccountBalance()).toBe(0n);
    expect(ok(await exchange.as(alice).get_movements({ after: [], limit: 5n })).rows).toMatchObject([
      { kind: [{ deposit: null }], amount_sats: 49_990n, reference: [deposit.id] }
    ]);
    expect(await newest()).toEqual(deposit);
    expect(ok(await exchange.as(alice).get_deposit(deposit.request_id))).toEqual(deposit);
    // What is there belongs to its owner, whoever asks.
    expect(refusal(await exchange.as(bob).notify_deposit()).code).toEqual({ below_minimum: { minimum: 1_010n } });
  });

  test('is swept from the minimum and the fee on', async () => {
    expect(refusal(await exchange.as(alice).notify_deposit()).code).toEqual({ below_minimum: { minimum: 1_010n } });
    await send(1_009n);
    expect(refusal(await exchange.as(alice).notify_deposit()).code).toEqual({ below_minimum: { minimum: 1_010n } });
    expect(await sweeps()).toEqual([]);
    await send(1n);
    expect((await notify()).amount_sats).toBe(1_000n);
    await send(2_000n);
    expect((await notify()).amount_sats).toBe(1_990n);
    expect(await available()).toBe(2_990n);
  });

  test('keeps its request ids to itself', async () => {
    for (const id of ['subaccount', 'subaccount 7']) {
      const answer = await exchange.as(alice).deposit({ request_id: id, amount_sats: 5_000n });
      expect(refusal(answer).code).toEqual({ invalid: { field: 'request_id' } });
    }
  });
});

describe('a sweep', () => {
  test('in transit is the answer to every further notice, and there is no second one', async () => {
    await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
    await send(50_000n);
    const first = await notify();
    expect(stateName(first)).toBe('in_transit');
    await send(5_000n);
    expect(await notify()).toEqual(first);
    await exchange.upgrade();
    expect(await notify()).toEqual(first);
    await exchange.ledger.as().set_fault([]);
    await exchange.advance(12n * minuteNs);
    expect(stateName(await newest())).toBe('credited');
    expect(await sweeps()).toHaveLength(1);
    expect((await notify()).amount_sats).toBe(4_990n);
    expect(await available()).toBe(54_980n);
  });

  test('of ten notices at once is one', async () => {
    await send(50_000n);
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange.unchecked(alice).notify_deposit()));
    await exchange.checkBooks();
    expect(await available()).toBe(49_990n);
    expect(await sweeps()).toHaveLength(1);
    for (const answer of answers) if ('err' in answer) expect(refusal(answer).code).toEqual({ busy: null });
    expect(answers.some((answer) => 'ok' in answer)).toBe(true);
  });

  test('that the ledger refuses leaves the sats where they are; the fee it wants is learned', async () => {
    await send(50_000n);
    await exchange.ledger.as().set_fault([{ bad_fee: 25n }]);
    expect(refusal(await exchange.as(alice).notify_deposit())).toMatchObject({ kind: 'temporary', code: { ledger: {} } });
    expect(stateName(await newest())).toBe('failed');
    expect(await subaccountBalance()).toBe(50_000n);
    await exchange.ledger.as().set_fault([]);
    refusal(await exchange.as(alice).notify_deposit()); // named 25, learns 10
    expect(await newest()).toMatchObject({ amount_sats: 49_975n });
    expect((await notify()).amount_sats).toBe(49_990n);
    expect((await sweeps()).map(stateName)).toEqual(['failed', 'failed', 'credited']);
  });

  test('whose answer is lost is credited once, by the duplicate', async () => {
    await send(50_000n);
    const lost = { kind: 'canister-reject', executed: true, count: 1 } as const;
    exchange.ic.faults.add({ ...lost, match: { canisterId: exchange.ledger.id.toText(), method: 'icrc1_transfer', from: 'canister' } });
    exchange.unattributed = 49_990n;
    expect(stateName(await notify())).toBe('in_transit');
    exchange.unattributed = 0n;
    await exchange.advance(minuteNs);
    expect(stateName(await newest())).toBe('credited');
    expect(await available()).toBe(49_990n);
  });

  test.each([
    ['happened', 'trap_after', 49_990n],
    ['did not happen', 'trap_before', 0n]
  ] as const)('that %s unseen and then meets another fee is for review, once', async (_, fault, arrived) => {
    await send(50_000n);
    await exchange.ledger.as().set_fault([fault === 'trap_after' ? { trap_after: null } : { trap_before: null }]);
    exchange.unattributed = arrived;
    expect(stateName(await notify())).toBe('in_transit');
    await exchange.ledger.as().set_fault([{ bad_fee: 12n }]);
    await exchange.advance(minuteNs);
    const review = await newest();
    expect(stateName(review)).toBe('needs_review');
    expect(ok(await exchange.as(operator).get_overview()).waiting.transfers_in_review).toBe(1n);
    await exchange.ledger.as().set_fault([]);
    await exchange.sleep(dayNs);
    await exchange.advance(11n * minuteNs);
    expect(await newest()).toEqual(review);
    expect(await available()).toBe(0n);
  });

  test.each([
    ['failed when no attempt can have happened', { temporarily_unavailable: null }, 'failed'],
    ['for review when one may have', { trap_before: null }, 'needs_review']
  ] as const)('after more than a day is %s', async (_, fault, state) => {
    await send(50_000n);
    await exchange.ledger.as().set_fault([fault]);
    expect(stateName(await notify())).toBe('in_transit');
    await exchange.sleep(dayNs + 10n * minuteNs);
    await exchange.ledger.as().set_fault([]);
    await exchange.advance(minuteNs);
    expect(stateName(await newest())).toBe(state);
    // The sats are still there, and a new sweep takes them.
    expect(stateName(await notify())).toBe('credited');
    expect(await available()).toBe(49_990n);
  });

  test.each([
    ['TemporarilyUnavailable', 'in_transit'],
    ['CreatedInFuture', 'in_transit'],
    ['InsufficientFunds', 'failed'],
    ['TooOld', 'failed'],
    ['GenericError', 'failed']
  ] as const)('answered with %s at first is %s', async (variant, state) => {
    await send(50_000n);
    const match = { canisterId: exchange.ledger.id.toText(), from: 'canister' } as const;
    exchange.ic.faults.add({ ...ledgerError(variant), match, count: 1 });
    await exchange.as(alice).notify_deposit();
    expect(stateName(await newest())).toBe(state);
    await exchange.advance(minuteNs);
    await exchange.as(alice).notify_deposit();
    expect(await available()).toBe(49_990n);
  });

  test.each([
    [1, 0],
    [2, 1]
  ])('whose code traps after await %i goes on, and the lock is free', async (nth, journaled) => {
    await exchange.deposit(bob, 10_000n);
    ok(await exchange.as(bob).withdraw({ request_id: 'learns the fee', amount_sats: 5_000n, to: { owner: bob, subaccount: [] } }));
    await send(50_000n);
    const match = { canisterId: exchange.id.toText(), method: 'notify_deposit' };
    exchange.ic.faults.add({ kind: 'callback-trap', await: nth, match, count: 1 });
    await expect(exchange.unchecked(alice).notify_deposit()).rejects.toThrow();
    expect(await sweeps()).toHaveLength(journaled);
    exchange.unattributed = journaled === 1 ? 49_990n : 0n;
    const answer = await notify();
    expect(stateName(answer)).toBe(journaled === 1 ? 'in_transit' : 'credited');
    exchange.unattributed = 0n;
    await exchange.advance(minuteNs);
    expect(stateName(await newest())).toBe('credited');
    expect(await available()).toBe(49_990n);
    expect(await sweeps()).toHaveLength(1);
  });

  test('whose answer comes only after an upgrade is credited once', async () => {
    await send(50_000n);
    const match = { canisterId: exchange.ledger.id.toText(), method: 'icrc1_transfer', from: 'canister' } as const;
    const silent = exchange.ic.faults.add({ kind: 'silent-callee', on: 'response', match, count: 1 });
    const notice = exchange.unchecked(alice).notify_deposit();
    await expect.poll(() => silent.fired).toBe(1);
    const stopped = exchange.ic.stopCanister(exchange.id);
    await exchange.ic.advance(40n * secondNs); // the call's patience ends
    expect(stateName(ok(await notice))).toBe('in_transit');
    await stopped;
    // A repetition is due as soon as the exchange runs again; it must not fall into the middle of the check.
    await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
    exchange.unattributed = 49_990n;
    await exchange.ic.startCanister(exchange.id);
    await exchange.upgrade();
    silent.remove();
    await exchange.ledger.as().set_fault([]);
    exchange.unattributed = 0n;
    await exchange.advance(5n * minuteNs);
    expect(stateName(await newest())).toBe('credited');
    const { deposits } = await transfersWithBlocks(exchange);
    expect(deposits.at(-1)?.blocks).toHaveLength(1);
    expect(await available()).toBe(49_990n);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Principal } from '@dfinity/principal';
import { alice, bob, fee, ok, openExchange, operator, refusal, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, secondNs } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
});
afterEach(() => exchange.close());

const request = (id: string, sats = 500_000n) => ({ request_id: id, amount_sats: sats });
const stateOf = (deposit: { state: object }): string => Object.keys(deposit.state)[0] ?? '';
const available = async (): Promise<bigint> => ok(await exchange.as(alice).get_account()).available_sats;

describe('a deposit', () => {
  test('credits the whole amount; the fee is paid on the ledger', async () => {
    const before = await exchange.onLedger(alice);
    const deposit = await exchange.deposit(alice, 500_000n);
    expect(stateOf(deposit)).toBe('credited');
    expect(deposit.to_treasury).toBe(false);
    expect(await available()).toBe(500_000n);
    // the approval costs one fee, the transfer another
    expect(await exchange.onLedger(alice)).toBe(before - 500_000n - 2n * fee);
    expect(ok(await exchange.as(alice).get_movements({ after: [], limit: 10n })).rows).toMatchObject([
      { id: 0n, kind: [{ deposit: null }], amount_sats: 500_000n, balance_after_sats: 500_000n, reference: [deposit.id] }
    ]);
  });

  test('sent again is the same deposit; with other content it is refused', async () => {
    await exchange.approve(alice, 2_000_000n);
    const first = ok(await exchange.as(alice).deposit(request('one')));
    expect(ok(await exchange.as(alice).deposit(request('one')))).toEqual(first);
    expect(await available()).toBe(500_000n);
    expect(refusal(await exchange.as(alice).deposit(request('one', 500_001n)))).toEqual({ kind: 'request', code: { id_reused: null } });
    expect(ok(await exchange.as(alice).get_deposit('one'))).toEqual(first);
    // Another trader's id is another id.
    await exchange.approve(bob, 600_000n);
    expect(ok(await exchange.as(bob).deposit(request('one'))).id).not.toBe(first.id);
  });

  test('without enough allowance is refused by the ledger, for good, and makes no account', async () => {
    await exchange.approve(alice, 499_999n);
    const before = await exchange.onLedger(alice);
    const answer = refusal(await exchange.as(alice).deposit(request('one')));
    expect(answer).toMatchObject({ kind: 'request', code: { ledger: { error: expect.stringContaining('allowance') as string } } });
    expect(refusal(await exchange.as(alice).deposit(request('one')))).toEqual(answer);
    expect(stateOf(ok(await exchange.as(alice).get_deposit('one')))).toBe('failed');
    expect(await available()).toBe(0n);
    expect(await exchange.onLedger(alice)).toBe(before);
    expect(ok(await exchange.as(operator).get_overview()).users).toBe(0n);
  });

  test('without enough on the ledger is refused', async () => {
    await exchange.approve(alice, 1_000_000_000n);
    expect(refusal(await exchange.as(alice).deposit(request('one', 100_000_000n))).code).toMatchObject({
      ledger: { error: expect.stringContaining('too little') as string }
    });
  });

  test('of an impossible size or with a wrong id is refused before the ledger is asked', async () => {
    const trader = exchange.as(alice);
    expect(refusal(await trader.deposit(request('small', 999n)))).toEqual({
      kind: 'request',
      code: { below_minimum: { minimum: 1_000n } }
    });
    expect(refusal(await trader.deposit(request('zero', 0n))).code).toEqual({ below_minimum: { minimum: 1_000n } });
    for (const huge of [2_100_000_000_000_001n, 2n ** 64n, 10n ** 400n]) {
      expect(refusal(await trader.deposit(request('huge', huge))).code).toEqual({ above_maximum: { maximum: 2_100_000_000_000_000n } });
    }
    for (const id of ['', 'x'.repeat(65)])
      expect(refusal(await trader.deposit(request(id))).code).toEqual({ invalid: { field: 'request_id' } });
    expect(refusal(await exchange.as(Principal.anonymous()).deposit(request('one'))).code).toEqual({ anonymous: null });
    expect(refusal(await trader.get_deposit('small')).code).toEqual({ not_found: null });
  });

  test('one at a time for a caller; another caller is not held up', async () => {
    await exchange.approve(alice, 2_000_000n);
    await exchange.approve(bob, 2_000_000n);
    const [first, second, third] = await Promise.all([
      exchange.unchecked(alice).deposit(request('a')),
      exchange.unchecked(alice).deposit(request('b')),
      exchange.unchecked(bob).deposit(request('c'))
    ]);
    await exchange.checkBooks();
    ok(first);
    expect(refusal(second)).toMatchObject({ kind: 'temporary', code: { busy: null } });
    ok(third);
    // The lock is gone afterwards.
    ok(await exchange.as(alice).deposit(request('b')));
  });
});

describe('a deposit whose ledger call has no clear answer', () => {
  test('stays in transit while the ledger is stopped, and is made when it is back', async () => {
    await exchange.approve(alice, 600_000n);
    await exchange.ic.stopCanister(exchange.ledger.id);
    const deposit = ok(await exchange.as(alice).deposit(request('one')));
    expect(stateOf(deposit)).toBe('in_transit');
    expect(await available()).toBe(0n);
    // A resend shows the same one and doesn't start another.
    expect(ok(await exchange.as(alice).deposit(request('one')))).toEqual(deposit);
    await exchange.advance(2n * minuteNs);
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.advance(2n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_deposit('one')))).toBe('credited');
    expect(await available()).toBe(500_000n);
  });

  test('is credited once when it happened but the answer was lost', async () => {
    await exchange.approve(alice, 2_000_000n);
    await exchange.ledger.as().set_fault([{ trap_after: null }]);
    exchange.unattributed = 500_000n; // on the ledger already, not in the books yet
    const deposit = ok(await exchange.as(alice).deposit(request('one')));
    expect(stateOf(deposit)).toBe('in_transit');
    await exchange.ledger.as().set_fault([]);
    exchange.unattributed = 0n;
    await exchange.advance(40n * secondNs);
    expect(stateOf(ok(await exchange.as(alice).get_deposit('one')))).toBe('credited');
    expect(await available()).toBe(500_000n);
    await exchange.advance(20n * minuteNs);
    expect(await available()).toBe(500_000n);
  });

  test('goes to review when the ledger can no longer tell a repetition', async () => {
    await exchange.approve(alice, 2_000_000n);
    await exchange.ledger.as().set_fault([{ trap_after: null }]);
    exchange.unattributed = 500_000n;
    ok(await exchange.as(alice).deposit(request('one')));
    await exchange.ledger.as().set_fault([]);
    await exchange.ic.stopCanister(exchange.ledger.id);
    await exchange.sleep(dayNs + 10n * minuteNs);
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.advance(20n * minuteNs);
    const deposit = ok(await exchange.as(alice).get_deposit('one'));
    expect(deposit.state).toMatchObject({ needs_review: { error: expect.stringContaining('too old') as string } });
    expect(await available()).toBe(0n);
  });

  test('fails after a day in which no attempt can have happened', async () => {
    await exchange.approve(alice, 2_000_000n);
    await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
    ok(await exchange.as(alice).deposit(request('one')));
    await exchange.sleep(dayNs + 10n * minuteNs);
    await exchange.ledger.as().set_fault([]);
    await exchange.advance(20n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_deposit('one')))).toBe('failed');
  });
});

describe('funding the treasury', () => {
  test('needs an operator and goes to the treasury alone', async () => {
    expect(refusal(await exchange.as(alice).fund_treasury(request('one'))).code).toEqual({ forbidden: { needs: 'operator' } });
    const before = (await exchange.as().get_market()).treasury_available_sats;
    const funding = await exchange.fund(700_000n);
    expect(funding.to_treasury).toBe(true);
    expect((await exchange.as().get_market()).treasury_available_sats).toBe(before + 700_000n);
    expect(ok(await exchange.as(operator).get_account()).available_sats).toBe(0n);
    const { users } = ok(await exchange.as(operator).get_overview());
    expect(users).toBe(0n);
  });

  test('and depositing share their request ids', async () => {
    await exchange.approve(operator, 2_000_000n);
    ok(await exchange.as(operator).fund_treasury(request('one')));
    expect(refusal(await exchange.as(operator).deposit(request('one'))).code).toEqual({ id_reused: null });
  });
});

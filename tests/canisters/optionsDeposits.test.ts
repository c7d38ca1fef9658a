import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, bob, fee, ok, openExchange, operator, refusal, type Exchange } from './support/exchange.ts';
import { allRows } from './support/books.ts';
import { dayNs, minuteNs, person, secondNs } from './support/standins.ts';

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
    expect(deposit.target).toEqual({ account: null });
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

  test('without enough allowance is refused by the ledger and makes no account', async () => {
    await exchange.approve(alice, 499_999n);
    const before = await exchange.onLedger(alice);
    const answer = refusal(await exchange.as(alice).deposit(request('one')));
    expect(answer).toMatchObject({ kind: 'request', code: { ledger: { error: expect.stringContaining('allowance') as string } } });
    expect(refusal(await exchange.as(alice).deposit(request('one')))).toEqual(answer);
    expect(refusal(await exchange.as(alice).get_deposit('one')).code).toEqual({ not_found: null });
    expect(await available()).toBe(0n);
    expect(await exchange.onLedger(alice)).toBe(before);
    expect(ok(await exchange.as(operator).get_overview()).users).toBe(0n);
    // Nothing was moved, so the same request is made good by a larger approval.
    await exchange.approve(alice, 500_000n);
    expect(stateOf(ok(await exchange.as(alice).deposit(request('one'))))).toBe('credited');
  });

  test('that certainly moved nothing leaves nothing behind; the next one has its place in the list', async () => {
    const kept = async () => (await allRows((page) => exchange.as().list_deposits(page))).map((row) => row.request_id);
    const before = await kept();
    for (let index = 0; index < 20; index += 1) refusal(await exchange.as(person(`nobody ${index}`)).deposit(request('x')));
    expect(await kept()).toEqual(before);
    await exchange.approve(alice, 2_000_000n);
    for (const id of ['a', 'b', 'c']) ok(await exchange.as(alice).deposit(request(id, 10_000n)));
    expect(await kept()).toEqual([...before, 'a', 'b', 'c']);
    const page = ok(await exchange.as().list_deposits({ after: [], limit: 2n }));
    expect(page.rows).toHaveLength(2);
    expect(page.next).toEqual([page.rows[1]?.id]);
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
    for (const huge of [2_100_000_000_000_001n, 2n ** 64n - 1n]) {
      expect(refusal(await trader.deposit(request('huge', huge))).code).toEqual({ above_maximum: { maximum: 2_100_000_000_000_000n } });
    }
    for (const id of ['', 'x'.repeat(65)])
      expect(refusal(await trader.deposit(request(id))).code).toEqual({ invalid: { field: 'request_id' } });
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
  test('is not made while the ledger is stopped or busy, and can be asked for again', async () => {
    await exchange.approve(alice, 600_000n);
    await exchange.ic.stopCanister(exchange.ledger.id);
    expect(refusal(await exchange.as(alice).deposit(request('one')))).toMatchObject({ kind: 'temporary', code: { ledger: {} } });
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
    expect(refusal(await exchange.as(alice).deposit(request('one')))).toMatchObject({ kind: 'temporary', code: { ledger: {} } });
    await exchange.ledger.as().set_fault([]);
    expect(refusal(await exchange.as(alice).get_deposit('one')).code).toEqual({ not_found: null });
    expect(stateOf(ok(await exchange.as(alice).deposit(request('one'))))).toBe('credited');
    expect(await available()).toBe(500_000n);
  });

  test('stays in transit while the ledger traps or is stopped, and is made when it is back', async () => {
    await exchange.approve(alice, 600_000n);
    await exchange.ledger.as().set_fault([{ trap_before: null }]);
    const deposit = ok(await exchange.as(alice).deposit(request('one')));
    expect(stateOf(deposit)).toBe('in_transit');
    await exchange.ledger.as().set_fault([]);
    await exchange.ic.stopCanister(exchange.ledger.id);
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

  test('fails, and stays in the journal, when the ledger says that no attempt can have happened', async () => {
    await exchange.approve(alice, 10_000n);
    await exchange.ledger.as().set_fault([{ trap_before: null }]);
    ok(await exchange.as(alice).deposit(request('one')));
    await exchange.ledger.as().set_fault([]);
    await exchange.advance(2n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_deposit('one')))).toBe('failed');
    expect(refusal(await exchange.as(alice).deposit(request('one'))).code).toMatchObject({ ledger: {} });
    expect(await available()).toBe(0n);
  });
});

describe('funding the treasury', () => {
  test('needs an operator and goes to the treasury alone', async () => {
    expect(refusal(await exchange.as(alice).fund_treasury(request('one'))).code).toEqual({ forbidden: { needs: 'operator' } });
    const before = (await exchange.as().get_market()).treasury_available_sats;
    const funding = await exchange.fund(700_000n);
    expect(funding.target).toEqual({ treasury: null });
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

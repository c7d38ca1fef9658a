import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Principal } from '@dfinity/principal';
import { alice, bob, digital, fee, minter, ok, openExchange, operator, order, owner, refusal, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, secondNs } from './support/standins.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
  await exchange.deposit(alice, 1_000_000n);
});
afterEach(() => exchange.close());

const to = (who: Principal, subaccount?: Uint8Array) => ({
  owner: who,
  subaccount: subaccount === undefined ? ([] as []) : ([subaccount] as [Uint8Array])
});
const request = (id: string, sats = 300_000n, who: Principal = bob) => ({ request_id: id, amount_sats: sats, to: to(who) });
const stateOf = (withdrawal: { state: object }): string => Object.keys(withdrawal.state)[0] ?? '';
const account = async () => ok(await exchange.as(alice).get_account());

describe('a withdrawal', () => {
  test('pays the amount less the fee and takes the amount', async () => {
    const before = await exchange.onLedger(bob);
    const withdrawal = ok(await exchange.as(alice).withdraw(request('one')));
    expect(stateOf(withdrawal)).toBe('paid');
    expect(withdrawal).toMatchObject({ amount_sats: 300_000n, fee_sats: fee, from_treasury: false });
    expect(await exchange.onLedger(bob)).toBe(before + 300_000n - fee);
    expect(await account()).toMatchObject({ available_sats: 700_000n, withdrawing_sats: 0n });
    expect(ok(await exchange.as(alice).get_movements({ after: [], limit: 1n })).rows).toMatchObject([
      { kind: [{ withdrawal: null }], amount_sats: -300_000n, balance_after_sats: 700_000n, reference: [withdrawal.id] }
    ]);
  });

  test('sent again is the same withdrawal; with other content it is refused', async () => {
    const first = ok(await exchange.as(alice).withdraw(request('one')));
    expect(ok(await exchange.as(alice).withdraw(request('one')))).toEqual(first);
    expect((await account()).available_sats).toBe(700_000n);
    for (const other of [request('one', 300_001n), request('one', 300_000n, operator)]) {
      expect(refusal(await exchange.as(alice).withdraw(other))).toEqual({ kind: 'request', code: { id_reused: null } });
    }
    expect(ok(await exchange.as(alice).get_withdrawal('one'))).toEqual(first);
  });

  test('is listed newest first, in pages', async () => {
    for (const id of ['a', 'b', 'c']) ok(await exchange.as(alice).withdraw(request(id, 10_000n)));
    const first = ok(await exchange.as(alice).get_withdrawals({ after: [], limit: 2n }));
    expect(first.rows.map((row) => row.request_id)).toEqual(['c', 'b']);
    const second = ok(await exchange.as(alice).get_withdrawals({ after: first.next, limit: 2n }));
    expect(second.rows.map((row) => row.request_id)).toEqual(['a']);
    expect(second.next).toEqual([]);
    expect(ok(await exchange.as(bob).get_withdrawals({ after: [], limit: 2n })).rows).toEqual([]);
  });

  test('of more than is available is refused; what an order holds is not available', async () => {
    expect(refusal(await exchange.as(alice).withdraw(request('one', 1_000_001n))).code).toEqual({
      insufficient_balance: { available: 1_000_000n, required: 1_000_001n }
    });
    ok(await exchange.as(alice).place_order(order('held')));
    expect(refusal(await exchange.as(alice).withdraw(request('two', 1_000_000n))).code).toEqual({
      insufficient_balance: { available: 940_000n, required: 1_000_000n }
    });
    expect(refusal(await exchange.as(bob).withdraw(request('three', 5_000n))).code).toEqual({
      insufficient_balance: { available: 0n, required: 5_000n }
    });
  });

  test('to an account that must not receive is refused', async () => {
    const refused = [exchange.id, exchange.ledger.id, minter, Principal.anonymous(), Principal.managementCanister()];
    for (const who of refused) {
      expect(refusal(await exchange.as(alice).withdraw(request('one', 300_000n, who))).code).toEqual({ invalid: { field: 'to' } });
    }
    const subaccounts = [new Uint8Array(31), new Uint8Array(33), new Uint8Array(0)];
    for (const bytes of subaccounts) {
      const answer = await exchange.as(alice).withdraw({ ...request('one'), to: to(bob, bytes) });
      expect(refusal(answer).code).toEqual({ invalid: { field: 'to' } });
    }
    // Its own account with a subaccount is still its own.
    const own = await exchange.as(alice).withdraw({ ...request('one'), to: to(exchange.id, new Uint8Array(32).fill(7)) });
    expect(refusal(own).code).toEqual({ invalid: { field: 'to' } });
    ok(await exchange.as(alice).withdraw({ ...request('one'), to: to(bob, new Uint8Array(32).fill(7)) }));
  });

  test('of an impossible size or with a wrong id is refused', async () => {
    const trader = exchange.as(alice);
    expect(refusal(await trader.withdraw(request('one', 999n))).code).toEqual({ below_minimum: { minimum: 1_000n } });
    for (const huge of [2_100_000_000_000_001n, 2n ** 64n - 1n]) {
      expect(refusal(await trader.withdraw(request('one', huge))).code).toEqual({ above_maximum: { maximum: 2_100_000_000_000_000n } });
    }
    expect(refusal(await trader.withdraw(request(''))).code).toEqual({ invalid: { field: 'request_id' } });
    // A minimum below the fee would send nothing.
    await exchange.changeSettings({ min_withdrawal_sats: 1n });
    expect(refusal(await trader.withdraw(request('one', fee))).code).toEqual({ below_minimum: { minimum: fee + 1n } });
  });

  test('of all that is available is allowed below the minimum too, but not of a part of it', async () => {
    ok(await exchange.as(alice).withdraw(request('most', 999_500n)));
    expect(refusal(await exchange.as(alice).withdraw(request('part', 499n))).code).toEqual({ below_minimum: { minimum: 1_000n } });
    expect(stateOf(ok(await exchange.as(alice).withdraw(request('rest', 500n))))).toBe('paid');
    await exchange.deposit(alice, 1_000n);
    ok(await exchange.as(alice).place_order(order('x', { instrument: digital('call', 1_000n), max_premium_sats: 1_000n - fee })));
    // What is left would go to the fee.
    expect(refusal(await exchange.as(alice).withdraw(request('fee', fee))).code).toEqual({ below_minimum: { minimum: fee + 1n } });
  });

  test('two at once from one caller: the second waits', async () => {
    const [first, second] = await Promise.all(['a', 'b'].map((id) => exchange.unchecked(alice).withdraw(request(id))));
    if (!first || !second) throw new Error('two answers expected');
    await exchange.checkBooks();
    ok(first);
    expect(refusal(second).code).toEqual({ busy: null });
  });
});

describe('a withdrawal the ledger refuses', () => {
  test('is refunded, and the new fee is learned', async () => {
    await exchange.ledger.as().set_fault([{ bad_fee: 25n }]);
    const answer = refusal(await exchange.as(alice).withdraw(request('one')));
    expect(answer).toMatchObject({ kind: 'request', code: { ledger: { error: expect.stringContaining('25 sats') as string } } });
    expect(stateOf(ok(await exchange.as(alice).get_withdrawal('one')))).toBe('refunded');
    expect(await account()).toMatchObject({ available_sats: 1_000_000n, withdrawing_sats: 0n });
    expect(ok(await exchange.as(alice).get_movements({ after: [], limit: 2n })).rows).toMatchObject([
      { kind: [{ withdrawal_refund: null }], amount_sats: 300_000n, balance_after_sats: 1_000_000n },
      { kind: [{ withdrawal: null }], amount_sats: -300_000n, balance_after_sats: 700_000n }
    ]);
    expect(refusal(await exchange.as(alice).withdraw(request('two')))).toBeDefined();
    expect(ok(await exchange.as(alice).get_withdrawal('two')).fee_sats).toBe(25n);
  });
});

describe('a withdrawal whose ledger call has no clear answer', () => {
  test('stays in transit while the ledger is stopped, and is paid when it is back', async () => {
    ok(await exchange.as(alice).withdraw(request('first', 10_000n))); // the fee is known
    await exchange.ic.stopCanister(exchange.ledger.id);
    const withdrawal = ok(await exchange.as(alice).withdraw(request('one')));
    expect(stateOf(withdrawal)).toBe('in_transit');
    expect(await account()).toMatchObject({ available_sats: 690_000n, withdrawing_sats: 300_000n });
    await exchange.advance(2n * minuteNs);
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.advance(3n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_withdrawal('one')))).toBe('paid');
    expect(await account()).toMatchObject({ available_sats: 690_000n, withdrawing_sats: 0n });
  });

  test('is paid once when it happened but the answer was lost', async () => {
    const before = await exchange.onLedger(bob);
    await exchange.ledger.as().set_fault([{ trap_after: null }]);
    exchange.unattributed = -300_000n; // gone from the ledger, still in transit in the books
    expect(stateOf(ok(await exchange.as(alice).withdraw(request('one'))))).toBe('in_transit');
    await exchange.ledger.as().set_fault([]);
    exchange.unattributed = 0n;
    await exchange.advance(10n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_withdrawal('one')))).toBe('paid');
    expect(await exchange.onLedger(bob)).toBe(before + 300_000n - fee);
  });

  test.each(['bad_fee', 'generic'] as const)('goes to review when the answer to a repetition is %s', async (fault) => {
    await exchange.ledger.as().set_fault([{ trap_after: null }]);
    exchange.unattributed = -300_000n;
    ok(await exchange.as(alice).withdraw(request('one')));
    await exchange.ledger.as().set_fault([fault === 'bad_fee' ? { bad_fee: 20n } : { generic: 'not today' }]);
    await exchange.advance(minuteNs);
    const withdrawal = ok(await exchange.as(alice).get_withdrawal('one'));
    expect(stateOf(withdrawal)).toBe('needs_review');
    // Neither refunded nor forgotten: it stays in transit until somebody has read the ledger's blocks.
    expect(await account()).toMatchObject({ available_sats: 700_000n, withdrawing_sats: 300_000n });
    await exchange.ledger.as().set_fault([]);
    await exchange.sleep(dayNs);
    await exchange.advance(20n * minuteNs);
    expect(ok(await exchange.as(alice).get_withdrawal('one'))).toEqual(withdrawal);
  });

  test.each(['stopped', 'stopping'] as const)('is refunded when the ledger was %s and has another fee since', async (status) => {
    ok(await exchange.as(alice).withdraw(request('first', 10_000n))); // the fee is known
    // Whatever the ledger does meanwhile, it never saw the call.
    const stopped = exchange.ic.stopCanister(exchange.ledger.id);
    if (status === 'stopped') await stopped;
    expect(stateOf(ok(await exchange.unchecked(alice).withdraw(request('one'))))).toBe('in_transit');
    await stopped;
    await exchange.advance(2n * minuteNs);
    await exchange.ic.startCanister(exchange.ledger.id);
    await exchange.ledger.as().set_fault([{ bad_fee: 20n }]);
    await exchange.advance(5n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_withdrawal('one')))).toBe('refunded');
    expect(await account()).toMatchObject({ available_sats: 990_000n, withdrawing_sats: 0n });
  });

  test('is refunded when no attempt can have happened', async () => {
    await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
    expect(stateOf(ok(await exchange.as(alice).withdraw(request('one'))))).toBe('in_transit');
    await exchange.ledger.as().set_fault([{ generic: 'closed for good' }]);
    await exchange.advance(2n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_withdrawal('one')))).toBe('refunded');
    expect(await account()).toMatchObject({ available_sats: 1_000_000n, withdrawing_sats: 0n });
  });

  test('is not started at all while the ledger has never answered', async () => {
    const fresh = await openExchange({ treasury: 0n });
    await fresh.deposit(alice, 10_000n);
    await fresh.ic.stopCanister(fresh.ledger.id);
    const answer = refusal(await fresh.as(alice).withdraw(request('one', 5_000n)));
    expect(answer).toMatchObject({ kind: 'temporary', code: { ledger: {} } });
    await fresh.ic.startCanister(fresh.ledger.id);
    expect(stateOf(ok(await fresh.as(alice).withdraw(request('one', 5_000n))))).toBe('paid');
    await fresh.close();
  });
});

describe('a treasury withdrawal', () => {
  test('needs an owner', async () => {
    for (const who of [alice, operator]) {
      expect(refusal(await exchange.as(who).withdraw_treasury(request('one'))).code).toEqual({ forbidden: { needs: 'owner' } });
    }
    const before = await exchange.onLedger(bob);
    expect(stateOf(ok(await exchange.as(owner).withdraw_treasury(request('one'))))).toBe('paid');
    expect(await exchange.onLedger(bob)).toBe(before + 300_000n - fee);
  });

  test('can take everything but what is held back for payouts', async () => {
    ok(await exchange.as(alice).place_order(order('held')));
    const { treasury_available_sats: free } = await exchange.as().get_market();
    expect(free).toBe(99_900_000n);
    expect(refusal(await exchange.as(owner).withdraw_treasury(request('one', free + 1n))).code).toEqual({
      insufficient_balance: { available: free, required: free + 1n }
    });
    expect(stateOf(ok(await exchange.as(owner).withdraw_treasury(request('two', free))))).toBe('paid');
    // The order still fills, and the winner is paid.
    await exchange.advance(4n * minuteNs);
    expect(stateOf(ok(await exchange.as(alice).get_position(0n)))).toBe('settled');
  });

  test('comes back to the treasury when the ledger refuses it', async () => {
    await exchange.ledger.as().set_fault([{ generic: 'no' }]);
    refusal(await exchange.as(owner).withdraw_treasury(request('one')));
    expect((await exchange.as().get_market()).treasury_available_sats).toBe(100_000_000n);
    await exchange.ledger.as().set_fault([]);
    await exchange.advance(40n * secondNs);
    expect(stateOf(ok(await exchange.as(owner).get_withdrawal('one')))).toBe('refunded');
  });
});

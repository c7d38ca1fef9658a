import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/lib/canisters/options/options.did.js';
import { allRows } from './support/books.ts';
import { alice, bob, fee, ok, openExchange, operator, owner, refusal, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, secondNs } from './support/standins.ts';
import { stateName } from './support/transfers.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
  await exchange.changeSettings({ large_withdrawal_sats: 100_000n });
  await exchange.deposit(alice, 1_000_000n);
});
afterEach(() => exchange.close());

const to = (who: Principal) => ({ owner: who, subaccount: [] as [] });
const request = (id: string, sats = 300_000n) => ({ request_id: id, amount_sats: sats, to: to(bob) });
const withdraw = async (id: string, sats?: bigint) => ok(await exchange.as(alice).withdraw(request(id, sats)));
const read = async (id: string) => ok(await exchange.as(alice).get_withdrawal(id));
const account = async () => ok(await exchange.as(alice).get_account());
const awaiting = async () => (await allRows((page) => exchange.as(operator).list_awaiting_withdrawals(page))).map((row) => row.request_id);
const lastAudit = async () => (await allRows<AuditEntry>((page) => exchange.as().list_audit(page))).at(-1);
const final = { already_final: null };

describe('a withdrawal of more than the limit', () => {
  test('waits for an operator; one of the limit itself does not', async () => {
    const before = await exchange.onLedger(bob);
    expect(stateName(await withdraw('small', 100_000n))).toBe('paid');
    const large = await withdraw('large', 100_001n);
    expect(stateName(large)).toBe('awaiting_approval');
    expect(large.fee_sats).toBe(fee);
    expect(await withdraw('large', 100_001n)).toEqual(large);
    await exchange.advance(20n * minuteNs);
    expect(await read('large')).toEqual(large);
    expect(await exchange.onLedger(bob)).toBe(before + 100_000n - fee);
    expect(await account()).toMatchObject({ available_sats: 799_999n, withdrawing_sats: 100_001n });
    expect(ok(await exchange.as(operator).get_overview()).waiting.large_withdrawals).toBe(1n);
    expect(await awaiting()).toEqual(['large']);
  });

  test('can’t be made in pieces: what left within a day without an operator counts', async () => {
    expect(stateName(await withdraw('first piece', 60_000n))).toBe('paid');
    expect(stateName(await withdraw('up to the limit', 40_000n))).toBe('paid');
    const more = await withdraw('one more piece', 1_000n);
    expect(stateName(more)).toBe('awaiting_approval');
    await exchange.advance(secondNs);
    // What an operator has seen doesn't count, and neither does what came back.
    expect(stateName(ok(await exchange.as(operator).approve_withdrawal(more.id)))).toBe('paid');
    expect(stateName(await withdraw('given back', 900_000n - 10_000n))).toBe('awaiting_approval');
    ok(await exchange.as(alice).cancel_withdrawal('given back'));
    await exchange.sleep(dayNs);
    await exchange.advance(secondNs);
    expect(stateName(await withdraw('the day after', 100_000n))).toBe('paid');
    expect(stateName(await withdraw('too much again', 1_000n))).toBe('awaiting_approval');
    expect(await awaiting()).toEqual(['too much again']);
  });

  test('can’t be asked for and cancelled without end: each is kept for ever', async () => {
    const trader = exchange.unchecked(alice);
    for (let index = 0; index < 200; index += 1) {
      ok(await trader.withdraw(request(`${index}`)));
      ok(await trader.cancel_withdrawal(`${index}`));
    }
    const answer = await exchange.as(alice).withdraw(request('one more', 1_000n));
    expect(refusal(answer)).toEqual({ kind: 'temporary', code: { limit_reached: { limit: 'withdrawals of a day', maximum: 200n } } });
    await exchange.sleep(dayNs);
    expect(stateName(await withdraw('the day after', 1_000n))).toBe('paid');
  });

  test('is paid when an operator approves it, once', async () => {
    const before = await exchange.onLedger(bob);
    const { id } = await withdraw('large');
    expect(stateName(ok(await exchange.as(operator).approve_withdrawal(id)))).toBe('paid');
    expect(await exchange.onLedger(bob)).toBe(before + 300_000n - fee);
    expect(await awaiting()).toEqual([]);
    const entry = await lastAudit();
    expect(entry).toMatchObject({ action: 'approve_withdrawal', who: operator });
    expect(entry?.before).toContain('awaiting_approval');
    expect(entry?.after).toContain('in_transit');
    for (const decide of [
      () => exchange.as(owner).approve_withdrawal(id),
      () => exchange.as(owner).decline_withdrawal(id, 'Too late.'),
      () => exchange.as(alice).cancel_withdrawal('large')
    ]) {
      expect(refusal(await decide()).code).toEqual(final);
    }
    expect(await exchange.onLedger(bob)).toBe(before + 300_000n - fee);
  });

  test('comes back when an operator declines it, with the reason', async () => {
    const { id } = await withdraw('large');
    for (const reason of ['', 'x'.repeat(201)]) {
      expect(refusal(await exchange.as(operator).decline_withdrawal(id, reason)).code).toEqual({ invalid: { field: 'reason' } });
    }
    const declined = ok(await exchange.as(operator).decline_withdrawal(id, 'Please call us.'));
    expect(declined.state).toEqual({ refunded: { error: 'an operator declined it: Please call us.' } });
    expect(await account()).toMatchObject({ available_sats: 1_000_000n, withdrawing_sats: 0n });
    expect(ok(await exchange.as(alice).get_movements({ after: [], limit: 1n })).rows).toMatchObject([
      { kind: [{ withdrawal_refund: null }], amount_sats: 300_000n, balance_after_sats: 1_000_000n }
    ]);
    expect(await lastAudit()).toMatchObject({ action: 'decline_withdrawal', who: operator });
    expect(refusal(await exchange.as(owner).approve_withdrawal(id)).code).toEqual(final);
    expect(refusal(await exchange.as(alice).withdraw(request('large'))).code).toEqual(final);
  });

  test('can be cancelled by its owner while it waits, by nobody else', async () => {
    const { id } = await withdraw('large');
    expect(refusal(await exchange.as(bob).cancel_withdrawal('large')).code).toEqual({ not_found: null });
    expect(stateName(ok(await exchange.as(alice).cancel_withdrawal('large')))).toBe('refunded');
    expect(await account()).toMatchObject({ available_sats: 1_000_000n, withdrawing_sats: 0n });
    expect(refusal(await exchange.as(operator).approve_withdrawal(id)).code).toEqual(final);
    expect(refusal(await exchange.as(alice).cancel_withdrawal('large')).code).toEqual(final);
    await withdraw('small', 50_000n);
    expect(refusal(await exchange.as(alice).cancel_withdrawal('small')).code).toEqual(final);
  });

  test('takes another operator than its owner', async () => {
    await exchange.approve(operator, 500_000n);
    ok(await exchange.as(operator).deposit({ request_id: 'mine', amount_sats: 500_000n }));
    const { id } = ok(await exchange.as(operator).withdraw(request('mine')));
    expect(refusal(await exchange.as(operator).approve_withdrawal(id)).code).toEqual({ needs_other_operator: null });
    expect(refusal(await exchange.as(operator).decline_withdrawal(id, 'No.')).code).toEqual({ needs_other_operator: null });
    expect(refusal(await exchange.as(alice).approve_withdrawal(id)).code).toEqual({ forbidden: { needs: 'operator' } });
    expect(stateName(ok(await exchange.as(owner).approve_withdrawal(id)))).toBe('paid');
    for (const unknown of [1n, 2n ** 64n - 1n]) {
      expect(refusal(await exchange.as(operator).approve_withdrawal(unknown)).code).toEqual({ not_found: null });
    }
  });

  test("the house's own does not wait", async () => {
    expect(stateName(ok(await exchange.as(owner).withdraw_treasury(request('house', 5_000_000n))))).toBe('paid');
  });

  test('gets fee and time when it is approved, however long it waited', async () => {
    const { id } = await withdraw('large');
    await exchange.upgrade();
    await exchange.sleep(3n * dayNs);
    // A later withdrawal learns another fee; the large one is sent with that.
    await exchange.ledger.as().set_fault([{ bad_fee: 25n }]);
    refusal(await exchange.as(alice).withdraw(request('learns', 10_000n)));
    expect(refusal(await exchange.as(alice).withdraw(request('small', 10_000n)))).toBeDefined();
    expect((await read('large')).fee_sats).toBe(fee);
    await exchange.ledger.as().set_fault([{ temporarily_unavailable: null }]);
    const sent = ok(await exchange.as(operator).approve_withdrawal(id));
    expect(sent.fee_sats).toBe(25n);
    expect(stateName(sent)).toBe('in_transit');
    await exchange.ledger.as().set_fault([]);
    await exchange.advance(minuteNs);
    // The ledger wants 10 after all: refused, not sent at another fee.
    expect(stateName(await read('large'))).toBe('refunded');
    const again = await withdraw('again');
    expect(stateName(ok(await exchange.as(operator).approve_withdrawal(again.id)))).toBe('paid');
  });

  test.each([
    ['trap_after', 'paid'],
    ['trap_before', 'paid'],
    ['temporarily_unavailable', 'paid']
  ] as const)('whose approved transfer meets %s is %s once', async (fault, state) => {
    const before = await exchange.onLedger(bob);
    const { id } = await withdraw('large');
    await exchange.ledger.as().set_fault([{ [fault]: null } as { trap_after: null }]);
    exchange.unattributed = fault === 'trap_after' ? -300_000n : 0n;
    expect(stateName(ok(await exchange.as(operator).approve_withdrawal(id)))).toBe('in_transit');
    expect(refusal(await exchange.as(alice).cancel_withdrawal('large')).code).toEqual(final);
    await exchange.upgrade();
    await exchange.ledger.as().set_fault([]);
    exchange.unattributed = 0n;
    await exchange.advance(11n * minuteNs);
    expect(stateName(await read('large'))).toBe(state);
    expect(await exchange.onLedger(bob)).toBe(before + 300_000n - fee);
  });

  test('approved, declined and cancelled all at once ends in one way', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { id } = await withdraw(`race ${round}`, 200_000n);
      const before = await exchange.onLedger(bob);
      const decisions = [
        () => exchange.unchecked(operator).approve_withdrawal(id),
        () => exchange.unchecked(alice).cancel_withdrawal(`race ${round}`),
        () => exchange.unchecked(owner).decline_withdrawal(id, 'No.'),
        () => exchange.unchecked(owner).approve_withdrawal(id)
      ];
      const turned = [...decisions.slice(round), ...decisions.slice(0, round)];
      const answers = await Promise.all(turned.map((decide) => decide()));
      await exchange.advance(secondNs);
      expect(answers.filter((answer) => 'ok' in answer)).toHaveLength(1);
      const paid = stateName(await read(`race ${round}`)) === 'paid';
      expect((await exchange.onLedger(bob)) - before).toBe(paid ? 200_000n - fee : 0n);
    }
  });
});

import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, bob, ok, openExchange, operator, order, refusal, type Exchange } from './support/exchange.ts';
import { minuteNs } from './support/standins.ts';
import { stateName } from './support/transfers.ts';

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange();
  await exchange.deposit(alice, 1_000_000n);
});
afterEach(() => exchange.close());

describe('proof of reserves', () => {
  test('shows the books beside the ledger', async () => {
    ok(await exchange.as(alice).place_order(order('held')));
    const reserves = ok(await exchange.as(operator).check_reserves());
    expect(reserves).toEqual({
      ledger_sats: 101_000_000n,
      ledger_checked_ns: exchange.ic.now(),
      accounts_sats: 1_000_000n,
      treasury_available_sats: 99_900_000n,
      treasury_reserved_sats: 100_000n,
      migration_sats: 0n,
      withdrawals_in_transit_sats: 0n,
      in_flight_sats: 0n,
      unattributed_sats: 0n
    });
    // Anybody may look.
    expect(ok(await exchange.as(Principal.anonymous()).get_reserves())).toEqual(reserves);
  });

  test('shows what somebody sent unasked as unattributed, nobody owns it', async () => {
    await exchange.ledger.as(alice).icrc1_transfer({
      from_subaccount: [],
      to: { owner: exchange.id, subaccount: [] },
      amount: 777n,
      fee: [],
      memo: [],
      created_at_time: []
    });
    exchange.unattributed = 777n;
    expect(ok(await exchange.as(operator).check_reserves())).toMatchObject({ unattributed_sats: 777n, accounts_sats: 1_000_000n });
  });

  test('asks the ledger by itself every ten minutes; in between the answer stays what it was', async () => {
    const { ledger_checked_ns: first } = ok(await exchange.as(operator).get_reserves());
    await exchange.advance(5n * minuteNs);
    expect(ok(await exchange.as(operator).get_reserves()).ledger_checked_ns).toBe(first);
    await exchange.advance(6n * minuteNs);
    const reserves = ok(await exchange.as(operator).get_reserves());
    expect(reserves.ledger_checked_ns).toBeGreaterThan(first);
    expect(reserves).toMatchObject({ ledger_sats: 101_000_000n, unattributed_sats: 0n });
  });

  const health = async (): Promise<string> => {
    const { body } = await exchange.as().http_request({ method: 'GET', url: '/health', headers: [], body: new Uint8Array() });
    return new TextDecoder().decode(Uint8Array.from(body));
  };
  const to = (owner: Principal) => ({ owner, subaccount: [] as [] });
  const check = async () => ok(await exchange.unchecked(operator).check_reserves());
  /** Holds back the ledger's answer to the exchange until it is removed. */
  const holdBack = (method: string) =>
    exchange.ic.faults.add({
      kind: 'silent-callee',
      on: 'response',
      match: { canisterId: exchange.ledger.id.toText(), method, from: 'canister' },
      count: 1
    });
  /** What nobody can do: takes sats out of the exchange's account behind its back. */
  const steal = (amount: bigint) =>
    exchange.ledger.as(exchange.id).icrc1_transfer({ from_subaccount: [], to: to(bob), amount, fee: [], memo: [], created_at_time: [] });

  test('a withdrawal whose answer is still out is no alarm, what is missing beyond it is', async () => {
    const silent = holdBack('icrc1_transfer');
    const leaving = exchange.unchecked(alice).withdraw({ request_id: 'w', amount_sats: 300_000n, to: to(bob) });
    await expect.poll(() => silent.fired).toBe(1);
    expect(await check()).toMatchObject({ withdrawals_in_transit_sats: 300_000n, in_flight_sats: 300_000n, unattributed_sats: -300_000n });
    expect(await health()).toBe('ok\n');
    await steal(4_990n); // and the fee
    expect(await check()).toMatchObject({ unattributed_sats: -305_000n });
    expect(await health()).toBe('reserves: the ledger holds 5,000 sats less than the books, and no transfer in flight explains it\n');
    exchange.unattributed = -5_000n;
    silent.remove();
    expect(stateName(ok(await leaving))).toBe('paid');
    expect(await check()).toMatchObject({ withdrawals_in_transit_sats: 0n, in_flight_sats: 0n, unattributed_sats: -5_000n });
    expect(await health()).toMatch(/^reserves: the ledger holds 5,000 sats less/u);
  });

  test('a withdrawal that waits for an operator has not left, so it explains nothing', async () => {
    await exchange.changeSettings({ large_withdrawal_sats: 10_000n });
    const { state } = ok(await exchange.as(alice).withdraw({ request_id: 'w', amount_sats: 300_000n, to: to(bob) }));
    expect(state).toEqual({ awaiting_approval: null });
    await steal(990n);
    exchange.unattributed = -1_000n;
    expect(await check()).toMatchObject({ withdrawals_in_transit_sats: 300_000n, in_flight_sats: 0n, unattributed_sats: -1_000n });
    expect(await health()).toMatch(/^reserves: the ledger holds 1,000 sats less/u);
  });

  test('a deposit booked between the ledger’s look and its answer is no alarm', async () => {
    await exchange.approve(alice, 70_000n);
    const silent = holdBack('icrc1_balance_of');
    const asking = check();
    await expect.poll(() => silent.fired).toBe(1);
    ok(await exchange.unchecked(alice).deposit({ request_id: 'meanwhile', amount_sats: 70_000n }));
    silent.remove();
    expect(await asking).toMatchObject({ ledger_sats: 101_000_000n, in_flight_sats: 70_000n, unattributed_sats: -70_000n });
    expect(await health()).toBe('ok\n');
    expect(await check()).toMatchObject({ ledger_sats: 101_070_000n, in_flight_sats: 0n, unattributed_sats: 0n });
  });

  test('says so when the ledger can not be asked, and keeps the last answer', async () => {
    const before = ok(await exchange.as(operator).get_reserves());
    await exchange.ic.stopCanister(exchange.ledger.id);
    expect(refusal(await exchange.as(operator).check_reserves())).toMatchObject({ kind: 'temporary', code: { ledger: {} } });
    expect(ok(await exchange.as(operator).get_reserves())).toEqual(before);
  });
});

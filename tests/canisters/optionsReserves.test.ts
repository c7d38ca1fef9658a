import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alice, ok, openExchange, operator, order, refusal, type Exchange } from './support/exchange.ts';
import { minuteNs } from './support/standins.ts';

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

  test('says so when the ledger can not be asked, and keeps the last answer', async () => {
    const before = ok(await exchange.as(operator).get_reserves());
    await exchange.ic.stopCanister(exchange.ledger.id);
    expect(refusal(await exchange.as(operator).check_reserves())).toMatchObject({ kind: 'temporary', code: { ledger: {} } });
    expect(ok(await exchange.as(operator).get_reserves())).toEqual(before);
  });
});

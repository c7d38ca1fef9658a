import type { LocalIc } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApproveArg } from '../../src/lib/canisters/ledger/ledger.did.js';
import { account, alice, bob, bytes, carol, fee, ledgerCalls, minter, type LedgerCalls } from './support/ledgerCalls.ts';
import { installLedger, secondNs, startNs, stillNetwork, type LedgerStandin } from './support/standins.ts';

let ic: LocalIc;
let ledger: LedgerStandin;
let calls: LedgerCalls;

beforeEach(async () => {
  ic = await stillNetwork();
  ledger = await installLedger(ic, { minter, initial_mints: [{ to: account(alice), amount: 100_000n }] });
  calls = ledgerCalls(ledger);
});
afterEach(async () => {
  await ic.close();
});

describe('icrc2_approve', () => {
  test('sets the allowance in place of the old one and costs the fee', async () => {
    expect(await calls.approve(alice, { fee: [fee] })).toEqual({ Ok: 1n });
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 5_000n, expires_at: [] });
    expect(await calls.approve(alice, { amount: 7n, expires_at: [startNs + 1n] })).toEqual({ Ok: 2n });
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 7n, expires_at: [startNs + 1n] });
    expect(await calls.approve(alice, { amount: 0n })).toEqual({ Ok: 3n });
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 0n, expires_at: [] });
    expect(await calls.balance(alice)).toBe(100_000n - 3n * fee);
    expect(await calls.supply()).toBe(100_000n - 3n * fee);
    expect(await ledger.as().get_block(2n)).toMatchObject([
      { charged_fee: fee, transaction: { operation: { approve: { spender: account(bob), amount: 7n, expires_at: [startNs + 1n] } } } }
    ]);
  });

  test('takes more than can exist for the most that can', async () => {
    expect(await calls.approve(alice, { amount: 2n ** 256n })).toEqual({ Ok: 1n });
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 2n ** 64n - 1n, expires_at: [] });
  });

  test('compares the expected allowance', async () => {
    expect(await calls.approve(alice, { expected_allowance: [1n] })).toEqual({ Err: { AllowanceChanged: { current_allowance: 0n } } });
    expect(await calls.approve(alice, { expected_allowance: [0n] })).toEqual({ Ok: 1n });
    expect(await calls.approve(alice, { expected_allowance: [0n] })).toEqual({ Err: { AllowanceChanged: { current_allowance: 5_000n } } });
    expect(await calls.approve(alice, { expected_allowance: [5_000n], amount: 1n, expires_at: [startNs + secondNs] })).toEqual({ Ok: 2n });
    await ic.advance(secondNs);
    expect(await calls.approve(alice, { expected_allowance: [1n] })).toEqual({ Err: { AllowanceChanged: { current_allowance: 0n } } });
    expect(await calls.balance(alice)).toBe(100_000n - 2n * fee);
  });

  test('refuses an expiry that is not in the future, a wrong fee, an empty account and oneself', async () => {
    expect(await calls.approve(alice, { expires_at: [startNs] })).toEqual({ Err: { Expired: { ledger_time: startNs } } });
    expect(await calls.approve(alice, { fee: [0n] })).toEqual({ Err: { BadFee: { expected_fee: fee } } });
    expect(await calls.approve(carol)).toEqual({ Err: { InsufficientFunds: { balance: 0n } } });
    await expect(calls.approve(alice, { spender: account(alice) })).rejects.toThrow('self approval is not allowed');
    await expect(calls.approve(alice, { spender: account(alice, bytes(32, 1)) })).rejects.toThrow('self approval is not allowed');
    await expect(calls.approve(alice, { memo: [bytes(33, 0)] })).rejects.toThrow('33 bytes is above');
    expect(await calls.balance(alice)).toBe(100_000n);
  });

  test('needs the fee before it looks at expiry and expected allowance', async () => {
    const changes: Partial<ApproveArg> = { expires_at: [startNs], expected_allowance: [9n] };
    expect(await calls.approve(carol, changes)).toEqual({ Err: { InsufficientFunds: { balance: 0n } } });
    expect(await calls.approve(alice, changes)).toEqual({ Err: { Expired: { ledger_time: startNs } } });
  });
});

describe('icrc2_transfer_from', () => {
  test('takes amount and fee out of account and allowance', async () => {
    await calls.approve(alice);
    expect(await calls.take(bob)).toEqual({ Ok: 2n });
    expect(await calls.balance(alice)).toBe(100_000n - fee - 1_000n - fee);
    expect(await calls.balance(carol)).toBe(1_000n);
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 5_000n - 1_000n - fee, expires_at: [] });
    expect(await ledger.as().get_block(2n)).toMatchObject([
      { charged_fee: fee, transaction: { operation: { transfer: { from: account(alice), to: account(carol), spender: [account(bob)] } } } }
    ]);
  });

  test('needs an allowance for amount and fee', async () => {
    expect(await calls.take(bob)).toEqual({ Err: { InsufficientAllowance: { allowance: 0n } } });
    await calls.approve(alice, { amount: 1_009n });
    expect(await calls.take(bob)).toEqual({ Err: { InsufficientAllowance: { allowance: 1_009n } } });
    await calls.approve(alice, { amount: 1_010n });
    expect(await calls.take(bob)).toEqual({ Ok: 3n });
    expect(await calls.take(bob, { amount: 0n })).toEqual({ Err: { InsufficientAllowance: { allowance: 0n } } });
  });

  test('looks at the allowance before the balance, and leaves it alone when funds are missing', async () => {
    await calls.approve(alice, { amount: 1_000_000n });
    expect(await calls.take(bob, { amount: 2_000_000n })).toEqual({ Err: { InsufficientAllowance: { allowance: 1_000_000n } } });
    expect(await calls.take(bob, { amount: 200_000n })).toEqual({ Err: { InsufficientFunds: { balance: 99_990n } } });
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 1_000_000n, expires_at: [] });
  });

  test('ends with the allowance', async () => {
    await calls.approve(alice, { expires_at: [startNs + 2n * secondNs] });
    await ic.advance(2n * secondNs - 1n);
    expect(await calls.take(bob)).toEqual({ Ok: 2n });
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 3_990n, expires_at: [startNs + 2n * secondNs] });
    await ic.advance(1n);
    // Asked before a transaction clears it away: an expired allowance is none even while it is still stored.
    expect(await calls.allowance(alice, bob)).toEqual({ allowance: 0n, expires_at: [] });
    expect(await calls.take(bob)).toEqual({ Err: { InsufficientAllowance: { allowance: 0n } } });
  });

  test('keeps spenders and accounts apart', async () => {
    await calls.approve(alice, { spender: account(bob, bytes(32, 1)) });
    expect(await calls.take(bob)).toEqual({ Err: { InsufficientAllowance: { allowance: 0n } } });
    expect(await calls.take(carol)).toEqual({ Err: { InsufficientAllowance: { allowance: 0n } } });
    expect(await calls.take(bob, { spender_subaccount: [bytes(32, 1)], from: account(alice, bytes(32, 2)) })).toEqual({
      Err: { InsufficientAllowance: { allowance: 0n } }
    });
    expect(await calls.take(bob, { spender_subaccount: [bytes(32, 1)] })).toEqual({ Ok: 2n });
  });

  test("needs no allowance for one's own account, and one between one's subaccounts", async () => {
    expect(await calls.take(alice)).toEqual({ Ok: 1n });
    expect(await calls.take(alice, { spender_subaccount: [bytes(32, 1)] })).toEqual({ Err: { InsufficientAllowance: { allowance: 0n } } });
  });
});

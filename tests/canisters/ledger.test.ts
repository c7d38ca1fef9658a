import { Principal } from '@dfinity/principal';
import type { LocalIc } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TransferArg } from '../../src/lib/canisters/ledger/ledger.did.js';
import { account, alice, bob, bytes, carol, fee, ledgerCalls, minter, type LedgerCalls } from './support/ledgerCalls.ts';
import { dayNs, installLedger, secondNs, startNs, stillNetwork, type LedgerStandin } from './support/standins.ts';

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

describe('the token', () => {
  test('has the constants of ckBTC', async () => {
    const read = ledger.as();
    expect(await read.icrc1_name()).toBe('ckBTC');
    expect(await read.icrc1_symbol()).toBe('ckBTC');
    expect(await read.icrc1_decimals()).toBe(8);
    expect(await read.icrc1_fee()).toBe(fee);
    expect(await read.icrc1_minting_account()).toEqual([account(minter)]);
    expect(Object.fromEntries(await read.icrc1_metadata())).toEqual({
      'icrc1:name': { Text: 'ckBTC' },
      'icrc1:symbol': { Text: 'ckBTC' },
      'icrc1:decimals': { Nat: 8n },
      'icrc1:fee': { Nat: fee },
      'icrc1:max_memo_length': { Nat: 32n }
    });
    expect((await read.icrc1_supported_standards()).map(({ name }) => name)).toEqual(['ICRC-1', 'ICRC-2']);
  });

  test('starts with the initial mints in its first blocks', async () => {
    expect(await calls.supply()).toBe(100_000n);
    expect(await calls.balance(alice)).toBe(100_000n);
    expect(await ledger.as().get_block(0n)).toEqual([
      {
        index: 0n,
        timestamp: startNs,
        charged_fee: 0n,
        transaction: { operation: { mint: { to: account(alice), amount: 100_000n } }, memo: [], created_at_time: [] }
      }
    ]);
    for (const beyond of [1n, 2n ** 70n]) expect(await ledger.as().get_block(beyond)).toEqual([]);
  });
});

describe('icrc1_transfer', () => {
  test('moves the amount, destroys the fee and writes a block', async () => {
    const memo = bytes(32, 7);
    expect(await calls.transfer(alice, { fee: [fee], memo: [memo], created_at_time: [startNs] })).toEqual({ Ok: 1n });
    expect(await calls.balance(alice)).toBe(98_990n);
    expect(await calls.balance(bob)).toBe(1_000n);
    expect(await calls.supply()).toBe(99_990n);
    expect(await ledger.as().get_block(1n)).toEqual([
      {
        index: 1n,
        timestamp: startNs,
        charged_fee: fee,
        transaction: {
          operation: { transfer: { from: account(alice), to: account(bob), spender: [], amount: 1_000n, fee: [fee] } },
          memo: [memo],
          created_at_time: [startNs]
        }
      }
    ]);
  });

  test('needs amount and fee in the account', async () => {
    expect(await calls.transfer(alice, { amount: 99_991n })).toEqual({ Err: { InsufficientFunds: { balance: 100_000n } } });
    expect(await calls.transfer(alice, { amount: 2n ** 64n })).toEqual({ Err: { InsufficientFunds: { balance: 100_000n } } });
    expect(await calls.transfer(bob, { amount: 0n })).toEqual({ Err: { InsufficientFunds: { balance: 0n } } });
    expect(await calls.transfer(alice, { amount: 99_990n })).toEqual({ Ok: 1n });
    expect(await calls.balance(alice)).toBe(0n);
  });

  test('to oneself costs the fee only', async () => {
    expect(await calls.transfer(alice, { to: account(alice), amount: 50_000n })).toEqual({ Ok: 1n });
    expect(await calls.balance(alice)).toBe(99_990n);
  });

  test('treats 32 zero bytes as the default subaccount, and every other subaccount as an account of its own', async () => {
    const savings = bytes(32, 1);
    expect(await calls.transfer(alice, { from_subaccount: [bytes(32, 0)], to: account(bob, bytes(32, 0)) })).toEqual({ Ok: 1n });
    expect(await calls.balance(bob)).toBe(1_000n);
    expect(await calls.transfer(alice, { to: account(bob, savings), amount: 500n })).toEqual({ Ok: 2n });
    expect(await calls.balance(bob, bytes(32, 0))).toBe(1_000n);
    expect(await calls.balance(bob, savings)).toBe(500n);
    expect(await calls.transfer(bob, { from_subaccount: [savings], to: account(alice), amount: 490n })).toEqual({ Ok: 3n });
    expect(await calls.balance(bob, savings)).toBe(0n);
  });

  test('rejects a subaccount that has not 32 bytes and a memo of more than 32', async () => {
    await expect(calls.transfer(alice, { to: account(bob, bytes(31, 0)) })).rejects.toThrow('a subaccount has 32 bytes, not 31');
    await expect(calls.transfer(alice, { from_subaccount: [bytes(33, 0)] })).rejects.toThrow('a subaccount has 32 bytes, not 33');
    await expect(calls.transfer(alice, { memo: [bytes(33, 0)] })).rejects.toThrow('33 bytes is above the allowed limit of 32 bytes');
    await expect(calls.balance(bob, bytes(1, 0))).rejects.toThrow('a subaccount has 32 bytes');
    expect(await calls.supply()).toBe(100_000n);
  });
});

describe('deduplication', () => {
  const created: { created_at_time: [bigint] } = { created_at_time: [startNs] };

  test('happens only with created_at_time', async () => {
    expect(await calls.transfer(alice)).toEqual({ Ok: 1n });
    expect(await calls.transfer(alice)).toEqual({ Ok: 2n });
    expect(await calls.transfer(alice, created)).toEqual({ Ok: 3n });
    expect(await calls.transfer(alice, created)).toEqual({ Err: { Duplicate: { duplicate_of: 3n } } });
    expect(await calls.balance(bob)).toBe(3_000n);
  });

  test('needs every argument to be the same', async () => {
    expect(await calls.transfer(alice, created)).toEqual({ Ok: 1n });
    const others: Partial<TransferArg>[] = [
      { amount: 1_001n },
      { fee: [fee] },
      { memo: [bytes(1, 1)] },
      { memo: [bytes(32, 1)] },
      { to: account(carol) },
      { to: account(bob, bytes(32, 1)) },
      { created_at_time: [startNs - 1n] }
    ];
    for (const [index, change] of others.entries())
      expect(await calls.transfer(alice, { ...created, ...change })).toEqual({ Ok: BigInt(index + 2) });
    expect(await calls.transfer(alice, { ...created, to: account(bob, bytes(32, 0)) })).toEqual({
      Err: { Duplicate: { duplicate_of: 1n } }
    });
  });

  test('checks the fee before it looks for a duplicate', async () => {
    expect(await calls.transfer(alice, created)).toEqual({ Ok: 1n });
    expect(await calls.transfer(alice, { ...created, fee: [9n] })).toEqual({ Err: { BadFee: { expected_fee: fee } } });
  });

  test('finds the duplicate even when the money is gone', async () => {
    expect(await calls.transfer(alice, { ...created, amount: 99_990n })).toEqual({ Ok: 1n });
    expect(await calls.transfer(alice, { ...created, amount: 99_990n })).toEqual({ Err: { Duplicate: { duplicate_of: 1n } } });
  });

  test('ends with the window: 24 hours back, 60 seconds ahead, both included', async () => {
    expect(await calls.transfer(alice, { created_at_time: [startNs - dayNs] })).toEqual({ Ok: 1n });
    expect(await calls.transfer(alice, { created_at_time: [startNs - dayNs - 1n] })).toEqual({ Err: { TooOld: null } });
    expect(await calls.transfer(alice, { created_at_time: [startNs + 60n * secondNs] })).toEqual({ Ok: 2n });
    expect(await calls.transfer(alice, { created_at_time: [startNs + 60n * secondNs + 1n] })).toEqual({
      Err: { CreatedInFuture: { ledger_time: startNs } }
    });
  });

  test('remembers a transaction as long as it could be sent again, then calls it too old', async () => {
    const ahead: Partial<TransferArg> = { created_at_time: [startNs + 60n * secondNs] };
    expect(await calls.transfer(alice, ahead)).toEqual({ Ok: 1n });
    await ic.advance(dayNs + 60n * secondNs);
    expect(await calls.transfer(alice, ahead)).toEqual({ Err: { Duplicate: { duplicate_of: 1n } } });
    await ic.advance(1n);
    expect(await calls.transfer(alice, ahead)).toEqual({ Err: { TooOld: null } });
    expect(await calls.transfer(alice, { created_at_time: [ic.now()] })).toEqual({ Ok: 2n });
  });

  test('covers approvals and transfers by a spender', async () => {
    expect(await calls.approve(alice, created)).toEqual({ Ok: 1n });
    expect(await calls.approve(alice, created)).toEqual({ Err: { Duplicate: { duplicate_of: 1n } } });
    expect(await calls.approve(alice, { ...created, fee: [11n] })).toEqual({ Err: { BadFee: { expected_fee: fee } } });
    expect(await calls.approve(alice, { created_at_time: [startNs - dayNs - 1n] })).toEqual({ Err: { TooOld: null } });
    expect(await calls.approve(alice, { created_at_time: [startNs + 61n * secondNs] })).toEqual({
      Err: { CreatedInFuture: { ledger_time: startNs } }
    });
    expect(await calls.take(bob, created)).toEqual({ Ok: 2n });
    expect(await calls.take(bob, created)).toEqual({ Err: { Duplicate: { duplicate_of: 2n } } });
    expect(await calls.take(bob, { ...created, fee: [11n] })).toEqual({ Err: { BadFee: { expected_fee: fee } } });
    expect(await calls.take(bob, { created_at_time: [startNs - dayNs - 1n] })).toEqual({ Err: { TooOld: null } });
    expect(await calls.take(bob, { created_at_time: [startNs + 61n * secondNs] })).toEqual({
      Err: { CreatedInFuture: { ledger_time: startNs } }
    });
    expect(await calls.balance(carol)).toBe(1_000n);
  });
});

describe('minting and burning', () => {
  test('a transfer from the minting account mints, free of charge', async () => {
    expect(await calls.transfer(minter, { amount: 7n })).toEqual({ Ok: 1n });
    expect(await calls.transfer(minter, { amount: 7n, fee: [0n] })).toEqual({ Ok: 2n });
    expect(await calls.transfer(minter, { amount: 7n, fee: [fee] })).toEqual({ Err: { BadFee: { expected_fee: 0n } } });
    expect(await calls.balance(bob)).toBe(14n);
    expect(await calls.supply()).toBe(100_014n);
  });

  test('a transfer to the minting account burns, free of charge, at least the fee', async () => {
    const burn = { to: account(minter) };
    expect(await calls.transfer(alice, { ...burn, amount: 9n })).toEqual({ Err: { BadBurn: { min_burn_amount: fee } } });
    expect(await calls.transfer(alice, { ...burn, amount: 0n })).toEqual({ Err: { BadBurn: { min_burn_amount: fee } } });
    expect(await calls.transfer(alice, { ...burn, amount: 10n, fee: [fee] })).toEqual({ Err: { BadFee: { expected_fee: 0n } } });
    expect(await calls.transfer(alice, { ...burn, amount: 100_001n })).toEqual({ Err: { InsufficientFunds: { balance: 100_000n } } });
    expect(await calls.transfer(alice, { ...burn, amount: 99_995n })).toEqual({ Ok: 1n });
    expect(await calls.supply()).toBe(5n);
    // What is less than the fee can only be burned as a whole.
    expect(await calls.transfer(alice, { ...burn, amount: 4n })).toEqual({ Err: { BadBurn: { min_burn_amount: 5n } } });
    expect(await calls.transfer(alice, { ...burn, amount: 5n })).toEqual({ Ok: 2n });
    expect(await calls.supply()).toBe(0n);
    expect(await calls.transfer(alice, { ...burn, amount: 0n })).toEqual({ Err: { BadBurn: { min_burn_amount: fee } } });
    expect(await ledger.as().get_block(2n)).toMatchObject([{ charged_fee: 0n, transaction: { operation: { burn: { amount: 5n } } } }]);
  });

  test('a spender can burn within the allowance, and nobody can mint for the minter', async () => {
    await calls.approve(alice, { amount: 500n });
    expect(await calls.take(bob, { to: account(minter), amount: 501n })).toEqual({ Err: { InsufficientAllowance: { allowance: 500n } } });
    expect(await calls.take(bob, { to: account(minter), amount: 9n })).toEqual({ Err: { BadBurn: { min_burn_amount: fee } } });
    expect(await calls.take(bob, { to: account(minter), amount: 500n })).toEqual({ Ok: 2n });
    expect(await calls.supply()).toBe(100_000n - fee - 500n);
    await expect(calls.take(bob, { from: account(minter) })).rejects.toThrow('the minter account cannot delegate mints');
    await expect(calls.approve(minter)).rejects.toThrow('the minting account cannot delegate mints');
  });

  test('the supply fits 64 bits', async () => {
    await expect(calls.transfer(minter, { amount: 2n ** 64n - 1n })).rejects.toThrow('the supply would exceed');
    expect(await calls.supply()).toBe(100_000n);
  });
});

describe('test money', () => {
  const mint = (sender: Principal, to: Principal, amount: bigint) => ledger.as(sender).mint_test_bitcoin({ to: account(to), amount });

  test('is for everybody who is logged in, up to 1 BTC a call', async () => {
    expect(await mint(carol, bob, 100_000_000n)).toEqual({ Ok: 1n });
    expect(await calls.balance(bob)).toBe(100_000_000n);
    expect(await calls.supply()).toBe(100_100_000n);
    expect(await mint(carol, bob, 100_000_001n)).toEqual({ Err: expect.stringContaining('at most 1 BTC') });
    expect(await mint(carol, bob, 0n)).toEqual({ Err: expect.stringContaining('at least 1 satoshi') });
    expect(await mint(Principal.anonymous(), bob, 1n)).toEqual({ Err: expect.stringContaining('Log in') });
    expect(await mint(carol, minter, 1n)).toEqual({ Err: expect.stringContaining('minting account') });
    expect(await calls.supply()).toBe(100_100_000n);
  });
});

describe('faults on demand', () => {
  test('are for controllers', async () => {
    await expect(ledger.as(alice).set_fault([{ trap_before: null }])).rejects.toThrow('only a controller');
    expect(await calls.transfer(alice)).toEqual({ Ok: 1n });
  });

  test('answer transfers with the error until they are unset', async () => {
    await calls.approve(alice);
    for (const [fault, error] of [
      [{ temporarily_unavailable: null }, { TemporarilyUnavailable: null }],
      [{ bad_fee: 20n }, { BadFee: { expected_fee: 20n } }],
      [{ generic: 'out of order' }, { GenericError: { error_code: 1n, message: 'out of order' } }]
    ] as const) {
      await ledger.as().set_fault([fault]);
      expect(await calls.transfer(alice)).toEqual({ Err: error });
      expect(await calls.take(bob)).toEqual({ Err: error });
    }
    await ledger.as().set_fault([]);
    expect(await calls.transfer(alice)).toEqual({ Ok: 2n });
    expect(await calls.take(bob)).toEqual({ Ok: 3n });
  });

  test('can refuse before anything happened, or lose the answer after it has', async () => {
    await ledger.as().set_fault([{ trap_before: null }]);
    await expect(calls.transfer(alice)).rejects.toThrow('refused (test switch)');
    expect(await calls.balance(bob)).toBe(0n);
    await ledger.as().set_fault([{ trap_after: null }]);
    await expect(calls.transfer(alice, { created_at_time: [startNs] })).rejects.toThrow('answer of this transfer was lost');
    expect(await calls.balance(bob)).toBe(1_000n);
    await ledger.as().set_fault([]);
    expect(await calls.transfer(alice, { created_at_time: [startNs] })).toEqual({ Err: { Duplicate: { duplicate_of: 1n } } });
  });
});

test('an upgrade keeps balances, allowances, blocks and the memory of duplicates', async () => {
  await calls.approve(alice);
  await calls.transfer(alice, { created_at_time: [startNs] });
  await ledger.upgrade({ minter: bob, initial_mints: [{ to: account(carol), amount: 1n }] });
  expect(await calls.balance(alice)).toBe(100_000n - fee - 1_010n);
  expect(await calls.balance(carol)).toBe(0n);
  expect(await calls.allowance(alice, bob)).toEqual({ allowance: 5_000n, expires_at: [] });
  expect(await calls.transfer(alice, { created_at_time: [startNs] })).toEqual({ Err: { Duplicate: { duplicate_of: 2n } } });
  expect(await ledger.as().icrc1_minting_account()).toEqual([account(minter)]);
});

import type { Principal } from '@dfinity/principal';
import type {
  Account,
  Allowance,
  ApproveArg,
  ApproveResult,
  TransferArg,
  TransferFromArg,
  TransferFromResult,
  TransferResult
} from '../../../src/lib/canisters/ledger/ledger.did.js';
import { person, type LedgerStandin } from './standins.ts';

export const fee = 10n;
export const minter = person('minter');
export const alice = person('alice');
export const bob = person('bob');
export const carol = person('carol');

export const account = (owner: Principal, subaccount?: Uint8Array): Account => ({
  owner,
  subaccount: subaccount === undefined ? [] : [subaccount]
});
export const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

/** The ledger's calls with defaults, so that a test names only what it is about. */
export interface LedgerCalls {
  /** 1,000 sats to bob. */
  transfer(sender: Principal, changes?: Partial<TransferArg>): Promise<TransferResult>;
  /** Lets bob take 5,000 sats. */
  approve(sender: Principal, changes?: Partial<ApproveArg>): Promise<ApproveResult>;
  /** Takes 1,000 sats from alice to carol. */
  take(sender: Principal, changes?: Partial<TransferFromArg>): Promise<TransferFromResult>;
  balance(owner: Principal, subaccount?: Uint8Array): Promise<bigint>;
  allowance(owner: Principal, spender: Principal): Promise<Allowance>;
  supply(): Promise<bigint>;
}

export function ledgerCalls(ledger: LedgerStandin): LedgerCalls {
  // Fresh for every call: optional fields are tuples, and a shared one could be changed by accident.
  const plain = (): { fee: []; memo: []; created_at_time: [] } => ({ fee: [], memo: [], created_at_time: [] });
  return {
    transfer: (sender, changes) =>
      ledger.as(sender).icrc1_transfer({ ...plain(), from_subaccount: [], to: account(bob), amount: 1_000n, ...changes }),
    approve: (sender, changes) =>
      ledger.as(sender).icrc2_approve({
        ...plain(),
        from_subaccount: [],
        spender: account(bob),
        amount: 5_000n,
        expected_allowance: [],
        expires_at: [],
        ...changes
      }),
    take: (sender, changes) =>
      ledger
        .as(sender)
        .icrc2_transfer_from({ ...plain(), spender_subaccount: [], from: account(alice), to: account(carol), amount: 1_000n, ...changes }),
    balance: (owner, subaccount) => ledger.as().icrc1_balance_of(account(owner, subaccount)),
    allowance: (owner, spender) => ledger.as().icrc2_allowance({ account: account(owner), spender: account(spender) }),
    supply: () => ledger.as().icrc1_total_supply()
  };
}

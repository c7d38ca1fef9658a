import { Principal } from '@dfinity/principal';
import { idlFactory } from '../canisters/ledger/ledger.did.js';
import type { _SERVICE, ApproveError } from '../canisters/ledger/ledger.did';
import { AppError } from '../errors/AppError';
import { formatBtc } from '../money/formatBtc';
import { createActor } from './actor';
import { query, update, type Caller } from './call';
import { caseOf, optional, toOpt } from './candid';

interface Allowance {
  readonly allowanceSats: bigint;
  /** undefined: never expires. */
  readonly expiresNs: bigint | undefined;
}

interface Approval {
  readonly spender: string;
  readonly amountSats: bigint;
  /** The allowance the caller believes is there: the ledger refuses when another one is, so two tabs can't add up. */
  readonly expectedSats: bigint;
  readonly expiresNs: bigint;
  readonly feeSats: bigint;
}

/** The ckBTC ledger in domain terms; accounts are the default ones of a principal. Rejects with an AppError only. */
export interface LedgerClient {
  balanceOf(owner: string): Promise<bigint>;
  fee(): Promise<bigint>;
  allowance(owner: string, spender: string): Promise<Allowance>;
  /** Resolves with the block. Refusals have the codes `allowance_changed`, `insufficient_wallet`, `bad_fee`, `ledger_clock`, `ledger_busy`, `ledger`. */
  approve(approval: Approval): Promise<bigint>;
  /** Networks with test bitcoin only. */
  mintTestBitcoin(owner: string, amountSats: bigint): Promise<void>;
}

export function createLedgerClient(caller: Caller): LedgerClient {
  const actor = createActor<_SERVICE>(idlFactory, caller);
  const account = (owner: string): { owner: Principal; subaccount: [] } => ({ owner: Principal.fromText(owner), subaccount: [] });

  return {
    balanceOf: (owner) => query(caller, 'icrc1_balance_of', () => actor.icrc1_balance_of(account(owner))),
    fee: () => query(caller, 'icrc1_fee', () => actor.icrc1_fee()),
    allowance: async (owner, spender) => {
      const request = { account: account(owner), spender: account(spender) };
      const answer = await query(caller, 'icrc2_allowance', () => actor.icrc2_allowance(request));
      return { allowanceSats: answer.allowance, expiresNs: optional(answer.expires_at) };
    },
    approve: async ({ spender, amountSats, expectedSats, expiresNs, feeSats }) => {
      const answer = await update(caller, 'icrc2_approve', () =>
        actor.icrc2_approve({
          from_subaccount: [],
          spender: account(spender),
          amount: amountSats,
          expected_allowance: toOpt(expectedSats),
          expires_at: toOpt(expiresNs),
          fee: toOpt(feeSats),
          memo: [],
          // No deduplication is needed: expected_allowance already stops a second approval from having an effect.
          created_at_time: []
        })
      );
      if ('Err' in answer) throw approvalRefused(answer.Err);
      return answer.Ok;
    },
    mintTestBitcoin: async (owner, amountSats) => {
      const answer = await update(caller, 'mint_test_bitcoin', () => actor.mint_test_bitcoin({ to: account(owner), amount: amountSats }));
      if ('Err' in answer) throw refused('mint_refused', answer.Err);
    }
  };
}

function approvalRefused(error: ApproveError): AppError {
  if ('AllowanceChanged' in error) {
    return refused('allowance_changed', 'Another deposit was started at the same time. Try again.', 'temporary', error);
  }
  if ('InsufficientFunds' in error) {
    const message = `Your wallet holds ${formatBtc(error.InsufficientFunds.balance)} BTC, which does not cover the ledger's fee.`;
    return refused('insufficient_wallet', message, 'request', error);
  }
  if ('BadFee' in error) return refused('bad_fee', "The ledger's fee has changed. Try again.", 'temporary', error);
  if ('Expired' in error || 'TooOld' in error || 'CreatedInFuture' in error) {
    return refused('ledger_clock', "Your device's clock differs from the ledger's. Set it right and try again.", 'temporary', error);
  }
  if ('TemporarilyUnavailable' in error)
    return refused('ledger_busy', 'The ckBTC ledger is busy. Try again in a moment.', 'temporary', error);
  return refused('ledger', `The ckBTC ledger refused the approval (${caseOf(error)}). Report this.`, 'internal', error);
}

function refused(code: string, message: string, kind: 'request' | 'temporary' | 'internal' = 'request', cause?: unknown): AppError {
  return new AppError({ kind, code, message, canister: 'ledger', cause });
}

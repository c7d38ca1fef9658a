// Made from ledger.did by `npm run bindings`. Change the interface, not this file.

import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

export interface Account {
  'owner' : Principal,
  'subaccount' : [] | [Uint8Array],
}
export interface Allowance {
  'allowance' : bigint,
  'expires_at' : [] | [bigint],
}
export interface AllowanceArg { 'account' : Account, 'spender' : Account }
export interface ApproveArg {
  'fee' : [] | [bigint],
  'memo' : [] | [Uint8Array],
  'from_subaccount' : [] | [Uint8Array],
  'created_at_time' : [] | [bigint],
  'amount' : bigint,
  'expected_allowance' : [] | [bigint],
  'expires_at' : [] | [bigint],
  'spender' : Account,
}
export type ApproveError = {
    'GenericError' : { 'message' : string, 'error_code' : bigint }
  } |
  { 'TemporarilyUnavailable' : null } |
  { 'Duplicate' : { 'duplicate_of' : bigint } } |
  { 'BadFee' : { 'expected_fee' : bigint } } |
  { 'AllowanceChanged' : { 'current_allowance' : bigint } } |
  { 'CreatedInFuture' : { 'ledger_time' : bigint } } |
  { 'TooOld' : null } |
  { 'Expired' : { 'ledger_time' : bigint } } |
  { 'InsufficientFunds' : { 'balance' : bigint } };
export type ApproveResult = { 'Ok' : bigint } |
  { 'Err' : ApproveError };
export interface Block {
  'charged_fee' : bigint,
  'transaction' : Transaction,
  'timestamp' : bigint,
  'index' : bigint,
}
export interface CkBtcLedger {
  'get_block' : ActorMethod<[bigint], [] | [Block]>,
  'icrc1_balance_of' : ActorMethod<[Account], bigint>,
  'icrc1_decimals' : ActorMethod<[], number>,
  'icrc1_fee' : ActorMethod<[], bigint>,
  'icrc1_metadata' : ActorMethod<[], Array<[string, MetadataValue]>>,
  'icrc1_minting_account' : ActorMethod<[], [] | [Account]>,
  'icrc1_name' : ActorMethod<[], string>,
  'icrc1_supported_standards' : ActorMethod<[], Array<Standard>>,
  'icrc1_symbol' : ActorMethod<[], string>,
  'icrc1_total_supply' : ActorMethod<[], bigint>,
  'icrc1_transfer' : ActorMethod<[TransferArg], TransferResult>,
  'icrc2_allowance' : ActorMethod<[AllowanceArg], Allowance>,
  'icrc2_approve' : ActorMethod<[ApproveArg], ApproveResult>,
  'icrc2_transfer_from' : ActorMethod<[TransferFromArg], TransferFromResult>,
  'mint_test_bitcoin' : ActorMethod<
    [{ 'to' : Account, 'amount' : bigint }],
    { 'Ok' : bigint } |
      { 'Err' : string }
  >,
  'set_fault' : ActorMethod<[[] | [Fault]], undefined>,
}
export type Fault = { 'trap_before' : null } |
  { 'trap_after' : null } |
  { 'temporarily_unavailable' : null } |
  { 'bad_fee' : bigint } |
  { 'generic' : string };
export interface InitArgs {
  'minter' : Principal,
  'initial_mints' : Array<{ 'to' : Account, 'amount' : bigint }>,
}
export type MetadataValue = { 'Int' : bigint } |
  { 'Nat' : bigint } |
  { 'Blob' : Uint8Array } |
  { 'Text' : string };
export type Operation = {
    'burn' : { 'from' : Account, 'amount' : bigint, 'spender' : [] | [Account] }
  } |
  { 'mint' : { 'to' : Account, 'amount' : bigint } } |
  {
    'approve' : {
      'fee' : [] | [bigint],
      'from' : Account,
      'amount' : bigint,
      'expected_allowance' : [] | [bigint],
      'expires_at' : [] | [bigint],
      'spender' : Account,
    }
  } |
  {
    'transfer' : {
      'to' : Account,
      'fee' : [] | [bigint],
      'from' : Account,
      'amount' : bigint,
      'spender' : [] | [Account],
    }
  };
export interface Standard { 'url' : string, 'name' : string }
export interface Transaction {
  'memo' : [] | [Uint8Array],
  'operation' : Operation,
  'created_at_time' : [] | [bigint],
}
export interface TransferArg {
  'to' : Account,
  'fee' : [] | [bigint],
  'memo' : [] | [Uint8Array],
  'from_subaccount' : [] | [Uint8Array],
  'created_at_time' : [] | [bigint],
  'amount' : bigint,
}
export type TransferError = {
    'GenericError' : { 'message' : string, 'error_code' : bigint }
  } |
  { 'TemporarilyUnavailable' : null } |
  { 'BadBurn' : { 'min_burn_amount' : bigint } } |
  { 'Duplicate' : { 'duplicate_of' : bigint } } |
  { 'BadFee' : { 'expected_fee' : bigint } } |
  { 'CreatedInFuture' : { 'ledger_time' : bigint } } |
  { 'TooOld' : null } |
  { 'InsufficientFunds' : { 'balance' : bigint } };
export interface TransferFromArg {
  'to' : Account,
  'fee' : [] | [bigint],
  'spender_subaccount' : [] | [Uint8Array],
  'from' : Account,
  'memo' : [] | [Uint8Array],
  'created_at_time' : [] | [bigint],
  'amount' : bigint,
}
export type TransferFromError = {
    'GenericError' : { 'message' : string, 'error_code' : bigint }
  } |
  { 'TemporarilyUnavailable' : null } |
  { 'InsufficientAllowance' : { 'allowance' : bigint } } |
  { 'BadBurn' : { 'min_burn_amount' : bigint } } |
  { 'Duplicate' : { 'duplicate_of' : bigint } } |
  { 'BadFee' : { 'expected_fee' : bigint } } |
  { 'CreatedInFuture' : { 'ledger_time' : bigint } } |
  { 'TooOld' : null } |
  { 'InsufficientFunds' : { 'balance' : bigint } };
export type TransferFromResult = { 'Ok' : bigint } |
  { 'Err' : TransferFromError };
export type TransferResult = { 'Ok' : bigint } |
  { 'Err' : TransferError };
export interface _SERVICE extends CkBtcLedger {}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];
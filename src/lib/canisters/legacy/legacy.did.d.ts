// Made from legacy.did by `npm run bindings`. Change the interface, not this file.

import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

export interface InitArgs {
  'badly_behaved' : boolean,
  'operators' : Array<Principal>,
  'options' : [] | [Principal],
}
export interface LegacyPlatform {
  'admin_credit_user_balance' : ActorMethod<
    [Principal, number],
    { 'ok' : string } |
      { 'err' : string }
  >,
  'create_user' : ActorMethod<
    [Principal],
    { 'ok' : UserData } |
      { 'err' : string }
  >,
  'get_admin_logs' : ActorMethod<[], Array<string>>,
  'get_all_positions' : ActorMethod<[], Array<Position>>,
  'get_all_users' : ActorMethod<[], Array<[Principal, UserData]>>,
  'get_platform_ledger' : ActorMethod<[], PlatformLedger>,
  'get_platform_trading_summary' : ActorMethod<[], TradingSummary>,
  'get_platform_wallet' : ActorMethod<[], PlatformWallet>,
  'get_position' : ActorMethod<
    [bigint],
    { 'ok' : Position } |
      { 'err' : string }
  >,
  'get_user' : ActorMethod<
    [Principal],
    { 'ok' : UserData } |
      { 'err' : string }
  >,
  'get_user_positions' : ActorMethod<[Principal], Array<Position>>,
  'place_trade_simple' : ActorMethod<
    [Principal, string, bigint, string, bigint, bigint, bigint],
    { 'ok' : bigint } |
      { 'err' : string }
  >,
  'recordSettlement' : ActorMethod<
    [bigint, string, bigint, bigint, bigint],
    { 'ok' : null } |
      { 'err' : string }
  >,
}
export type OptionType = { 'Put' : null } |
  { 'Call' : null };
export interface PlatformLedger {
  'total_losing_trades' : number,
  'net_pnl' : number,
  'total_trades' : bigint,
  'total_winning_trades' : number,
}
export interface PlatformWallet {
  'balance' : number,
  'total_deposits' : number,
  'total_withdrawals' : number,
}
export interface Position {
  'id' : bigint,
  'pnl' : number,
  'status' : TradeStatus,
  'option_type' : OptionType,
  'strike_price' : number,
  'opened_at' : bigint,
  'size' : number,
  'user' : Principal,
  'expiry' : string,
  'current_value' : number,
  'entry_premium' : number,
  'settlement_price' : [] | [number],
  'entry_price' : number,
  'settled_at' : [] | [bigint],
}
export type TradeStatus = { 'Active' : null } |
  { 'Settled' : null };
export interface TradingSummary {
  'settled_trades' : bigint,
  'total_trades' : bigint,
  'active_trades' : bigint,
}
export interface UserData {
  'balance' : number,
  'net_pnl' : number,
  'created_at' : bigint,
  'total_wins' : number,
  'total_losses' : number,
}
export interface _SERVICE extends LegacyPlatform {}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];
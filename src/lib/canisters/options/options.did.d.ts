// Made from options.did by `npm run bindings`. Change the interface, not this file.

import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

export interface Account {
  'owner' : Principal,
  'subaccount' : [] | [Uint8Array],
}
export interface AccountView {
  'open_premium_sats' : bigint,
  'owner' : Principal,
  'reserved_sats' : bigint,
  'open_max_payout_sats' : bigint,
  'as_of_ns' : bigint,
  'available_sats' : bigint,
  'withdrawing_sats' : bigint,
}
export interface AuditEntry {
  'id' : bigint,
  'who' : Principal,
  'action' : string,
  'after' : string,
  'at_ns' : bigint,
  'hash' : Uint8Array,
  'before' : string,
}
export type CancelReason = { 'no_price' : null } |
  { 'by_trader' : null } |
  { 'entry_paused' : null } |
  { 'payout_above_reserve' : null } |
  { 'limit_reached' : null } |
  { 'premium_above_maximum' : null };
export interface Deposit {
  'id' : bigint,
  'request_id' : string,
  'to_treasury' : boolean,
  'owner' : Principal,
  'created_ns' : bigint,
  'state' : DepositState,
  'amount_sats' : bigint,
}
export type DepositState = { 'in_transit' : null } |
  { 'needs_review' : { 'error' : string } } |
  { 'credited' : { 'block' : bigint } } |
  { 'failed' : { 'error' : string } };
export type Direction = { 'put' : null } |
  { 'call' : null };
export type Entry = { 'closed' : { 'reason' : string } } |
  { 'open' : null };
export interface Error {
  'code' : [] | [ErrorCode],
  'kind' : ErrorKind,
  'retry_after_s' : [] | [bigint],
  'message' : string,
}
export type ErrorCode = {
    'insufficient_balance' : { 'available' : bigint, 'required' : bigint }
  } |
  { 'invalid' : { 'field' : string } } |
  { 'busy' : null } |
  { 'forbidden' : { 'needs' : string } } |
  { 'no_price_yet' : { 'minute_ns' : bigint } } |
  { 'not_found' : null } |
  { 'not_due' : { 'due_ns' : bigint } } |
  { 'strike_off_grid' : { 'grid_e8' : bigint } } |
  { 'too_late' : null } |
  { 'already_final' : null } |
  { 'id_reused' : null } |
  { 'above_maximum' : { 'maximum' : bigint } } |
  { 'anonymous' : null } |
  { 'price_stale' : null } |
  { 'unknown_tenor' : null } |
  { 'ledger' : { 'error' : string } } |
  { 'legacy' : { 'error' : string } } |
  { 'treasury_cannot_cover' : { 'available' : bigint } } |
  { 'strike_out_of_range' : null } |
  { 'entry_closed' : { 'reason' : string } } |
  { 'limit_reached' : { 'limit' : string, 'maximum' : bigint } } |
  { 'below_minimum' : { 'minimum' : bigint } };
export type ErrorKind = { 'internal' : null } |
  { 'request' : null } |
  { 'temporary' : null };
export interface Fill {
  'strike_e8' : bigint,
  'spread_sats' : bigint,
  'fair_sats' : bigint,
  'sigma_ppm' : bigint,
  'filled_ns' : bigint,
  'skew_sats' : bigint,
  'price_e8' : bigint,
  'premium_sats' : bigint,
}
export type Instrument = {
    'digital' : { 'direction' : Direction, 'payout_sats' : bigint }
  };
export interface LegacyReceipt {
  'price_minute_ns' : bigint,
  'profit_cents' : bigint,
  'payout_cents' : bigint,
  'already_settled' : boolean,
  'price_e8' : bigint,
  'outcome' : Outcome,
  'settled_ns' : bigint,
  'position_id' : bigint,
}
export interface Market {
  'now_ns' : bigint,
  'entry' : Entry,
  'version' : string,
  'settings' : Settings,
  'utilisation_ppm' : bigint,
  'price' : [] | [PriceEntry],
  'tenors' : Array<Tenor>,
  'treasury_available_sats' : bigint,
}
export interface Movement {
  'id' : bigint,
  'at_ns' : bigint,
  'kind' : [] | [MovementKind],
  'balance_after_sats' : bigint,
  'reference' : [] | [bigint],
  'amount_sats' : bigint,
}
export type MovementKind = { 'treasury_withdrawal' : null } |
  { 'premium' : null } |
  { 'withdrawal_refund' : null } |
  { 'deposit' : null } |
  { 'withdrawal' : null } |
  { 'treasury_funding' : null } |
  { 'payout' : null };
export interface OrderRequest {
  'tenor' : string,
  'strike' : StrikeChoice,
  'instrument' : Instrument,
  'max_premium_sats' : bigint,
  'client_order_id' : string,
}
export type Outcome = { 'tie' : null } |
  { 'win' : null } |
  { 'loss' : null };
export interface Overview {
  'open_premium_sats' : bigint,
  'cancelled' : bigint,
  'settled' : bigint,
  'pending' : bigint,
  'traders_reserved_sats' : bigint,
  'open' : bigint,
  'treasury_reserved_sats' : bigint,
  'ties' : bigint,
  'set_aside' : bigint,
  'wins' : bigint,
  'losses' : bigint,
  'oracle_last_error' : string,
  'withdrawals_sats' : bigint,
  'entry' : Entry,
  'version' : string,
  'cycles' : bigint,
  'as_of_ns' : bigint,
  'due_unsettled' : bigint,
  'users' : bigint,
  'traders_available_sats' : bigint,
  'utilisation_ppm' : bigint,
  'oracle_newest_ns' : bigint,
  'premiums_sats' : bigint,
  'treasury_available_sats' : bigint,
  'payouts_sats' : bigint,
  'deposits_sats' : bigint,
}
export interface Page { 'after' : [] | [bigint], 'limit' : bigint }
export interface Position {
  'id' : bigint,
  'tenor' : string,
  'strike' : StrikeChoice,
  'expiry_ns' : bigint,
  'placed_ns' : bigint,
  'owner' : Principal,
  'instrument' : Instrument,
  'max_premium_sats' : bigint,
  'reserved_payout_sats' : bigint,
  'state' : PositionState,
  'fill_minute_ns' : bigint,
  'client_order_id' : string,
}
export type PositionFilter = { 'all' : null } |
  { 'active' : null } |
  { 'finished' : null };
export type PositionState = {
    'cancelled' : { 'cancelled_ns' : bigint, 'reason' : [] | [CancelReason] }
  } |
  { 'settled' : { 'receipt' : Receipt, 'fill' : Fill } } |
  { 'pending' : null } |
  { 'open' : Fill };
export interface PriceEntry {
  'recorded_ns' : bigint,
  'sources' : bigint,
  'price_e8' : bigint,
  'minute_ns' : bigint,
}
export interface Quote {
  'strike_e8' : bigint,
  'price_minute_ns' : bigint,
  'expiry_ns' : bigint,
  'spread_sats' : bigint,
  'fair_sats' : bigint,
  'max_payout_sats' : bigint,
  'fill_minute_ns' : bigint,
  'sigma_ppm' : bigint,
  'skew_sats' : bigint,
  'price_e8' : bigint,
  'premium_sats' : bigint,
}
export interface QuoteRequest {
  'tenor' : string,
  'strike' : StrikeChoice,
  'instrument' : Instrument,
}
export interface Receipt {
  'price_minute_ns' : bigint,
  'payout_sats' : bigint,
  'profit_sats' : bigint,
  'price_e8' : bigint,
  'outcome' : Outcome,
  'premium_sats' : bigint,
  'settled_ns' : bigint,
  'position_id' : bigint,
}
export interface Reserves {
  'unattributed_sats' : bigint,
  'treasury_reserved_sats' : bigint,
  'withdrawals_in_transit_sats' : bigint,
  'ledger_sats' : bigint,
  'accounts_sats' : bigint,
  'ledger_checked_ns' : bigint,
  'treasury_available_sats' : bigint,
}
export type Role = { 'owner' : null } |
  { 'operator' : null } |
  { 'auditor' : null };
export interface Settings {
  'max_total_payout_sats' : bigint,
  'spread_ppm' : bigint,
  'max_dispersion_ppm' : bigint,
  'max_jump_ppm' : bigint,
  'min_premium_sats' : bigint,
  'min_sources' : bigint,
  'max_skew_ppm' : bigint,
  'max_trader_payout_sats' : bigint,
  'max_position_payout_sats' : bigint,
  'min_deposit_sats' : bigint,
  'min_withdrawal_sats' : bigint,
  'min_payout_sats' : bigint,
  'max_expiry_payout_sats' : bigint,
  'min_spread_sats' : bigint,
  'min_cycles' : bigint,
}
export type StrikeChoice = { 'at' : bigint } |
  { 'offset' : bigint };
export interface Tenor {
  'strike_grid_e8' : bigint,
  'name' : string,
  'minutes' : bigint,
  'enabled' : boolean,
  'sigma_ppm' : bigint,
}
export interface UserRow {
  'owner' : Principal,
  'created_ns' : bigint,
  'reserved_sats' : bigint,
  'available_sats' : bigint,
  'volume_premium_sats' : bigint,
  'positions' : bigint,
  'payouts_sats' : bigint,
}
export interface Withdrawal {
  'id' : bigint,
  'to' : Account,
  'request_id' : string,
  'from_treasury' : boolean,
  'owner' : Principal,
  'created_ns' : bigint,
  'state' : WithdrawalState,
  'amount_sats' : bigint,
  'fee_sats' : bigint,
}
export type WithdrawalState = { 'paid' : { 'block' : bigint } } |
  { 'in_transit' : null } |
  { 'refunded' : { 'error' : string } } |
  { 'needs_review' : { 'error' : string } };
export interface _SERVICE {
  'cancel_order' : ActorMethod<
    [bigint],
    { 'ok' : Position } |
      { 'err' : Error }
  >,
  'check_reserves' : ActorMethod<[], { 'ok' : Reserves } | { 'err' : Error }>,
  'deposit' : ActorMethod<
    [{ 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Deposit } |
      { 'err' : Error }
  >,
  'fund_treasury' : ActorMethod<
    [{ 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Deposit } |
      { 'err' : Error }
  >,
  /**
   * a trader
   */
  'get_account' : ActorMethod<[], { 'ok' : AccountView } | { 'err' : Error }>,
  'get_deposit' : ActorMethod<[string], { 'ok' : Deposit } | { 'err' : Error }>,
  /**
   * market, open to everybody
   */
  'get_market' : ActorMethod<[], Market>,
  'get_movements' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Movement> } } |
      { 'err' : Error }
  >,
  /**
   * operators (auditors read)
   */
  'get_overview' : ActorMethod<[], { 'ok' : Overview } | { 'err' : Error }>,
  'get_position' : ActorMethod<
    [bigint],
    { 'ok' : Position } |
      { 'err' : Error }
  >,
  'get_position_by_client_id' : ActorMethod<
    [string],
    { 'ok' : Position } |
      { 'err' : Error }
  >,
  'get_positions' : ActorMethod<
    [{ 'page' : Page, 'filter' : PositionFilter }],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Position> } } |
      { 'err' : Error }
  >,
  'get_price' : ActorMethod<[bigint], [] | [PriceEntry]>,
  'get_prices' : ActorMethod<
    [{ 'from_minute_ns' : bigint, 'limit' : bigint }],
    Array<PriceEntry>
  >,
  'get_reserves' : ActorMethod<[], { 'ok' : Reserves } | { 'err' : Error }>,
  'get_withdrawal' : ActorMethod<
    [string],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  'get_withdrawals' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Withdrawal> } } |
      { 'err' : Error }
  >,
  'grant_role' : ActorMethod<
    [Principal, Role],
    { 'ok' : null } |
      { 'err' : Error }
  >,
  'list_audit' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<AuditEntry> } } |
      { 'err' : Error }
  >,
  'list_deposits' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Deposit> } } |
      { 'err' : Error }
  >,
  'list_positions' : ActorMethod<
    [{ 'page' : Page, 'filter' : PositionFilter }],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Position> } } |
      { 'err' : Error }
  >,
  'list_roles' : ActorMethod<
    [],
    { 'ok' : Array<[Principal, Role]> } |
      { 'err' : Error }
  >,
  'list_users' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<UserRow> } } |
      { 'err' : Error }
  >,
  'list_withdrawals' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Withdrawal> } } |
      { 'err' : Error }
  >,
  'my_roles' : ActorMethod<[], Array<Role>>,
  'pause_entry' : ActorMethod<[string], { 'ok' : null } | { 'err' : Error }>,
  'place_order' : ActorMethod<
    [OrderRequest],
    { 'ok' : Position } |
      { 'err' : Error }
  >,
  'quote' : ActorMethod<[QuoteRequest], { 'ok' : Quote } | { 'err' : Error }>,
  'resume_entry' : ActorMethod<[], { 'ok' : null } | { 'err' : Error }>,
  'revoke_role' : ActorMethod<
    [Principal, Role],
    { 'ok' : null } |
      { 'err' : Error }
  >,
  'set_settings' : ActorMethod<
    [Settings],
    { 'ok' : Settings } |
      { 'err' : Error }
  >,
  'set_tenor' : ActorMethod<[Tenor], { 'ok' : Tenor } | { 'err' : Error }>,
  'settle' : ActorMethod<[bigint], { 'ok' : Receipt } | { 'err' : Error }>,
  'settle_legacy' : ActorMethod<
    [bigint],
    { 'ok' : LegacyReceipt } |
      { 'err' : Error }
  >,
  'withdraw' : ActorMethod<
    [{ 'to' : Account, 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  'withdraw_treasury' : ActorMethod<
    [{ 'to' : Account, 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];
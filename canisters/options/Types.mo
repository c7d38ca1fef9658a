/// The types of the canister's public interface (options.did). Inside the canister State.mo's own records are used; Views.mo converts.
///
/// Units: amounts in satoshi; prices and strikes in USD x 10^8 (name ends in `_e8`); shares in parts per million (`_ppm`);
/// times in nanoseconds since 1970 (`_ns`); a minute is a whole UTC minute, given as its first nanosecond.

import Result "mo:core/Result";

module {
  public type Account = { owner : Principal; subaccount : ?Blob };
  public type Direction = { #call; #put };
  public type Instrument = { #digital : { direction : Direction; payout_sats : Nat } };
  /// `at`: a strike on the tenor's grid. `offset`: that much above (or, negative, below) the price at the fill.
  public type StrikeChoice = { #at : Nat; #offset : Int };
  public type OrderRequest = {
    client_order_id : Text;
    instrument : Instrument;
    tenor : Text;
    strike : StrikeChoice;
    max_premium_sats : Nat;
  };
  public type QuoteRequest = { instrument : Instrument; tenor : Text; strike : StrikeChoice };
  public type Quote = {
    price_e8 : Nat;
    price_minute_ns : Nat64;
    strike_e8 : Nat;
    sigma_ppm : Nat;
    fill_minute_ns : Nat64;
    expiry_ns : Nat64;
    fair_sats : Nat;
    spread_sats : Nat;
    skew_sats : Nat;
    premium_sats : Nat;
    max_payout_sats : Nat;
  };
  public type Outcome = { #win; #tie; #loss };
  public type Fill = {
    price_e8 : Nat;
    strike_e8 : Nat;
    sigma_ppm : Nat;
    fair_sats : Nat;
    spread_sats : Nat;
    skew_sats : Nat;
    premium_sats : Nat;
    filled_ns : Nat64;
  };
  public type Receipt = {
    position_id : Nat;
    price_e8 : Nat;
    price_minute_ns : Nat64;
    outcome : Outcome;
    premium_sats : Nat;
    payout_sats : Nat;
    profit_sats : Int;
    settled_ns : Nat64;
  };
  public type CancelReason = {
    #by_trader;
    #premium_above_maximum;
    #payout_above_reserve;
    #limit_reached;
    #entry_paused;
    #no_price;
  };
  public type PositionState = {
    #pending;
    #cancelled : { reason : ?CancelReason; cancelled_ns : Nat64 };
    #open : Fill;
    #settled : { fill : Fill; receipt : Receipt };
  };
  public type Position = {
    id : Nat;
    owner : Principal;
    client_order_id : Text;
    instrument : Instrument;
    tenor : Text;
    strike : StrikeChoice;
    max_premium_sats : Nat;
    reserved_payout_sats : Nat;
    placed_ns : Nat64;
    fill_minute_ns : Nat64;
    expiry_ns : Nat64;
    state : PositionState;
  };

  /// What to do about an error: `request`: the input is wrong, don't retry it; `temporary`: retry later; `internal`: report it.
  public type ErrorKind = { #request; #temporary; #internal };
  public type ErrorCode = {
    #anonymous;
    #forbidden : { needs : Text };
    #not_found;
    #invalid : { field : Text };
    #below_minimum : { minimum : Nat };
    #above_maximum : { maximum : Nat };
    #insufficient_balance : { available : Nat; required : Nat };
    #unknown_tenor;
    #strike_off_grid : { grid_e8 : Nat };
    #strike_out_of_range;
    #treasury_cannot_cover : { available : Nat };
    #limit_reached : { limit : Text; maximum : Nat };
    #entry_closed : { reason : Text };
    #price_stale;
    #too_late;
    #already_final;
    #not_due : { due_ns : Nat64 };
    #no_price_yet : { minute_ns : Nat64 };
    #busy;
    #ledger : { error : Text };
    #legacy : { error : Text };
    #id_reused;
  };
  public type Error = { kind : ErrorKind; code : ?ErrorCode; message : Text; retry_after_s : ?Nat };
  public type Answer<T> = Result.Result<T, Error>;
  public type Rows<T> = { rows : [T]; next : ?Nat };

  public type AccountView = {
    owner : Principal;
    available_sats : Nat;
    reserved_sats : Nat;
    withdrawing_sats : Nat;
    open_premium_sats : Nat;
    open_max_payout_sats : Nat;
    as_of_ns : Nat64;
  };
  public type MovementKind = { #deposit; #withdrawal; #withdrawal_refund; #premium; #payout; #treasury_funding; #treasury_withdrawal };
  public type Movement = {
    id : Nat;
    at_ns : Nat64;
    kind : ?MovementKind;
    amount_sats : Int;
    balance_after_sats : Nat;
    reference : ?Nat;
  };
  public type DepositState = {
    #in_transit;
    #credited : { block : Nat };
    #failed : { error : Text };
    #needs_review : { error : Text };
  };
  public type Deposit = {
    id : Nat;
    owner : Principal;
    request_id : Text;
    amount_sats : Nat;
    created_ns : Nat64;
    state : DepositState;
    to_treasury : Bool;
  };
  public type WithdrawalState = {
    #in_transit;
    #paid : { block : Nat };
    #refunded : { error : Text };
    #needs_review : { error : Text };
  };
  public type Withdrawal = {
    id : Nat;
    owner : Principal;
    request_id : Text;
    amount_sats : Nat;
    fee_sats : Nat;
    to : Account;
    created_ns : Nat64;
    state : WithdrawalState;
    from_treasury : Bool;
  };
  public type DepositRequest = { request_id : Text; amount_sats : Nat };
  public type WithdrawalRequest = { request_id : Text; amount_sats : Nat; to : Account };

  public type PriceEntry = { minute_ns : Nat64; price_e8 : Nat; sources : Nat; recorded_ns : Nat64 };
  public type Tenor = { name : Text; minutes : Nat; sigma_ppm : Nat; strike_grid_e8 : Nat; enabled : Bool };
  public type Settings = {
    spread_ppm : Nat;
    min_spread_sats : Nat;
    max_skew_ppm : Nat;
    min_premium_sats : Nat;
    premium_floor_ppm : Nat;
    min_share_ppm : Nat;
    min_payout_sats : Nat;
    max_position_payout_sats : Nat;
    max_trader_payout_sats : Nat;
    max_expiry_payout_sats : Nat;
    max_total_payout_sats : Nat;
    min_deposit_sats : Nat;
    min_withdrawal_sats : Nat;
    min_sources : Nat;
    max_dispersion_ppm : Nat;
    max_jump_ppm : Nat;
    min_cycles : Nat;
  };
  /// Whether new orders are accepted; the reason is a sentence a trader can read.
  public type Entry = { #open; #closed : { reason : Text } };
  public type Market = {
    now_ns : Nat64;
    price : ?PriceEntry;
    entry : Entry;
    tenors : [Tenor];
    settings : Settings;
    treasury_available_sats : Nat;
    utilisation_ppm : Nat;
    version : Text;
  };

  public type LegacyReceipt = {
    position_id : Nat;
    price_e8 : Nat;
    price_minute_ns : Nat64;
    outcome : Outcome;
    payout_cents : Nat;
    profit_cents : Nat;
    already_settled : Bool;
    settled_ns : Nat64;
  };

  public type Role = { #owner; #operator; #auditor };
  public type AuditEntry = { id : Nat; at_ns : Nat64; who : Principal; action : Text; before : Text; after : Text; hash : Blob };
  public type UserRow = {
    owner : Principal;
    available_sats : Nat;
    reserved_sats : Nat;
    positions : Nat;
    volume_premium_sats : Nat;
    payouts_sats : Nat;
    created_ns : Nat64;
  };
  public type Reserves = {
    ledger_sats : Nat;
    ledger_checked_ns : Nat64;
    accounts_sats : Nat;
    treasury_available_sats : Nat;
    treasury_reserved_sats : Nat;
    withdrawals_in_transit_sats : Nat;
    unattributed_sats : Int;
  };
  public type Overview = {
    as_of_ns : Nat64;
    users : Nat;
    pending : Nat;
    open : Nat;
    settled : Nat;
    cancelled : Nat;
    wins : Nat;
    ties : Nat;
    losses : Nat;
    traders_available_sats : Nat;
    traders_reserved_sats : Nat;
    treasury_available_sats : Nat;
    treasury_reserved_sats : Nat;
    premiums_sats : Nat;
    payouts_sats : Nat;
    open_premium_sats : Nat;
    deposits_sats : Nat;
    withdrawals_sats : Nat;
    due_unsettled : Nat;
    set_aside : Nat;
    oracle_newest_ns : Nat64;
    oracle_last_error : Text;
    entry : Entry;
    cycles : Nat;
    utilisation_ppm : Nat;
    version : Text;
  };
  public type Page = { after : ?Nat; limit : Nat };
  /// `active`: pending or open; `finished`: cancelled or settled.
  public type PositionFilter = { #all; #active; #finished };
  public type PositionsRequest = { filter : PositionFilter; page : Page };

  public type InitArg = { ledger : Principal; exchange_rate : Principal; legacy : ?Principal; tenors : [Tenor] };
};

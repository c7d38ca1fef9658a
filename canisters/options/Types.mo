/// The types of the canister's public interface (options.did). Inside the canister State.mo's own records are used; Views.mo converts.
///
/// What comes in is Nat64 or Int64, what goes out only is Nat or Int; a type that does both is the former. A Nat can be of any length, and decoding one costs
/// the square of it: docs/decisions/0005-engine.md.
///
/// Units: amounts in satoshi; prices and strikes in USD x 10^8 (name ends in `_e8`); shares in parts per million (`_ppm`);
/// times in nanoseconds since 1970 (`_ns`); a minute is a whole UTC minute, given as its first nanosecond.

import ErrorTypes "ErrorTypes";
import Result "mo:core/Result";

module {
  public type Account = { owner : Principal; subaccount : ?Blob };
  public type Direction = { #call; #put };
  /// `digital`: a fixed payout. `capped`: a vertical spread on `notional_sats` of bitcoin that pays at most `cap_e8` USD a bitcoin.
  public type Instrument = {
    #digital : { direction : Direction; payout_sats : Nat64 };
    #capped : { direction : Direction; notional_sats : Nat64; cap_e8 : Nat64 };
  };
  /// `at`: a strike on the tenor's grid. `offset`: that much above (or, negative, below) the price at the fill.
  public type StrikeChoice = { #at : Nat64; #offset : Int64 };
  public type OrderRequest = {
    client_order_id : Text;
    instrument : Instrument;
    tenor : Text;
    strike : StrikeChoice;
    max_premium_sats : Nat64;
    /// What the treasury is to reserve for a capped option; null for a digital, whose payout is fixed.
    max_payout_sats : ?Nat64;
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
    greeks : Greeks;
  };
  /// How the fair value moves, sats x 10^6 (micro-satoshi); see Greeks.mo.
  public type Greeks = { delta : Int; gamma : Int; vega : Int; theta : Int };
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
    /// Two operators gave the premium back because the expiry never got a price.
    #voided : { fill : Fill; voided_ns : Nat64 };
  };
  public type Position = {
    id : Nat;
    owner : Principal;
    client_order_id : Text;
    instrument : Instrument;
    tenor : Text;
    strike : StrikeChoice;
    max_premium_sats : Nat;
    max_payout_sats : Nat;
    reserved_payout_sats : Nat;
    placed_ns : Nat64;
    fill_minute_ns : Nat64;
    expiry_ns : Nat64;
    state : PositionState;
  };

  public type ErrorKind = ErrorTypes.ErrorKind;
  public type ErrorCode = ErrorTypes.ErrorCode;
  public type ErrorOf<Code> = ErrorTypes.ErrorOf<Code>;
  public type Error = ErrorTypes.Error;
  public type AccessError = ErrorTypes.AccessError;
  public type OrderError = ErrorTypes.OrderError;
  public type OrderAnswer<T> = Result.Result<T, OrderError>;
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
  public type MovementKind = { #deposit; #withdrawal; #withdrawal_refund; #premium; #payout; #treasury_funding; #treasury_withdrawal; #void_refund; #legacy_import };
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
  /// Where a deposit goes: a trader's account, the treasury, or the account that pays for imported legacy balances.
  public type DepositTarget = { #account; #treasury; #migration };
  public type Deposit = {
    id : Nat;
    owner : Principal;
    request_id : Text;
    amount_sats : Nat;
    created_ns : Nat64;
    state : DepositState;
    target : DepositTarget;
    /// Taken from the trader's own subaccount of this canister; otherwise from the trader's ledger account by allowance.
    from_subaccount : Bool;
  };
  public type WithdrawalState = {
    /// Large: the amount is held until an operator other than the caller decides.
    #awaiting_approval;
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
    /// The house's: from the treasury or the migration account.
    from_treasury : Bool;
  };
  public type DepositRequest = { request_id : Text; amount_sats : Nat64 };
  public type WithdrawalRequest = { request_id : Text; amount_sats : Nat64; to : Account };

  /// `sources`: 0 when two operators chose it among the answers of a minute that was set aside.
  public type PriceEntry = { minute_ns : Nat64; price_e8 : Nat; sources : Nat; recorded_ns : Nat64 };
  /// When an option expires that fills at a given minute: `minutes` later; `daily`: the first 08:00 UTC at least an hour after it;
  /// `weekly`: the first Friday 08:00 UTC at least 24 hours after it.
  public type Schedule = { #minutes : Nat64; #daily; #weekly };
  /// `fixed`: sigma in ppm a year. `measured`: that of the oracle's last returns x scale, kept between floor and ceiling (all ppm).
  public type Volatility = { #fixed : { sigma_ppm : Nat64 }; #measured : { scale_ppm : Nat64; floor_ppm : Nat64; ceiling_ppm : Nat64 } };
  public type Tenor = {
    name : Text;
    schedule : Schedule;
    volatility : Volatility;
    /// The house asks the dearer of sigma x (1 - band) and sigma x (1 + band); the surplus is part of the spread.
    band_ppm : Nat64;
    strike_grid_e8 : Nat64;
    enabled : Bool;
  };
  /// A row of the table of tenors as it stands now: the volatility in force, and the expiry of an order placed now.
  public type TenorNow = { tenor : Tenor; sigma_ppm : Nat; expiry_ns : Nat64; settles_at_mean : Bool };
  public type Settings = {
    spread_ppm : Nat64;
    min_spread_sats : Nat64;
    max_skew_ppm : Nat64;
    min_premium_sats : Nat64;
    premium_floor_ppm : Nat64;
    min_share_ppm : Nat64;
    volatility_lambda_ppm : Nat64;
    min_payout_sats : Nat64;
    max_position_payout_sats : Nat64;
    max_trader_payout_sats : Nat64;
    max_expiry_payout_sats : Nat64;
    max_total_payout_sats : Nat64;
    min_deposit_sats : Nat64;
    min_withdrawal_sats : Nat64;
    /// A trader's withdrawals of more than this within 24 hours, one or several, wait for an operator.
    large_withdrawal_sats : Nat64;
    min_sources : Nat64;
    max_dispersion_ppm : Nat64;
    max_jump_ppm : Nat64;
    min_cycles : Nat64;
    /// With fewer cycles operators are warned; more than min_cycles.
    alert_cycles : Nat64;
  };
  /// Switches of the browser's enhanced services; off means: use the legacy platform.
  public type Flags = { balances : Bool; admin : Bool; settlement : Bool };
  /// Whether new orders are accepted; the reason is a sentence a trader can read.
  public type Entry = { #open; #closed : { reason : Text } };
  public type Market = {
    now_ns : Nat64;
    price : ?PriceEntry;
    entry : Entry;
    tenors : [TenorNow];
    settings : Settings;
    flags : Flags;
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
    migration_sats : Nat;
    withdrawals_in_transit_sats : Nat;
    /// What may be missing on the ledger only because its answer and the books are of two moments.
    in_flight_sats : Nat;
    unattributed_sats : Int;
  };
  /// Grouped by subject, in records of at most ten fields: the encoder looks every field up in its record's table, so a flat one of 34 cost half
  /// as much again.
  public type Overview = {
    as_of_ns : Nat64;
    users : Nat;
    positions : PositionCounts;
    money : MoneyFigures;
    waiting : Waiting;
    oracle : { newest_ns : Nat64; last_error : Text; calls : Nat; cycles : Nat };
    /// `burned_24h`: in the last 24 hours (less right after an installation), by the hourly readings.
    cycles : { balance : Nat; burned_24h : Nat; alert : Bool };
    entry : Entry;
    utilisation_ppm : Nat;
    version : Text;
  };
  public type PositionCounts = {
    pending : Nat;
    open : Nat;
    settled : Nat;
    cancelled : Nat;
    voided : Nat;
    wins : Nat;
    ties : Nat;
    losses : Nat;
    due_unsettled : Nat;
  };
  public type MoneyFigures = {
    traders_available_sats : Nat;
    traders_reserved_sats : Nat;
    treasury_available_sats : Nat;
    treasury_reserved_sats : Nat;
    migration_sats : Nat;
    open_premium_sats : Nat;
    premiums_sats : Nat;
    payouts_sats : Nat;
    deposits_sats : Nat;
    withdrawals_sats : Nat;
  };
  /// What waits for an operator: positions and minutes set aside, large withdrawals, transfers in review.
  public type Waiting = { set_aside : Nat; large_withdrawals : Nat; transfers_in_review : Nat };
  /// What is at risk at one expiry, sats in the worst case.
  public type ExpiryRow = {
    expiry_ns : Nat64;
    at_risk_sats : Nat;
    open : Nat;
    /// Open positions that could not be settled and wait for an operator.
    set_aside : Nat;
  };
  /// A position or a minute that waits for an operator, with the reason.
  public type SetAside = {
    #position : { id : Nat; reason : Text };
    #minute : { minute_ns : Nat64; reason : Text; answers_e8 : [Nat] };
  };

  /// What takes two operators: one proposes, another approves.
  /// `void`: positions of an expiry that got no price within 24 hours get their premium back.
  /// `accept_price`: one of the exchange rate canister's own answers for a minute that was set aside becomes its price.
  /// `resolve_deposit`, `resolve_withdrawal`: what the ledger's blocks say of a transfer in review; null: it never happened.
  /// `resolve_import`: whether the legacy balance of a row that differs was taken: then it is paid here.
  public type Action = {
    #void : { expiry_ns : Nat64 };
    #accept_price : { minute_ns : Nat64; price_e8 : Nat64 };
    #resolve_deposit : { id : Nat64; block : ?Nat64 };
    #resolve_withdrawal : { id : Nat64; block : ?Nat64 };
    #resolve_import : { owner : Principal; taken : Bool };
  };
  public type ProposalState = { #open; #approved : { by : Principal; at_ns : Nat64 }; #withdrawn; #expired };
  public type Proposal = {
    id : Nat;
    action : Action;
    proposed_by : Principal;
    proposed_ns : Nat64;
    /// It can be approved from here on.
    approvable_ns : Nat64;
    state : ProposalState;
  };

  /// One account of the legacy platform on its way to this one. `taking`: asked for there, not yet known to be taken. `taken`: taken there,
  /// not yet paid here. `skipped`: nothing to move, or the account is not a person's, or it was not taken. `differing`: what the platform says and
  /// shows does not tell whether it was taken; two operators must look.
  public type ImportState = { #taking; #taken; #imported; #skipped : { reason : Text }; #differing : { reason : Text } };
  public type ImportRow = { owner : Principal; amount_sats : Nat; state : ImportState; at_ns : Nat64 };
  /// The reconciliation. `dust_e12`: what flooring to whole satoshi left behind, in 10^-12 sats.
  public type ImportReport = {
    seen : Nat;
    imported : Nat;
    imported_sats : Nat;
    taken_sats : Nat;
    skipped : Nat;
    differing : Nat;
    differing_sats : Nat;
    dust_e12 : Nat;
    migration_sats : Nat;
    finished : Bool;
  };

  /// `schema`: raised by every migration of the canister's memory.
  public type Version = { version : Text; schema : Nat; installed_ns : Nat64; upgraded_ns : Nat64 };

  /// What an HTTP gateway sends and gets, in as far as this canister uses it.
  public type HttpRequest = { method : Text; url : Text; headers : [(Text, Text)]; body : Blob };
  public type HttpResponse = { status_code : Nat16; headers : [(Text, Text)]; body : Blob };

  public type Page = { after : ?Nat64; limit : Nat64 };
  /// `active`: pending or open; `finished`: cancelled or settled.
  public type PositionFilter = { #all; #active; #finished };
  public type PositionsRequest = { filter : PositionFilter; page : Page };

  public type InitArg = { ledger : Principal; exchange_rate : Principal; legacy : ?Principal; tenors : [Tenor] };
};

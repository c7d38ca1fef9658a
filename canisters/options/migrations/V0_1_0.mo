/// The types of version 0.1.0's memory as they were: nothing of the modules that move on. State.mo and Types.mo tell what the fields mean,
/// FromV0_1_0.mo what became of them.

import List "mo:core/List";
import Map "mo:core/Map";
import Set "mo:core/Set";

module {
  public type Account = { owner : Principal; subaccount : ?Blob };
  public type Direction = { #call; #put };
  public type StrikeChoice = { #at : Nat; #offset : Int };
  public type Outcome = { #win; #tie; #loss };
  public type CancelReason = {
    #by_trader;
    #premium_above_maximum;
    #payout_above_reserve;
    #limit_reached;
    #entry_paused;
    #no_price;
  };
  public type MovementKind = { #deposit; #withdrawal; #withdrawal_refund; #premium; #payout; #treasury_funding; #treasury_withdrawal };
  public type DepositState = {
    #in_transit;
    #credited : { block : Nat };
    #failed : { error : Text };
    #needs_review : { error : Text };
  };
  public type WithdrawalState = {
    #in_transit;
    #paid : { block : Nat };
    #refunded : { error : Text };
    #needs_review : { error : Text };
  };
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
  public type Reserves = {
    ledger_sats : Nat;
    ledger_checked_ns : Nat64;
    accounts_sats : Nat;
    treasury_available_sats : Nat;
    treasury_reserved_sats : Nat;
    withdrawals_in_transit_sats : Nat;
    unattributed_sats : Int;
  };
  public type InitArg = { ledger : Principal; exchange_rate : Principal; legacy : ?Principal; tenors : [Tenor] };

  public type Movement = {
    at : Nat64;
    kind : MovementKind;
    amount : Int;
    balanceAfter : Nat64;
    reference : Nat;
  };

  public type Trader = {
    owner : Principal;
    index : Nat;
    created : Nat64;
    var available : Nat64;
    var reserved : Nat64;
    var withdrawing : Nat64;
    var openPremium : Nat64;
    var openPayout : Nat64;
    var atRisk : Nat64;
    var pending : Nat;
    var volumePremium : Nat64;
    var payouts : Nat64;
    movements : List.List<Movement>;
    positions : List.List<Nat>;
    active : Set.Set<Nat>;
    clientOrderIds : Map.Map<Text, Nat>;
  };

  public type Requests = { deposits : Map.Map<Text, Nat>; withdrawals : Map.Map<Text, Nat>; withdrawalIds : List.List<Nat> };

  public type Fill = {
    price : Nat64;
    strike : Nat64;
    sigmaPpm : Nat;
    fair : Nat64;
    spread : Nat64;
    skew : Nat64;
    premium : Nat64;
    at : Nat64;
  };
  public type Settled = { price : Nat64; minute : Nat64; outcome : Outcome; payout : Nat64; at : Nat64 };
  public type PositionState = {
    #pending;
    #cancelled : { reason : CancelReason; at : Nat64 };
    #open : Fill;
    #settled : { fill : Fill; receipt : Settled };
  };
  public type Position = {
    id : Nat;
    trader : Trader;
    clientOrderId : Text;
    direction : Direction;
    payout : Nat64;
    tenor : Text;
    strike : StrikeChoice;
    maxPremium : Nat64;
    placed : Nat64;
    fillMinute : Nat64;
    expiry : Nat64;
    var reserve : Nat64;
    var state : PositionState;
  };

  public type ExpiryBucket = { var atRisk : Nat64; spot : Set.Set<Nat>; mean : Set.Set<Nat> };

  public type Treasury = {
    var available : Nat64;
    var reserved : Nat64;
    var openReserve : Nat64;
    var withdrawing : Nat64;
    movements : List.List<Movement>;
  };

  public type Totals = {
    var tradersAvailable : Nat64;
    var tradersReserved : Nat64;
    var withdrawing : Nat64;
    var pending : Nat;
    var open : Nat;
    var settled : Nat;
    var cancelled : Nat;
    var wins : Nat;
    var ties : Nat;
    var losses : Nat;
    var premiums : Nat64;
    var payouts : Nat64;
    var openPremium : Nat64;
    var deposits : Nat64;
    var withdrawals : Nat64;
  };

  public type Deposit = {
    id : Nat;
    owner : Principal;
    requestId : Text;
    amount : Nat64;
    created : Nat64;
    toTreasury : Bool;
    attempts : Attempts;
    var state : DepositState;
  };
  public type Withdrawal = {
    id : Nat;
    owner : Principal;
    source : Source;
    requestId : Text;
    amount : Nat64;
    fee : Nat64;
    to : Account;
    created : Nat64;
    attempts : Attempts;
    var state : WithdrawalState;
  };
  public type Source = { #trader : Trader; #treasury };
  public type Attempts = { var count : Nat; var last : Nat64; var awaiting : Bool; var unclear : Bool };

  public type LegacyState = { #sending; #accepted; #recorded; #unclear : Text };
  public type LegacySettlement = {
    receipt : LegacyReceipt;
    var sent : Nat64;
    var state : LegacyState;
  };

  public type LedgerFacts = {
    var fee : ?Nat64;
    var minter : ?Principal;
  };

  public type State = {
    init : InitArg;
    var settings : Settings;
    tenors : Map.Map<Text, Tenor>;
    var paused : ?Text;
    var cancelBelow : Nat;
    traders : List.List<Trader>;
    traderByOwner : Map.Map<Principal, Trader>;
    requests : Map.Map<Principal, Requests>;
    treasury : Treasury;
    totals : Totals;
    positions : List.List<Position>;
    active : Set.Set<Nat>;
    pendingByMinute : Map.Map<Nat64, Set.Set<Nat>>;
    byExpiry : Map.Map<Nat64, ExpiryBucket>;
    setAside : Map.Map<Nat, Text>;
    deposits : Map.Map<Nat, Deposit>;
    var nextDeposit : Nat;
    withdrawals : List.List<Withdrawal>;
    depositsInTransit : Set.Set<Nat>;
    withdrawalsInTransit : Set.Set<Nat>;
    ledger : LedgerFacts;
    var reserves : ?Reserves;
    prices : Map.Map<Nat64, PriceEntry>;
    minutesSetAside : Map.Map<Nat64, Text>;
    minutesWanted : Map.Map<Nat64, Nat64>;
    var oracleError : Text;
    legacy : Map.Map<Nat, LegacySettlement>;
    roles : Map.Map<Principal, [Role]>;
    audit : List.List<AuditEntry>;
  };
};

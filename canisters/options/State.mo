/// Everything the canister remembers across upgrades, as plain data. Rules live in the modules that work on it.
///
/// Amounts, prices and times are Nat64 here (they fit: 2.1e15 sats, 1e16 e8, ns until 2554); Views.mo turns them into the
/// interface's Nat. Positions hold a reference to their trader, and a trader has its own lists, so that no answer ever has
/// to search through other people's history.

import List "mo:core/List";
import Map "mo:core/Map";
import Set "mo:core/Set";
import Types "Types";

module {
  public type Movement = {
    at : Nat64;
    kind : Types.MovementKind;
    amount : Int;
    balanceAfter : Nat64;
    reference : Nat;
  };

  public type Trader = {
    owner : Principal;
    index : Nat;
    created : Nat64;
    var available : Nat64;
    /// Maximum premiums of pending orders.
    var reserved : Nat64;
    /// Withdrawals whose transfer is not yet known to have succeeded.
    var withdrawing : Nat64;
    /// Premiums and payouts of open positions (after their fill).
    var openPremium : Nat64;
    var openPayout : Nat64;
    /// What the treasury has reserved for this trader's pending and open positions: the figure the limit is about.
    var atRisk : Nat64;
    /// How many of the orders are pending.
    var pending : Nat;
    var volumePremium : Nat64;
    var payouts : Nat64;
    movements : List.List<Movement>;
    /// Positions by id, oldest first; `active`: the pending and open ones.
    positions : List.List<Nat>;
    active : Set.Set<Nat>;
    clientOrderIds : Map.Map<Text, Nat>;
  };

  /// The transfers a principal asked for, by request id, and the withdrawals in order. Kept apart from the traders: who funds the
  /// treasury, or whose deposit fails, has no account by that.
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
  public type Receipt = { price : Nat64; minute : Nat64; outcome : Types.Outcome; payout : Nat64; at : Nat64 };
  public type PositionState = {
    #pending;
    #cancelled : { reason : Types.CancelReason; at : Nat64 };
    #open : Fill;
    #settled : { fill : Fill; receipt : Receipt };
  };
  public type Position = {
    id : Nat;
    trader : Trader;
    clientOrderId : Text;
    direction : Types.Direction;
    payout : Nat64;
    tenor : Text;
    strike : Types.StrikeChoice;
    maxPremium : Nat64;
    placed : Nat64;
    fillMinute : Nat64;
    expiry : Nat64;
    /// What the treasury holds back for this position; 0 once it is final.
    var reserve : Nat64;
    var state : PositionState;
  };

  /// What expires at one minute. `atRisk` counts pending and open positions; the sets hold the open ones, by what settles
  /// them: the price of the minute itself, or the mean of the ten minutes up to it (tenors of 4 h and more).
  public type ExpiryBucket = { var atRisk : Nat64; spot : Set.Set<Nat>; mean : Set.Set<Nat> };

  public type Treasury = {
    var available : Nat64;
    var reserved : Nat64;
    /// The part of `reserved` that belongs to open positions; the rest belongs to pending orders.
    var openReserve : Nat64;
    /// Treasury withdrawals whose transfer is not yet known to have succeeded.
    var withdrawing : Nat64;
    movements : List.List<Movement>;
  };

  /// Running totals, so that an overview costs the same at every size.
  public type Totals = {
    var tradersAvailable : Nat64;
    var tradersReserved : Nat64;
    /// Withdrawals in transit, traders' and the treasury's.
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

  /// A transfer to or from the ledger, journaled before the ledger is called. `created` and `id` fix every argument of the
  /// call, so that a repetition is recognised as a duplicate by the ledger.
  public type Deposit = {
    id : Nat;
    owner : Principal;
    requestId : Text;
    amount : Nat64;
    created : Nat64;
    toTreasury : Bool;
    attempts : Attempts;
    var state : Types.DepositState;
  };
  public type Withdrawal = {
    id : Nat;
    owner : Principal;
    source : Source;
    requestId : Text;
    amount : Nat64;
    fee : Nat64;
    to : Types.Account;
    created : Nat64;
    attempts : Attempts;
    var state : Types.WithdrawalState;
  };
  /// Whose money leaves.
  public type Source = { #trader : Trader; #treasury };
  /// `unclear`: some attempt may have taken effect without an answer. `awaiting`: an attempt was made and not yet answered.
  public type Attempts = { var count : Nat; var last : Nat64; var awaiting : Bool; var unclear : Bool };

  /// `accepted`: it said yes, but could not be read since; it is never sent again.
  public type LegacyState = { #sending; #accepted; #recorded; #unclear : Text };
  public type LegacySettlement = {
    receipt : Types.LegacyReceipt;
    var sent : Nat64;
    var state : LegacyState;
  };

  public type LedgerFacts = {
    /// Fee in sats and the minting account's owner, once the ledger has told.
    var fee : ?Nat64;
    var minter : ?Principal;
  };

  public type State = {
    init : Types.InitArg;
    var settings : Types.Settings;
    tenors : Map.Map<Text, Types.Tenor>;
    /// Why entry is paused, and the first order id that was not yet placed then: older pending orders are cancelled.
    var paused : ?Text;
    var cancelBelow : Nat;
    traders : List.List<Trader>;
    traderByOwner : Map.Map<Principal, Trader>;
    requests : Map.Map<Principal, Requests>;
    treasury : Treasury;
    totals : Totals;
    positions : List.List<Position>;
    active : Set.Set<Nat>;
    /// Pending orders by fill minute, in order of id.
    pendingByMinute : Map.Map<Nat64, Set.Set<Nat>>;
    byExpiry : Map.Map<Nat64, ExpiryBucket>;
    /// Positions that could not be settled, with the reason: for operators.
    setAside : Map.Map<Nat, Text>;
    /// By id, in which there are gaps: a deposit whose first attempt certainly moved nothing leaves no trace.
    deposits : Map.Map<Nat, Deposit>;
    var nextDeposit : Nat;
    withdrawals : List.List<Withdrawal>;
    depositsInTransit : Set.Set<Nat>;
    withdrawalsInTransit : Set.Set<Nat>;
    ledger : LedgerFacts;
    /// The books beside the ledger's last answer.
    var reserves : ?Types.Reserves;
    prices : Map.Map<Nat64, Types.PriceEntry>;
    /// Minutes whose two answers disagreed, with the reason: for operators.
    minutesSetAside : Map.Map<Nat64, Text>;
    /// Minutes asked for by legacy settlements, with the time the wish ends.
    minutesWanted : Map.Map<Nat64, Nat64>;
    var oracleError : Text;
    legacy : Map.Map<Nat, LegacySettlement>;
    roles : Map.Map<Principal, [Types.Role]>;
    audit : List.List<Types.AuditEntry>;
  };

  /// A canister's memory at its first installation.
  public func empty(init : Types.InitArg, settings : Types.Settings) : State = {
    init;
    var settings;
    tenors = Map.empty();
    var paused = null;
    var cancelBelow = 0;
    traders = List.empty();
    traderByOwner = Map.empty();
    requests = Map.empty();
    treasury = { var available = 0; var reserved = 0; var openReserve = 0; var withdrawing = 0; movements = List.empty() };
    totals = {
      var tradersAvailable = 0;
      var tradersReserved = 0;
      var withdrawing = 0;
      var pending = 0;
      var open = 0;
      var settled = 0;
      var cancelled = 0;
      var wins = 0;
      var ties = 0;
      var losses = 0;
      var premiums = 0;
      var payouts = 0;
      var openPremium = 0;
      var deposits = 0;
      var withdrawals = 0;
    };
    positions = List.empty();
    active = Set.empty();
    pendingByMinute = Map.empty();
    byExpiry = Map.empty();
    setAside = Map.empty();
    deposits = Map.empty();
    var nextDeposit = 0;
    withdrawals = List.empty();
    depositsInTransit = Set.empty();
    withdrawalsInTransit = Set.empty();
    ledger = { var fee = null; var minter = null };
    var reserves = null;
    prices = Map.empty();
    minutesSetAside = Map.empty();
    minutesWanted = Map.empty();
    var oracleError = "";
    legacy = Map.empty();
    roles = Map.empty();
    audit = List.empty();
  };
};

/// Everything the canister remembers across upgrades, as plain data. Rules live in the modules that work on it.
///
/// Amounts, prices and times are Nat64 here (they fit: 2.1e15 sats, 1e16 e8, ns until 2554); Views.mo turns them into the
/// interface's Nat. Positions hold a reference to their trader, and a trader has its own lists, so that no answer ever has
/// to search through other people's history.

import List "mo:core/List";
import Map "mo:core/Map";
import Names "Names";
import Set "mo:core/Set";
import Types "Types";
import Volatility "Volatility";

module {
  public type Trader = {
    owner : Principal;
    index : Nat;
    created : Nat64;
    var available : Nat64;
    /// Maximum premiums of pending orders.
    var reserved : Nat64;
    /// Withdrawals whose transfer is not yet known to have succeeded.
    var withdrawing : Nat64;
    /// Premiums and largest payouts of open positions (after their fill).
    var openPremium : Nat64;
    var openPayout : Nat64;
    /// What the treasury has reserved for this trader's pending and open positions: the figure the limit is about.
    var atRisk : Nat64;
    /// How many of the orders are pending.
    var pending : Nat;
    var volumePremium : Nat64;
    var payouts : Nat64;
    statement : List.List<Line>;
    /// Ids, oldest first.
    positions : List.List<Nat>;
    /// Of orders.
    var names : Names.Names;
  };

  /// One line of a trader's statement, as one number, kind + 16 * id: the amounts, times and balances stand in the record the id names
  /// (Statement.mo). A trader with a thousand positions has thousands of lines; as records they would be half of all memory.
  public type Line = Nat64;

  /// What all orders of a kind have in common, made once and shared: 8 for each tenor.
  public type Terms = {
    /// Its place in `termsByNumber`.
    number : Nat;
    kind : { #digital; #capped };
    direction : Types.Direction;
    tenor : Text;
    strike : { #at; #offset };
    settlesAtMean : Bool;
  };
  public type Status = { #pending; #cancelled; #open; #settled; #voided };

  /// An order and the position it becomes. There are millions, so it is one flat record without mutable fields (each of those would be an object of
  /// its own, 24 bytes more); every step of its life puts a new record in its place. A part that has not happened yet is 0. Others refer to it
  /// by its id.
  public type Position = {
    id : Nat;
    trader : Trader;
    clientOrderId : Text;
    terms : Terms;
    /// The payout of a digital, the notional of a capped option.
    size : Nat64;
    /// 0 for a digital.
    cap : Nat64;
    /// As it was ordered: a price or, signed, a distance.
    strikeOrdered : Int64;
    maxPremium : Nat64;
    /// What the order lets the treasury reserve.
    maxPayout : Nat64;
    /// The fill minute is the first whole minute after it.
    placed : Nat64;
    expiry : Nat64;
    /// What the treasury holds back for this position; 0 once it is final.
    reserve : Nat64;
    status : Status;
    /// Of a cancelled order.
    reason : Types.CancelReason;
    // The fill.
    price : Nat64;
    strike : Nat64;
    sigmaPpm : Nat64;
    fair : Nat64;
    spread : Nat64;
    skew : Nat64;
    filled : Nat64;
    balanceAfterFill : Nat64;
    // The end: cancelled, settled or voided.
    ended : Nat64;
    settlementPrice : Nat64;
    outcome : Types.Outcome;
    payout : Nat64;
    balanceAfterEnd : Nat64;
  };

  /// Where a position is: on the heap, or, once it is final, in the archive (Archive.mo).
  public type Slot = { #kept : Position; #archived };

  /// Positions in the order they came, worked through from the front. What is done out of turn is passed over when its turn comes, so
  /// adding and finishing cost the same however many wait.
  public type Queue = {
    ids : List.List<Nat>;
    /// The index of the first that may still be waiting.
    var next : Nat;
    /// How many are waiting.
    var waiting : Nat;
  };

  /// What expires at one minute. `atRisk` counts pending and open positions; the queues hold the open ones, by what settles them: the price of
  /// the minute itself, or the mean of the ten minutes up to it.
  public type ExpiryBucket = { var atRisk : Nat64; spot : Queue; mean : Queue };

  public type Movement = {
    at : Nat64;
    kind : Types.MovementKind;
    amount : Int;
    balanceAfter : Nat64;
    reference : Nat;
  };

  public type Treasury = {
    var available : Nat64;
    var reserved : Nat64;
    /// The part of `reserved` that belongs to open positions; the rest belongs to pending orders.
    var openReserve : Nat64;
    /// Withdrawals of the house, from here or the migration account, whose transfer is not yet known to have succeeded.
    var withdrawing : Nat64;
    /// Fundings and withdrawals. Premiums and payouts stand in the positions.
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
    var voided : Nat;
    var wins : Nat;
    var ties : Nat;
    var losses : Nat;
    var premiums : Nat64;
    var payouts : Nat64;
    /// Premiums given back when positions were voided.
    var voidRefunds : Nat64;
    var openPremium : Nat64;
    var deposits : Nat64;
    var withdrawals : Nat64;
    /// Deposits in review: the ledger may hold them, and the books don't.
    var depositsInReview : Nat64;
  };

  /// The transfers a principal asked for: their names, the id of the newest sweep, and the ids of the withdrawals in order, once there are any.
  /// Kept apart from the traders: who funds the treasury, or whose deposit fails, has no account by that.
  public type Requests = {
    var deposits : Names.Names;
    var withdrawals : Names.Names;
    var sweep : ?Nat;
    var withdrawalIds : ?List.List<Nat>;
  };

  /// A transfer to or from the ledger, journaled before the ledger is called. `created` and `id` fix every argument of the
  /// call, so that a repetition is recognised as a duplicate by the ledger.
  public type Deposit = {
    id : Nat;
    owner : Principal;
    requestId : Text;
    /// What is credited.
    amount : Nat64;
    created : Nat64;
    target : Types.DepositTarget;
    /// `allowance`: pulled from the owner's ledger account. `subaccount`: swept from the owner's subaccount here, at this ledger fee.
    source : { #allowance; #subaccount : { fee : Nat64 } };
    attempts : Attempts;
    var state : Types.DepositState;
    /// When it was credited, and the owner's balance then.
    var credited : Nat64;
    var balanceAfter : Nat64;
  };
  public type Withdrawal = {
    id : Nat;
    owner : Principal;
    source : Source;
    requestId : Text;
    amount : Nat64;
    to : Types.Account;
    created : Nat64;
    attempts : Attempts;
    /// Fixed before the first call of the ledger: the fee and the call's created_at_time. A large one waits before that, and fee and time
    /// must be those of the day it is approved.
    var fee : Nat64;
    var sent : Nat64;
    var state : Types.WithdrawalState;
    var balanceAfter : Nat64;
    /// When it came back, and the balance then.
    var refunded : Nat64;
    var balanceAfterRefund : Nat64;
  };
  /// Whose money leaves: a trader's, or the house's.
  public type Source = { #trader : Trader; #treasury; #migration };
  /// `unclear`: some attempt may have taken effect without an answer. `awaiting`: an attempt was made and not yet answered.
  public type Attempts = { var count : Nat; var last : Nat64; var awaiting : Bool; var unclear : Bool };

  /// `accepted`: it said yes, but could not be read since; it is never sent again.
  public type LegacyState = { #sending; #accepted; #recorded; #unclear : Text };
  public type LegacySettlement = {
    receipt : Types.LegacyReceipt;
    /// Whose position it is, as the platform said; null of a settlement of version 0.1.0, which didn't keep it.
    owner : ?Principal;
    var sent : Nat64;
    var state : LegacyState;
  };

  /// One legacy account on its way here. Journaled before the legacy platform is called.
  public type Import = {
    owner : Principal;
    /// What is moved, and what flooring left behind, in 10^-12 sats.
    amount : Nat64;
    dustE12 : Nat64;
    /// The platform's balance in sats (floored) when it was read, before anything was taken.
    before : Nat64;
    var attempts : Nat;
    var last : Nat64;
    /// The platform agreed to the last attempt.
    var accepted : Bool;
    var state : Types.ImportState;
    var balanceAfter : Nat64;
  };
  public type Imports = {
    byOwner : Map.Map<Principal, Import>;
    order : List.List<Import>;
    /// Imports not yet imported, skipped or differing.
    open : Set.Set<Nat>;
    var imported : Nat;
    var importedSats : Nat64;
    var takenSats : Nat64;
    var skipped : Nat;
    var differing : Nat;
    var differingSats : Nat64;
    var dustE12 : Nat64;
    /// The last principal a batch has looked at; null before the first.
    var cursor : ?Principal;
    var finished : Bool;
  };

  public type LedgerFacts = {
    /// Fee in sats and the minting account's owner, once the ledger has told.
    var fee : ?Nat64;
    var minter : ?Principal;
  };

  /// A minute's price, written once, with the variance that was measured up to then: a fill at this minute is priced with it, however late
  /// it is worked on.
  public type Price = { minute : Nat64; price : Nat64; sources : Nat64; recorded : Nat64; varianceE18 : Nat64 };
  /// What the oracle's guards have accepted.
  public type Accepted = { minute : Nat64; price : Nat64; sources : Nat64; recorded : Nat64 };
  /// A minute whose answers disagreed: the reason, and what the exchange rate canister said, newest last (at most ten).
  public type MinuteSetAside = { reason : Text; answers : [Nat64] };

  public type Oracle = {
    prices : Map.Map<Nat64, Price>;
    var newest : ?Price;
    /// Minutes whose answers disagreed: for operators.
    setAside : Map.Map<Nat64, MinuteSetAside>;
    /// Minutes asked for by legacy settlements, with the time the wish ends.
    wanted : Map.Map<Nat64, Nat64>;
    var lastError : Text;
    var calls : Nat;
    /// What the calls cost: attached less refunded.
    var cycles : Nat;
    volatility : Volatility.Estimate;
  };

  public type Proposal = {
    id : Nat;
    action : Types.Action;
    proposedBy : Principal;
    proposed : Nat64;
    approvable : Nat64;
    var state : Types.ProposalState;
  };

  /// Hourly readings of the cycles balance, the last 25.
  public type CyclesReadings = { var readings : [{ at : Nat64; balance : Nat64 }]; var toppedUp : Nat };

  public type Config = { ledger : Principal; exchangeRate : Principal; legacy : ?Principal };

  public type State = {
    var config : Config;
    /// Raised by every migration.
    var schema : Nat;
    installed : Nat64;
    var upgraded : Nat64;
    var settings : Types.Settings;
    var flags : Types.Flags;
    tenors : Map.Map<Text, Types.Tenor>;
    terms : Map.Map<Text, [Terms]>;
    termsByNumber : List.List<Terms>;
    /// Why entry is paused, and the first order id that was not yet placed then: older pending orders are cancelled.
    var paused : ?Text;
    var cancelBelow : Nat;
    traders : List.List<Trader>;
    /// Indexes of `traders`; the key is made of their owners, see Traders.mo.
    traderByOwner : Map.Map<Nat64, Nat>;
    requests : Map.Map<Principal, Requests>;
    treasury : Treasury;
    /// What operators put aside to pay for imported legacy balances.
    var migration : Nat64;
    totals : Totals;
    positions : List.List<Slot>;
    archive : Region;
    /// Pending orders by fill minute, in order of id.
    pendingByMinute : Map.Map<Nat64, Queue>;
    byExpiry : Map.Map<Nat64, ExpiryBucket>;
    /// Positions that could not be filled or settled, with the reason: for operators.
    setAside : Map.Map<Nat, Text>;
    /// Expiries whose open positions two operators have voided, and which of their two queues; until all are.
    voiding : Map.Map<Nat64, { spot : Bool; mean : Bool }>;
    /// By id, in which there are gaps: a deposit whose first attempt certainly moved nothing leaves no trace.
    deposits : Map.Map<Nat, Deposit>;
    var nextDeposit : Nat;
    withdrawals : List.List<Withdrawal>;
    depositsInTransit : Set.Set<Nat>;
    withdrawalsInTransit : Set.Set<Nat>;
    withdrawalsAwaiting : Set.Set<Nat>;
    var transfersInReview : Nat;
    ledger : LedgerFacts;
    /// The books beside the ledger's last answer.
    var reserves : ?Types.Reserves;
    oracle : Oracle;
    legacy : Map.Map<Nat, LegacySettlement>;
    imports : Imports;
    proposals : List.List<Proposal>;
    roles : Map.Map<Principal, [Types.Role]>;
    audit : List.List<Types.AuditEntry>;
    /// The audit entry of each position whose receipt was reported as wrong, by the position's id.
    mismatches : Map.Map<Nat, Nat>;
    /// The same of positions of the legacy platform, by their ids there.
    legacyMismatches : Map.Map<Nat, Nat>;
    cycles : CyclesReadings;
  };

  /// The memory's shape; raised with every migration.
  public let SCHEMA : Nat = 2;
};

/// The variable that held everything in version 0.1.0: declared for ever, so that the compiler keeps checking that an upgrade can read it.

import List "mo:core/List";
import Map "mo:core/Map";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import V0_1_0 "V0_1_0";

module {
  /// What stands in place of that memory where it never was, or is no longer.
  public func none() : V0_1_0.State = {
    init = { ledger = nobody(); exchange_rate = nobody(); legacy = null; tenors = [] };
    var settings = {
      spread_ppm = 0;
      min_spread_sats = 0;
      max_skew_ppm = 0;
      min_premium_sats = 0;
      premium_floor_ppm = 0;
      min_share_ppm = 0;
      min_payout_sats = 0;
      max_position_payout_sats = 0;
      max_trader_payout_sats = 0;
      max_expiry_payout_sats = 0;
      max_total_payout_sats = 0;
      min_deposit_sats = 0;
      min_withdrawal_sats = 0;
      min_sources = 0;
      max_dispersion_ppm = 0;
      max_jump_ppm = 0;
      min_cycles = 0;
    };
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

  /// The management canister: no ledger of anybody's.
  func nobody() : Principal = Principal.fromText("aaaaa-aa");

  /// Whether a canister of that version was here.
  public func isThere(old : V0_1_0.State) : Bool = old.init.ledger != nobody();

  /// Lets go of everything that takes room, once it has been moved.
  public func clear(old : V0_1_0.State) {
    old.tenors.clear();
    old.traders.clear();
    old.traderByOwner.clear();
    old.requests.clear();
    old.treasury.movements.clear();
    old.positions.clear();
    old.active.clear();
    old.pendingByMinute.clear();
    old.byExpiry.clear();
    old.setAside.clear();
    old.deposits.clear();
    old.withdrawals.clear();
    old.depositsInTransit.clear();
    old.withdrawalsInTransit.clear();
    old.reserves := null;
    old.prices.clear();
    old.minutesSetAside.clear();
    old.minutesWanted.clear();
    old.legacy.clear();
    old.roles.clear();
    old.audit.clear();
  };
};

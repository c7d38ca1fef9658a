/// The memory of a canister that has just been installed.

import List "mo:core/List";
import Map "mo:core/Map";
import Region "mo:core/Region";
import Set "mo:core/Set";
import State "State";
import Types "Types";
import Volatility "Volatility";

module {
  /// A canister's memory at its first installation.
  public func empty(config : State.Config, settings : Types.Settings, now : Nat64) : State.State = {
    var config;
    var schema = State.SCHEMA;
    installed = now;
    var upgraded = now;
    var settings;
    var flags = { balances = true; admin = true; settlement = true };
    tenors = Map.empty();
    terms = Map.empty();
    termsByNumber = List.empty();
    var paused = null;
    var cancelBelow = 0;
    traders = List.empty();
    traderByOwner = Map.empty();
    requests = Map.empty();
    treasury = { var available = 0; var reserved = 0; var openReserve = 0; var withdrawing = 0; movements = List.empty() };
    var migration = 0;
    totals = noTotals();
    positions = List.empty();
    archive = Region.new();
    pendingByMinute = Map.empty();
    byExpiry = Map.empty();
    setAside = Map.empty();
    voiding = Map.empty();
    deposits = Map.empty();
    var nextDeposit = 0;
    withdrawals = List.empty();
    depositsInTransit = Set.empty();
    withdrawalsInTransit = Set.empty();
    withdrawalsAwaiting = Set.empty();
    var transfersInReview = 0;
    ledger = { var fee = null; var minter = null };
    var reserves = null;
    oracle = {
      prices = Map.empty();
      var newest = null;
      setAside = Map.empty();
      wanted = Map.empty();
      var lastError = "";
      var calls = 0;
      var cycles = 0;
      volatility = Volatility.seed(Volatility.SEED_PPM);
    };
    legacy = Map.empty();
    imports = noImports();
    proposals = List.empty();
    roles = Map.empty();
    audit = List.empty();
    mismatches = Map.empty();
    legacyMismatches = Map.empty();
    cycles = { var readings = []; var toppedUp = 0 };
  };

  func noTotals() : State.Totals = {
    var tradersAvailable = 0;
    var tradersReserved = 0;
    var withdrawing = 0;
    var pending = 0;
    var open = 0;
    var settled = 0;
    var cancelled = 0;
    var voided = 0;
    var wins = 0;
    var ties = 0;
    var losses = 0;
    var premiums = 0;
    var payouts = 0;
    var voidRefunds = 0;
    var openPremium = 0;
    var deposits = 0;
    var withdrawals = 0;
    var depositsInReview = 0;
  };

  func noImports() : State.Imports = {
    byOwner = Map.empty();
    order = List.empty();
    open = Set.empty();
    var imported = 0;
    var importedSats = 0;
    var takenSats = 0;
    var skipped = 0;
    var differing = 0;
    var differingSats = 0;
    var dustE12 = 0;
    var cursor = null;
    var finished = false;
  };
};

/// Moves the memory of version 0.1.0 into that of 0.2.0, all of it, once: the actor calls this where the variable of the new version gets its
/// first value, and a trap undoes the whole upgrade.
///
/// What is different: a statement was a list of records and is one of numbers (Statement.mo), so the balances after each movement move into the
/// deposits, withdrawals and positions they were about; positions are flat and stand in queues instead of sets; a tenor's volatility was a number.

import EmptyState "../EmptyState";
import Accounts "AccountsFromV0_1_0";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Queue "../Queue";
import Set "mo:core/Set";
import Settings "../Settings";
import State "../State";
import Tenors "../Tenors";
import Terms "../Terms";
import Text "mo:core/Text";
import Types "../Types";
import Units "../Units";
import V0_1_0 "V0_1_0";
import Volatility "../Volatility";

module {
  type Old = V0_1_0.State;
  type New = State.State;

  /// The new memory with everything the old one held. The old one may be cleared afterwards.
  public func migrate(old : Old, now : Nat64) : New {
    let { ledger; exchange_rate = exchangeRate; legacy } = old.init;
    let new = EmptyState.empty({ ledger; exchangeRate; legacy }, settings(old.settings), installed(old, now));
    new.upgraded := now;
    market(old, new);
    Accounts.move(old, new);
    queues(old, new);
    treasury(old, new);
    totals(old.totals, new.totals);
    administration(old, new);
    new;
  };

  /// The old version did not note it: its first price, asked for at once, or its first audit entry.
  func installed(old : Old, now : Nat64) : Nat64 {
    let priced = switch (old.prices.minEntry()) {
      case (?(_, entry)) entry.recorded_ns;
      case null now;
    };
    switch (old.audit.first()) {
      case (?entry) Nat64.min(entry.at_ns, priced);
      case null priced;
    };
  };

  /// Settings that are new get their defaults.
  func settings(old : V0_1_0.Settings) : Types.Settings {
    let defaults = Settings.defaults();
    {
      defaults with
      spread_ppm = Nat64.fromNat(old.spread_ppm);
      min_spread_sats = Nat64.fromNat(old.min_spread_sats);
      max_skew_ppm = Nat64.fromNat(old.max_skew_ppm);
      min_premium_sats = Nat64.fromNat(old.min_premium_sats);
      premium_floor_ppm = Nat64.fromNat(old.premium_floor_ppm);
      min_share_ppm = Nat64.fromNat(old.min_share_ppm);
      min_payout_sats = Nat64.fromNat(old.min_payout_sats);
      max_position_payout_sats = Nat64.fromNat(old.max_position_payout_sats);
      max_trader_payout_sats = Nat64.fromNat(old.max_trader_payout_sats);
      max_expiry_payout_sats = Nat64.fromNat(old.max_expiry_payout_sats);
      max_total_payout_sats = Nat64.fromNat(old.max_total_payout_sats);
      min_deposit_sats = Nat64.fromNat(old.min_deposit_sats);
      min_withdrawal_sats = Nat64.fromNat(old.min_withdrawal_sats);
      min_sources = Nat64.fromNat(old.min_sources);
      max_dispersion_ppm = Nat64.fromNat(old.max_dispersion_ppm);
      max_jump_ppm = Nat64.fromNat(old.max_jump_ppm);
      min_cycles = Nat64.fromNat(old.min_cycles);
      // The warning comes before entry closes.
      alert_cycles = Nat64.max(defaults.alert_cycles, Nat64.fromNat(old.min_cycles * 3));
    };
  };

  func market(old : Old, new : New) {
    for ({ name; minutes; sigma_ppm; strike_grid_e8; enabled } in old.tenors.values()) {
      let tenor : Types.Tenor = {
        name;
        schedule = #minutes(Nat64.fromNat(minutes));
        volatility = #fixed { sigma_ppm = Nat64.fromNat(sigma_ppm) };
        band_ppm = 0;
        strike_grid_e8 = Nat64.fromNat(strike_grid_e8);
        enabled;
      };
      new.tenors.add(name, tenor);
      Terms.make(new, name, Tenors.settlesAtMean(tenor));
    };
    new.paused := old.paused;
    new.cancelBelow := old.cancelBelow;
    prices(old, new);
  };

  /// Entries never change, and what is new in them, the measured variance, is what it would be had it been measured from the start.
  func prices(old : Old, new : New) {
    let { oracle } = new;
    let memory = { lambda_ppm = new.settings.volatility_lambda_ppm };
    for ((minute, entry) in old.prices.entries()) {
      let price = Nat64.fromNat(entry.price_e8);
      switch (oracle.newest) {
        case (?before) Volatility.observe(
          oracle.volatility,
          before.minute / Units.MINUTE_NS,
          before.price,
          minute / Units.MINUTE_NS,
          price,
          memory,
        );
        case null {};
      };
      let varianceE18 = oracle.volatility.varianceE18;
      let made : State.Price = { minute; price; sources = Nat64.fromNat(entry.sources); recorded = entry.recorded_ns; varianceE18 };
      oracle.prices.add(minute, made);
      oracle.newest := ?made;
    };
    for ((minute, reason) in old.minutesSetAside.entries()) oracle.setAside.add(minute, { reason; answers = [] });
    for ((minute, until) in old.minutesWanted.entries()) oracle.wanted.add(minute, until);
    oracle.lastError := old.oracleError;
  };

  /// Sets of ids become queues, in order of id as before.
  func queues(old : Old, new : New) {
    func queue(ids : Set.Set<Nat>) : State.Queue {
      let made = Queue.empty();
      for (id in ids.values()) Queue.add(made, id);
      made;
    };
    for ((minute, ids) in old.pendingByMinute.entries()) new.pendingByMinute.add(minute, queue(ids));
    for ((expiry, bucket) in old.byExpiry.entries()) {
      new.byExpiry.add(expiry, { var atRisk = bucket.atRisk; spot = queue(bucket.spot); mean = queue(bucket.mean) });
    };
    for ((id, reason) in old.setAside.entries()) new.setAside.add(id, reason);
  };

  func treasury(old : Old, new : New) {
    let (from, to) = (old.treasury, new.treasury);
    to.available := from.available;
    to.reserved := from.reserved;
    to.openReserve := from.openReserve;
    to.withdrawing := from.withdrawing;
    for (movement in from.movements.values()) {
      switch (movement.kind) {
        case (#treasury_funding) {
          switch (new.deposits.get(movement.reference)) {
            case (?deposit) deposit.credited := movement.at;
            case null {};
          };
          to.movements.add(movement);
        };
        case (#treasury_withdrawal) {
          // The second one of a withdrawal is its way back.
          if (movement.amount > 0) new.withdrawals.at(movement.reference).refunded := movement.at;
          to.movements.add(movement);
        };
        // Premiums and payouts stand in the positions.
        case _ {};
      };
    };
    new.reserves := switch (old.reserves) {
      case (?checked) ?{ checked with migration_sats = 0; in_flight_sats = checked.withdrawals_in_transit_sats };
      case null null;
    };
  };

  func totals(old : V0_1_0.Totals, new : State.Totals) {
    new.tradersAvailable := old.tradersAvailable;
    new.tradersReserved := old.tradersReserved;
    new.withdrawing := old.withdrawing;
    new.pending := old.pending;
    new.open := old.open;
    new.settled := old.settled;
    new.cancelled := old.cancelled;
    new.wins := old.wins;
    new.ties := old.ties;
    new.losses := old.losses;
    new.premiums := old.premiums;
    new.payouts := old.payouts;
    new.openPremium := old.openPremium;
    new.deposits := old.deposits;
    new.withdrawals := old.withdrawals;
  };

  func administration(old : Old, new : New) {
    for ((id, settlement) in old.legacy.entries()) {
      let { receipt } = settlement;
      new.legacy.add(id, { receipt; owner = null; var sent = settlement.sent; var state = settlement.state });
    };
    for ((who, roles) in old.roles.entries()) new.roles.add(who, roles);
    for (entry in old.audit.values()) new.audit.add(entry);
  };
};

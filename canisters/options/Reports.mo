/// The operators' figures. All of them are kept up to date with every change, so a report costs the same at every size.

import Cycles "mo:core/Cycles";
import CyclesBurn "CyclesBurn";
import List "mo:core/List";
import Map "mo:core/Map";
import Market "Market";
import Nat64 "mo:core/Nat64";
import PriceBook "PriceBook";
import Set "mo:core/Set";
import Settlement "Settlement";
import State "State";
import Types "Types";

module {
  type State = State.State;

  public func overview(state : State, now : Nat64) : Types.Overview {
    let { totals; treasury } = state;
    let balance = Cycles.balance();
    let { oracle } = state;
    {
      as_of_ns = now;
      users = state.traders.size();
      positions = {
        pending = totals.pending;
        open = totals.open;
        settled = totals.settled;
        cancelled = totals.cancelled;
        voided = totals.voided;
        wins = totals.wins;
        ties = totals.ties;
        losses = totals.losses;
        due_unsettled = Settlement.dueCount(state, now);
      };
      money = {
        traders_available_sats = totals.tradersAvailable.toNat();
        traders_reserved_sats = totals.tradersReserved.toNat();
        treasury_available_sats = treasury.available.toNat();
        treasury_reserved_sats = treasury.reserved.toNat();
        migration_sats = state.migration.toNat();
        open_premium_sats = totals.openPremium.toNat();
        premiums_sats = totals.premiums.toNat();
        payouts_sats = totals.payouts.toNat();
        deposits_sats = totals.deposits.toNat();
        withdrawals_sats = totals.withdrawals.toNat();
      };
      waiting = {
        set_aside = state.setAside.size() + oracle.setAside.size();
        large_withdrawals = state.withdrawalsAwaiting.size();
        transfers_in_review = state.transfersInReview;
      };
      oracle = {
        newest_ns = switch (PriceBook.newest(state)) {
          case (?entry) entry.minute;
          case null 0;
        };
        last_error = oracle.lastError;
        calls = oracle.calls;
        cycles = oracle.cycles;
      };
      cycles = {
        balance;
        burned_24h = CyclesBurn.lastDay(state.cycles.readings, now, balance);
        alert = balance < state.settings.alert_cycles.toNat();
      };
      entry = Market.entry(state, now);
      utilisation_ppm = Market.utilisationPpm(state);
      version = Market.VERSION;
    };
  };
};

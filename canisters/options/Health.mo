/// Whether a person should look at the exchange now. Aggregates only: anybody may read them.

import Format "Format";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import PriceBook "PriceBook";
import Reserves "Reserves";
import Settlement "Settlement";
import State "State";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// A position should be settled within a minute of its expiry.
  public let UNSETTLED_AFTER_NS : Nat64 = 300_000_000_000;
  /// The ledger is asked every ten minutes.
  public let UNCHECKED_AFTER_NS : Nat64 = 1_800_000_000_000;

  /// What is wrong, a sentence each; empty when all is well. `cycles`: the balance.
  public func reasons(state : State, now : Nat64, cycles : Nat) : [Text] {
    let found = List.empty<Text>();
    switch (PriceBook.newest(state)) {
      case null found.add "oracle: there is no price yet";
      case (?{ minute }) if (PriceBook.fresh(state, now) == null) {
        found.add("oracle: the newest price is " # seconds(now, minute) # " s old, so entry is closed");
      };
    };
    let overdue = Settlement.dueCount(state, Units.minusOrZero(now, UNSETTLED_AFTER_NS));
    if (overdue > 0) found.add("settlement: " # Format.count(overdue) # " positions are unsettled more than 5 minutes after their expiry");
    let aside = state.setAside.size() + state.oracle.setAside.size();
    if (aside > 0) found.add("set aside: " # Format.count(aside) # " positions or minutes wait for an operator");
    switch (state.reserves) {
      case null found.add "reserves: the ledger has not been asked since the installation";
      case (?checked) {
        let missing = Reserves.missing(checked);
        if (missing > 0) {
          found.add("reserves: the ledger holds " # Format.sats(missing) # " less than the books, and no transfer in flight explains it");
        };
        if (now > checked.ledger_checked_ns + UNCHECKED_AFTER_NS) {
          found.add("reserves: the ledger was last asked " # seconds(now, checked.ledger_checked_ns) # " s ago");
        };
      };
    };
    if (state.transfersInReview > 0) found.add("transfers: " # Format.count(state.transfersInReview) # " are in review");
    if (cycles < state.settings.alert_cycles.toNat()) {
      found.add("cycles: " # Format.count(cycles) # " are left, less than the alert threshold of " # Format.count(state.settings.alert_cycles.toNat()));
    };
    found.toArray();
  };

  func seconds(now : Nat64, since : Nat64) : Text = (Units.minusOrZero(now, since) / Units.SECOND_NS).toText();
};

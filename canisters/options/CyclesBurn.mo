/// How fast the cycles go: the balance is read every hour, and what it lost between two readings was burned. A reading that is higher than the one
/// before means that somebody topped up; what was burned in that hour then stays unknown, so that a top-up can't hide the other hours' burn.

import Array "mo:core/Array";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import State "State";
import Units "Units";

module {
  public type Reading = { at : Nat64; balance : Nat };

  public let EVERY_NS : Nat64 = 3_600_000_000_000;
  let DAY_NS : Nat64 = 86_400_000_000_000;
  /// A day's 24 hours have 25 ends.
  let MOST : Nat = 25;

  /// Notes the balance unless the last reading is less than an hour old.
  public func observe(cycles : State.CyclesReadings, now : Nat64, balance : Nat) {
    let readings = cycles.readings;
    let size = readings.size();
    if (size > 0) {
      let last = readings[size - 1];
      if (now < last.at + EVERY_NS) return;
      if (balance > last.balance) cycles.toppedUp += (balance - last.balance : Nat);
    };
    let kept = if (size < MOST) readings else readings.sliceToArray((size - MOST + 1 : Nat), size);
    cycles.readings := kept.concat([{ at = now; balance }]);
  };

  /// Cycles burned in the last 24 hours, as far as the readings go back.
  public func lastDay(readings : [Reading], now : Nat64, balance : Nat) : Nat {
    let from = Units.minusOrZero(now, DAY_NS);
    var burned = 0;
    var before : ?Nat = null;
    func next(held : Nat) {
      switch before {
        case (?earlier) if (earlier > held) burned += earlier - held;
        case null {};
      };
      before := ?held;
    };
    for (reading in readings.values()) if (reading.at >= from) next(reading.balance);
    next(balance);
    burned;
  };
};

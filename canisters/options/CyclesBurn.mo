/// How fast the cycles go: the balance is read every hour, and what it lost between two readings was burned. A reading that is higher than the one
/// before means that somebody topped up; what was burned in that hour then stays unknown, so that a top-up can't hide the other hours' burn.

import Array "mo:core/Array";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import State "State";
import Units "Units";

module {
  /// In words: the difference of two Nats of this size costs as much as forty of these, and there are 25 in every overview.
  public type Reading = { at : Nat64; balance : Nat64 };

  public let EVERY_NS : Nat64 = 3_600_000_000_000;
  let DAY_NS : Nat64 = 86_400_000_000_000;
  /// A day's 24 hours have 25 ends.
  let MOST : Nat = 25;

  /// Notes the balance unless the last reading is less than an hour old.
  public func observe(cycles : State.CyclesReadings, now : Nat64, cyclesHeld : Nat) {
    let balance = word(cyclesHeld);
    let readings = cycles.readings;
    let size = readings.size();
    if (size > 0) {
      let last = readings[size - 1];
      if (now < last.at + EVERY_NS) return;
      if (balance > last.balance) cycles.toppedUp += (balance - last.balance).toNat();
    };
    let kept = if (size < MOST) readings else readings.sliceToArray((size - MOST + 1 : Nat), size);
    cycles.readings := kept.concat([{ at = now; balance }]);
  };

  /// Cycles burned in the last 24 hours, as far as the readings go back.
  public func lastDay(readings : [Reading], now : Nat64, balance : Nat) : Nat {
    let from = Units.minusOrZero(now, DAY_NS);
    var burned : Nat64 = 0;
    // Of the first reading that counts, nothing is known to have gone before.
    var earlier : Nat64 = 0;
    for ({ at; balance = held } in readings.values()) if (at >= from) {
      if (earlier > held) burned += earlier - held;
      earlier := held;
    };
    let held = word(balance);
    if (earlier > held) burned += earlier - held;
    burned.toNat();
  };

  /// 2^60 cycles are a million trillions; of more than that the burn can't be told.
  func word(cycles : Nat) : Nat64 {
    let most : Nat64 = 0x1000_0000_0000_0000;
    if (cycles > most.toNat()) most else Nat64.fromNat(cycles);
  };
};

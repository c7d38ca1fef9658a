/// How many orders each trader has cancelled today. An order that is cancelled costs its trader nothing, stays in the memory for ever, and has held the
/// treasury's reserve back until then: without an end to it, the memory could be filled, or others kept out, for free.

import Errors "Errors";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Types "Types";
import Units "Units";

module {
  /// Orders a trader may cancel in a day (of UTC); then new ones wait for the next.
  public let MAX : Nat = 100;
  let DAY_NS : Nat64 = 86_400_000_000_000;

  /// The day that is counted, and the traders who have cancelled in it. Forgotten at an upgrade: that only means counting anew.
  public type Today = { var day : Nat64; counts : Map.Map<Principal, Nat> };

  public func none() : Today = { var day = 0; counts = Map.empty() };

  func count(today : Today, trader : Principal, now : Nat64) : Nat {
    if (today.day != now / DAY_NS) {
      today.day := now / DAY_NS;
      today.counts.clear();
    };
    switch (today.counts.get(trader)) {
      case (?cancelled) cancelled;
      case null 0;
    };
  };

  /// To be called when a trader has cancelled an order.
  public func note(today : Today, trader : Principal, now : Nat64) = today.counts.add(trader, count(today, trader, now) + 1);

  /// Null when a trader may place another order.
  public func reached(today : Today, trader : Principal, now : Nat64) : ?Types.OrderError {
    if (count(today, trader, now) < MAX) return null;
    let left = (DAY_NS - now % DAY_NS) / Units.SECOND_NS;
    ?Errors.tooManyCancelled(MAX, left.toNat() + 1);
  };
};

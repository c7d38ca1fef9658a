/// The price book: one entry a minute, written once and never changed, so that who settles, when and how often can't change
/// a price.

import List "mo:core/List";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import State "State";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// The most entries one answer lists: a day and an hour.
  public let MAX_ROWS : Nat = 1_500;
  /// Older than this, the newest price is too old to take orders on.
  public let STALE_NS : Nat64 = 180_000_000_000;

  public func at(state : State, minute : Nat64) : ?Types.PriceEntry = state.prices.get(minute);

  public func newest(state : State) : ?Types.PriceEntry = switch (state.prices.maxEntry()) {
    case (?(_, entry)) ?entry;
    case null null;
  };

  /// The newest entry, unless it is stale.
  public func fresh(state : State, now : Nat64) : ?Types.PriceEntry = switch (newest(state)) {
    case (?entry) if (now > entry.minute_ns + STALE_NS) null else ?entry;
    case null null;
  };

  /// Writes an entry unless its minute has one already; answers whether it was written.
  public func record(state : State, entry : Types.PriceEntry) : Bool {
    if (state.prices.containsKey(entry.minute_ns)) return false;
    state.prices.add(entry.minute_ns, entry);
    state.minutesSetAside.remove(entry.minute_ns);
    state.minutesWanted.remove(entry.minute_ns);
    true;
  };

  /// The newest entry of a minute before `minute`, at most an hour older: what a jump is measured against.
  public func before(state : State, minute : Nat64) : ?Types.PriceEntry {
    if (minute == 0) return null;
    for ((key, entry) in state.prices.reverseEntriesFrom(minute - 1)) {
      return if (minute - key <= 60 * Units.MINUTE_NS) ?entry else null;
    };
    null;
  };

  /// The price an option settles at: that of the expiry minute, or, for long tenors, the mean of the ten minutes up to it,
  /// all ten needed, rounded down. USD x 10^8. The error is the first minute that is missing.
  public func settlement(state : State, expiry : Nat64, mean : Bool) : { #price : Nat64; #missing : Nat64 } {
    if (not mean) return switch (at(state, expiry)) {
      case (?entry) #price(Nat64.fromNat(entry.price_e8));
      case null #missing expiry;
    };
    var sum : Nat64 = 0;
    var minute = expiry - 9 * Units.MINUTE_NS;
    while (minute <= expiry) {
      switch (at(state, minute)) {
        case (?entry) sum += Nat64.fromNat(entry.price_e8);
        case null return #missing minute;
      };
      minute += Units.MINUTE_NS;
    };
    #price(sum / 10);
  };

  /// Entries from a minute on, oldest first, at most `limit` (1 to 1,500).
  public func list(state : State, from : Nat64, limit : Nat) : [Types.PriceEntry] {
    let most = if (limit < 1) 1 else if (limit > MAX_ROWS) MAX_ROWS else limit;
    let rows = List.empty<Types.PriceEntry>();
    label reading for ((_, entry) in state.prices.entriesFrom(from)) {
      if (rows.size() >= most) break reading;
      rows.add(entry);
    };
    rows.toArray();
  };
};

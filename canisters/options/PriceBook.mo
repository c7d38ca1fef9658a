/// The price book: one entry a minute, written once and never changed, so that who settles, when and how often can't change
/// a price.

import List "mo:core/List";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import State "State";
import Types "Types";
import Units "Units";
import Volatility "Volatility";

module {
  type State = State.State;
  type Price = State.Price;

  /// The most entries one answer lists: a day and an hour.
  public let MAX_ROWS : Nat64 = 1_500;
  /// Older than this, the newest price is too old to take orders on.
  public let STALE_NS : Nat64 = 180_000_000_000;

  public func at(state : State, minute : Nat64) : ?Price = state.oracle.prices.get(minute);

  public func newest(state : State) : ?Price = state.oracle.newest;

  /// The newest entry, unless it is stale.
  public func fresh(state : State, now : Nat64) : ?Price = switch (newest(state)) {
    case (?entry) if (now > entry.minute + STALE_NS) null else ?entry;
    case null null;
  };

  /// Writes an entry unless its minute has one already; answers whether it was written. The newest one goes into the measured volatility; a minute
  /// that was missed and comes later does not.
  public func record(state : State, accepted : State.Accepted) : Bool {
    let { oracle } = state;
    let { minute; price } = accepted;
    if (oracle.prices.containsKey(minute)) return false;
    let isNewest = switch (oracle.newest) {
      case (?before) {
        let newer = before.minute < minute;
        if newer Volatility.observe(
          oracle.volatility,
          before.minute / Units.MINUTE_NS,
          before.price,
          minute / Units.MINUTE_NS,
          price,
          { lambda_ppm = state.settings.volatility_lambda_ppm },
        );
        newer;
      };
      case null true;
    };
    let entry : Price = { accepted with varianceE18 = oracle.volatility.varianceE18 };
    oracle.prices.add(minute, entry);
    if isNewest oracle.newest := ?entry;
    oracle.setAside.remove(minute);
    oracle.wanted.remove(minute);
    true;
  };

  /// The newest entry of a minute before `minute`, at most an hour older: what a jump is measured against.
  public func before(state : State, minute : Nat64) : ?Price {
    if (minute == 0) return null;
    for ((key, entry) in state.oracle.prices.reverseEntriesFrom(minute - 1)) {
      return if (minute - key <= 60 * Units.MINUTE_NS) ?entry else null;
    };
    null;
  };

  /// The price an option settles at: that of the expiry minute, or, for long tenors, the mean of the ten minutes up to it,
  /// all ten needed, rounded down. USD x 10^8. The error is the first minute that is missing.
  public func settlement(state : State, expiry : Nat64, mean : Bool) : { #price : Nat64; #missing : Nat64 } {
    if (not mean) return switch (at(state, expiry)) {
      case (?entry) #price(entry.price);
      case null #missing expiry;
    };
    var sum : Nat64 = 0;
    var minute = expiry - 9 * Units.MINUTE_NS;
    while (minute <= expiry) {
      switch (at(state, minute)) {
        case (?entry) sum += entry.price;
        case null return #missing minute;
      };
      minute += Units.MINUTE_NS;
    };
    #price(sum / 10);
  };

  public func view(entry : Price) : Types.PriceEntry = {
    minute_ns = entry.minute;
    price_e8 = entry.price.toNat();
    sources = entry.sources.toNat();
    recorded_ns = entry.recorded;
  };

  /// Entries from a minute on, oldest first, at most `limit` (1 to 1,500).
  public func list(state : State, from : Nat64, limit : Nat64) : [Types.PriceEntry] {
    let most = if (limit < 1) 1 else Nat64.min(limit, MAX_ROWS).toNat();
    let rows = List.empty<Types.PriceEntry>();
    label reading for ((_, entry) in state.oracle.prices.entriesFrom(from)) {
      if (rows.size() >= most) break reading;
      rows.add(view(entry));
    };
    rows.toArray();
  };
};

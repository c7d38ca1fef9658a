/// The table of tenors: how long an option runs, at which volatility it is priced, and the grid of its strikes.

import Errors "Errors";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Result "mo:core/Result";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;
  type Tenor = Types.Tenor;

  /// From this many minutes on, an option settles at the mean of the ten minutes up to its expiry.
  public let MEAN_FROM_MINUTES : Nat = 240;
  public let MAX_TENORS : Nat = 50;

  /// Null when a tenor may be put into the table.
  public func problem(tenor : Tenor) : ?Types.Error {
    let length = tenor.name.size();
    if (length < 1 or length > 16) return ?Errors.invalid("name", "A tenor's name has 1 to 16 characters.");
    if (tenor.minutes < 1 or tenor.minutes > 43_200) {
      return ?Errors.invalid("minutes", "A tenor runs from 1 minute to 43,200 minutes (30 days).");
    };
    // The range the pricing is proved for.
    if (tenor.sigma_ppm < 100_000 or tenor.sigma_ppm > 3_000_000) {
      return ?Errors.invalid("sigma_ppm", "A tenor's volatility is between 100,000 ppm (10 %) and 3,000,000 ppm (300 %) a year.");
    };
    // Whole cents: a tie is decided at cent precision, so a strike must be one.
    if (tenor.strike_grid_e8 == 0 or tenor.strike_grid_e8 % 1_000_000 != 0 or tenor.strike_grid_e8 > Units.MAX_PRICE_E8) {
      let rule = "The strike grid must be a whole number of cents (a multiple of 1,000,000), more than zero.";
      return ?Errors.invalid("strike_grid_e8", rule);
    };
    null;
  };

  /// Adds or replaces a tenor. Positions that exist keep the terms they were filled with.
  public func put(state : State, tenor : Tenor) : Types.Answer<Tenor> {
    switch (problem(tenor)) {
      case (?error) return #err error;
      case null {};
    };
    if (not state.tenors.containsKey(tenor.name) and state.tenors.size() >= MAX_TENORS) {
      return #err(Errors.invalid("name", "There can be at most 50 tenors."));
    };
    state.tenors.add(tenor.name, tenor);
    #ok tenor;
  };

  /// A tenor that is open for new orders.
  public func enabled(state : State, name : Text) : ?Tenor = switch (state.tenors.get(name)) {
    case (?tenor) if (tenor.enabled) ?tenor else null;
    case null null;
  };

  /// When an option expires that fills at `fillMinute`.
  public func expiry(tenor : Tenor, fillMinute : Nat64) : Nat64 = fillMinute + Nat64.fromNat(tenor.minutes) * Units.MINUTE_NS;

  /// Whether an option between these minutes settles at the ten-minute mean.
  public func settlesAtMean(fillMinute : Nat64, expiryNs : Nat64) : Bool {
    ((expiryNs - fillMinute) / Units.MINUTE_NS).toNat() >= MEAN_FROM_MINUTES;
  };
};

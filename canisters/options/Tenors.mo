/// The table of tenors: when an option expires, at which volatility it is priced, and the grid of its strikes.

import Errors "Errors";
import Format "Format";
import Map "mo:core/Map";
import Pricing "Pricing";
import Result "mo:core/Result";
import State "State";
import Terms "Terms";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";
import Volatility "Volatility";

module {
  type State = State.State;
  type Tenor = Types.Tenor;

  /// From this many minutes on, an option settles at the mean of the ten minutes up to its expiry. Daily and weekly ones always do: all
  /// options of one expiry settle at one price.
  public let MEAN_FROM_MINUTES : Nat64 = 240;
  public let MAX_TENORS : Nat = 50;
  let HOUR_NS : Nat64 = 3_600_000_000_000;
  let DAY_NS : Nat64 = 86_400_000_000_000;
  let WEEK_NS : Nat64 = 604_800_000_000_000;
  /// 08:00 UTC, and the Friday of the first week of 1970 (it began on a Thursday) at that time.
  let DAILY_AT_NS : Nat64 = 28_800_000_000_000;
  let WEEKLY_AT_NS : Nat64 = 115_200_000_000_000;

  /// Null when a tenor may be put into the table.
  public func problem(tenor : Tenor) : ?Types.Error {
    let length = tenor.name.size();
    if (length < 1 or length > 16 or tenor.name != Format.plain(tenor.name)) {
      return ?Errors.invalid("name", "A tenor's name has 1 to 16 characters that can be seen.");
    };
    switch (tenor.schedule) {
      case (#minutes minutes) if (minutes < 1 or minutes > 43_200) {
        return ?Errors.invalid("schedule", "A tenor runs from 1 minute to 43,200 minutes (30 days).");
      };
      case (#daily or #weekly) {};
    };
    switch (volatilityProblem(tenor)) {
      case (?error) return ?error;
      case null {};
    };
    // Whole cents: a tie is decided at cent precision, so a strike must be one.
    if (tenor.strike_grid_e8 == 0 or tenor.strike_grid_e8 > Units.MAX_PRICE_E8 or tenor.strike_grid_e8 % 1_000_000 != 0) {
      let rule = "The strike grid must be a whole number of cents (a multiple of 1,000,000), more than zero.";
      return ?Errors.invalid("strike_grid_e8", rule);
    };
    null;
  };

  func inRange(sigmaPpm : Nat64) : Bool = sigmaPpm >= Pricing.MIN_SIGMA_PPM and sigmaPpm <= Pricing.MAX_SIGMA_PPM;

  func volatilityProblem(tenor : Tenor) : ?Types.Error {
    // The range the pricing is proved for.
    let range = "between 100,000 ppm (10 %) and 3,000,000 ppm (300 %) a year";
    switch (tenor.volatility) {
      case (#fixed { sigma_ppm }) if (not inRange(sigma_ppm)) return ?Errors.invalid("sigma_ppm", "A tenor's volatility is " # range # ".");
      case (#measured { scale_ppm; floor_ppm; ceiling_ppm }) {
        if (not inRange(floor_ppm) or not inRange(ceiling_ppm) or floor_ppm > ceiling_ppm) {
          return ?Errors.invalid("floor_ppm", "Floor and ceiling of the volatility are " # range # ", the floor not above the ceiling.");
        };
        if (scale_ppm < 100_000 or scale_ppm > 10_000_000) {
          return ?Errors.invalid("scale_ppm", "The scale of a measured volatility is between 100,000 ppm (a tenth) and 10,000,000 ppm (ten times).");
        };
      };
    };
    if (tenor.band_ppm > 900_000) ?Errors.invalid("band_ppm", "The band around the volatility is at most 900,000 ppm (90 %).") else null;
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
    Terms.make(state, tenor.name, settlesAtMean(tenor));
    #ok tenor;
  };

  /// A tenor that is open for new orders.
  public func enabled(state : State, name : Text) : ?Tenor = switch (state.tenors.get(name)) {
    case (?tenor) if (tenor.enabled) ?tenor else null;
    case null null;
  };

  /// When an option expires that fills at `fillMinute`.
  public func expiry(tenor : Tenor, fillMinute : Nat64) : Nat64 = switch (tenor.schedule) {
    case (#minutes minutes) fillMinute + minutes * Units.MINUTE_NS;
    case (#daily) firstAt(fillMinute + HOUR_NS, DAY_NS, DAILY_AT_NS);
    case (#weekly) firstAt(fillMinute + DAY_NS, WEEK_NS, WEEKLY_AT_NS);
  };

  /// The first moment at or after `from` that is `phase` into a period.
  func firstAt(from : Nat64, period : Nat64, phase : Nat64) : Nat64 = (from - phase + period - 1) / period * period + phase;

  /// Whether the tenor's options settle at the ten-minute mean.
  public func settlesAtMean(tenor : Tenor) : Bool = switch (tenor.schedule) {
    case (#minutes minutes) minutes >= MEAN_FROM_MINUTES;
    case (#daily or #weekly) true;
  };

  /// The volatility a tenor is priced with, ppm a year. `varianceE18`: the measured variance a minute.
  public func sigmaPpm(tenor : Tenor, varianceE18 : Nat64) : Nat64 = switch (tenor.volatility) {
    case (#fixed { sigma_ppm }) sigma_ppm;
    case (#measured { scale_ppm; floor_ppm; ceiling_ppm }) Volatility.sigmaPpm(
      { var varianceE18 = varianceE18 },
      {
        scale_ppm;
        floor_sigma_ppm = floor_ppm;
        ceiling_sigma_ppm = ceiling_ppm;
      },
    );
  };

  /// Orders the table: by length; daily and weekly ones last.
  public func rank(tenor : Tenor) : Nat64 = switch (tenor.schedule) {
    case (#minutes minutes) minutes;
    case (#daily) 100_000;
    case (#weekly) 200_000;
  };
};

/// Whether new orders are taken, at what strike and cost: what a quote, an order and its fill have in common.

import Array "mo:core/Array";
import Contracts "Contracts";
import Cycles "mo:core/Cycles";
import Errors "Errors";
import Format "Format";
import Int64 "mo:core/Int64";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Money "Money";
import Premium "Premium";
import PriceBook "PriceBook";
import State "State";
import Tenors "Tenors";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  public let VERSION : Text = "0.2.0";

  /// What a contract costs, sats, and the most it can pay. `isTooFar`: not to be sold, see Premium.isTooFar.
  public type Cost = { sigmaPpm : Nat64; fair : Nat64; spread : Nat64; skew : Nat64; largest : Nat64; isTooFar : Bool };

  /// Null while new orders are taken, else the error an order gets. A pause, a stale price or low cycles close entry only:
  /// settlement and withdrawals go on, which is what the cycles are kept for.
  public func entryError(state : State, now : Nat64) : ?Types.OrderError {
    switch (state.paused) {
      case (?reason) return ?Errors.entryClosed(reason);
      case null {};
    };
    if (Cycles.balance() < state.settings.min_cycles.toNat()) {
      return ?Errors.entryClosed(
        "New orders are closed while the exchange's own resources are being topped up. Settlement and withdrawals go on."
      );
    };
    if (PriceBook.fresh(state, now) == null) ?Errors.priceStale() else null;
  };

  public func entry(state : State, now : Nat64) : Types.Entry = switch (entryError(state, now)) {
    case (?error) #closed { reason = error.message };
    case null #open;
  };

  /// The share of the treasury's money that open positions hold back, ppm.
  public func utilisationPpm(state : State) : Nat = Premium.utilisationPpm(
    state.treasury.openReserve,
    0,
    Money.treasuryTotal(state),
  ).toNat();

  /// The strike, USD x 10^8, that was ordered, at a price; null unless it lies between half and twice the price.
  public func strikeAt(kind : { #at; #offset }, ordered : Int64, price : Nat64) : ?Nat64 {
    let strike = switch kind {
      case (#at) ordered;
      case (#offset) Int64.fromNat64(price) + ordered;
    };
    // Both sides stay far below 2^63: prices are at most 1e16, distances too.
    let spot = Int64.fromNat64(price);
    if (strike < 1 or strike * 2 < spot or strike > spot * 2) null else ?Int64.toNat64(strike);
  };

  /// The same for what comes from outside, as it was ordered and as it is now; else what would be right.
  public func strikeNow(choice : Types.StrikeChoice, price : Nat64, gridE8 : Nat64) : Types.OrderAnswer<(Int64, Nat64)> {
    let (kind, size, ordered) : ({ #at; #offset }, Nat64, Int64) = switch choice {
      case (#at value) (#at, value, Int64.fromNat64(value));
      case (#offset distance) (#offset, Units.magnitude(distance), distance);
    };
    if (Units.isPrice(size)) {
      switch (strikeAt(kind, ordered, price)) {
        case (?strike) {
          let onGrid = kind == #offset or strike % gridE8 == 0;
          return if onGrid #ok(ordered, strike) else #err(Errors.strikeOffGrid(gridE8));
        };
        case null {};
      };
    };
    let range = Format.usd((price.toNat() + 1) / 2) # " to " # Format.usd(price.toNat() * 2);
    #err(Errors.strikeOutOfRange("The strike must be between half and twice the bitcoin price: " # range # " now."));
  };

  /// What a contract costs if it is filled now at a price-book entry, after the fills before it. Its cap lies below the strike. `seconds`: from
  /// the fill to the expiry.
  public func cost(
    state : State,
    contract : Contracts.Contract,
    tenor : Types.Tenor,
    entry : State.Price,
    strike : Nat64,
    seconds : Nat64,
  ) : Cost {
    let largest = Contracts.largest(contract, strike);
    let sigmaPpm = Tenors.sigmaPpm(tenor, entry.varianceE18);
    let worth = Premium.worth(
      sigmaPpm,
      tenor.band_ppm,
      func(sigma) = Contracts.fair(contract, entry.price, strike, sigma, seconds),
    );
    let used = Premium.utilisationPpm(state.treasury.openReserve, largest, Money.treasuryTotal(state));
    let { fair; spread; skew } = Premium.premium(worth, largest, state.settings, used);
    { sigmaPpm; fair; spread; skew; largest; isTooFar = Premium.isTooFar(fair, largest, state.settings) };
  };

  public func view(state : State, now : Nat64) : Types.Market = {
    now_ns = now;
    price = switch (PriceBook.newest(state)) {
      case (?price) ?PriceBook.view(price);
      case null null;
    };
    entry = entry(state, now);
    tenors = tenors(state, now);
    settings = state.settings;
    flags = state.flags;
    treasury_available_sats = state.treasury.available.toNat();
    utilisation_ppm = utilisationPpm(state);
    version = VERSION;
  };

  /// The table of tenors as it stands now, shortest first.
  func tenors(state : State, now : Nat64) : [Types.TenorNow] {
    let variance = switch (PriceBook.newest(state)) {
      case (?price) price.varianceE18;
      case null 0 : Nat64;
    };
    let fillMinute = Units.minuteAfter(now);
    let rows = state.tenors.values().map<Types.Tenor, Types.TenorNow>(
      func(tenor) = {
        tenor;
        sigma_ppm = Tenors.sigmaPpm(tenor, variance).toNat();
        expiry_ns = Tenors.expiry(tenor, fillMinute);
        settles_at_mean = Tenors.settlesAtMean(tenor);
      }
    );
    rows.toArray().sort(func(a, b) = Nat64.compare(Tenors.rank(a.tenor), Tenors.rank(b.tenor)));
  };
};

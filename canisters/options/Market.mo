/// Whether new orders are taken, at what strike and cost: what a quote, an order and its fill have in common.

import Array "mo:core/Array";
import Cycles "mo:core/Cycles";
import Errors "Errors";
import Format "Format";
import Int "mo:core/Int";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Money "Money";
import Premium "Premium";
import Pricing "Pricing";
import PriceBook "PriceBook";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  public let VERSION : Text = "0.1.0";

  /// Null while new orders are taken, else the error an order gets. A pause, a stale price or low cycles close entry only:
  /// settlement and withdrawals go on, which is what the cycles are kept for.
  public func entryError(state : State, now : Nat64) : ?Types.Error {
    switch (state.paused) {
      case (?reason) return ?Errors.entryClosed(reason);
      case null {};
    };
    if (Cycles.balance() < state.settings.min_cycles) {
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
  public func utilisationPpm(state : State) : Nat = Premium.utilisationPpm(state.treasury.openReserve, 0, Money.treasuryTotal(state)).toNat();

  /// The strike in USD x 10^8 that a choice means at a price, or why it can't be: it must lie between half and twice the price.
  public func strikeAt(choice : Types.StrikeChoice, price : Nat, grid : ?Nat) : Types.Answer<Nat> {
    let strike : Int = switch choice {
      case (#at value) value;
      case (#offset distance) price + distance;
    };
    if (strike * 2 < price or strike > price * 2 or strike < 1) {
      let range = Format.usd((price + 1) / 2) # " to " # Format.usd(price * 2);
      return #err(Errors.strikeOutOfRange("The strike must be between half and twice the bitcoin price: " # range # " now."));
    };
    switch (choice, grid) {
      case (#at value, ?step) if (value % step != 0) return #err(Errors.strikeOffGrid(step));
      case _ {};
    };
    #ok(Int.abs(strike));
  };

  /// What a digital option of `payout` sats costs at a price if it is filled now, after the fills before it.
  public func digitalPremium(
    state : State,
    direction : Types.Direction,
    payout : Nat,
    price : Nat,
    strike : Nat,
    sigmaPpm : Nat,
    seconds : Nat,
  ) : Pricing.Premium {
    let sats = Nat64.fromNat(payout);
    let fair = Pricing.digitalFairSats(
      direction,
      sats,
      Nat64.fromNat(price),
      Nat64.fromNat(strike),
      Nat64.fromNat(sigmaPpm),
      Nat64.fromNat(seconds),
    );
    let utilisation = Premium.utilisationPpm(state.treasury.openReserve, sats, Money.treasuryTotal(state));
    let cost = Premium.premium({ fair; dearest = fair }, sats, premiumParameters(state.settings), utilisation);
    {
      fair = cost.fair.toNat();
      spread = cost.spread.toNat();
      skew = cost.skew.toNat();
      premium = cost.premium.toNat();
    };
  };

  func premiumParameters(settings : Types.Settings) : Premium.Parameters = {
    spread_ppm = Nat64.fromNat(settings.spread_ppm);
    min_spread_sats = Nat64.fromNat(settings.min_spread_sats);
    max_skew_ppm = Nat64.fromNat(settings.max_skew_ppm);
    min_premium_sats = Nat64.fromNat(settings.min_premium_sats);
    premium_floor_ppm = Nat64.fromNat(settings.premium_floor_ppm);
    min_share_ppm = Nat64.fromNat(settings.min_share_ppm);
  };

  /// Null when the sizes of an instrument are within the parameters.
  public func sizeError(state : State, payout : Nat) : ?Types.Error {
    let settings = state.settings;
    if (payout < settings.min_payout_sats) return ?Errors.belowMinimum("The payout", payout, settings.min_payout_sats);
    let most = settings.max_position_payout_sats;
    if (payout > most) ?Errors.aboveMaximum("The payout of one position", most) else null;
  };

  public func view(state : State, now : Nat64) : Types.Market = {
    now_ns = now;
    price = PriceBook.newest(state);
    entry = entry(state, now);
    tenors = state.tenors.values().toArray().sort(func(a, b) = Nat.compare(a.minutes, b.minutes));
    settings = state.settings;
    treasury_available_sats = state.treasury.available.toNat();
    utilisation_ppm = utilisationPpm(state);
    version = VERSION;
  };
};

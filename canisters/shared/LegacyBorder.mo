/// The border to the legacy platform: its Candid types, with their float64 amounts, and the one conversion of them to whole cents.
/// This is the only file of the project's canisters, the legacy stand-in apart, that knows a float.

import Float "mo:core/Float";
import Int "mo:core/Int";
import Nat64 "mo:core/Nat64";
import Text "mo:core/Text";

module {
  public type OptionType = { #Call; #Put };
  public type TradeStatus = { #Active; #Settled };
  /// Prices, premium and profit in USD; size in contracts of 1 USD premium; times in ns; expiry a text like "5s".
  public type Position = {
    id : Nat;
    user : Principal;
    option_type : OptionType;
    strike_price : Float;
    entry_price : Float;
    expiry : Text;
    size : Float;
    entry_premium : Float;
    current_value : Float;
    pnl : Float;
    status : TradeStatus;
    opened_at : Int;
    settled_at : ?Int;
    settlement_price : ?Float;
  };
  public type Self = actor {
    get_position : Nat -> async ?{ #ok : Position; #err : Text };
    recordSettlement : (Nat, Text, Nat64, Nat64, Nat64) -> async ?{ #ok; #err : Text };
  };

  /// A legacy position in integers: prices in cents, contracts whole, times in ns.
  public type Terms = {
    id : Nat;
    user : Principal;
    isCall : Bool;
    strikeCents : Nat64;
    entryCents : Nat64;
    contracts : Nat64;
    expirySeconds : Nat64;
    openedNs : Nat64;
    settled : ?{ atNs : Nat64; priceCents : Nat64 };
  };

  /// No amount of the legacy platform comes near this many dollars; beyond it a float64 has no cents any more.
  let MAX_DOLLARS : Float = 1_000_000_000_000.0;

  /// A USD float rounded half-up to whole cents; null if it isn't a number in range.
  public func cents(dollars : Float) : ?Nat64 {
    // NaN fails both comparisons.
    if (not (dollars >= 0.0 and dollars <= MAX_DOLLARS)) return null;
    ?Nat64.fromNat(Int.abs(Float.toInt(Float.floor(dollars * 100.0 + 0.5))));
  };

  /// A whole number of contracts; null if it isn't one.
  func whole(value : Float) : ?Nat64 {
    if (not (value >= 0.0 and value <= MAX_DOLLARS) or Float.floor(value) != value) return null;
    ?Nat64.fromNat(Int.abs(Float.toInt(value)));
  };

  /// The seconds of the legacy platform's expiry texts; null for any other text.
  public func expirySeconds(text : Text) : ?Nat64 = switch text {
    case ("5s") ?5;
    case ("10s") ?10;
    case ("15s") ?15;
    case _ null;
  };

  func time(ns : Int) : ?Nat64 = if (ns >= 0 and ns < 9_000_000_000_000_000_000) ?Nat64.fromNat(Int.abs(ns)) else null;

  /// Reads a position into integers; the error says what is not understood.
  public func read(position : Position) : { #ok : Terms; #err : Text } {
    let ?expiry = expirySeconds(position.expiry) else return #err "its expiry text is not one of 5s, 10s, 15s";
    let ?strikeCents = cents(position.strike_price) else return #err "its strike is not a price";
    let ?entryCents = cents(position.entry_price) else return #err "its entry price is not a price";
    let ?contracts = whole(position.size) else return #err "its size is not a whole number of contracts";
    let ?openedNs = time(position.opened_at) else return #err "its opening time is out of range";
    let settled = switch (position.status) {
      case (#Active) null;
      case (#Settled) {
        let (?price, ?at) = (position.settlement_price, position.settled_at) else {
          return #err "it is settled, but without a price or a time";
        };
        let ?priceCents = cents(price) else return #err "its settlement price is not a price";
        let ?atNs = time(at) else return #err "its settlement time is out of range";
        ?{ atNs; priceCents };
      };
    };
    #ok {
      id = position.id;
      user = position.user;
      isCall = position.option_type == #Call;
      strikeCents;
      entryCents;
      contracts;
      expirySeconds = expiry;
      openedNs;
      settled;
    };
  };
};

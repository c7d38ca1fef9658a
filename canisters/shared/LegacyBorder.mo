/// The border to the legacy platform: its Candid types, with their float64 amounts, and the one conversion of them to whole cents and satoshi.
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
  /// `balance` in BTC.
  public type UserData = { balance : Float; total_wins : Float; total_losses : Float; net_pnl : Float; created_at : Int };
  public type Self = actor {
    get_user : Principal -> async ?{ #ok : UserData; #err : Text };
    get_all_users : () -> async ?[(Principal, UserData)];
    admin_credit_user_balance : (Principal, Float) -> async ?{ #ok : Text; #err : Text };
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

  let SATS_PER_BTC : Float = 100_000_000.0;
  /// No one can own more bitcoin than there will be.
  let MAX_BTC : Float = 21_000_000.0;

  /// A BTC float in 10^-12 sats; null if it isn't an amount of bitcoin. One that is nearest to a whole number of satoshi is that number: 0.29 times
  /// 10^8 is 28,999,999.999999996.
  public func satsE12(btc : Float) : ?Nat {
    if (not (btc >= 0.0 and btc <= MAX_BTC)) return null;
    let sats = btc * SATS_PER_BTC;
    let nearest = Float.nearest(sats);
    if (nearest / SATS_PER_BTC == btc) return ?(Int.abs(Float.toInt(nearest)) * 1_000_000_000_000);
    let whole = Float.floor(sats);
    ?(Int.abs(Float.toInt(whole)) * 1_000_000_000_000 + Int.abs(Float.toInt((sats - whole) * 1_000_000_000_000.0)));
  };

  /// What the platform is asked to add to a balance so that `sats` leave it.
  public func btcTaken(sats : Nat64) : Float = -(Float.fromInt(sats.toNat()) / SATS_PER_BTC);

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

/// Units and the conversions between the interface (Nat) and the canister's own records (Nat64).

import Int "mo:core/Int";
import Nat64 "mo:core/Nat64";
import Time "mo:core/Time";

module {
  public let SECOND_NS : Nat64 = 1_000_000_000;
  public let MINUTE_NS : Nat64 = 60_000_000_000;
  /// One million: the denominator of every `_ppm`.
  public let PPM : Nat = 1_000_000;
  /// All the bitcoin there will ever be, in satoshi. A larger amount in a request is refused before it is converted.
  public let MAX_SATS : Nat = 2_100_000_000_000_000;
  /// The range of volatilities a year, ppm, that the pricing is proved for.
  public let MIN_SIGMA_PPM : Nat = 100_000;
  public let MAX_SIGMA_PPM : Nat = 3_000_000;
  /// The highest price or strike that is accepted: a hundred million USD per bitcoin.
  public let MAX_PRICE_E8 : Nat = 10_000_000_000_000_000;

  /// Whether there can be so many satoshi. A literal beyond 2^30 is a big number, and a comparison with it costs twenty times what this does.
  public func isSats(amount : Nat) : Bool = amount <= (2_100_000_000_000_000 : Nat64).toNat();

  /// Whether a price, a strike or a distance may be so large.
  public func isPrice(e8 : Nat) : Bool = e8 <= (10_000_000_000_000_000 : Nat64).toNat();

  /// The network's time, ns.
  public func now() : Nat64 = Nat64.fromNat(Int.abs(Time.now()));

  /// The whole minute that contains `ns`.
  public func minuteOf(ns : Nat64) : Nat64 = ns / MINUTE_NS * MINUTE_NS;

  /// The first whole minute strictly after `ns`: nobody can know its price yet.
  public func minuteAfter(ns : Nat64) : Nat64 = minuteOf(ns) + MINUTE_NS;

  /// The first whole minute at or after `ns`.
  public func minuteAtOrAfter(ns : Nat64) : Nat64 = minuteOf(ns + MINUTE_NS - 1);

  /// A quotient rounded up. `divisor` > 0.
  public func ceilDiv(dividend : Nat, divisor : Nat) : Nat = (dividend + divisor - 1 : Nat) / divisor;

  /// What is left of `a` after `b`, zero when `b` is more.
  public func minusOrZero(a : Nat64, b : Nat64) : Nat64 = if (a > b) a - b else 0;

  /// A USD amount x 10^8 rounded half-up to whole cents.
  public func centsHalfUp(e8 : Nat64) : Nat64 = (e8 + 500_000) / 1_000_000;
};

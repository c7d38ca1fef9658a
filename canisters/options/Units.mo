/// Units, and what is rounded to them.

import Int "mo:core/Int";
import Int64 "mo:core/Int64";
import Nat64 "mo:core/Nat64";
import Time "mo:core/Time";

module {
  public let SECOND_NS : Nat64 = 1_000_000_000;
  public let MINUTE_NS : Nat64 = 60_000_000_000;
  /// One million: the denominator of every `_ppm`.
  public let PPM : Nat64 = 1_000_000;
  /// All the bitcoin there will ever be, in satoshi. A larger amount in a request is refused before it is reckoned with.
  public let MAX_SATS : Nat64 = 2_100_000_000_000_000;
  /// The highest price or strike that is accepted: a hundred million USD per bitcoin.
  public let MAX_PRICE_E8 : Nat64 = 10_000_000_000_000_000;

  /// Whether there can be so many satoshi.
  public func isSats(amount : Nat64) : Bool = amount <= MAX_SATS;

  /// Whether a price, a strike or a distance may be so large.
  public func isPrice(e8 : Nat64) : Bool = e8 <= MAX_PRICE_E8;

  /// A number without its sign.
  public func magnitude(n : Int64) : Nat64 = Int64.toNat64(if (n < 0) 0 -% n else n);

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

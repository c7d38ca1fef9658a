/// How the fair value of an option moves, for the screen. Each figure is a change of the share that Pricing computes (of the payout or of the notional),
/// x 10^18, so times payout or notional it is a change in sats:
///   delta  for a price that is 0.01 % (one basis point) higher: S V_S / 10^4;
///   gamma  the change of that delta for one basis point more: S^2 V_SS / 10^8, so a move of x basis points changes the value by x delta + x^2/2 gamma;
///   vega   for a volatility that is one percentage point higher: V_sigma / 100;
///   theta  for one minute that passes: -V_t * 60 s.
/// A basis point is what a price moves in a second or two; over a whole percent a digital of a few minutes goes from 0 to 1.
///
/// Closed forms, with n the normal density and s = sigma sqrt(t). Zero when there is no time or no volatility. Within 1e-14, for a second or more and 10 % or
/// more; below that a figure may not fit its word, and the function traps.

import FixedPoint "FixedPoint";
import Int64 "mo:core/Int64";
import Moneyness "Moneyness";
import Nat64 "mo:core/Nat64";
import Normal "Normal";
import Payoff "Payoff";

module {
  type Direction = Payoff.Direction;
  type Deviation = Moneyness.Deviation;

  public type Greeks = { delta : Int64; gamma : Int64; vega : Int64; theta : Int64 };
  let NONE : Greeks = { delta = 0; gamma = 0; vega = 0; theta = 0 };

  let TWO_58 : Nat64 = 0x400_0000_0000_0000;
  let E4 : Nat64 = 10_000;
  let E8 : Nat64 = 100_000_000;

  /// d1 and d2 over 2^58.
  type Points = { d1 : Int64; d2 : Int64 };

  func points(spot : Nat64, strike : Nat64, s : Deviation) : Points {
    let distance = Int64.fromNat64(Moneyness.distance(spot, strike, s) >> 2);
    let half = Int64.fromNat64(Moneyness.half(s) >> 2);
    let m = if (spot >= strike) distance else -distance;
    { d1 = m + half; d2 = m - half };
  };

  func magnitude(x : Int64) : Nat64 = Int64.toNat64(if (x < 0) -x else x);
  func density(d : Int64) : Nat64 = FixedPoint.toE18(Normal.density(magnitude(d) << 2));
  func normal(d : Int64) : Nat64 {
    let tail = FixedPoint.toE18(Normal.tail(magnitude(d) << 2));
    if (d < 0) tail else FixedPoint.ONE - tail;
  };

  /// x * numerator / denominator, towards zero.
  func times(x : Int64, numerator : Nat64, denominator : Nat64) : Int64 {
    let result = Int64.fromNat64(FixedPoint.mulDiv(magnitude(x), numerator, denominator));
    if (x < 0) -result else result;
  };

  /// x * s.
  func timesDeviation(x : Int64, s : Deviation) : Int64 {
    let result = Int64.fromNat64(FixedPoint.mulHigh(magnitude(x), s.mantissa) >> s.exponent);
    if (x < 0) -result else result;
  };

  /// x / s / denominator for |x| below 4 x 10^18.
  func overDeviation(x : Int64, s : Deviation, denominator : Nat64) : Int64 {
    let result = Int64.fromNat64(FixedPoint.mulDiv(FixedPoint.divide(magnitude(x), 0, s.mantissa), 1 << s.exponent, denominator));
    if (x < 0) -result else result;
  };

  /// A digital call, V = N(d1): S V_S = n(d1) / s, S^2 V_SS = -n(d1) (d1 + s) / s^2, V_sigma = -n(d1) d2 / sigma, V_t = -n(d1) d2 / (2 t).
  /// A put, 1 - V, has the opposite of each.
  public func digital(direction : Direction, spotE8 : Nat64, strikeE8 : Nat64, sigmaPpm : Nat64, seconds : Nat64) : Greeks {
    let s = Moneyness.deviation(sigmaPpm, seconds);
    if (s.mantissa == 0) return NONE;
    let { d1; d2 } = points(spotE8, strikeE8, s);
    let n = density(d1);
    let sign = func(x : Int64) : Int64 = if (direction == #call) x else -x;
    let turned = times(d2, n, TWO_58); // n(d1) d2
    // n(d1) (d1 + s), over the mantissa of s; the rest of s twice, and its mantissa once more, follow.
    let bent = overDeviation(times(d1 + (d1 - d2), n, TWO_58), { s with exponent = 0 }, 1);
    {
      delta = sign(overDeviation(Int64.fromNat64(n), s, E4));
      gamma = sign(-overDeviation(bent, { s with exponent = 2 * s.exponent }, E8));
      vega = sign(-times(turned, E4, sigmaPpm));
      theta = sign(times(turned, 30, seconds));
    };
  };

  /// A capped option is long one vanilla and short another: C(K) - C(K + cap), or P(K) - (K/L) P(L), over S. With their densities W = n(d1) - n(d1 of K + cap), or
  /// n(d1) - (K/L) n(d1 of L), both for calls and puts S^2 V_SS = W / s - 2 S V_S, V_sigma = W sqrt(t), V_t = W s / (2 t), and
  ///   call: S V_S = K/S N(d2) - (K + cap)/S N(d2 of K + cap);
  ///   put: S V_S = K/S (N(-d2 of L) - N(-d2)).
  /// (K/L) n(d1 of L) is K/S n(d2 of L), which stays small when L does.
  public func capped(
    direction : Direction,
    spotE8 : Nat64,
    strikeE8 : Nat64,
    capE8 : Nat64,
    sigmaPpm : Nat64,
    seconds : Nat64,
  ) : Greeks {
    let s = Moneyness.deviation(sigmaPpm, seconds);
    if (s.mantissa == 0) return NONE;
    let long = points(spotE8, strikeE8, s);
    let ofSpot = func(x : Nat64, strike : Nat64) : Int64 = Int64.fromNat64(FixedPoint.mulDiv(x, strike, spotE8));
    switch direction {
      case (#call) {
        let upper = strikeE8 + capE8;
        let short = points(spotE8, upper, s);
        let slope = ofSpot(normal(long.d2), strikeE8) - ofSpot(normal(short.d2), upper);
        vanillas(slope, Int64.fromNat64(density(long.d1)) - Int64.fromNat64(density(short.d1)), s, sigmaPpm, seconds);
      };
      case (#put) {
        let short = points(spotE8, strikeE8 - capE8, s);
        let slope = ofSpot(normal(-short.d2), strikeE8) - ofSpot(normal(-long.d2), strikeE8);
        vanillas(slope, Int64.fromNat64(density(long.d1)) - ofSpot(density(short.d2), strikeE8), s, sigmaPpm, seconds);
      };
    };
  };

  /// `slope`: S V_S, `weight`: W, both x 10^18.
  func vanillas(slope : Int64, weight : Int64, s : Deviation, sigmaPpm : Nat64, seconds : Nat64) : Greeks {
    let moved = timesDeviation(weight, s); // W s; sqrt(t) = s / sigma
    {
      delta = times(slope, 1, E4);
      gamma = overDeviation(weight, s, E8) - times(slope, 2, E8);
      vega = times(moved, E4, sigmaPpm);
      theta = -times(moved, 30, seconds);
    };
  };
};

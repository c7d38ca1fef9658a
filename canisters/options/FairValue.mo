/// What a vanilla option out of the money is worth, as a share of the price: what digital and capped values are put together from.
///
/// r = 0, t in years, s = sigma sqrt(t), d1 = (ln(S/K) + s^2/2) / s, d2 = d1 - s (Black & Scholes 1973; Black 1976 for r = 0).
/// Money is bitcoin, so values are divided by the price S at once. Out of the money nothing of a value is certain, so no digits are lost to the
/// certain part, and everything is between 0 and 1.

import FixedPoint "FixedPoint";
import Moneyness "Moneyness";
import Normal "Normal";

module {
  type Deviation = Moneyness.Deviation;

  /// N(d1) of a call whose strike is at or above the price, N(-d2) of a put whose strike is below it, over 2^64.
  func nearer(distance : Nat64, half : Nat64) : Nat64 = if (distance >= half) Normal.tail(distance -% half) else 0 -% Normal.tail(half -% distance);

  /// N(d2) of such a call, N(-d1) of such a put, over 2^64.
  func farther(distance : Nat64, half : Nat64) : Nat64 = Normal.tail(distance +% half);

  /// N(d1) x 10^18.
  public func normalD1(spot : Nat64, strike : Nat64, s : Deviation) : Nat64 {
    let distance = Moneyness.distance(spot, strike, s);
    let half = Moneyness.half(s);
    if (strike >= spot) FixedPoint.toE18(nearer(distance, half)) else FixedPoint.ONE - FixedPoint.toE18(farther(distance, half));
  };

  /// The value of the option that is out of the money, a call when the strike is at or above the price, else a put, as a share of the price over 2^64:
  /// C/S = N(d1) - K/S N(d2); P/S = K/S N(-d2) - N(-d1). An error of d1 changes neither: S N'(d1) = K N'(d2).
  public func outOfTheMoney(spot : Nat64, strike : Nat64, s : Deviation) : Nat64 {
    let distance = Moneyness.distance(spot, strike, s);
    let half = Moneyness.half(s);
    let near = nearer(distance, half);
    let far = farther(distance, half);
    let plus = if (strike >= spot) near else FixedPoint.mulDiv(near, strike, spot);
    let minus = if (strike >= spot) FixedPoint.mulDiv(far, strike, spot) else far;
    if (plus > minus) plus -% minus else 0;
  };
};

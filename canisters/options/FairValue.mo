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

  /// The two probabilities of the side that is out of the money, over 2^64: N(d1) and N(d2) of a call, when the strike is at or above the price; N(-d2) and
  /// N(-d1) of a put below it.
  public type Odds = { near : Nat64; far : Nat64 };

  public func odds(spot : Nat64, strike : Nat64, s : Deviation) : Odds {
    let distance = Moneyness.distance(spot, strike, s);
    let half = Moneyness.half(s);
    {
      near = if (distance >= half) Normal.tail(distance -% half) else 0 -% Normal.tail(half -% distance); // 1 - tail, over 2^64
      far = Normal.tail(distance +% half);
    };
  };

  /// The value of the option that is out of the money, a call when the strike is at or above the price, else a put, as a share of the price over 2^64:
  /// C/S = N(d1) - K/S N(d2); P/S = K/S N(-d2) - N(-d1). An error of d1 changes neither: S N'(d1) = K N'(d2).
  public func outOfTheMoney(spot : Nat64, strike : Nat64, s : Deviation) : Nat64 {
    let { near; far } = odds(spot, strike, s);
    let (plus, minus) = if (strike >= spot) (near, FixedPoint.mulDiv(far, strike, spot)) else (FixedPoint.mulDiv(near, strike, spot), far);
    if (plus > minus) plus -% minus else 0;
  };
};

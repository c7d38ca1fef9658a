/// What an option is worth and what it costs. See FairValue.mo for the model and FixedPoint.mo for the arithmetic.
///
/// Shares are x 10^18. Prices, strikes and caps are USD x 10^8, above 0 and at most 2^57; volatility is in ppm a year, below 4,000,000; time in seconds,
/// less than a year, and sigma sqrt(t) below 1. Within 3e-18 of the exact value (of the payout or of the notional) for S from 1,000 to 1,000,000 USD, K/S
/// from 0.5 to 2, 60 s to 30 d, sigma from 10 % to 300 % and any cap below the strike; within 4e-16 for puts whose cap is nearly the strike.

import FairValue "FairValue";
import FixedPoint "FixedPoint";
import Moneyness "Moneyness";
import Nat64 "mo:core/Nat64";
import Payoff "Payoff";

module {
  public type Direction = Payoff.Direction;
  type Deviation = Moneyness.Deviation;

  let PPM : Nat64 = 1_000_000;

  /// The volatilities the accuracy is proved for, ppm.
  public let MIN_SIGMA_PPM : Nat64 = 100_000;
  public let MAX_SIGMA_PPM : Nat64 = 3_000_000;

  /// The fair value of a digital option as a share of its payout.
  ///
  /// A digital that pays a fixed amount of *bitcoin* is worth N(d1) (call) or N(-d1) (put) of it: the dollar formula's N(d2) would be the value of
  /// a fixed dollar payout. Call and put add up to exactly one.
  public func digitalShare(direction : Direction, spotE8 : Nat64, strikeE8 : Nat64, sigmaPpm : Nat64, seconds : Nat64) : Nat64 {
    let call = FairValue.normalD1(spotE8, strikeE8, Moneyness.deviation(sigmaPpm, seconds));
    switch direction {
      case (#call) call;
      case (#put) FixedPoint.ONE - call;
    };
  };

  /// The fair value of a capped option as a share of its notional, K > cap > 0:
  /// call (C(K) - C(K + cap)) / S; put (P(K) - (K/L) P(L)) / S with L = K - cap, because a put's payout in sats is flat below L, not its payout in dollars.
  /// Never above what it can pay at most: cap / (K + cap), cap / (K - cap).
  ///
  /// Each vanilla is split into its certain part and the option out of the money (C = S - K + P). The certain parts are subtracted exactly.
  public func cappedShare(
    direction : Direction,
    spotE8 : Nat64,
    strikeE8 : Nat64,
    capE8 : Nat64,
    sigmaPpm : Nat64,
    seconds : Nat64,
  ) : Nat64 {
    let s = Moneyness.deviation(sigmaPpm, seconds);
    switch direction {
      case (#call) cappedCall(spotE8, strikeE8, capE8, s);
      case (#put) cappedPut(spotE8, strikeE8, capE8, s);
    };
  };

  func cappedCall(spot : Nat64, strike : Nat64, cap : Nat64, s : Deviation) : Nat64 {
    let upper = strike + cap;
    let inTheMoney = if (spot <= strike) 0 : Nat64 else if (spot < upper) spot - strike else cap;
    let certain = FixedPoint.mulDiv(inTheMoney, FixedPoint.ONE, spot);
    let value = plusDifference(certain, FairValue.outOfTheMoney(spot, strike, s), FairValue.outOfTheMoney(spot, upper, s));
    Nat64.min(value, FixedPoint.mulDiv(cap, FixedPoint.ONE, upper));
  };

  func cappedPut(spot : Nat64, strike : Nat64, cap : Nat64, s : Deviation) : Nat64 {
    let lower = strike - cap : Nat64;
    // Below L: (K - S)/S - (K/L) (L - S)/S = cap/L.
    let certain = if (spot >= strike) 0 : Nat64 else if (spot > lower) FixedPoint.mulDiv(strike - spot, FixedPoint.ONE, spot) else FixedPoint.mulDiv(
      cap,
      FixedPoint.ONE,
      lower,
    );
    // (K/L) P(L) / S grows with L and is below 0.7 at L = S; where L is so small that K/L is large, P(L) is 0.
    let capped = FixedPoint.mulDiv(FairValue.outOfTheMoney(spot, lower, s), strike, lower);
    let value = plusDifference(certain, FairValue.outOfTheMoney(spot, strike, s), capped);
    // From there on the value, at most 1.4, can't reach what is paid at most.
    if (cap / 2 >= lower) value else Nat64.min(value, FixedPoint.mulDiv(cap, FixedPoint.ONE, lower));
  };

  /// certain (x 10^18) + plus - minus (over 2^64), not below 0, x 10^18.
  func plusDifference(certain : Nat64, plus : Nat64, minus : Nat64) : Nat64 {
    if (plus >= minus) return certain + FixedPoint.toE18(plus -% minus);
    let less = FixedPoint.toE18(minus -% plus);
    if (certain > less) certain - less else 0;
  };

  /// The fair value of a digital in sats, rounded up (rounding favours the reserve).
  public func digitalFairSats(
    direction : Direction,
    payoutSats : Nat64,
    spotE8 : Nat64,
    strikeE8 : Nat64,
    sigmaPpm : Nat64,
    seconds : Nat64,
  ) : Nat64 = FixedPoint.mulDivUp(payoutSats, digitalShare(direction, spotE8, strikeE8, sigmaPpm, seconds), FixedPoint.ONE);

  /// The fair value of a capped option in sats, rounded up, at most its largest payout.
  public func cappedFairSats(
    direction : Direction,
    notionalSats : Nat64,
    spotE8 : Nat64,
    strikeE8 : Nat64,
    capE8 : Nat64,
    sigmaPpm : Nat64,
    seconds : Nat64,
  ) : Nat64 = Nat64.min(
    FixedPoint.mulDivUp(notionalSats, cappedShare(direction, spotE8, strikeE8, capE8, sigmaPpm, seconds), FixedPoint.ONE),
    Payoff.maxPayoutSats(direction, notionalSats, strikeE8, capE8),
  );

  /// The volatilities the house asks the dearer of, ppm: sigma * (1 - band) and sigma * (1 + band), within the proved range. One volatility is too high for
  /// strikes in the money when it is right for far ones: docs/decisions/0004-volatility.md.
  public func band(sigmaPpm : Nat64, bandPpm : Nat64) : { low : Nat64; high : Nat64 } {
    let width = FixedPoint.mulDiv(sigmaPpm, Nat64.min(bandPpm, PPM), PPM);
    {
      low = Nat64.max(sigmaPpm - width, Nat64.min(sigmaPpm, MIN_SIGMA_PPM));
      high = Nat64.min(sigmaPpm + width, Nat64.max(sigmaPpm, MAX_SIGMA_PPM));
    };
  };

  /// A premium and its parts as orders hold them: see Premium.mo.
  public type Premium = { fair : Nat; spread : Nat; skew : Nat; premium : Nat };

  /// Premium.isTooFar, for amounts as orders hold them.
  public func isTooFar(fair : Nat, payout : Nat, settings : { min_share_ppm : Nat }) : Bool = fair * 1_000_000 < payout * settings.min_share_ppm;
};

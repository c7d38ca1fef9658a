/// How much the price moves, estimated from the minutes of the price book: an exponentially weighted mean of squared one-minute returns (RiskMetrics 1996).
///
/// The variance of a minute is held x 10^18: 70 % a year is 932,267,884,322.

import FixedPoint "FixedPoint";
import Moneyness "Moneyness";
import Nat64 "mo:core/Nat64";

module {
  let PPM : Nat64 = 1_000_000;
  let MINUTES_A_YEAR : Nat64 = 525_600;
  /// 0.46 over 2^64: a price that is 2.7 times the one before. Such a return counts as 1, so that no price can make the estimate overflow.
  let LARGEST_Z : Nat64 = 0x75C2_8F5C_28F5_C28F;

  /// The estimate: the variance of one minute's return, x 10^18.
  public type Estimate = { var varianceE18 : Nat64 };

  /// How fast the past is forgotten: the weight of the estimate after one more minute, ppm, below one million.
  public type Memory = { lambda_ppm : Nat64 };

  /// From the estimate to the volatility of a tenor: times `scale_ppm` (long tenors move less, or more, than their minutes say), then within floor and
  /// ceiling, all ppm.
  public type Use = { scale_ppm : Nat64; floor_sigma_ppm : Nat64; ceiling_sigma_ppm : Nat64 };

  /// What an exchange starts with: docs/decisions/0004-volatility.md has the reasons. A half-life of 23 minutes, from 70 % on.
  public let LAMBDA_PPM : Nat64 = 970_000;
  public let SEED_PPM : Nat64 = 700_000;

  /// What a tenor of so many minutes starts with; `vol_band_ppm`: see Pricing.band.
  public func defaults(minutes : Nat64) : Use and { vol_band_ppm : Nat64 } = {
    scale_ppm = PPM;
    floor_sigma_ppm = 200_000;
    ceiling_sigma_ppm = 3_000_000;
    vol_band_ppm = if (minutes < 60) 300_000 else 400_000;
  };

  /// An estimate before any return is known: as if the price had always moved like this. The first minutes replace it at the pace of lambda.
  public func seed(sigmaPpm : Nat64) : Estimate = {
    // sigma^2 * 10^18 / 10^12 / minutes
    var varianceE18 = FixedPoint.mulDiv(sigmaPpm * sigmaPpm, PPM, MINUTES_A_YEAR);
  };

  /// Takes in the price of a minute. `minute` and `previousMinute` are counted in minutes; unless the former is later, nothing changes.
  ///
  /// One minute: v = lambda v + (1 - lambda) r^2, r = ln(price / previous). A gap of k minutes is k minutes that each moved r^2 / k, as a random walk does on
  /// average: v = lambda^k v + (1 - lambda^k) r^2 / k.
  public func observe(
    estimate : Estimate,
    previousMinute : Nat64,
    previousPriceE8 : Nat64,
    minute : Nat64,
    priceE8 : Nat64,
    { lambda_ppm } : Memory,
  ) {
    if (minute <= previousMinute or priceE8 == 0 or previousPriceE8 == 0) return;
    let gap = minute - previousMinute : Nat64;
    let kept = power(lambda_ppm, gap);
    let square = squaredReturn(previousPriceE8, priceE8) / gap;
    estimate.varianceE18 := FixedPoint.mulDiv(estimate.varianceE18, kept, FixedPoint.ONE) + FixedPoint.mulDiv(
      square,
      FixedPoint.ONE - kept,
      FixedPoint.ONE,
    );
  };

  /// The volatility a tenor is priced with, ppm a year.
  public func sigmaPpm(estimate : Estimate, use : Use) : Nat64 {
    // sqrt(v / 10^18 * minutes) * 10^6 = sqrt(v * minutes / 10^6)
    let sigma = FixedPoint.squareRoot(FixedPoint.mulDiv(estimate.varianceE18, MINUTES_A_YEAR, PPM));
    let scaled = FixedPoint.mulDiv(sigma, use.scale_ppm, PPM);
    Nat64.max(use.floor_sigma_ppm, Nat64.min(scaled, use.ceiling_sigma_ppm));
  };

  /// (ln(a / b))^2 x 10^18, at most 1. ln(a / b) = 2 artanh z, z = (a - b) / (a + b).
  func squaredReturn(a : Nat64, b : Nat64) : Nat64 {
    let z = FixedPoint.divide(if (a > b) a - b else b - a, 0, a + b);
    if (z >= LARGEST_Z) return FixedPoint.ONE;
    let ln = (z + FixedPoint.mulHigh(z, Moneyness.excess(z))) << 1;
    FixedPoint.toE18(FixedPoint.mulHigh(ln, ln));
  };

  /// (lambda)^k x 10^18, each product rounded down.
  func power(lambdaPpm : Nat64, exponent : Nat64) : Nat64 {
    var result = FixedPoint.ONE;
    var base = lambdaPpm * 1_000_000_000_000;
    var left = exponent;
    while (left > 0) {
      if (left & 1 == 1) result := FixedPoint.mulDiv(result, base, FixedPoint.ONE);
      base := FixedPoint.mulDiv(base, base, FixedPoint.ONE);
      left >>= 1;
    };
    result;
  };
};

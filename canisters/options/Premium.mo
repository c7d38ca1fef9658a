/// What the house asks beyond the fair value, in sats.

import FixedPoint "FixedPoint";
import Nat64 "mo:core/Nat64";
import Pricing "Pricing";

module {
  let PPM : Nat64 = 1_000_000;

  /// The parameters, in ppm but for the two that say sats. Settings that have these fields and more will do.
  public type Parameters = {
    spread_ppm : Nat64;
    min_spread_sats : Nat64;
    max_skew_ppm : Nat64;
    min_premium_sats : Nat64;
    premium_floor_ppm : Nat64;
    min_share_ppm : Nat64;
  };

  /// A premium and its parts, sats: premium = fair + spread + skew.
  public type Premium = { fair : Nat64; spread : Nat64; skew : Nat64; premium : Nat64 };

  /// What an option is worth to the house, sats: `fair` at the central volatility, `dearest` at whichever of the central one and the two ends of
  /// the band makes it dearest; dearest >= fair.
  public type Worth = { fair : Nat64; dearest : Nat64 };

  /// The worth of an option whose fair value at a volatility (ppm) is `fairSats`.
  public func worth(sigmaPpm : Nat64, bandPpm : Nat64, fairSats : Nat64 -> Nat64) : Worth {
    let fair = fairSats(sigmaPpm);
    if (bandPpm == 0) return { fair; dearest = fair };
    let { low; high } = Pricing.band(sigmaPpm, bandPpm);
    { fair; dearest = Nat64.max(fair, Nat64.max(fairSats(low), fairSats(high))) };
  };

  /// Adds what the treasury asks beyond the fair value, each part rounded up:
  ///   skew = dearest * max_skew_ppm * utilisation after this fill,
  ///   spread = dearest - fair and the larger of dearest * spread_ppm and min_spread_sats; more when the whole would miss min_premium_sats or
  ///   maxPayout * premium_floor_ppm: far from the strike real prices move further than the model says.
  /// `maxPayoutSats`: a digital's payout, the most a capped option can pay.
  public func premium({ fair; dearest } : Worth, maxPayoutSats : Nat64, parameters : Parameters, utilisationAfterPpm : Nat64) : Premium {
    let skew = FixedPoint.mulDivUp(dearest, parameters.max_skew_ppm * utilisationAfterPpm, PPM * PPM);
    let margin = Nat64.max(FixedPoint.mulDivUp(dearest, parameters.spread_ppm, PPM), parameters.min_spread_sats);
    let least = Nat64.max(parameters.min_premium_sats, FixedPoint.mulDivUp(maxPayoutSats, parameters.premium_floor_ppm, PPM));
    let asked = Nat64.max(dearest + margin + skew, least);
    { fair; spread = asked - fair - skew; skew; premium = asked };
  };

  /// Whether a fair value is too small a share of the most an option can pay for the model to be trusted with it. A fair value is rounded up to a
  /// whole satoshi, which can only let a strike at the very edge pass.
  public func isTooFar(fair : Nat64, maxPayoutSats : Nat64, parameters : Parameters) : Bool {
    fair < FixedPoint.mulDivUp(maxPayoutSats, parameters.min_share_ppm, PPM);
  };

  /// The share of the treasury's money that backs open positions once `reserve` more is held back, ppm, rounded up, at most
  /// 1,000,000. `treasuryTotal` is all it has, free or held back. Sats.
  public func utilisationPpm(openReserve : Nat64, reserve : Nat64, treasuryTotal : Nat64) : Nat64 {
    let used = openReserve + reserve;
    if (used >= treasuryTotal) return if (used == 0) 0 else PPM;
    FixedPoint.mulDivUp(used, PPM, treasuryTotal);
  };
};

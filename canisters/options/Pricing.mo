/// What an option is worth and what it costs. See FixedPoint.mo for the arithmetic.

import FixedPoint "FixedPoint";
import Nat "mo:core/Nat";
import Types "Types";
import Units "Units";

module {
  /// Seconds in a year of 365 days.
  let YEAR_S : Nat = 31_536_000;

  /// A premium and its parts, sats: premium = fair + spread + skew.
  public type Premium = { fair : Nat; spread : Nat; skew : Nat; premium : Nat };

  /// sigma * sqrt(t) x 10^18, t in seconds of a 365-day year.
  public func deviation(sigmaPpm : Nat, seconds : Nat) : Nat = FixedPoint.squareRoot(
    // (sigma / 10^6)^2 * seconds / YEAR * 10^36
    sigmaPpm * sigmaPpm * seconds * 1_000_000_000_000_000_000_000_000 / YEAR_S
  );

  /// The fair value of a digital option as a share of its payout, x 10^18.
  ///
  /// A digital that pays a fixed amount of *bitcoin* is worth N(d1) (call) or N(-d1) (put) of it, with r = 0 and
  /// d1 = (ln(S/K) + s^2/2) / s, s = sigma sqrt(t): the dollar formula's N(d2) would be the value of a fixed dollar payout.
  /// Within 1e-12 of the truth for S from 1,000 to 1,000,000 USD, K/S from 0.5 to 2, 60 s to 30 d, sigma from 10 % to 300 %.
  public func digitalShare(direction : Types.Direction, spotE8 : Nat, strikeE8 : Nat, sigmaPpm : Nat, seconds : Nat) : Nat {
    let s : Int = deviation(sigmaPpm, seconds);
    let one : Int = FixedPoint.ONE;
    if (s == 0) return FixedPoint.ONE / 2; // no time or no volatility: callers exclude both
    let d1 = FixedPoint.lnRatio(spotE8, strikeE8) * one / s + s / 2;
    switch direction {
      case (#call) FixedPoint.normal(d1);
      case (#put) FixedPoint.normal(-d1);
    };
  };

  /// The fair value of a digital in sats, rounded up (rounding favours the reserve).
  public func digitalFair(
    direction : Types.Direction,
    payoutSats : Nat,
    spotE8 : Nat,
    strikeE8 : Nat,
    sigmaPpm : Nat,
    seconds : Nat,
  ) : Nat = Units.ceilDiv(payoutSats * digitalShare(direction, spotE8, strikeE8, sigmaPpm, seconds), FixedPoint.ONE);

  /// The share of the treasury's money that backs open positions once `reserve` more is held back, ppm, rounded up, at most
  /// 1,000,000. `treasuryTotal` is all it has, free or held back.
  public func utilisationPpm(openReserve : Nat, reserve : Nat, treasuryTotal : Nat) : Nat {
    let used = openReserve + reserve;
    if (used >= treasuryTotal) return if (used == 0) 0 else Units.PPM;
    Units.ceilDiv(used * Units.PPM, treasuryTotal);
  };

  /// Adds what the treasury asks beyond the fair value, each part rounded up:
  ///   skew = fair * max_skew_ppm * utilisation after this fill,
  ///   spread = the largest of fair * spread_ppm, min_spread_sats, and what is missing to min_premium_sats or to
  ///   payout * premium_floor_ppm: far from the strike real prices move further than the model says.
  public func premium(fair : Nat, payout : Nat, settings : Types.Settings, utilisationAfterPpm : Nat) : Premium {
    let skew = Units.ceilDiv(fair * settings.max_skew_ppm * utilisationAfterPpm, Units.PPM * Units.PPM);
    var spread = Units.ceilDiv(fair * settings.spread_ppm, Units.PPM);
    if (spread < settings.min_spread_sats) spread := settings.min_spread_sats;
    let floor = Nat.max(settings.min_premium_sats, Units.ceilDiv(payout * settings.premium_floor_ppm, Units.PPM));
    if (fair + skew + spread < floor) spread := floor - fair - skew;
    { fair; spread; skew; premium = fair + spread + skew };
  };

  /// Whether a fair value is too small a share of the payout for the model to be trusted with it. A fair value is rounded up to a
  /// whole satoshi, which can only let a strike at the very edge pass.
  public func isTooFar(fair : Nat, payout : Nat, settings : Types.Settings) : Bool = fair * Units.PPM < payout * settings.min_share_ppm;
};

/// The operators' parameters: the defaults a new canister starts with, and the bounds a change must keep.

import Errors "Errors";
import Format "Format";
import Types "Types";
import Nat64 "mo:core/Nat64";
import Units "Units";
import Volatility "Volatility";

module {
  type Settings = Types.Settings;

  /// A minimum above this would be a way to keep people's money in.
  let MAX_MINIMUM_SATS : Nat64 = 100_000;

  /// Defaults. The spread also pays for the tie refund, which is not part of the fair value.
  public func defaults() : Settings = {
    spread_ppm = 20_000; // 2 % of the fair value ...
    min_spread_sats = 10; // ... at least 10 sats
    max_skew_ppm = 100_000; // up to 10 % of the fair value when the treasury is fully reserved
    min_premium_sats = 100;
    premium_floor_ppm = 30_000; // never less than 3 % of the payout ...
    min_share_ppm = 40_000; // ... and no strike whose fair value is below 4 % of it: docs/decisions/0002-far-strikes.md
    // The weight of the past in the measured variance, for each minute: half of it is older than 23 minutes.
    volatility_lambda_ppm = Volatility.LAMBDA_PPM; // docs/decisions/0004-volatility.md
    min_payout_sats = 1_000;
    max_position_payout_sats = 10_000_000; // 0.1 BTC
    max_trader_payout_sats = 50_000_000; // 0.5 BTC
    max_expiry_payout_sats = 200_000_000; // 2 BTC
    max_total_payout_sats = 1_000_000_000; // 10 BTC
    min_deposit_sats = 1_000;
    min_withdrawal_sats = 1_000;
    large_withdrawal_sats = 100_000_000; // 1 BTC
    min_sources = 3;
    max_dispersion_ppm = 5_000; // 0.5 % standard deviation between the sources
    max_jump_ppm = 20_000; // 2 % from one minute to the next without a second look
    min_cycles = 1_000_000_000_000; // 1 T: days of price questions and exits
    alert_cycles = 3_000_000_000_000;
  };

  /// Null when every value is acceptable, else what is wrong with the first that isn't.
  public func problem(settings : Settings) : ?Types.Error {
    let shares : [(Text, Nat64, Nat64, Nat64)] = [
      ("spread_ppm", settings.spread_ppm, 0, Units.PPM),
      ("max_skew_ppm", settings.max_skew_ppm, 0, Units.PPM),
      ("max_dispersion_ppm", settings.max_dispersion_ppm, 1, Units.PPM),
      ("max_jump_ppm", settings.max_jump_ppm, 1, Units.PPM),
      // Higher bounds would let an operator's slip close entry, or (more sources than there are) leave positions without a price.
      ("min_sources", settings.min_sources, 1, 10),
      ("min_spread_sats", settings.min_spread_sats, 0, Units.MAX_SATS),
      ("min_premium_sats", settings.min_premium_sats, 1, Units.MAX_SATS),
      ("premium_floor_ppm", settings.premium_floor_ppm, 0, Units.PPM / 2),
      ("min_share_ppm", settings.min_share_ppm, 0, Units.PPM / 2),
      ("volatility_lambda_ppm", settings.volatility_lambda_ppm, 500_000, 999_999),
      ("min_payout_sats", settings.min_payout_sats, 1, Units.MAX_SATS),
      ("max_position_payout_sats", settings.max_position_payout_sats, settings.min_payout_sats, Units.MAX_SATS),
      ("max_trader_payout_sats", settings.max_trader_payout_sats, 0, Units.MAX_SATS),
      ("max_expiry_payout_sats", settings.max_expiry_payout_sats, 0, Units.MAX_SATS),
      ("max_total_payout_sats", settings.max_total_payout_sats, 0, Units.MAX_SATS),
      ("min_deposit_sats", settings.min_deposit_sats, 1, MAX_MINIMUM_SATS),
      ("min_withdrawal_sats", settings.min_withdrawal_sats, 1, MAX_MINIMUM_SATS),
      ("large_withdrawal_sats", settings.large_withdrawal_sats, settings.min_withdrawal_sats, Units.MAX_SATS),
      ("min_cycles", settings.min_cycles, 0, 1_000_000_000_000_000_000),
      ("alert_cycles", settings.alert_cycles, 0, 1_000_000_000_000_000_000),
    ];
    for ((field, value, minimum, maximum) in shares.values()) {
      if (value < minimum or value > maximum) {
        let range = Format.count(minimum.toNat()) # " and " # Format.count(maximum.toNat());
        return ?Errors.invalid(field, "The setting " # field # " must be between " # range # ".");
      };
    };
    null;
  };
};

/// Fair values for many options at once, for whoever wants to check the exchange's prices against their own.

import Array "mo:core/Array";
import Errors "Errors";
import Format "Format";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Pricing "Pricing";
import Types "Types";

module {
  public type Row = { spot_e8 : Nat64; strike_e8 : Nat64; cap_e8 : Nat64; seconds : Nat64; sigma_ppm : Nat64 };
  /// x 10^18: digitals as shares of their payout, capped options of their notional.
  public type Values = { digital_call_e18 : Nat; digital_put_e18 : Nat; capped_call_e18 : Nat; capped_put_e18 : Nat };

  /// A question has at most this many rows: what one query can answer with ease.
  public let MAX_ROWS : Nat = 500;

  let MIN_SPOT_E8 : Nat64 = 100_000_000_000; // 1,000 USD
  let MAX_SPOT_E8 : Nat64 = 100_000_000_000_000; // 1,000,000 USD
  /// Strikes are rounded to cents: the ends of their range give way by one.
  let CENT_E8 : Nat64 = 1_000_000;

  /// The range the accuracy is proved for, and none outside it: a price out of range would look like any other.
  func problem(row : Row) : ?(Text, Text) {
    if (row.spot_e8 < MIN_SPOT_E8 or row.spot_e8 > MAX_SPOT_E8) return ?outside("spot_e8", MIN_SPOT_E8, MAX_SPOT_E8);
    let ranges : [(Text, Nat64, Nat64, Nat64)] = [
      ("seconds", row.seconds, 60, 2_592_000),
      ("sigma_ppm", row.sigma_ppm, Pricing.MIN_SIGMA_PPM, Pricing.MAX_SIGMA_PPM),
      ("strike_e8", row.strike_e8, row.spot_e8 / 2 - CENT_E8, row.spot_e8 * 2 + CENT_E8),
    ];
    for ((field, value, least, most) in ranges.values()) {
      if (value < least or value > most) return ?outside(field, least, most);
    };
    if (row.cap_e8 == 0 or row.cap_e8 >= row.strike_e8) return ?("cap_e8", "cap_e8 must be more than 0 and less than strike_e8");
    null;
  };

  func outside(field : Text, least : Nat64, most : Nat64) : (Text, Text) = (
    field,
    field # " must be between " # Format.count(least.toNat()) # " and " # Format.count(most.toNat()),
  );

  func values({ spot_e8; strike_e8; cap_e8; seconds; sigma_ppm } : Row) : Values = {
    digital_call_e18 = Pricing.digitalShare(#call, spot_e8, strike_e8, sigma_ppm, seconds).toNat();
    digital_put_e18 = Pricing.digitalShare(#put, spot_e8, strike_e8, sigma_ppm, seconds).toNat();
    capped_call_e18 = Pricing.cappedShare(#call, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds).toNat();
    capped_put_e18 = Pricing.cappedShare(#put, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds).toNat();
  };

  /// The values row for row, or which row (the first is 1) can't be priced and why.
  public func of(rows : [Row]) : Types.Answer<[Values]> {
    if (rows.size() > MAX_ROWS) return #err(Errors.invalid("rows", "At most " # Format.count(MAX_ROWS) # " rows can be priced at once."));
    for ((index, row) in rows.enumerate()) {
      switch (problem(row)) {
        case (?(field, rule)) return #err(Errors.invalid(field, "Row " # (index + 1).toText() # ": " # rule # "."));
        case null {};
      };
    };
    #ok(rows.map(values));
  };
};

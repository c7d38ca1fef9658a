/// How far a strike is from the price, in standard deviations of the model: what every fair value is a function of.

import FixedPoint "FixedPoint";
import Nat64 "mo:core/Nat64";

module {
  /// Seconds in a year of 365 days.
  public let YEAR_S : Nat64 = 31_536_000;
  let PPM : Nat64 = 1_000_000;
  let TWO_60 : Nat64 = 0x1000_0000_0000_0000;
  let TWO_62 : Nat64 = 0x4000_0000_0000_0000;
  /// ln 2 over 2^60.
  let LN2_60 : Nat64 = 799_144_290_325_165_979;
  /// Twelve deviations over 2^60: the normal distribution is 0 or 1 there, to far more than 18 digits.
  public let FAR : Nat64 = 0xC000_0000_0000_0000;
  /// Six of them.
  let HALF_FAR : Nat64 = 0x6000_0000_0000_0000;

  /// s = mantissa / 2^(64 + exponent), 2^63 <= mantissa: 60 bits and more of it are right, however small it is. A mantissa of 0 is s = 0.
  public type Deviation = { mantissa : Nat64; exponent : Nat64 };

  /// sigma * sqrt(t), t in years. Traps unless it is below 1 (300 % over 30 days is 0.86), and from 400 % or a year on.
  public func deviation(sigmaPpm : Nat64, seconds : Nat64) : Deviation {
    if (sigmaPpm == 0 or seconds == 0) return { mantissa = 0; exponent = 0 };
    assert sigmaPpm < 4 * PPM and seconds < YEAR_S;
    // t * 4^doublings is between 1/4 and 1, and so the root has all its digits.
    var time = seconds;
    var doublings : Nat64 = 0;
    while (time < YEAR_S / 4) { time *%= 4; doublings +%= 1 };
    let high = FixedPoint.divide(time, 0, YEAR_S);
    let rest = 0 -% high *% YEAR_S;
    let root = FixedPoint.wideSquareRoot(high, FixedPoint.divide(rest, 0, YEAR_S));
    // s * 2^(62 + doublings)
    let product = FixedPoint.mulHigh(root, FixedPoint.mulDiv(sigmaPpm, TWO_62, PPM));
    let zeros = Nat64.bitcountLeadingZero(product);
    assert doublings +% zeros >= 2;
    { mantissa = product << zeros; exponent = doublings +% zeros -% 2 };
  };

  /// s / 2 over 2^60.
  public func half(s : Deviation) : Nat64 = s.mantissa >> (s.exponent +% 5);

  /// |ln(a / b)| / s over 2^60, at most twelve (FAR). a, b > 0 and below 2^59.
  ///
  /// ln(a / b) = 2 artanh z = 2 z (1 + z^2/3 + z^4/5 + ...), z = (a - b) / (a + b) (Abramowitz & Stegun 4.1.27): near the money, where z is small, z / s
  /// keeps its digits, which a difference of logarithms would lose. Never falls as the two move apart: every step is a product or a sum of
  /// what is not negative, rounded down.
  public func distance(a : Nat64, b : Nat64, s : Deviation) : Nat64 {
    if (a == b) return 0;
    if (s.mantissa == 0) return FAR;
    let high = if (a > b) a else b;
    // ln(high / low) = doublings * ln 2 + ln(high / (low * 2^doublings)), z <= 1/3
    var low = if (a > b) b else a;
    var doublings : Nat64 = 0;
    while (high >> 1 >= low) {
      low <<= 1;
      doublings +%= 1;
      if (doublings > 14) return FAR; // a logarithm above 9.7, and s is below 1: past the end of the normal distribution
    };
    let difference = high -% low;
    let sum = high +% low;

    if (doublings == 0) {
      if (difference >= (sum >> s.exponent) *% 7) return FAR; // the logarithm is above 14 s
      let scaled = FixedPoint.mulDiv(difference << s.exponent, TWO_60, sum); // z * 2^exponent over 2^60
      let z = if (s.exponent < 4) scaled << (4 -% s.exponent) else scaled >> (s.exponent -% 4);
      let ratio = FixedPoint.divide(scaled, 0, s.mantissa); // z / s over 2^60
      let result = ratio +% FixedPoint.mulHigh(ratio, excess(z));
      return if (result >= HALF_FAR) FAR else result << 1;
    };
    let z = FixedPoint.divide(difference, 0, sum);
    let ln = doublings *% LN2_60 +% ((z +% FixedPoint.mulHigh(z, excess(z))) >> 3); // over 2^60
    let result = FixedPoint.divide(ln >> 1, 0, s.mantissa); // over 2^(59 - exponent)
    if (result >= HALF_FAR >> s.exponent) FAR else result << (s.exponent +% 1);
  };

  /// artanh(z) / z - 1 = z^2/3 + z^4/5 + ..., both over 2^64, z <= 1/2.
  public func excess(z : Nat64) : Nat64 {
    let z2 = FixedPoint.mulHigh(z, z);
    let zh = z2 >> 32;
    let zl = z2 & 0xFFFF_FFFF;
    var power = z2;
    var sum : Nat64 = 0;
    var n : Nat64 = 3;
    while (power > 0) {
      sum +%= power / n;
      n +%= 2;
      // power * z2, written out: a call for each term would double the cost.
      let ph = power >> 32;
      let pl = power & 0xFFFF_FFFF;
      let middle = ph *% zl +% ((pl *% zl) >> 32);
      power := ph *% zh +% (middle >> 32) +% ((pl *% zh +% (middle & 0xFFFF_FFFF)) >> 32);
    };
    sum;
  };
};

/// The standard normal distribution by piecewise polynomials, at most some 1e-19 from the truth: within the rounding of 10^-18.

import Nat64 "mo:core/Nat64";
import NormalTable "NormalTable";

module {
  let LOW : Nat64 = 0xFFFF_FFFF;
  let SIGN : Nat64 = 0x8000_0000_0000_0000;
  /// The density of the last pieces' end and beyond would be below 1e-18 too.
  let END : Nat64 = 0x9400_0000_0000_0000; // 9.25 over 2^60

  /// 1 - N(x) over 2^64, for x >= 0 over 2^60. Zero from 9.25 on, where it is below 1.2e-20.
  public func tail(x : Nat64) : Nat64 {
    if (x >= END) return 0;
    // A piece is an eighth wide: the upper seven bits say which, the rest where in it, over 2^64.
    let t = x << 7;
    let (th, tl) = (t >> 32, t & LOW);
    let first = (x >> 57).toNat() * NormalTable.TERMS;
    var index = first + NormalTable.TERMS - 1 : Nat;
    var sum = NormalTable.COEFFICIENTS[index];
    while (index > first) {
      // sum * t, where sum is a two's complement: written out, a call for each term would double the cost.
      let (sh, sl) = (sum >> 32, sum & LOW);
      let middle = sh *% tl +% ((sl *% tl) >> 32);
      var product = sh *% th +% (middle >> 32) +% ((sl *% th +% (middle & LOW)) >> 32);
      if (sum >= SIGN) product -%= t;
      index -= 1;
      sum := NormalTable.COEFFICIENTS[index] +% product;
    };
    sum;
  };

  /// The density exp(-x^2 / 2) / sqrt(2 pi) over 2^64, for x >= 0 over 2^60: the derivative of the same polynomials, within 1e-15.
  public func density(x : Nat64) : Nat64 {
    if (x >= END) return 0;
    let t = x << 7;
    let (th, tl) = (t >> 32, t & LOW);
    let first = (x >> 57).toNat() * NormalTable.TERMS;
    var degree : Nat64 = NormalTable.DEGREE;
    var index = first + NormalTable.TERMS - 1 : Nat;
    var sum = NormalTable.COEFFICIENTS[index] *% degree;
    while (degree > 1) {
      let (sh, sl) = (sum >> 32, sum & LOW);
      let middle = sh *% tl +% ((sl *% tl) >> 32);
      var product = sh *% th +% (middle >> 32) +% ((sl *% th +% (middle & LOW)) >> 32);
      if (sum >= SIGN) product -%= t;
      index -= 1;
      degree -= 1;
      sum := NormalTable.COEFFICIENTS[index] *% degree +% product;
    };
    // The tail falls by the density; in the table's variable it falls by an eighth of it.
    let fall = 0 -% sum;
    if (fall >= SIGN) 0 else fall << 3;
  };
};

/// The standard normal distribution by piecewise polynomials, at most some 1e-19 from the truth: within the rounding of 10^-18.

import Nat64 "mo:core/Nat64";
import NormalTable "NormalTable";

module {
  let LOW : Nat64 = 0xFFFF_FFFF;
  let SIGN : Nat64 = 0x8000_0000_0000_0000;
  let END : Nat64 = 0x9400_0000_0000_0000; // 9.25 over 2^60

  /// 1 - N(x) over 2^64, for x >= 0 over 2^60. Zero from 9.25 on, where it is below 1.2e-20.
  public func tail(x : Nat64) : Nat64 {
    if (x >= END) return 0;
    // A piece is an eighth wide: the upper seven bits say which, the rest where in it, over 2^64.
    let t = x << 7;
    let th = t >> 32;
    let tl = t & LOW;
    var sum : Nat64 = 0;
    for (coefficient in NormalTable.PIECES[(x >> 57).toNat()].values()) {
      // sum * t, where sum is a two's complement. Written out: a call for each term would double the cost.
      let sh = sum >> 32;
      let sl = sum & LOW;
      let middle = sh *% tl +% ((sl *% tl) >> 32);
      let product = sh *% th +% (middle >> 32) +% ((sl *% th +% (middle & LOW)) >> 32);
      sum := coefficient +% (if (sum >= SIGN) product -% t else product);
    };
    sum;
  };

  /// The density exp(-x^2 / 2) / sqrt(2 pi) over 2^64, for x >= 0 over 2^60: the derivative of the same polynomials, within 1e-17.
  public func density(x : Nat64) : Nat64 {
    if (x >= END) return 0;
    let t = x << 7;
    let th = t >> 32;
    let tl = t & LOW;
    var power : Nat64 = NormalTable.DEGREE;
    var sum : Nat64 = 0;
    label terms for (coefficient in NormalTable.PIECES[(x >> 57).toNat()].values()) {
      if (power == 0) break terms;
      let sh = sum >> 32;
      let sl = sum & LOW;
      let middle = sh *% tl +% ((sl *% tl) >> 32);
      let product = sh *% th +% (middle >> 32) +% ((sl *% th +% (middle & LOW)) >> 32);
      sum := coefficient *% power +% (if (sum >= SIGN) product -% t else product);
      power -%= 1;
    };
    // The tail falls by the density: by an eighth of it in the variable of a piece.
    let fall = 0 -% sum;
    if (fall >= SIGN) 0 else fall << 3;
  };
};

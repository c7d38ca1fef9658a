/// Arithmetic on 64-bit words with 128-bit intermediate results: no hardware fraction, so every node computes the same digits, and no
/// big number, which would cost a hundred times as much.
///
/// A fraction is a word over 2^64 or 2^60 (the name of the value says which) on the way, and over 10^18 where it is given away.

import Nat64 "mo:core/Nat64";

module {
  /// One, as fractions are given away: 10^18.
  public let ONE : Nat64 = 1_000_000_000_000_000_000;
  let LOW : Nat64 = 0xFFFF_FFFF;
  let HALF_WORD : Nat64 = 0x1_0000_0000;
  let MOST : Nat64 = 0xFFFF_FFFF_FFFF_FFFF;

  /// The upper 64 bits of a * b: with `b` over 2^64, a * b rounded down.
  public func mulHigh(a : Nat64, b : Nat64) : Nat64 {
    // One by one: a tuple would put its words on the heap.
    let ah = a >> 32;
    let al = a & LOW;
    let bh = b >> 32;
    let bl = b & LOW;
    // No sum passes 2^64: (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
    let middle = ah *% bl +% ((al *% bl) >> 32);
    ah *% bh +% (middle >> 32) +% ((al *% bh +% (middle & LOW)) >> 32);
  };

  /// (high * 2^64 + low) / divisor, rounded down, for high < divisor. Knuth, The Art of Computer Programming 4.3.1, algorithm D, with two
  /// digits of 32 bits.
  public func divide(high : Nat64, low : Nat64, divisor : Nat64) : Nat64 {
    if (high == 0) return low / divisor;
    assert high < divisor;
    let shift = Nat64.bitcountLeadingZero(divisor);
    let d = divisor << shift;
    let dh = d >> 32;
    let dl = d & LOW;
    // A shift by 64 would be one by 0.
    let upper = (high << shift) | ((low >> 1) >> (63 -% shift));
    let lower = low << shift;

    var q1 = upper / dh;
    var rest = upper -% q1 *% dh;
    while (rest < HALF_WORD and (q1 >= HALF_WORD or q1 *% dl > ((rest << 32) | (lower >> 32)))) { q1 -%= 1; rest +%= dh };
    let next = ((upper << 32) | (lower >> 32)) -% q1 *% d;
    var q0 = next / dh;
    rest := next -% q0 *% dh;
    while (rest < HALF_WORD and (q0 >= HALF_WORD or q0 *% dl > ((rest << 32) | (lower & LOW)))) { q0 -%= 1; rest +%= dh };
    (q1 << 32) +% q0;
  };

  /// a * b / divisor, rounded down. Traps when that is 2^64 or more.
  public func mulDiv(a : Nat64, b : Nat64, divisor : Nat64) : Nat64 = divide(mulHigh(a, b), a *% b, divisor);

  /// a * b / divisor, rounded up. Traps when that is 2^64 or more.
  public func mulDivUp(a : Nat64, b : Nat64, divisor : Nat64) : Nat64 {
    let quotient = mulDiv(a, b, divisor);
    if (quotient *% divisor == a *% b) quotient else quotient + 1;
  };

  /// a * b / divisor, rounded down; the largest word there is when that is smaller.
  public func mulDivAtMost(a : Nat64, b : Nat64, divisor : Nat64) : Nat64 {
    let high = mulHigh(a, b);
    if (high >= divisor) MOST else divide(high, a *% b, divisor);
  };

  /// A fraction over 2^64 as one over 10^18, to the nearest.
  public func toE18(x : Nat64) : Nat64 = mulHigh(x, ONE) +% ((x *% ONE) >> 63);

  /// The whole part of the square root, by Newton's iteration, which falls from above until it is there.
  public func squareRoot(n : Nat64) : Nat64 {
    if (n == 0) return 0;
    // A power of two above the root, below 2^32 + 1.
    var x : Nat64 = 1 << ((65 -% Nat64.bitcountLeadingZero(n)) / 2);
    loop {
      let next = (x +% n / x) / 2;
      if (next >= x) return x;
      x := next;
    };
  };

  /// The square root of a fraction of two words (high over 2^64, low over 2^128) over 2^64, for a fraction of at least 1/4: within three units.
  public func wideSquareRoot(high : Nat64, low : Nat64) : Nat64 {
    // The root of the upper word is right to 32 bits; one step of Newton's iteration from above doubles that.
    let x = (squareRoot(high) << 32) | LOW;
    let quotient = divide(high, low, x);
    quotient +% (x -% quotient) / 2;
  };
};

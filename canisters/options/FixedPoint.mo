/// Mathematics on integers: a real number x is held as x * 10^18, rounded. No hardware fraction anywhere, so every
/// node computes the same digits and the error can be proved.
///
/// Sources: natural logarithm by 2 artanh((a - b) / (a + b)) (Abramowitz & Stegun 4.1.27); normal distribution by the series
/// 26.2.11 near the middle and the continued fraction 26.2.14 in the tails (ibid.); square root by Newton's iteration.

import Int "mo:core/Int";

module {
  /// One.
  public let ONE : Nat = 1_000_000_000_000_000_000;
  let ONE_INT : Int = 1_000_000_000_000_000_000;
  let LN2 : Nat = 693_147_180_559_945_309; // ln 2 = 0.693147180559945309417...
  let INV_SQRT_TWO_PI : Nat = 398_942_280_401_432_678; // 1 / sqrt(2 pi) = 0.398942280401432677939...
  /// Below this many standard deviations the series is used, above it the continued fraction; both are within 2e-16 on their side.
  let SERIES_BELOW : Nat = 3_000_000_000_000_000_000;
  /// N(-8.5) = 9.5e-18: zero at this precision, near enough.
  let TAIL : Nat = 8_500_000_000_000_000_000;

  /// The whole part of the square root of `n`.
  public func squareRoot(n : Nat) : Nat {
    if (n < 2) return n;
    // From above, Newton's iteration falls monotonically until it is there. Start at a power of two above the root.
    var x = 1;
    while (x * x < n) x *= 2;
    loop {
      let next = (x + n / x) / 2;
      if (next >= x) return x;
      x := next;
    };
  };

  /// ln(a / b) x 10^18 for a, b > 0. Error below 3e-17 while a / b is between 0.5 and 2 (no reduction needed).
  public func lnRatio(a : Nat, b : Nat) : Int {
    // ln(a / b) = k ln 2 + ln(a' / b') with a' / b' in [1/2, 2]
    var numerator = a;
    var denominator = b;
    var k : Int = 0;
    while (numerator > 2 * denominator) { denominator *= 2; k += 1 };
    while (2 * numerator < denominator) { numerator *= 2; k -= 1 };
    let positive = numerator >= denominator;
    let difference : Nat = if positive numerator - denominator else denominator - numerator;
    let z = difference * ONE / (numerator + denominator);
    let z2 = z * z / ONE;
    var power = z;
    var sum = z;
    var n = 3;
    while (power > 0) {
      power := power * z2 / ONE;
      sum += power / n;
      n += 2;
    };
    let magnitude : Int = 2 * sum;
    k * LN2 + (if positive magnitude else -magnitude);
  };

  /// exp(-y) x 10^18 for y >= 0 (x 10^18). Error about 1e-18.
  public func expNegative(y : Nat) : Nat {
    // exp(-y) = 2^-k exp(-r), r < ln 2
    let k = y / LN2;
    if (k >= 64) return 0;
    let r = y - k * LN2 : Nat;
    var term : Int = ONE_INT;
    var sum : Int = ONE_INT;
    var n : Int = 1;
    while (term != 0) {
      term := -(term * r) / (ONE_INT * n);
      sum += term;
      n += 1;
    };
    Int.abs(sum) / 2 ** k;
  };

  /// The density of the standard normal distribution at x >= 0.
  func density(x : Nat) : Nat = expNegative(x * x / (2 * ONE)) * INV_SQRT_TWO_PI / ONE;

  /// The upper tail of the standard normal distribution, 1 - N(x), for x >= 0.
  func upperTail(x : Nat) : Nat {
    if (x >= TAIL) return 0;
    if (x < SERIES_BELOW) {
      // N(x) - 1/2 = density(x) * (x + x^3/3 + x^5/(3*5) + ...): every term positive, nothing cancels inside the sum.
      let x2 = x * x / ONE;
      var term = x;
      var sum = x;
      var n = 3;
      while (term > 0) {
        term := term * x2 / (ONE * n);
        sum += term;
        n += 2;
      };
      let half = ONE / 2;
      let part = density(x) * sum / ONE;
      return if (part >= half) 0 else half - part;
    };
    // 1 - N(x) = density(x) / (x + 1/(x + 2/(x + 3/(x + ...)))), evaluated from the inside out.
    var fraction = x;
    var n = 60;
    while (n > 0) {
      fraction := x + n * ONE * ONE / fraction;
      n -= 1;
    };
    density(x) * ONE / fraction;
  };

  /// The standard normal distribution N(x) x 10^18.
  public func normal(x : Int) : Nat = if (x >= 0) ONE - upperTail(Int.abs(x)) else upperTail(Int.abs(x));
};

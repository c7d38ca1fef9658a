/**
 * The canister's arithmetic (canisters/options/FixedPoint.mo), step for step, so that both come to the same last digit. A fraction is an integer over
 * 2^64 or 2^60 on the way, and over 10^18 where it is given away.
 */

/** One, as fractions are given away. */
export const ONE_E18 = 10n ** 18n;
const LOW = 0xffff_ffffn;

/** The upper 64 bits of a * b: with `b` over 2^64, a * b rounded down. */
export const mulHigh = (a: bigint, b: bigint): bigint => (a * b) >> 64n;

/** The quotient of what is at least 0, rounded up. */
export const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** A fraction over 2^64 as one over 10^18, to the nearest. */
export const toE18 = (x: bigint): bigint => (x * ONE_E18 + (1n << 63n)) >> 64n;

/** The whole part of the square root, by Newton's iteration from above. */
export function squareRoot(n: bigint): bigint {
  if (n === 0n) return 0n;
  let x = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (x + n / x) / 2n;
    if (next >= x) return x;
    x = next;
  }
}

/** The square root of a fraction of two words (high over 2^64, low over 2^128) over 2^64, for a fraction of at least 1/4. */
export function wideSquareRoot(high: bigint, low: bigint): bigint {
  const x = (squareRoot(high) << 32n) | LOW;
  const quotient = ((high << 64n) | low) / x;
  return quotient + (x - quotient) / 2n;
}

/** How many bits it takes to write `n` > 0. */
export const bitLength = (n: bigint): number => n.toString(2).length;

export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

// Elementary functions on decimal fractions held as BigInt x 10^110: slow, and exact far beyond what the canister needs. On purpose
// none of the methods is the canister's: the normal distribution comes from its alternating Maclaurin series, the logarithm from
// Newton's iteration on the exponential, pi from Machin's formula.

const DIGITS = 110n;
export const one = 10n ** DIGITS;

export const mul = (a: bigint, b: bigint): bigint => (a * b) / one;
export const div = (a: bigint, b: bigint): bigint => (a * one) / b;

/** A quotient of integers as a fraction. */
export const ratio = (a: bigint, b: bigint): bigint => (a * one) / b;

/** The square root of a fraction, by bisection of the digits. */
export function sqrt(x: bigint): bigint {
  const target = x * one;
  let low = 0n;
  let high = 1n;
  while (high * high <= target) high *= 2n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= target) low = middle;
    else high = middle;
  }
  return low;
}

/** e^x by its Taylor series, for x of moderate size. */
function exp(x: bigint): bigint {
  let term = one;
  let sum = one;
  for (let n = 1n; term !== 0n; n += 1n) {
    term = mul(term, x) / n;
    sum += term;
  }
  return sum;
}

/** ln x, by Newton's iteration (of third order) on exp. */
export function ln(x: bigint): bigint {
  let y = BigInt(Math.round((Math.log(Number(x)) - Number(DIGITS) * Math.LN10) * 1e13)) * 10n ** (DIGITS - 13n);
  for (let round = 0; round < 6; round += 1) {
    const e = exp(y);
    y += (2n * (x - e) * one) / (x + e);
  }
  return y;
}

function arctanInverse(n: bigint): bigint {
  let power = one / n;
  let sum = power;
  for (let k = 3n, sign = -1n; power !== 0n; k += 2n, sign = -sign) {
    power /= n * n;
    sum += (sign * power) / k;
  }
  return sum;
}

/** pi = 16 arctan(1/5) - 4 arctan(1/239) */
const pi = 16n * arctanInverse(5n) - 4n * arctanInverse(239n);
const sqrtTwoPi = sqrt(2n * pi);

/** N(x) = 1/2 + (x - x^3/(2*3) + x^5/(2^2*2!*5) - ...) / sqrt(2 pi). Beyond 13 deviations the tail is below 1e-38: 0 or 1 here. */
export function normal(x: bigint): bigint {
  if (x > 13n * one) return one;
  if (x < -13n * one) return 0n;
  const half = -mul(x, x) / 2n;
  let power = x;
  let sum = x;
  for (let n = 1n; power !== 0n; n += 1n) {
    power = mul(power, half) / n;
    sum += power / (2n * n + 1n);
  }
  return one / 2n + div(sum, sqrtTwoPi);
}

/** A fraction as decimal text, rounded half away from zero. */
export function decimals(x: bigint, digits: number): string {
  if (x < 0n) return `-${decimals(-x, digits)}`;
  const scaled = (x * 10n ** BigInt(digits) * 2n + one) / (2n * one);
  const text = scaled.toString().padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

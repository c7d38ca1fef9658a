import { bitLength, mulHigh, wideSquareRoot } from './fixedPoint.ts';

const YEAR_S = 31_536_000n;
const PPM = 1_000_000n;
const LN2_60 = 799_144_290_325_165_979n;
/** Twelve deviations over 2^60. */
const FAR = 0xc000_0000_0000_0000n;
const HALF_FAR = FAR >> 1n;

/** s = mantissa / 2^(64 + exponent), 2^63 <= mantissa < 2^64; a mantissa of 0 is s = 0. */
export interface Deviation {
  readonly mantissa: bigint;
  readonly exponent: bigint;
}

/** sigma * sqrt(t), t in years of 365 days: canisters/options/Moneyness.mo. Throws a RangeError where the canister refuses to go on. */
export function deviation(sigmaPpm: bigint, seconds: bigint): Deviation {
  if (sigmaPpm === 0n || seconds === 0n) return { mantissa: 0n, exponent: 0n };
  if (sigmaPpm >= 4n * PPM || seconds >= YEAR_S) throw new RangeError('volatility below 400 %, time below a year');
  let time = seconds;
  let doublings = 0n;
  while (time < YEAR_S / 4n) {
    time *= 4n;
    doublings += 1n;
  }
  const square = (time << 128n) / YEAR_S;
  const root = wideSquareRoot(square >> 64n, square & ((1n << 64n) - 1n));
  const product = mulHigh(root, (sigmaPpm << 62n) / PPM);
  const zeros = BigInt(64 - bitLength(product));
  const exponent = doublings + zeros - 2n;
  if (exponent < 0n) throw new RangeError('volatility times the root of time below 1');
  return { mantissa: product << zeros, exponent };
}

/** s / 2 over 2^60. */
export const half = (s: Deviation): bigint => s.mantissa >> (s.exponent + 5n);

/** |ln(a / b)| / s over 2^60, at most twelve. */
export function distance(a: bigint, b: bigint, s: Deviation): bigint {
  if (a === b) return 0n;
  if (s.mantissa === 0n) return FAR;
  const high = a > b ? a : b;
  let low = a > b ? b : a;
  let doublings = 0n;
  while (high >> 1n >= low) {
    low <<= 1n;
    doublings += 1n;
    if (doublings > 14n) return FAR;
  }
  const difference = high - low;
  const sum = high + low;
  if (doublings === 0n) {
    if (difference >= (sum >> s.exponent) * 7n) return FAR;
    const scaled = (difference << (s.exponent + 60n)) / sum;
    const z = s.exponent < 4n ? scaled << (4n - s.exponent) : scaled >> (s.exponent - 4n);
    const ratio = (scaled << 64n) / s.mantissa;
    const result = ratio + mulHigh(ratio, excess(z));
    return result >= HALF_FAR ? FAR : result << 1n;
  }
  const z = (difference << 64n) / sum;
  const ln = doublings * LN2_60 + ((z + mulHigh(z, excess(z))) >> 3n);
  const result = ((ln >> 1n) << 64n) / s.mantissa;
  return result >= HALF_FAR >> s.exponent ? FAR : result << (s.exponent + 1n);
}

/** artanh(z) / z - 1, both over 2^64. */
export function excess(z: bigint): bigint {
  const z2 = mulHigh(z, z);
  let power = z2;
  let sum = 0n;
  for (let n = 3n; power > 0n; n += 2n) {
    sum += power / n;
    power = mulHigh(power, z2);
  }
  return sum;
}

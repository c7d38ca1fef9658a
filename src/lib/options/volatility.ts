import { larger, mulHigh, ONE_E18, smaller, squareRoot, toE18 } from './fixedPoint.ts';
import { excess } from './moneyness.ts';

/** The canister's estimate of volatility (canisters/options/Volatility.mo), to the last digit. A variance is that of one minute's return, x 10^18. */

const PPM = 1_000_000n;
const MINUTES_A_YEAR = 525_600n;
const LARGEST_Z = 0x75c2_8f5c_28f5_c28fn;

/** The variance to start from before any return is known. */
export const seedVariance = (sigmaPpm: bigint): bigint => (sigmaPpm * sigmaPpm * PPM) / MINUTES_A_YEAR;

/** A price of the book: `minute` counted in minutes. */
interface MinutePrice {
  readonly minute: bigint;
  readonly priceE8: bigint;
}

/** The variance after the price of a later minute. */
export function observe(varianceE18: bigint, previous: MinutePrice, next: MinutePrice, lambdaPpm: bigint): bigint {
  if (next.minute <= previous.minute || next.priceE8 === 0n || previous.priceE8 === 0n) return varianceE18;
  const gap = next.minute - previous.minute;
  const kept = power(lambdaPpm, gap);
  const square = squaredReturn(previous.priceE8, next.priceE8) / gap;
  return (varianceE18 * kept) / ONE_E18 + (square * (ONE_E18 - kept)) / ONE_E18;
}

/** From the estimate to the volatility a tenor is priced with. */
interface VolatilityUse {
  readonly scalePpm: bigint;
  readonly floorSigmaPpm: bigint;
  readonly ceilingSigmaPpm: bigint;
}

/** The volatility, ppm a year. */
export function sigmaOf(varianceE18: bigint, { scalePpm, floorSigmaPpm, ceilingSigmaPpm }: VolatilityUse): bigint {
  const sigma = squareRoot((varianceE18 * MINUTES_A_YEAR) / PPM);
  return larger(floorSigmaPpm, smaller((sigma * scalePpm) / PPM, ceilingSigmaPpm));
}

function squaredReturn(a: bigint, b: bigint): bigint {
  const z = ((a > b ? a - b : b - a) << 64n) / (a + b);
  if (z >= LARGEST_Z) return ONE_E18;
  const ln = (z + mulHigh(z, excess(z))) << 1n;
  return toE18(mulHigh(ln, ln));
}

function power(lambdaPpm: bigint, exponent: bigint): bigint {
  let result = ONE_E18;
  let base = lambdaPpm * 10n ** 12n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * base) / ONE_E18;
    base = (base * base) / ONE_E18;
  }
  return result;
}

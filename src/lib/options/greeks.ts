import { mulHigh, ONE_E18, toE18 } from './fixedPoint.ts';
import { deviation, distance, half, type Deviation } from './moneyness.ts';
import { normalDensity, normalTail } from './normal.ts';
import type { Conditions } from './pricing.ts';
import type { Direction } from './types.ts';

/**
 * How a fair value moves, as changes of the share x 10^18 (of payout or notional): `delta` for a price that is 0.01 % higher, `gamma` the change of that
 * delta for another 0.01 %, `vega` for one percentage point more volatility, `theta` for one minute that passes. The same digits as
 * canisters/options/Greeks.mo, which has the formulas.
 */
export interface Greeks {
  readonly delta: bigint;
  readonly gamma: bigint;
  readonly vega: bigint;
  readonly theta: bigint;
}

const NONE: Greeks = { delta: 0n, gamma: 0n, vega: 0n, theta: 0n };
const E4 = 10n ** 4n;
const E8 = 10n ** 8n;

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);
const density = (d: bigint): bigint => toE18(normalDensity(magnitude(d) << 2n));
function normal(d: bigint): bigint {
  const tail = toE18(normalTail(magnitude(d) << 2n));
  return d < 0n ? tail : ONE_E18 - tail;
}

/** d1 and d2 over 2^58. */
function points(spot: bigint, strike: bigint, s: Deviation): { d1: bigint; d2: bigint } {
  const away = distance(spot, strike, s) >> 2n;
  const m = spot >= strike ? away : -away;
  const h = half(s) >> 2n;
  return { d1: m + h, d2: m - h };
}

// Quotients of bigint are rounded towards zero, as the canister's are.
const withSign = (x: bigint, value: bigint): bigint => (x < 0n ? -value : value);
const timesDeviation = (x: bigint, s: Deviation): bigint => withSign(x, mulHigh(magnitude(x), s.mantissa) >> s.exponent);
const overDeviation = (x: bigint, mantissa: bigint, exponent: bigint, denominator: bigint): bigint =>
  withSign(x, (((magnitude(x) << 64n) / mantissa) << exponent) / denominator);

export function digitalGreeks(direction: Direction, strikeE8: bigint, { spotE8, sigmaPpm, seconds }: Conditions): Greeks {
  const s = deviation(sigmaPpm, seconds);
  if (s.mantissa === 0n) return NONE;
  const { d1, d2 } = points(spotE8, strikeE8, s);
  const n = density(d1);
  const sign = direction === 'call' ? 1n : -1n;
  const turned = (d2 * n) / (1n << 58n);
  const bent = overDeviation(((d1 + (d1 - d2)) * n) / (1n << 58n), s.mantissa, 0n, 1n);
  return {
    delta: sign * overDeviation(n, s.mantissa, s.exponent, E4),
    gamma: -sign * overDeviation(bent, s.mantissa, 2n * s.exponent, E8),
    vega: -sign * ((turned * E4) / sigmaPpm),
    theta: sign * ((turned * 30n) / seconds)
  };
}

export function cappedGreeks(direction: Direction, strikeE8: bigint, capE8: bigint, { spotE8, sigmaPpm, seconds }: Conditions): Greeks {
  const s = deviation(sigmaPpm, seconds);
  if (s.mantissa === 0n) return NONE;
  const other = direction === 'call' ? strikeE8 + capE8 : strikeE8 - capE8;
  const long = points(spotE8, strikeE8, s);
  const short = points(spotE8, other, s);
  const ofSpot = (x: bigint, strike: bigint): bigint => (x * strike) / spotE8;
  const [slope, weight] =
    direction === 'call'
      ? [ofSpot(normal(long.d2), strikeE8) - ofSpot(normal(short.d2), other), density(long.d1) - density(short.d1)]
      : [ofSpot(normal(-short.d2), strikeE8) - ofSpot(normal(-long.d2), strikeE8), density(long.d1) - ofSpot(density(short.d2), strikeE8)];
  const moved = timesDeviation(weight, s);
  return {
    delta: slope / E4,
    gamma: overDeviation(weight, s.mantissa, s.exponent, E8) - (slope * 2n) / E8,
    vega: (moved * E4) / sigmaPpm,
    theta: -((moved * 30n) / seconds)
  };
}

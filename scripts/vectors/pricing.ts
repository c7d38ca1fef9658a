// Writes tests/vectors/*.csv: exact fair values, Greeks and estimates of volatility over the range product prices must be right in. The canister and the
// browser are both held against them. Run it with `node scripts/vectors/pricing.ts`; the same rows come out every time.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.ts';
import { cappedCases, digitalCases, greeksCases, series, type Case } from './cases.ts';
import { decimals, div, ln, mul, normal, one, ratio, sqrt } from './exact.ts';

const YEAR_S = 31_536_000n;
const MINUTES_A_YEAR = 525_600n;

/** Price, strike and cap in units of the strike's own, volatility and time in years, all fractions. */
interface Exact {
  spot: bigint;
  strike: bigint;
  cap: bigint;
  sigma: bigint;
  time: bigint;
}

const exactOf = ({ spotE8, strikeE8, capE8, sigmaPpm, seconds }: Case): Exact => ({
  spot: one,
  strike: ratio(strikeE8, spotE8),
  cap: ratio(capE8, spotE8),
  sigma: ratio(sigmaPpm, 1_000_000n),
  time: ratio(seconds, YEAR_S)
});

function points(spot: bigint, strike: bigint, { sigma, time }: Exact): { d1: bigint; d2: bigint } {
  const s = mul(sigma, sqrt(time));
  const d1 = div(ln(div(spot, strike)) + mul(s, s) / 2n, s);
  return { d1, d2: d1 - s };
}

/** N(d1): what a digital call that pays bitcoin is worth, as a share of the payout. */
const digitalCall = (option: Exact): bigint => normal(points(option.spot, option.strike, option).d1);

function call(strike: bigint, option: Exact): bigint {
  const { d1, d2 } = points(option.spot, strike, option);
  return mul(option.spot, normal(d1)) - mul(strike, normal(d2));
}
function put(strike: bigint, option: Exact): bigint {
  const { d1, d2 } = points(option.spot, strike, option);
  return mul(strike, normal(-d2)) - mul(option.spot, normal(-d1));
}

/** (C(K) - C(K + cap)) / S */
const cappedCall = (option: Exact): bigint => div(call(option.strike, option) - call(option.strike + option.cap, option), option.spot);

/** (P(K) - (K/L) P(L)) / S, L = K - cap */
function cappedPut(option: Exact): bigint {
  const { spot, strike, cap } = option;
  const lower = strike - cap;
  return div(put(strike, option) - mul(div(strike, lower), put(lower, option)), spot);
}

/** A small step for differences: their error is its square. */
const step = one / 10n ** 22n;

/** delta, gamma, vega, theta in the canister's units, by central differences of the value. */
function greeks(value: (option: Exact) => bigint, option: Exact): bigint[] {
  const at = (changes: Partial<Exact>): bigint => value({ ...option, ...changes });
  const slope = (up: bigint, down: bigint): bigint => div(up - down, 2n * step);
  const up = at({ spot: option.spot + step });
  const down = at({ spot: option.spot - step });
  const middle = at({});
  return [
    slope(up, down) / 10_000n,
    div(div(up - 2n * middle + down, step), step) / 100_000_000n,
    slope(at({ sigma: option.sigma + step }), at({ sigma: option.sigma - step })) / 100n,
    -slope(at({ time: option.time + step }), at({ time: option.time - step })) / MINUTES_A_YEAR
  ];
}

const csv = (header: string, rows: string[]): string => `${[header, ...rows].join('\n')}\n`;
const INPUT = 'spot_e8,strike_e8,cap_e8,sigma_ppm,seconds';
const inputOf = (row: Case): string => [row.spotE8, row.strikeE8, row.capE8, row.sigmaPpm, row.seconds].join(',');

/** The share of a digital call, with 30 decimals. */
export const digitalCsv = (): string =>
  csv(
    'spot_e8,strike_e8,sigma_ppm,seconds,call_share',
    digitalCases().map((row) => [row.spotE8, row.strikeE8, row.sigmaPpm, row.seconds, decimals(digitalCall(exactOf(row)), 30)].join(','))
  );

/** The shares of a capped call and put. */
export const cappedCsv = (): string =>
  csv(
    `${INPUT},call_share,put_share`,
    cappedCases().map((row) => [inputOf(row), decimals(cappedCall(exactOf(row)), 30), decimals(cappedPut(exactOf(row)), 30)].join(','))
  );

/** delta, gamma, vega and theta of a digital call, a capped call and a capped put, with 24 decimals. */
export const greeksCsv = (): string => {
  const names = ['digital_call', 'capped_call', 'capped_put'].flatMap((name) =>
    ['delta', 'gamma', 'vega', 'theta'].map((greek) => `${name}_${greek}`)
  );
  const rows = greeksCases().map((row) => {
    const values = [digitalCall, cappedCall, cappedPut].flatMap((value) => greeks(value, exactOf(row)));
    return [inputOf(row), ...values.map((value) => decimals(value, 24))].join(',');
  });
  return csv(`${INPUT},${names.join(',')}`, rows);
};

/** The variance of a minute after each price, with 24 decimals; a series starts at its seed. */
export const volatilityCsv = (): string => {
  const rows = series().flatMap(({ lambdaPpm, seedPpm, prices }) => {
    let variance = ratio(seedPpm * seedPpm, 1_000_000_000_000n * MINUTES_A_YEAR);
    return prices.map(({ minute, priceE8 }, index) => {
      const previous = prices[index - 1];
      if (previous !== undefined) {
        const gap = minute - previous.minute;
        const change = ln(ratio(priceE8, previous.priceE8));
        const kept = powerOf(ratio(lambdaPpm, 1_000_000n), gap);
        variance = mul(kept, variance) + mul(one - kept, mul(change, change)) / gap;
      }
      return [lambdaPpm, seedPpm, minute, priceE8, decimals(variance, 24)].join(',');
    });
  });
  return csv('lambda_ppm,seed_ppm,minute,price_e8,variance', rows);
};

function powerOf(base: bigint, exponent: bigint): bigint {
  let result = one;
  for (let left = exponent; left > 0n && result > 0n; left -= 1n) result = mul(result, base);
  return result;
}

/** What each file holds. */
const vectorFiles: Record<string, () => string> = {
  'digital.csv': digitalCsv,
  'capped.csv': cappedCsv,
  'greeks.csv': greeksCsv,
  'volatility.csv': volatilityCsv
};

if (import.meta.main) {
  for (const [name, text] of Object.entries(vectorFiles)) writeFileSync(join(root, 'tests/vectors', name), text());
}

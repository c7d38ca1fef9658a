// Writes tests/vectors/pricing.csv: exact values of the digital option's fair share over the range product prices must be right in.
// Run it with `node scripts/vectors/pricing.ts`; the same rows come out every time.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.ts';
import { decimals, ln, normal, one, ratio, sqrt } from './exact.ts';

const YEAR_S = 31_536_000n;

interface DigitalCase {
  spotE8: bigint;
  strikeE8: bigint;
  sigmaPpm: bigint;
  seconds: bigint;
}

/** N(d1), d1 = (ln(S/K) + s^2/2) / s, s = sigma sqrt(t): what a digital call that pays bitcoin is worth, as a share of the payout. */
function callShare({ spotE8, strikeE8, sigmaPpm, seconds }: DigitalCase): bigint {
  const s = sqrt(ratio(sigmaPpm * sigmaPpm * seconds, 1_000_000_000_000n * YEAR_S));
  const d1 = ((ln(ratio(spotE8, strikeE8)) + (s * s) / one / 2n) * one) / s;
  return normal(d1);
}

/** A fixed sequence of pseudo-random numbers below `bound` (a 64-bit linear congruential generator, Knuth's MMIX constants). */
function sequence(seed: bigint): (bound: bigint) => bigint {
  let state = seed;
  return (bound) => {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    return (state >> 20n) % bound;
  };
}

/** The corners of the range, strikes at and next to the money, and points all over. */
function cases(): DigitalCase[] {
  const rows: DigitalCase[] = [];
  const add = (spotE8: bigint, strikePpm: bigint, sigmaPpm: bigint, seconds: bigint): void => {
    rows.push({ spotE8, strikeE8: (spotE8 * strikePpm) / 1_000_000n, sigmaPpm, seconds });
  };
  const spots = [100_000_000_000n, 2_800_000_000_000n, 100_000_000_000_000n];
  for (const spot of spots) {
    for (const sigma of [100_000n, 600_000n, 3_000_000n]) {
      for (const seconds of [60n, 300n, 900n, 14_400n, 86_400n, 2_592_000n]) {
        for (const strike of [500_000n, 950_000n, 999_000n, 999_900n, 1_000_000n, 1_000_100n, 1_001_000n, 1_050_000n, 2_000_000n]) {
          add(spot, strike, sigma, seconds);
        }
      }
    }
  }
  const random = sequence(20_260_101n);
  for (let index = 0; index < 400; index += 1) {
    const spot = 100_000_000_000n + random(99_900_000_000_000n);
    const sigma = 100_000n + random(2_900_001n);
    const seconds = 60n + random(index % 2 === 0 ? 14_400n : 2_591_941n);
    // Half the strikes within three deviations of the price, where the value isn't simply 0 or 1.
    const deviationPpm = BigInt(Math.max(1, Math.round(Number(sigma) * Math.sqrt(Number(seconds) / 31_536_000))));
    const near = 1_000_000n - 3n * deviationPpm + random(6n * deviationPpm + 1n);
    const strike = index % 4 < 2 ? near : 500_000n + random(1_500_001n);
    add(spot, strike < 500_000n ? 500_000n : strike > 2_000_000n ? 2_000_000n : strike, sigma, seconds);
  }
  return rows;
}

/** The file's text: a header and a row per case; the share with 30 decimals. */
export function pricingCsv(): string {
  const rows = cases().map((row) => [row.spotE8, row.strikeE8, row.sigmaPpm, row.seconds, decimals(callShare(row), 30)].join(','));
  return `${['spot_e8,strike_e8,sigma_ppm,seconds,call_share', ...rows].join('\n')}\n`;
}

if (import.meta.main) writeFileSync(join(root, 'tests/vectors/pricing.csv'), pricingCsv());

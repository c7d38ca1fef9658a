import { ceilDiv, larger, ONE_E18, smaller, toE18 } from './fixedPoint.ts';
import { deviation, distance, half, type Deviation } from './moneyness.ts';
import { normalTail } from './normal.ts';
import { maxCappedPayoutSats } from './cappedPayout.ts';
import type { Direction } from './types.ts';

/**
 * Fair values as the options canister computes them (canisters/options/Pricing.mo, FairValue.mo), to the last digit. Shares are x 10^18; prices, strikes
 * and caps USD x 10^8; volatility ppm a year; time seconds.
 */

const PPM = 1_000_000n;
const MIN_SIGMA_PPM = 100_000n;
const MAX_SIGMA_PPM = 3_000_000n;

/** What a fair value depends on besides the option: price, volatility and time. */
export interface Conditions {
  readonly spotE8: bigint;
  readonly sigmaPpm: bigint;
  readonly seconds: bigint;
}

const nearer = (d: bigint, h: bigint): bigint => (d >= h ? normalTail(d - h) : (1n << 64n) - normalTail(h - d));

/** The fair value of a digital as a share of its payout: N(d1) for a call, the rest for a put. */
export function digitalShare(direction: Direction, strikeE8: bigint, { spotE8, sigmaPpm, seconds }: Conditions): bigint {
  const s = deviation(sigmaPpm, seconds);
  const d = distance(spotE8, strikeE8, s);
  const call = strikeE8 >= spotE8 ? toE18(nearer(d, half(s))) : ONE_E18 - toE18(normalTail(d + half(s)));
  return direction === 'call' ? call : ONE_E18 - call;
}

/** The option out of the money, a call when the strike is at or above the price, else a put, as a share of the price over 2^64. */
function outOfTheMoney(spot: bigint, strike: bigint, s: Deviation): bigint {
  const d = distance(spot, strike, s);
  const near = nearer(d, half(s));
  const far = normalTail(d + half(s));
  const value = strike >= spot ? near - (far * strike) / spot : (near * strike) / spot - far;
  return larger(value, 0n);
}

/** The fair value of a capped option as a share of its notional; strike > cap > 0. */
export function cappedShare(direction: Direction, strikeE8: bigint, capE8: bigint, { spotE8, sigmaPpm, seconds }: Conditions): bigint {
  const s = deviation(sigmaPpm, seconds);
  const other = direction === 'call' ? strikeE8 + capE8 : strikeE8 - capE8;
  const long = outOfTheMoney(spotE8, strikeE8, s);
  const short = outOfTheMoney(spotE8, other, s);
  const ofSpot = (x: bigint): bigint => (x * ONE_E18) / spotE8;
  const most = (capE8 * ONE_E18) / other;
  if (direction === 'call') {
    const certain = ofSpot(spotE8 <= strikeE8 ? 0n : smaller(spotE8 - strikeE8, capE8));
    return smaller(plusDifference(certain, long, short), most);
  }
  const certain = spotE8 >= strikeE8 ? 0n : spotE8 > other ? ofSpot(strikeE8 - spotE8) : most;
  return smaller(plusDifference(certain, long, (short * strikeE8) / other), most);
}

/** certain (x 10^18) + plus - minus (over 2^64), not below 0, x 10^18. */
function plusDifference(certain: bigint, plus: bigint, minus: bigint): bigint {
  return plus >= minus ? certain + toE18(plus - minus) : larger(certain - toE18(minus - plus), 0n);
}

/** The fair value of a digital in sats, rounded up. */
export const digitalFairSats = (direction: Direction, payoutSats: bigint, strikeE8: bigint, conditions: Conditions): bigint =>
  ceilDiv(payoutSats * digitalShare(direction, strikeE8, conditions), ONE_E18);

/** The fair value of a capped option in sats, rounded up, at most its largest payout. */
export function cappedFairSats(
  direction: Direction,
  notionalSats: bigint,
  strikeE8: bigint,
  capE8: bigint,
  conditions: Conditions
): bigint {
  const fair = ceilDiv(notionalSats * cappedShare(direction, strikeE8, capE8, conditions), ONE_E18);
  return smaller(fair, maxCappedPayoutSats(direction, notionalSats, strikeE8, capE8));
}

/** The volatilities the house asks the dearer of, ppm. */
export function volatilityBand(sigmaPpm: bigint, bandPpm: bigint): { low: bigint; high: bigint } {
  const width = (sigmaPpm * smaller(bandPpm, PPM)) / PPM;
  return {
    low: larger(sigmaPpm - width, smaller(sigmaPpm, MIN_SIGMA_PPM)),
    high: smaller(sigmaPpm + width, larger(sigmaPpm, MAX_SIGMA_PPM))
  };
}

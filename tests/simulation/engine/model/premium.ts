// What the house asks, as options.did says it beside Quote.
import type { Settings, Tenor } from '../../../../src/lib/canisters/options/options.did.js';
import { fairSats, type Contract } from './exact.ts';

const ppm = 1_000_000n;
const up = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor;
const most = (...values: bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export interface Cost {
  sigma: bigint;
  fair: bigint;
  spread: bigint;
  skew: bigint;
  premium: bigint;
  largest: bigint;
}

export interface Priced {
  contract: Contract;
  largest: bigint;
  tenor: Tenor;
  sigma: bigint;
  spot: bigint;
  strike: bigint;
  seconds: bigint;
}

/** The share of the treasury's money that is held back for `held` sats, ppm, rounded up. */
export function utilisation(held: bigint, treasuryTotal: bigint): bigint {
  if (held === 0n) return 0n;
  return held >= treasuryTotal ? ppm : up(held * ppm, treasuryTotal);
}

/** @param utilisationAfter with this contract's largest payout held back, too */
export function cost(priced: Priced, settings: Settings, utilisationAfter: bigint): Cost {
  const { contract, largest, tenor, sigma, spot, strike, seconds } = priced;
  const at = (volatility: bigint): bigint => {
    const fair = fairSats(contract, spot, strike, volatility, seconds);
    return contract.kind === 'capped' ? least(fair, largest) : fair;
  };
  const width = (sigma * tenor.band_ppm) / ppm;
  const low = most(sigma - width, least(sigma, 100_000n));
  const high = least(sigma + width, most(sigma, 3_000_000n));
  const fair = at(sigma);
  const dearest = width === 0n ? fair : most(fair, at(low), at(high));
  const skew = up(dearest * settings.max_skew_ppm * utilisationAfter, ppm * ppm);
  const margin = most(up(dearest * settings.spread_ppm, ppm), settings.min_spread_sats);
  const minimum = most(settings.min_premium_sats, up(largest * settings.premium_floor_ppm, ppm));
  const premium = most(dearest + margin + skew, minimum);
  return { sigma, fair, spread: premium - fair - skew, skew, premium, largest };
}

/** Too small a share of what it can pay to be sold. */
export const isTooFar = ({ fair, largest }: Cost, settings: Settings): boolean => fair < up(largest * settings.min_share_ppm, ppm);

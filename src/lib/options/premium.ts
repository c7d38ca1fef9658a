import { ceilDiv, larger } from './fixedPoint.ts';
import { volatilityBand } from './pricing.ts';
import type { Settings } from './types.ts';

/** What the house asks beyond the fair value, as canisters/options/Premium.mo does. Sats. */

const PPM = 1_000_000n;

type PremiumParameters = Pick<
  Settings,
  'spreadPpm' | 'minSpreadSats' | 'maxSkewPpm' | 'minPremiumSats' | 'premiumFloorPpm' | 'minSharePpm'
>;

/** premium = fair + spread + skew */
interface Premium {
  readonly fair: bigint;
  readonly spread: bigint;
  readonly skew: bigint;
  readonly premium: bigint;
}

/** `dearest`: at whichever of the central volatility and the two ends of the band the option is dearest. */
interface Worth {
  readonly fair: bigint;
  readonly dearest: bigint;
}

/** @param fairSats the fair value at a volatility in ppm */
export function worthOf(sigmaPpm: bigint, bandPpm: bigint, fairSats: (sigmaPpm: bigint) => bigint): Worth {
  const fair = fairSats(sigmaPpm);
  if (bandPpm === 0n) return { fair, dearest: fair };
  const { low, high } = volatilityBand(sigmaPpm, bandPpm);
  return { fair, dearest: larger(fair, larger(fairSats(low), fairSats(high))) };
}

/** @param maxPayoutSats a digital's payout, the most a capped option can pay */
export function premiumOf(
  { fair, dearest }: Worth,
  maxPayoutSats: bigint,
  parameters: PremiumParameters,
  utilisationAfterPpm: bigint
): Premium {
  const skew = ceilDiv(dearest * parameters.maxSkewPpm * utilisationAfterPpm, PPM * PPM);
  const margin = larger(ceilDiv(dearest * parameters.spreadPpm, PPM), parameters.minSpreadSats);
  const least = larger(parameters.minPremiumSats, ceilDiv(maxPayoutSats * parameters.premiumFloorPpm, PPM));
  const premium = larger(dearest + margin + skew, least);
  return { fair, spread: premium - fair - skew, skew, premium };
}

/** Whether a fair value is too small a share of the most an option can pay for it to be sold. */
export const isTooFar = (fair: bigint, maxPayoutSats: bigint, { minSharePpm }: Pick<Settings, 'minSharePpm'>): boolean =>
  fair * PPM < maxPayoutSats * minSharePpm;

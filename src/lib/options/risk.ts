import type { Instrument } from './types';

export interface Risk {
  /**
   * The settlement price at which the payout is the premium, USD x 10^8; beyond it there is a profit. A digital has its whole gain on one side of
   * the strike. undefined: the premium is above the payout, so there is none.
   */
  readonly breakEvenE8: bigint | undefined;
  /** Above (call) or below (put) the break-even is where it gains. */
  readonly pays: 'above' | 'below';
  readonly maxLossSats: bigint;
  /** Negative when the premium is above the payout: such an order can only lose. */
  readonly maxGainSats: bigint;
}

/** What a buyer can lose and gain. `largestSats`: the most the option can pay at this strike. */
export function riskOf(instrument: Instrument, strikeE8: bigint, premiumSats: bigint, largestSats: bigint): Risk {
  return {
    breakEvenE8: premiumSats > largestSats ? undefined : breakEven(instrument, strikeE8, premiumSats),
    pays: instrument.direction === 'call' ? 'above' : 'below',
    maxLossSats: premiumSats,
    maxGainSats: largestSats - premiumSats
  };
}

/**
 * Where notional * |S - K| / S equals the premium: S = K * notional / (notional - premium) for a call, / (notional + premium) for a put, rounded
 * away from the strike, so that the payout there is at least the premium but for the rounding of a satoshi.
 */
function breakEven(instrument: Instrument, strikeE8: bigint, premiumSats: bigint): bigint | undefined {
  if (instrument.kind === 'digital') return strikeE8;
  const { direction, notionalSats } = instrument;
  if (direction === 'put') return (strikeE8 * notionalSats) / (notionalSats + premiumSats);
  const rest = notionalSats - premiumSats;
  return rest > 0n ? (strikeE8 * notionalSats + rest - 1n) / rest : undefined;
}

import type { Instrument } from './types';

export interface Risk {
  /** The price beyond which the option pays, USD x 10^8. A digital has its whole gain on one side of the strike. */
  readonly breakEvenE8: bigint;
  /** Above (call) or below (put) the break-even is where it pays. */
  readonly pays: 'above' | 'below';
  readonly maxLossSats: bigint;
  readonly maxGainSats: bigint;
}

/** What a buyer can lose and gain. The gain is negative when the premium is above the payout: such an order can only lose. */
export function riskOf(instrument: Instrument, strikeE8: bigint, premiumSats: bigint): Risk {
  return {
    breakEvenE8: strikeE8,
    pays: instrument.direction === 'call' ? 'above' : 'below',
    maxLossSats: premiumSats,
    maxGainSats: instrument.payoutSats - premiumSats
  };
}

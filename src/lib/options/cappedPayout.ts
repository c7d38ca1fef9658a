import type { Direction } from './types.ts';

const MOST = (1n << 64n) - 1n;

/** The most a capped option can pay, sats, rounded down; more than the canister's word holds is the largest word, as there. */
export function maxCappedPayoutSats(direction: Direction, notionalSats: bigint, strikeE8: bigint, capE8: bigint): bigint {
  const most = (notionalSats * capE8) / (direction === 'call' ? strikeE8 + capE8 : strikeE8 - capE8);
  return most > MOST ? MOST : most;
}

/**
 * What a capped option pays at a settlement price, sats, rounded down: notional * min(max(S - K, 0), cap) / S for a call, min(max(K - S, 0), cap) for a
 * put, never more than its maximum (canisters/options/Payoff.mo).
 */
export function cappedPayoutSats(
  direction: Direction,
  notionalSats: bigint,
  strikeE8: bigint,
  capE8: bigint,
  settlementE8: bigint
): bigint {
  const distance = direction === 'call' ? settlementE8 - strikeE8 : strikeE8 - settlementE8;
  if (distance <= 0n) return 0n;
  const payout = (notionalSats * (distance < capE8 ? distance : capE8)) / settlementE8;
  const most = maxCappedPayoutSats(direction, notionalSats, strikeE8, capE8);
  return payout < most ? payout : most;
}

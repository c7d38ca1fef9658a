import { toCents } from '../money/formatUsd';
import type { Direction, Fill, Instrument, Outcome, Position, Receipt } from './types';

export interface Settlement {
  readonly outcome: Outcome;
  readonly payoutSats: bigint;
  /** payout - premium; negative when the option lost. */
  readonly profitSats: bigint;
}

/**
 * Win, tie or loss of a digital option. Price and strike are compared in cents, each rounded half up: equal cents tie, as
 * the options canister decides it.
 */
export function digitalOutcome(direction: Direction, strikeE8: bigint, priceE8: bigint): Outcome {
  const distance = toCents(priceE8) - toCents(strikeE8);
  if (distance === 0n) return 'tie';
  return distance > 0n === (direction === 'call') ? 'win' : 'loss';
}

/** What a position must pay at a settlement price: win pays the fixed payout, a tie gives the premium back, a loss pays nothing. */
export function settlementAt(instrument: Instrument, fill: Pick<Fill, 'strikeE8' | 'premiumSats'>, priceE8: bigint): Settlement {
  const outcome = digitalOutcome(instrument.direction, fill.strikeE8, priceE8);
  const payoutSats = outcome === 'win' ? instrument.payoutSats : outcome === 'tie' ? fill.premiumSats : 0n;
  return { outcome, payoutSats, profitSats: payoutSats - fill.premiumSats };
}

/** Where a receipt differs from our own calculation; empty when every figure agrees. Names of the fields, in a fixed order. */
export function receiptMismatches(position: Position, fill: Fill, receipt: Receipt): string[] {
  const expected = settlementAt(position.instrument, fill, receipt.priceE8);
  const checks: [string, boolean][] = [
    ['position', receipt.positionId === position.id],
    ['price minute', receipt.priceMinuteNs === position.expiryNs],
    ['outcome', receipt.outcome === expected.outcome],
    ['premium', receipt.premiumSats === fill.premiumSats],
    ['payout', receipt.payoutSats === expected.payoutSats],
    ['profit', receipt.profitSats === expected.profitSats]
  ];
  return checks.filter(([, agrees]) => !agrees).map(([name]) => name);
}

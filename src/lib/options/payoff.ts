import { toCents } from '../money/formatUsd';
import { cappedPayoutSats, maxCappedPayoutSats } from './cappedPayout';
import { MINUTE_NS } from './minutes';
import type { Direction, Fill, Instrument, Outcome, Position, PriceEntry, Receipt } from './types';

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

/** The most an option with this strike can pay, sats. The cap of a capped one lies below the strike. */
export function largestPayout(instrument: Instrument, strikeE8: bigint): bigint {
  if (instrument.kind === 'digital') return instrument.payoutSats;
  return maxCappedPayoutSats(instrument.direction, instrument.notionalSats, strikeE8, instrument.capE8);
}

/**
 * What a position must pay at a settlement price. A digital: a win pays the fixed payout, a tie gives the premium back, a loss pays nothing.
 * A capped option has no tie: it pays something, which is a win, or nothing.
 */
export function settlementAt(instrument: Instrument, fill: Pick<Fill, 'strikeE8' | 'premiumSats'>, priceE8: bigint): Settlement {
  const [outcome, payoutSats] = resultAt(instrument, fill, priceE8);
  return { outcome, payoutSats, profitSats: payoutSats - fill.premiumSats };
}

function resultAt(instrument: Instrument, fill: Pick<Fill, 'strikeE8' | 'premiumSats'>, priceE8: bigint): [Outcome, bigint] {
  if (instrument.kind === 'capped') {
    const { direction, notionalSats, capE8 } = instrument;
    const payoutSats = cappedPayoutSats(direction, notionalSats, fill.strikeE8, capE8, priceE8);
    return [payoutSats > 0n ? 'win' : 'loss', payoutSats];
  }
  const outcome = digitalOutcome(instrument.direction, fill.strikeE8, priceE8);
  return [outcome, outcome === 'win' ? instrument.payoutSats : outcome === 'tie' ? fill.premiumSats : 0n];
}

/** The minutes whose prices settle an expiry, first to last: the expiry itself, or for long tenors the ten minutes up to it. */
export function settlementMinutes(expiryNs: bigint, settlesAtMean: boolean): bigint[] {
  const back = settlesAtMean ? 9n : 0n;
  return Array.from({ length: Number(back) + 1 }, (_, index) => expiryNs - (back - BigInt(index)) * MINUTE_NS);
}

/** The settlement price that follows from the price book: one minute's, or the mean of ten, all ten needed, rounded down. undefined while one is missing. */
export function settlementPrice(prices: readonly PriceEntry[], expiryNs: bigint, settlesAtMean: boolean): bigint | undefined {
  const minutes = settlementMinutes(expiryNs, settlesAtMean);
  let sum = 0n;
  for (const minute of minutes) {
    const entry = prices.find(({ minuteNs }) => minuteNs === minute);
    if (entry === undefined) return undefined;
    sum += entry.priceE8;
  }
  return sum / BigInt(minutes.length);
}

/** What has been filled, whatever became of it; undefined before the fill and for a state this page doesn't know. */
export function fillOf({ state }: Position): Fill | undefined {
  return 'fill' in state ? state.fill : undefined;
}

/** The most a position can pay: at its strike once there is one, before that what the order let the treasury reserve. */
export function positionLargestPayout(position: Position): bigint {
  const fill = fillOf(position);
  return fill === undefined ? position.maxPayoutSats : largestPayout(position.instrument, fill.strikeE8);
}

/** Where a receipt differs from our own calculation; empty when every figure agrees. Names of the fields, in a fixed order. */
export function receiptMismatches(position: Position, fill: Fill, receipt: Receipt): string[] {
  const expected = settlementAt(position.instrument, fill, receipt.priceE8);
  const checks: [string, boolean][] = [
    // A premium that was given back is not followed by a payout.
    ['state', position.state.kind !== 'voided'],
    ['position', receipt.positionId === position.id],
    ['price minute', receipt.priceMinuteNs === position.expiryNs],
    ['outcome', receipt.outcome === expected.outcome],
    ['premium', receipt.premiumSats === fill.premiumSats],
    ['payout', receipt.payoutSats === expected.payoutSats],
    ['profit', receipt.profitSats === expected.profitSats]
  ];
  return checks.filter(([, agrees]) => !agrees).map(([name]) => name);
}

import { minuteAtOrAfter } from './minutes';
import { toCents } from '../money/formatUsd';
import type { LegacyPosition } from './legacy';
import type { Outcome } from './types';

/** Payout in cents per contract of 1 USD premium, by expiry text and offset of the strike from the entry price in cents. */
const PAYOUT_CENTS: Readonly<Record<string, Readonly<Record<string, bigint>>>> = {
  '5s': { 250: 333n, 500: 400n, 1000: 1000n, 1500: 2000n },
  '10s': { 250: 286n, 500: 333n, 1000: 667n, 1500: 1333n },
  '15s': { 250: 250n, 500: 286n, 1000: 500n, 1500: 1000n }
};

const EXPIRY_NS: Readonly<Record<string, bigint>> = { '5s': 5_000_000_000n, '10s': 10_000_000_000n, '15s': 15_000_000_000n };

export type LegacyTerms = Pick<LegacyPosition, 'direction' | 'strikeCents' | 'entryPriceCents' | 'expiry' | 'contracts' | 'premiumCents'>;

export interface LegacyResult {
  readonly outcome: Outcome;
  readonly payoutCents: bigint;
  /** 0 for a tie and for a loss: the legacy interface carries no negative profit. */
  readonly profitCents: bigint;
  readonly priceCents: bigint;
}

/** When a legacy position expires; undefined for an expiry text this platform never knew. */
export function legacyExpiry(position: Pick<LegacyPosition, 'expiry' | 'openedNs'>): bigint | undefined {
  const length = Object.hasOwn(EXPIRY_NS, position.expiry) ? EXPIRY_NS[position.expiry] : undefined;
  return length === undefined ? undefined : position.openedNs + length;
}

/** The minute whose price settles it: the first whole UTC minute at or after its expiry. */
export function legacyPriceMinute(position: Pick<LegacyPosition, 'expiry' | 'openedNs'>): bigint | undefined {
  const expiryNs = legacyExpiry(position);
  return expiryNs === undefined ? undefined : minuteAtOrAfter(expiryNs);
}

/** Cents a winning contract pays; undefined when the table has no such expiry or offset. */
export function legacyPayoutPerContract(terms: Pick<LegacyTerms, 'expiry' | 'strikeCents' | 'entryPriceCents'>): bigint | undefined {
  const distance = terms.strikeCents - terms.entryPriceCents;
  const offset = (distance < 0n ? -distance : distance).toString();
  const row = Object.hasOwn(PAYOUT_CENTS, terms.expiry) ? PAYOUT_CENTS[terms.expiry] : undefined;
  return row !== undefined && Object.hasOwn(row, offset) ? row[offset] : undefined;
}

/**
 * What a legacy position pays at a price (USD x 10^8): the table's payout for every contract when the price is beyond the
 * strike, the premium back when both are equal in whole cents, else nothing. undefined when its terms are not in the table:
 * such a position is shown, never settled.
 */
export function legacySettlementAt(terms: LegacyTerms, priceE8: bigint): LegacyResult | undefined {
  const perContract = legacyPayoutPerContract(terms);
  if (perContract === undefined) return undefined;
  const priceCents = toCents(priceE8);
  const distance = priceCents - terms.strikeCents;
  if (distance === 0n) return { outcome: 'tie', payoutCents: terms.premiumCents, profitCents: 0n, priceCents };
  if (distance > 0n !== (terms.direction === 'call')) return { outcome: 'loss', payoutCents: 0n, profitCents: 0n, priceCents };
  const payoutCents = perContract * terms.contracts;
  return { outcome: 'win', payoutCents, profitCents: payoutCents - terms.premiumCents, priceCents };
}

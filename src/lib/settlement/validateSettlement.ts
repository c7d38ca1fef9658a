import { AppError } from '../errors/AppError';
import { legacyExpiry, legacyPayoutPerContract } from '../options/legacyPayout';
import type { LegacyPosition } from '../options/legacy';
import type { Position } from '../options/types';

function refuse(code: string, message: string): AppError {
  return new AppError({ kind: 'request', code, message });
}

/** Throws a request error unless this position can be settled, or has been: asking for its receipt again is always fine. */
export function requireSettleable(position: Position, nowNs: bigint): void {
  const { kind } = position.state;
  if (kind === 'pending') throw refuse('not_open', 'This order has not been filled yet.');
  if (kind === 'cancelled') throw refuse('not_open', 'This order was cancelled: there is nothing to settle.');
  if (kind === 'voided') throw refuse('already_final', 'This position was voided and its premium returned: there is nothing to settle.');
  if (kind === 'open' && nowNs < position.expiryNs) throw refuse('not_due', 'This position has not expired yet.');
}

/** The same for an active position on the legacy platform. Terms outside its payout table are never settled by guesswork. */
export function requireLegacySettleable(position: LegacyPosition, nowNs: bigint): void {
  const expiryNs = legacyExpiry(position);
  if (expiryNs === undefined || legacyPayoutPerContract(position) === undefined) {
    throw refuse('legacy_terms_unknown', 'The terms of this position are not in the legacy payout table. An operator has to settle it.');
  }
  if (position.contracts <= 0n) throw refuse('legacy_terms_unknown', 'This position has no contracts. An operator has to look at it.');
  if (nowNs < expiryNs) throw refuse('not_due', 'This position has not expired yet.');
}

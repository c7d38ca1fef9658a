import { AppError } from '../errors/AppError';
import { legacyPayoutPerContract, legacyPriceMinute } from '../options/legacyPayout';
import type { LegacyPosition } from '../options/legacy';
import { MINUTE_NS } from '../options/minutes';
import type { Position } from '../options/types';
import type { Home } from './journal';

/** A settlement somebody asks for: which position, where it lives, and who asks. */
export interface SettlementRequest {
  readonly home: Home;
  readonly positionId: bigint;
  readonly owner: string;
}

const ANONYMOUS = '2vxsx-fae';
const HOMES: readonly unknown[] = ['options', 'legacy'] satisfies Home[];
/** No platform has that many positions, and the legacy one need not survive being asked for one. */
const MAX_ID = 1_000_000_000_000n;

function refuse(code: string, message: string): AppError {
  return new AppError({ kind: 'request', code, message });
}

/** Throws unless the request can be meant; callers without types are why its parts are looked at. */
export function requireRequest({ home, positionId, owner }: SettlementRequest): void {
  if (!HOMES.includes(home)) throw refuse('invalid_home', 'A position lives on the exchange or on the legacy platform.');
  if (typeof positionId !== 'bigint' || positionId < 0n || positionId > MAX_ID) {
    throw refuse('invalid_position_id', 'There is no position with such a number.');
  }
  if (owner === '' || owner === ANONYMOUS) throw new AppError({ kind: 'session', code: 'anonymous', message: 'Log in to do this.' });
}

/** Throws a request error unless this position can be settled, or has been: asking for its receipt again is always fine. */
export function requireSettleable(position: Position, { positionId }: SettlementRequest, nowNs: bigint): void {
  if (position.id !== positionId) throw wrongPosition('The exchange');
  const { kind } = position.state;
  if (kind === 'pending') throw refuse('not_open', 'This order has not been filled yet.');
  if (kind === 'cancelled') throw refuse('not_open', 'This order was cancelled: there is nothing to settle.');
  if (kind === 'voided') throw refuse('already_final', 'This position was voided and its premium returned: there is nothing to settle.');
  if (kind === 'unknown') throw refuse('state_unknown', 'The exchange is newer than this page: reload it. The position settles by itself.');
  if (position.expiryNs % MINUTE_NS !== 0n) throw refuse('terms_unknown', 'This position expires between two minutes, at no known price.');
  if (kind === 'open' && nowNs < position.expiryNs) throw refuse('not_due', 'This position has not expired yet.');
}

/** The same for a position on the legacy platform. Terms outside its payout table are never settled by guesswork. */
export function requireLegacySettleable(position: LegacyPosition, { owner }: SettlementRequest, nowNs: bigint): void {
  if (position.owner !== owner) throw refuse('not_yours', 'This position of the legacy platform belongs to somebody else.');
  const minuteNs = legacyPriceMinute(position);
  if (minuteNs === undefined || legacyPayoutPerContract(position) === undefined) {
    throw refuse('legacy_terms_unknown', 'The terms of this position are not in the legacy payout table. An operator has to settle it.');
  }
  if (position.contracts <= 0n) throw refuse('legacy_terms_unknown', 'This position has no contracts. An operator has to look at it.');
  if (nowNs < minuteNs) throw refuse('not_due', 'This position is not due yet: it settles at the first whole minute after its expiry.');
}

/** An answer about another position than the one asked for is no answer. */
export function wrongPosition(who: string): AppError {
  return new AppError({
    kind: 'internal',
    code: 'wrong_position',
    message: `${who} answered with another position. Nothing was sent; report this.`
  });
}

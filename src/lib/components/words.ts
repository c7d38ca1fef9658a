import type { CancelReason, Instrument, MovementKind, Outcome, Position, StrikeChoice, TransferState } from '$lib/options/types';
import { formatUsd } from '$lib/money/formatUsd';

/** First and last group of a principal, enough to recognise one's own: "un4fu-…-dqe". */
export function shortPrincipal(principal: string): string {
  const groups = principal.split('-');
  return groups.length < 4 ? principal : `${groups[0]}-…-${groups.at(-1)}`;
}

const tenorUnits: Record<string, string> = { m: 'min', h: 'h', d: 'd' };

/** A tenor's name as a person reads it: "5m" is "5 min", "daily" stays. */
export function tenorWords(name: string): string {
  const match = /^(\d+)([mhd])$/u.exec(name);
  return match ? `${match[1]} ${tenorUnits[match[2] ?? '']}` : name;
}

export function instrumentWords(instrument: Instrument): string {
  return instrument.direction === 'call' ? 'Digital call' : 'Digital put';
}

/** The strike before it is known: relative to a price that comes with the fill. */
export function strikeWords(strike: StrikeChoice): string {
  if (strike.kind === 'at') return formatUsd(strike.priceE8);
  if (strike.offsetE8 === 0n) return 'At the money';
  return `${formatUsd(strike.offsetE8, 'always')} from fill`;
}

/** The strike once filled, the choice before. */
export function positionStrike(position: Position): string {
  const { state } = position;
  return state.kind === 'open' || state.kind === 'settled' ? formatUsd(state.fill.strikeE8) : strikeWords(position.strike);
}

export const outcomeWords: Record<Outcome, string> = { win: 'Won', tie: 'Tie, premium returned', loss: 'Lost' };

export const cancelWords: Record<CancelReason, string> = {
  by_trader: 'Cancelled by you',
  premium_above_maximum: 'Cancelled: the premium at the fill price was above your maximum',
  payout_above_reserve: 'Cancelled: the payout needed more than was reserved',
  limit_reached: 'Cancelled: a limit of the exchange was reached',
  entry_paused: 'Cancelled: new positions were paused',
  no_price: 'Cancelled: there was no price for the fill minute',
  unknown: 'Cancelled'
};

export const movementWords: Record<MovementKind, string> = {
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  withdrawal_refund: 'Withdrawal returned',
  premium: 'Premium paid',
  payout: 'Payout',
  treasury_funding: 'Treasury funding',
  treasury_withdrawal: 'Treasury withdrawal',
  unknown: 'Other'
};

/** A transfer's state in words; `done` differs for money in and money out. */
export function transferWords(state: TransferState, done: string): string {
  switch (state.kind) {
    case 'in_transit':
      return 'On its way';
    case 'done':
      return `${done} in block ${state.block}`;
    case 'returned':
      return `Returned: ${state.error}`;
    case 'needs_review':
      return `Under review: ${state.error}`;
  }
}

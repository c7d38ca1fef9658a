import type {
  CancelReason,
  DepositTarget,
  Instrument,
  MovementKind,
  Outcome,
  Position,
  StrikeChoice,
  TenorNow,
  TransferState
} from '$lib/options/types';
import { formatBtc } from '$lib/money/formatBtc';
import { formatUsd } from '$lib/money/formatUsd';
import { fillOf } from '$lib/options/payoff';

/** First and last group of a principal, enough to recognise one's own: "un4fu-…-dqe". */
export function shortPrincipal(principal: string): string {
  const groups = principal.split('-');
  return groups.length < 4 ? principal : `${groups[0]}-…-${groups.at(-1)}`;
}

const tenorUnits: Record<string, string> = { m: 'min', h: 'h', d: 'day', w: 'week' };

/** A tenor's name as a person reads it: "5m" is "5 min", "1w" is "1 week", "daily" stays. */
export function tenorWords(name: string): string {
  const [, count, letter = ''] = /^(\d+)([mhdw])$/u.exec(name) ?? [];
  if (count === undefined) return name;
  const plural = 'dw'.includes(letter) && count !== '1' ? 's' : '';
  return `${count} ${tenorUnits[letter]}${plural}`;
}

/** A tenor of the table: those that end at a time of the calendar are named after it. */
export function tenorLabel({ name, schedule }: TenorNow): string {
  if (schedule.kind === 'daily') return 'Daily';
  return schedule.kind === 'weekly' ? 'Weekly' : tenorWords(name);
}

export function instrumentWords({ kind, direction }: Instrument): string {
  return `${kind === 'digital' ? 'Digital' : 'Capped'} ${direction}`;
}

/** What a capped option is on: "0.10000000 BTC, cap $500.00". undefined for a digital, whose payout says it all. */
export function sizeWords(instrument: Instrument): string | undefined {
  return instrument.kind === 'digital' ? undefined : `${formatBtc(instrument.notionalSats)} BTC, cap ${formatUsd(instrument.capE8)}`;
}

/** The strike before it is known: relative to a price that comes with the fill. */
export function strikeWords(strike: StrikeChoice): string {
  if (strike.kind === 'at') return formatUsd(strike.priceE8);
  if (strike.offsetE8 === 0n) return 'At the money';
  return `${formatUsd(strike.offsetE8, 'always')} from fill`;
}

/** The strike once filled, the choice before. */
export function positionStrike(position: Position): string {
  const fill = fillOf(position);
  return fill ? formatUsd(fill.strikeE8) : strikeWords(position.strike);
}

export const outcomeWords: Record<Outcome, string> = { win: 'Won', tie: 'Tie, premium returned', loss: 'Lost' };
export const voidedWords = 'Voided, premium returned';
export const unknownStateWords = 'In a state this page doesn’t know';

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
  void_refund: 'Premium returned, position voided',
  legacy_import: 'Moved from the legacy platform',
  unknown: 'Other'
};

export const targetWords: Record<DepositTarget, string> = {
  account: 'Trader',
  treasury: 'Treasury',
  migration: 'Migration account',
  unknown: 'Other'
};

/** A transfer's state in words; `done` differs for money in and money out. */
export function transferWords(state: TransferState, done: string): string {
  switch (state.kind) {
    case 'awaiting_approval':
      return 'Waits for approval: an operator looks at large withdrawals. Once approved it is sent; if refused, the amount is back in the balance';
    case 'in_transit':
      return 'On its way';
    case 'done':
      return `${done} in block ${state.block}`;
    case 'returned':
      return `Returned: ${state.error}`;
    case 'needs_review':
      return `Under review: ${state.error}`;
    case 'unknown':
      return unknownStateWords;
  }
}

/** The canisters as people know them. */
export const canisterWords: Partial<Record<string, string>> = {
  options: 'the exchange',
  ledger: 'the ckBTC ledger',
  legacy: 'the legacy platform'
};

import { AppError } from '../errors/AppError';
import type { LegacyPosition, LegacySettlement } from '../options/legacy';
import { legacyPriceMinute, legacySettlementAt } from '../options/legacyPayout';
import { fillOf, receiptMismatches, settlementAt } from '../options/payoff';
import type { Outcome, Position, Receipt } from '../options/types';
import type { Home } from './journal';

/** Where a receipt does not agree with the page's own calculation, in words for the audit trail: at most 200 characters each. */
export interface Difference {
  /** Names of the figures. */
  readonly fields: readonly string[];
  readonly expected: string;
  readonly received: string;
}

/** A receipt, and what is wrong with it. */
export interface Settled<T> {
  readonly receipt: T;
  readonly difference: Difference | undefined;
}

/** Holds the options canister's receipt against what follows from the position's own terms at the receipt's price. */
export function checkReceipt(position: Position, receipt: Receipt): Settled<Receipt> {
  const fill = fillOf(position);
  if (fill === undefined) return { receipt, difference: { fields: ['fill'], expected: 'no receipt', received: words(receipt) } };
  const fields = receiptMismatches(position, fill, receipt);
  if (fields.length === 0) return { receipt, difference: undefined };
  const expected = {
    ...settlementAt(position.instrument, fill, receipt.priceE8),
    positionId: position.id,
    premiumSats: fill.premiumSats,
    priceMinuteNs: position.expiryNs
  };
  return { receipt, difference: { fields, expected: words(expected), received: words(receipt) } };
}

/** The same for a settlement on the legacy platform. */
export function checkLegacyReceipt(position: LegacyPosition, receipt: LegacySettlement): Settled<LegacySettlement> {
  const result = legacySettlementAt(position, receipt.priceE8);
  const checks: [string, boolean][] = [
    ['position', receipt.positionId === position.id],
    ['price minute', receipt.priceMinuteNs === legacyPriceMinute(position)],
    ['outcome', receipt.outcome === result?.outcome],
    ['payout', receipt.payoutCents === result?.payoutCents],
    ['profit', receipt.profitCents === result?.profitCents]
  ];
  const fields = checks.filter(([, agrees]) => !agrees).map(([name]) => name);
  if (fields.length === 0) return { receipt, difference: undefined };
  const priceMinuteNs = legacyPriceMinute(position);
  const known = result !== undefined && priceMinuteNs !== undefined;
  const expected = known ? legacyWords({ ...result, positionId: position.id, priceMinuteNs }) : 'unknown terms';
  return { receipt, difference: { fields, expected, received: legacyWords(receipt) } };
}

/** The loudest error there is: either side may be wrong, so nobody should act on the figures before somebody has looked. */
export function mismatchError(home: Home, positionId: bigint, { fields, expected, received }: Difference, reported: boolean): AppError {
  const audit = reported ? ' The exchange’s audit trail has it.' : '';
  const name = home === 'options' ? `position ${positionId}` : `legacy position ${positionId}`;
  return new AppError({
    kind: 'internal',
    code: 'settlement_mismatch',
    canister: 'options',
    message: `The receipt of ${name} does not agree with this page's own calculation (${fields.join(', ')}). Report this before trading on.${audit}`,
    cause: { expected, received }
  });
}

interface Figures {
  readonly positionId: bigint;
  readonly priceMinuteNs: bigint;
  readonly outcome: Outcome;
  readonly premiumSats: bigint;
  readonly payoutSats: bigint;
  readonly profitSats: bigint;
}

function words({ positionId, outcome, premiumSats, payoutSats, profitSats, priceMinuteNs }: Figures): string {
  const text = `position ${positionId}: ${outcome}, premium ${premiumSats}, payout ${payoutSats}, profit ${profitSats} sats, at ${minuteOf(priceMinuteNs)}`;
  return text.slice(0, 200);
}

type LegacyFigures = Pick<LegacySettlement, 'positionId' | 'outcome' | 'payoutCents' | 'profitCents' | 'priceMinuteNs'>;

function legacyWords({ positionId, outcome, payoutCents, profitCents, priceMinuteNs }: LegacyFigures): string {
  const text = `legacy position ${positionId}: ${outcome}, payout ${payoutCents}, profit ${profitCents} cents, at ${minuteOf(priceMinuteNs)}`;
  return text.slice(0, 200);
}

function minuteOf(ns: bigint): string {
  return `${new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 16)}Z`;
}

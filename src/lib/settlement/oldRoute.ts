import { AppError } from '../errors/AppError';
import type { LegacyPosition, LegacySettlement } from '../options/legacy';
import { legacyPriceMinute, legacySettlementAt, type LegacyResult } from '../options/legacyPayout';
import { MINUTE_NS } from '../options/minutes';
import type { Outcome, PriceEntry } from '../options/types';
import type { LegacyRouteContext } from './route';
import { requireLegacySettleable, wrongPosition, type SettlementRequest } from './validateSettlement';

/**
 * The old route: the browser records the settlement on the legacy platform, at a certified price, right after reading the position.
 * @param justRead the position, if nothing else was tried since it was read
 */
export async function settleByOldRoute(
  context: LegacyRouteContext,
  request: SettlementRequest,
  justRead: LegacyPosition | undefined
): Promise<LegacySettlement> {
  const { legacy, calls } = context;
  const position = justRead ?? (await calls.ask('legacy', () => legacy.getPosition(request.positionId)));
  if (position.id !== request.positionId) throw wrongPosition('The legacy platform');
  if (position.state.kind === 'settled') return settledThere(context, position);
  requireLegacySettleable(position, request, context.nowNs());
  const price = await certifiedPrice(context, position);
  const result = legacySettlementAt(position, price.priceE8);
  if (result === undefined) throw unknownTerms();
  return record(context, position, result, price);
}

/**
 * Sends the settlement once. The live legacy canister pays again for a second one, so an unclear answer is followed by reading, and
 * only a position that is certainly still active, when the first one can't take effect any more, may be sent again - by a later attempt.
 */
async function record(
  context: LegacyRouteContext,
  { id }: LegacyPosition,
  result: LegacyResult,
  price: PriceEntry
): Promise<LegacySettlement> {
  const { legacy, calls, notes } = context;
  const { outcome, payoutCents, profitCents, priceCents } = result;
  await notes.sending('legacy');
  try {
    await calls.send('legacy', () => legacy.recordSettlement({ positionId: id, outcome, payoutCents, profitCents, priceCents }), {
      maxRetries: 0
    });
  } catch (error) {
    if (error instanceof AppError && error.unclear) {
      const after = await calls.readBack('legacy', () => legacy.getPosition(id));
      if (after?.id !== id || after.state.kind !== 'settled') throw notConfirmed(error);
      await notes.answered();
      return { ...settledThere(context, after), alreadySettled: false };
    }
    await notes.answered();
    throw error;
  }
  await notes.answered();
  return {
    positionId: id,
    outcome,
    payoutCents,
    profitCents,
    priceE8: price.priceE8,
    priceMinuteNs: price.minuteNs,
    alreadySettled: false,
    route: 'legacy'
  };
}

/** What a settled position says about itself. Its price names no minute, so the minute is the one its terms ask for. */
export function settledThere({ prices }: LegacyRouteContext, position: LegacyPosition): LegacySettlement {
  if (position.state.kind !== 'settled') throw unknownTerms();
  const minuteNs = legacyPriceMinute(position) ?? ((position.state.settledNs ?? position.openedNs) / MINUTE_NS) * MINUTE_NS;
  const priceE8 = position.state.priceCents === undefined ? (prices.get(minuteNs)?.priceE8 ?? 0n) : position.state.priceCents * 1_000_000n;
  const expected = legacySettlementAt(position, priceE8);
  const outcome = expected?.outcome ?? outcomeOf(position.state.pnlCents);
  return {
    positionId: position.id,
    outcome,
    payoutCents: expected?.payoutCents ?? 0n,
    profitCents: expected?.profitCents ?? 0n,
    priceE8,
    priceMinuteNs: minuteNs,
    alreadySettled: true,
    route: 'legacy'
  };
}

async function certifiedPrice(context: LegacyRouteContext, position: LegacyPosition): Promise<PriceEntry> {
  const { prices, options, enhanced, calls } = context;
  const minuteNs = legacyPriceMinute(position);
  if (minuteNs === undefined) throw unknownTerms();
  // Switched off is not away: the price can still be fetched.
  if (!enhanced) await calls.readBack('options', () => prices.prefetch(options, [minuteNs], context.nowNs()));
  const entry = prices.get(minuteNs);
  if (entry !== undefined) return entry;
  const minute = new Date(Number(minuteNs / 1_000_000n)).toISOString().slice(0, 16).replace('T', ' ');
  const why = enhanced ? 'The exchange cannot be reached' : 'The exchange has not given its price';
  throw new AppError({
    kind: 'temporary',
    code: 'price_not_held',
    message: `${why} and this browser holds no certified price for ${minute} UTC. The settlement waits until one of them is there.`,
    canister: 'options'
  });
}

function outcomeOf(pnlCents: bigint): Outcome {
  return pnlCents > 0n ? 'win' : pnlCents < 0n ? 'loss' : 'tie';
}

function notConfirmed(cause: AppError): AppError {
  return new AppError({
    kind: 'temporary',
    code: 'outcome_unknown',
    message: 'The legacy platform did not confirm the settlement. It will be looked at again before anything is sent.',
    unclear: true,
    canister: 'legacy',
    cause
  });
}

function unknownTerms(): AppError {
  return new AppError({
    kind: 'request',
    code: 'legacy_terms_unknown',
    message: 'The terms of this position are not in the legacy payout table. An operator has to settle it.'
  });
}

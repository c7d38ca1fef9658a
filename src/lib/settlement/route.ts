import { AppError } from '../errors/AppError';
import { isUnreachable } from '../errors/reachability';
import type { LegacyClient } from '../ic/legacyClient';
import type { OptionsClient } from '../ic/optionsClient';
import type { LegacyPosition, LegacySettlement } from '../options/legacy';
import { legacyPriceMinute, legacySettlementAt, type LegacyResult } from '../options/legacyPayout';
import { MINUTE_NS } from '../options/minutes';
import type { Outcome, PriceEntry } from '../options/types';
import type { CertifiedPrices } from './certifiedPrices';
import { withRetry, type RetryOptions } from './retryPolicy';
import { requireLegacySettleable } from './validateSettlement';

export interface LegacyRouteContext {
  readonly options: OptionsClient;
  readonly legacy: LegacyClient;
  readonly prices: Pick<CertifiedPrices, 'get'>;
  nowNs(): bigint;
  readonly retry?: RetryOptions;
}

/**
 * Settles a position whose home is the legacy canister. The options canister does it, from its own price book; only when it
 * can't be reached the browser takes the old route itself. Any other failure stays a failure: a refusal must not be walked around.
 */
export async function settleLegacyPosition(context: LegacyRouteContext, id: bigint): Promise<LegacySettlement> {
  try {
    // One more attempt, in case it was a hiccup; a stopped canister says so at once.
    return await withRetry(() => context.options.settleLegacy(id), { ...context.retry, maxRetries: 1 });
  } catch (error) {
    if (!isUnreachable(error, 'options')) throw error;
  }
  return settleByOldRoute(context, id);
}

async function settleByOldRoute(context: LegacyRouteContext, id: bigint): Promise<LegacySettlement> {
  const { legacy, retry } = context;
  const position = await withRetry(() => legacy.getPosition(id), retry);
  if (position.state.kind === 'settled') return alreadySettled(context, position);
  requireLegacySettleable(position, context.nowNs());
  const price = heldPrice(context, position);
  const result = legacySettlementAt(position, price.priceE8);
  if (result === undefined) throw unknownTerms();
  await record(context, id, result);
  return settlement(id, result, price, false);
}

/**
 * Sends the settlement once. The live legacy canister pays again for a second one, so an unclear answer is followed by reading, and
 * only a position that is certainly still active may be sent again - by a later, separate attempt.
 */
async function record({ legacy, retry }: LegacyRouteContext, id: bigint, result: LegacyResult): Promise<void> {
  try {
    const { outcome, payoutCents, profitCents, priceCents } = result;
    await legacy.recordSettlement({ positionId: id, outcome, payoutCents, profitCents, priceCents });
  } catch (error) {
    if (!(error instanceof AppError) || !error.unclear) throw error;
    const after = await withRetry(() => legacy.getPosition(id), retry).catch(() => undefined);
    if (after?.state.kind === 'settled') return;
    throw new AppError({
      kind: 'temporary',
      code: 'outcome_unknown',
      message: 'The legacy platform did not confirm the settlement. It will be looked at again before anything is sent.',
      unclear: true,
      canister: 'legacy',
      cause: error
    });
  }
}

function heldPrice({ prices }: LegacyRouteContext, position: LegacyPosition): PriceEntry {
  const minuteNs = legacyPriceMinute(position);
  if (minuteNs === undefined) throw unknownTerms();
  const entry = prices.get(minuteNs);
  if (entry !== undefined) return entry;
  const minute = new Date(Number(minuteNs / 1_000_000n)).toISOString().slice(0, 16).replace('T', ' ');
  throw new AppError({
    kind: 'temporary',
    code: 'price_not_held',
    message: `The exchange cannot be reached and this browser holds no certified price for ${minute} UTC. The settlement waits until one of them is there.`,
    canister: 'options'
  });
}

/** What a settled position says about itself. Its price names no minute, so the minute is the one its terms ask for. */
function alreadySettled({ prices }: LegacyRouteContext, position: LegacyPosition): LegacySettlement {
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

function outcomeOf(pnlCents: bigint): Outcome {
  return pnlCents > 0n ? 'win' : pnlCents < 0n ? 'loss' : 'tie';
}

function settlement(id: bigint, result: LegacyResult, price: PriceEntry, already: boolean): LegacySettlement {
  return {
    positionId: id,
    outcome: result.outcome,
    payoutCents: result.payoutCents,
    profitCents: result.profitCents,
    priceE8: price.priceE8,
    priceMinuteNs: price.minuteNs,
    alreadySettled: already,
    route: 'legacy'
  };
}

function unknownTerms(): AppError {
  return new AppError({
    kind: 'request',
    code: 'legacy_terms_unknown',
    message: 'The terms of this position are not in the legacy payout table. An operator has to settle it.'
  });
}

import { AppError } from '../errors/AppError';
import type { OptionsClient } from '../ic/optionsClient';
import { fillOf, receiptMismatches } from '../options/payoff';
import type { Fill, Position, Receipt } from '../options/types';
import { withRetry, type RetryOptions } from './retryPolicy';
import { requireSettleable } from './validateSettlement';

export interface SettleContext {
  readonly options: OptionsClient;
  nowNs(): bigint;
  readonly retry?: RetryOptions;
}

/**
 * Asks the options canister to settle one of its positions and checks its receipt against our own calculation. The canister decides,
 * answers the same receipt however often it is asked, and settles by itself anyway: so every temporary failure may be repeated.
 */
export async function settlePosition(context: SettleContext, id: bigint): Promise<Receipt> {
  const { options, nowNs, retry } = context;
  const position = await withRetry(() => options.getPosition(id), retry);
  requireSettleable(position, nowNs());
  const receipt = await withRetry(() => options.settle(id), retry);
  requireMatch(position, fillOf(position), receipt);
  return receipt;
}

/** The loudest error there is: either side may be wrong, so nobody should act on the figures before somebody has looked. */
function requireMatch(position: Position, fill: Fill | undefined, receipt: Receipt): void {
  const mismatches = fill === undefined ? ['fill'] : receiptMismatches(position, fill, receipt);
  if (mismatches.length === 0) return;
  throw new AppError({
    kind: 'internal',
    code: 'settlement_mismatch',
    canister: 'options',
    message: `The receipt of position ${position.id} does not agree with this page's own calculation (${mismatches.join(', ')}). Report this before trading on.`,
    cause: { position, receipt }
  });
}

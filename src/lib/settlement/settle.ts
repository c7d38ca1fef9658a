import { AppError } from '../errors/AppError';
import type { OptionsClient } from '../ic/optionsClient';
import type { Receipt } from '../options/types';
import type { Calls } from './calls';
import { checkReceipt, type Settled } from './difference';
import { requireSettleable, type SettlementRequest } from './validateSettlement';

export interface SettleContext {
  readonly options: Pick<OptionsClient, 'getPosition' | 'settle'>;
  readonly calls: Calls;
  nowNs(): bigint;
}

/**
 * Asks the options canister to settle one of its positions and checks its receipt against our own calculation. The canister decides,
 * answers the same receipt however often it is asked, and settles by itself anyway: so every temporary failure may be repeated.
 */
export async function settlePosition(context: SettleContext, request: SettlementRequest): Promise<Settled<Receipt>> {
  const { options, calls } = context;
  const position = await calls.ask('options', () => options.getPosition(request.positionId));
  requireSettleable(position, request, context.nowNs());
  return checkReceipt(position, await receiptOf(context, request.positionId));
}

async function receiptOf({ options, calls }: SettleContext, id: bigint): Promise<Receipt> {
  try {
    return await calls.send('options', () => options.settle(id));
  } catch (error) {
    if (!(error instanceof AppError) || !error.unclear) throw error;
    const after = await calls.readBack('options', () => options.getPosition(id));
    if (after?.id === id && after.state.kind === 'settled') return after.state.receipt;
    throw error;
  }
}

import type { CallResult } from '../../engine/types.ts';
import type { CanisterState } from '../CanisterState.ts';
import { consume, giveBack, shortfall } from './account.ts';
import { hasBigMemory, settleExecution, type Tariff } from './executionFees.ts';
import { callCost, totalCallCost } from './prices.ts';

/** What a caller has paid in advance for the response of one call. */
export interface PrepaidResponse {
  transmission: bigint;
  execution: bigint;
}

/** The longest instruction limit of a callback, and the tariff. */
export interface CallTariff extends Tariff {
  readonly instructionLimits: { readonly update: bigint };
}

const encoder = new TextEncoder();

/**
 * Charges a canister for a call and for the longest response to it.
 *
 * @param requestBytes of method name and argument
 * @returns what comes back later, as far as it isn't needed; undefined when the canister can't pay, and nothing was taken
 */
export function prepayCall(tariff: CallTariff, canister: CanisterState, requestBytes: number): PrepaidResponse | undefined {
  const { prices, instructionLimits } = tariff;
  if (prices === undefined) return { transmission: 0n, execution: 0n };
  const cost = callCost(prices, BigInt(requestBytes), instructionLimits.update, hasBigMemory(canister));
  const total = totalCallCost(cost);
  if (shortfall(canister, prices, total) > 0n) return undefined;
  consume(canister, total);
  return { transmission: cost.responseTransmission, execution: cost.responseExecution };
}

/** Gives back what a response was shorter than the longest one. */
export function settleTransmission(
  { prices }: Tariff,
  canister: CanisterState,
  { transmission }: PrepaidResponse,
  result: CallResult
): void {
  if (transmission === 0n) return;
  const cost = prices === undefined ? 0n : prices.callByte * BigInt(sizeOf(result));
  if (cost < transmission) giveBack(canister, transmission - cost);
}

/** Gives back the prepayments of a call whose callback will never run; the fee of a message is kept, as on the IC. */
export function settleUnexecuted(tariff: Tariff, canister: CanisterState, { transmission, execution }: PrepaidResponse): void {
  giveBack(canister, transmission);
  settleExecution(tariff, canister, execution, 0n);
}

/** A reject is sent as its text and a byte for the code. */
function sizeOf(result: CallResult): number {
  return result.kind === 'reply' ? result.reply.length : encoder.encode(result.message).length + 1;
}

import type { CanisterState } from '../CanisterState.ts';
import { consume, giveBack, outOfCyclesMessage, shortfall } from './account.ts';
import { executionCost, type Prices } from './prices.ts';

/** The part of the network a charge depends on. */
export interface Tariff {
  /** Undefined when nothing is charged. */
  readonly prices: Prices | undefined;
}

/** Why a canister can't pay, in the replica's words. */
export interface OutOfCycles {
  refusal: string;
}

export type Payment = { prepaid: bigint } | OutOfCycles;

const NOTHING: Payment = { prepaid: 0n };

/**
 * Charges a canister, unless that would freeze it.
 *
 * @param caller who is told when it can't pay
 */
export function charge({ prices }: Tariff, canister: CanisterState, amount: bigint, caller: Uint8Array): OutOfCycles | undefined {
  const missing = shortfall(canister, prices, amount);
  if (missing > 0n) return { refusal: outOfCyclesMessage(canister, missing, caller) };
  consume(canister, amount);
  return undefined;
}

/**
 * Takes the cost of the longest execution that may come of a message.
 *
 * @param limit how many instructions it may use
 * @param caller who is told when the canister can't pay
 */
export function prepayExecution(
  tariff: Tariff,
  canister: CanisterState,
  limit: bigint,
  caller: Uint8Array,
  is64 = hasBigMemory(canister)
): Payment {
  if (tariff.prices === undefined) return NOTHING;
  const prepaid = executionCost(tariff.prices, limit, is64);
  return charge(tariff, canister, prepaid, caller) ?? { prepaid };
}

/** Whether a canister can pay for the longest execution. */
export function canPrepayExecution({ prices }: Tariff, canister: CanisterState, limit: bigint): boolean {
  return prices === undefined || shortfall(canister, prices, executionCost(prices, limit, hasBigMemory(canister))) === 0n;
}

/** Gives back what of a prepayment an execution with so many instructions didn't need. */
export function settleExecution(
  { prices }: Tariff,
  canister: CanisterState,
  prepaid: bigint,
  instructions: bigint,
  is64 = hasBigMemory(canister)
): void {
  if (prepaid === 0n) return;
  const cost = prices === undefined ? 0n : executionCost(prices, instructions, is64);
  if (cost < prepaid) giveBack(canister, prepaid - cost);
}

/** Instructions on 64-bit memory have another price. */
export function hasBigMemory({ runtime }: CanisterState): boolean {
  return runtime?.heap.module.is64 ?? false;
}

import type { CanisterState } from '../CanisterState.ts';
import { freezingLimit } from './freezing.ts';
import type { Prices } from './prices.ts';

/** Takes cycles that go to nobody. */
export function consume(canister: CanisterState, amount: bigint): void {
  canister.cycles -= amount;
  canister.consumedCycles += amount;
  canister.revision++;
}

/**
 * Takes what is owed for being there until a time. That follows from the state before and the time, so it isn't a change that has to reach
 * the disk: else every canister would have to be written every few seconds.
 */
export function consumeForIdling(canister: CanisterState, amount: bigint, paidUntilNs: bigint): void {
  canister.cycles -= amount;
  canister.consumedCycles += amount;
  canister.idlePaidUntilNs = paidUntilNs;
}

/** Gives back what was consumed in advance and not needed. */
export function giveBack(canister: CanisterState, amount: bigint): void {
  consume(canister, -amount);
}

/**
 * How many cycles a canister lacks to spend `amount` and stay above its freezing limit; 0 when it has enough.
 */
export function shortfall(canister: CanisterState, prices: Prices | undefined, amount: bigint): bigint {
  const missing = freezingLimit(canister, prices) + amount - canister.cycles;
  return missing > 0n ? missing : 0n;
}

/**
 * The replica's words for a canister that can't pay. How much it lacks is for its controllers only.
 *
 * @param caller whom it is told
 */
export function outOfCyclesMessage(canister: CanisterState, missing: bigint, caller: Uint8Array): string {
  const message = `Canister ${canister.name} is out of cycles`;
  if (!canister.isController(caller)) return message;
  return `${message}: please top up the canister with at least ${missing} additional cycles`;
}

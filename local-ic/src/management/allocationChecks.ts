import type { CanisterState } from '../canister/CanisterState.ts';
import { freezingLimit } from '../canister/cycles/freezing.ts';
import type { Prices } from '../canister/cycles/prices.ts';
import { CanisterReject } from '../engine/CanisterReject.ts';

/** Allocations somebody asks for; undefined where they are to stay. */
interface Allocations {
  computeAllocation: bigint | undefined;
  memoryAllocation: bigint | undefined;
}

const NAMES = [
  ['computeAllocation', 'compute allocation', 'IC0530'],
  ['memoryAllocation', 'memory allocation', 'IC0531']
] as const;

/**
 * Refuses higher allocations that would freeze the canister.
 *
 * @throws CanisterReject
 */
export function requireCyclesForAllocations(canister: CanisterState, prices: Prices | undefined, asked: Allocations): void {
  const { settings } = canister;
  for (const [name, words, errorCode] of NAMES) {
    const value = asked[name];
    if (value === undefined || value <= settings[name]) continue;
    const missing = freezingLimit(canister, prices, { ...settings, [name]: value }) - canister.cycles;
    if (missing <= 0n) continue;
    const advice = `At least ${missing} additional cycles are required.`;
    throw new CanisterReject(5, errorCode, `Cannot increase ${words} to ${value} due to insufficient cycles. ${advice}`);
  }
}

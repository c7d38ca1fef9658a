import type { CanisterState } from '../canister/CanisterState.ts';
import { freezingLimit } from '../canister/cycles/freezing.ts';
import type { Prices } from '../canister/cycles/prices.ts';
import { refusal } from './refusal.ts';
import type { SettingsValue } from './settings.ts';

const NAMES = [
  ['computeAllocation', 'compute_allocation', 'compute allocation', 'IC0530'],
  ['memoryAllocation', 'memory_allocation', 'memory allocation', 'IC0531']
] as const;

/**
 * Refuses higher allocations that would freeze the canister.
 *
 * @throws CanisterReject
 */
export function requireCyclesForAllocations(canister: CanisterState, prices: Prices | undefined, asked: SettingsValue): void {
  const { settings } = canister;
  for (const [name, field, words, errorCode] of NAMES) {
    const [value] = asked[field];
    if (value === undefined || value <= settings[name]) continue;
    const missing = freezingLimit(canister, prices, { ...settings, [name]: value }) - canister.cycles;
    if (missing <= 0n) continue;
    const advice = `At least ${missing} additional cycles are required.`;
    throw refusal(errorCode, `Cannot increase ${words} to ${value} due to insufficient cycles. ${advice}`);
  }
}

import type { CanisterState } from '../CanisterState.ts';
import { EntryPoint, type EntryPointKind } from '../EntryPoint.ts';
import { Trap } from '../Trap.ts';
import { freezingLimit } from './freezing.ts';
import { memoryUsage } from './memoryUsage.ts';
import type { Prices } from './prices.ts';

/** Callbacks may grow memory whatever it costs later, so that a call that was begun can end. */
const WATCHED = EntryPoint.update | EntryPoint.task;

/** Bytes before an execution that must not freeze its canister by growing; undefined for one that may. */
export function growthBase(canister: CanisterState, prices: Prices | undefined, kind: EntryPointKind): number | undefined {
  return prices === undefined || (kind & WATCHED) === 0 ? undefined : memoryUsage(canister);
}

/**
 * Refuses growth that would freeze the canister.
 *
 * @param bytesBefore its memory before
 * @param caller who learns how many cycles are missing, if it is a controller
 * @throws Trap
 */
export function requireCyclesForGrowth(canister: CanisterState, prices: Prices | undefined, bytesBefore: number, caller: Uint8Array): void {
  const bytes = memoryUsage(canister) - bytesBefore;
  if (bytes <= 0) return;
  const missing = freezingLimit(canister, prices) - canister.cycles;
  if (missing <= 0n) return;
  const advice = canister.isController(caller) ? ` At least ${missing} additional cycles are required.` : '';
  throw new Trap('IC0532', `Canister cannot grow memory by ${bytes} bytes due to insufficient cycles.${advice}`);
}

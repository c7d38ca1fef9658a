import type { CanisterState } from '../CanisterState.ts';
import { memoryUsage } from './memoryUsage.ts';
import type { Prices } from './prices.ts';

const SECONDS_PER_DAY = 86_400n;
const GIB = 2n ** 30n;

/**
 * Cycles a canister burns a day by being there: for its memory (or what it has allocated, if that is more) and its compute allocation.
 *
 * @param settings its own, or others to try
 */
export function idleCyclesBurnedPerDay(canister: CanisterState, prices: Prices | undefined, settings = canister.settings): bigint {
  if (prices === undefined) return 0n;
  const { computeAllocation, memoryAllocation } = settings;
  const used = BigInt(memoryUsage(canister));
  const bytes = memoryAllocation > used ? memoryAllocation : used;
  return (bytes * prices.gibSecond * SECONDS_PER_DAY) / GIB + computeAllocation * prices.computePercentSecond * SECONDS_PER_DAY;
}

/**
 * The balance below which a canister is frozen: what it burns by being there in its `freezing_threshold`.
 *
 * @param settings its own, or others to try
 */
export function freezingLimit(canister: CanisterState, prices: Prices | undefined, settings = canister.settings): bigint {
  if (prices === undefined) return 0n;
  return (idleCyclesBurnedPerDay(canister, prices, settings) * settings.freezingThreshold) / SECONDS_PER_DAY;
}

/** What a canister can spend without being frozen. */
export function liquidCycles(canister: CanisterState, prices: Prices | undefined): bigint {
  const liquid = canister.cycles - freezingLimit(canister, prices);
  return liquid > 0n ? liquid : 0n;
}

/** How often canisters pay for being there, as on the IC. */
export const IDLE_INTERVAL_SECONDS = 10n;

/** What being there costs a canister for one interval. Every interval costs the same, so it makes no difference how many are paid at once. */
export function idleCostPerInterval(canister: CanisterState, prices: Prices): bigint {
  return (idleCyclesBurnedPerDay(canister, prices) * IDLE_INTERVAL_SECONDS) / SECONDS_PER_DAY;
}

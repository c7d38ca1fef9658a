import type { CanisterState } from '../CanisterState.ts';
import { memoryUsage } from './memoryUsage.ts';
import type { Prices } from './prices.ts';

const SECONDS_PER_DAY = 86_400n;
const GIB = 2n ** 30n;

/** Cycles a canister burns a day by being there: for its memory (or what it has allocated, if that is more) and its compute allocation. */
export function idleCyclesBurnedPerDay(canister: CanisterState, prices: Prices | undefined): bigint {
  if (prices === undefined) return 0n;
  const { computeAllocation, memoryAllocation } = canister.settings;
  const used = BigInt(memoryUsage(canister));
  const bytes = memoryAllocation > used ? memoryAllocation : used;
  return (bytes * prices.gibSecond * SECONDS_PER_DAY) / GIB + computeAllocation * prices.computePercentSecond * SECONDS_PER_DAY;
}

/** The balance below which a canister is frozen: what it burns by being there in its `freezing_threshold`. */
export function freezingLimit(canister: CanisterState, prices: Prices | undefined): bigint {
  if (prices === undefined) return 0n;
  return (idleCyclesBurnedPerDay(canister, prices) * canister.settings.freezingThreshold) / SECONDS_PER_DAY;
}

/** What a canister can spend without being frozen. */
export function liquidCycles(canister: CanisterState, prices: Prices | undefined): bigint {
  const liquid = canister.cycles - freezingLimit(canister, prices);
  return liquid > 0n ? liquid : 0n;
}

/** Cycles owed for so many seconds of being there. */
export function idleCost(canister: CanisterState, prices: Prices, seconds: bigint): bigint {
  return (idleCyclesBurnedPerDay(canister, prices) * seconds) / SECONDS_PER_DAY;
}

/** The first number of whole seconds that a canister can't pay for any more; undefined when it burns nothing. */
export function secondsToDepletion(canister: CanisterState, prices: Prices): bigint | undefined {
  const perDay = idleCyclesBurnedPerDay(canister, prices);
  if (perDay === 0n) return undefined;
  return ((canister.cycles + 1n) * SECONDS_PER_DAY + perDay - 1n) / perDay;
}

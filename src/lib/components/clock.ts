import { readable, type Readable } from 'svelte/store';
import type { Market } from '$lib/options/types';
import type { Reading } from '$lib/services/types';

/** The page's time in milliseconds, once a second while somebody looks. */
export const clock: Readable<number> = readable(Date.now(), (set) => {
  set(Date.now());
  const timer = setInterval(() => set(Date.now()), 1000);
  return () => clearInterval(timer);
});

/**
 * The network's time in milliseconds: what the canister said, plus what passed here since. A device whose clock is wrong
 * still counts down to the right moment. Before the first answer it is the page's own time.
 */
export function networkTime(market: Reading<Market>, nowMs: number): number {
  if (!market.value || market.updatedAt === undefined) return nowMs;
  return toMs(market.value.nowNs) + Math.max(0, nowMs - market.updatedAt);
}

/** Canister time (ns) in milliseconds, for clocks and dates only. */
export function toMs(ns: bigint): number {
  return Number(ns / 1_000_000n);
}

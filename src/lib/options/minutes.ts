export const MINUTE_NS = 60_000_000_000n;

/** The first whole UTC minute after `timeNs`: the fill minute of an order accepted then. On a whole minute it is the next one. */
export function nextMinute(timeNs: bigint): bigint {
  return (timeNs / MINUTE_NS + 1n) * MINUTE_NS;
}

/** The first whole UTC minute at or after `timeNs`: whose price settles a legacy position that expires then. */
export function minuteAtOrAfter(timeNs: bigint): bigint {
  return ((timeNs + MINUTE_NS - 1n) / MINUTE_NS) * MINUTE_NS;
}

/** Expiry of an order with a tenor of whole minutes: fill minute + tenor. */
export function expiryOf(fillMinuteNs: bigint, tenorMinutes: bigint): bigint {
  return fillMinuteNs + tenorMinutes * MINUTE_NS;
}

/** Whole seconds from `nowNs` until `thenNs`, rounded up so that a countdown shows 0 only when the time has come. Never negative. */
export function secondsUntil(thenNs: bigint, nowNs: bigint): number {
  return thenNs <= nowNs ? 0 : Number((thenNs - nowNs + 999_999_999n) / 1_000_000_000n);
}

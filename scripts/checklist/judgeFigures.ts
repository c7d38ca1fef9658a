import type { Overview } from '../../src/lib/options/types';

/** What only ever grows. */
const GROWING = new Set<keyof Overview>([
  ...(['users', 'settled', 'cancelled', 'voided', 'wins', 'ties', 'losses', 'premiumsSats', 'payoutsSats'] as const),
  ...(['depositsSats', 'withdrawalsSats', 'oracleNewestNs', 'oracleCalls', 'oracleCycles', 'asOfNs'] as const)
]);
/** What changes with every message, so that nothing can be said of a moment in between. */
const RESTLESS = new Set<keyof Overview>(['cycles', 'cyclesBurned24h', 'cyclesAlert', 'entry']);

/**
 * Whether the figures that were shown lie between two direct readings: what grows, between them; anything else, equal to one of them when it
 * moved, and to both when it didn't.
 */
export function judgeFigures(before: Overview, shown: Overview, after: Overview): { compared: number; faults: string[] } {
  const names = Object.keys(before).filter((name): name is keyof Overview => name in shown && !RESTLESS.has(name as keyof Overview));
  const faults = names.flatMap((name) => {
    const [least, value, most] = [before[name], shown[name], after[name]];
    const right =
      GROWING.has(name) && typeof least === 'bigint' && typeof value === 'bigint' && typeof most === 'bigint'
        ? least <= value && value <= most
        : value === least || value === most;
    return right ? [] : [`${name} is shown as ${String(value)}, the canister says ${String(least)}, then ${String(most)}`];
  });
  return { compared: names.length, faults };
}

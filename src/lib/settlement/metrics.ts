import { writable, type Readable } from 'svelte/store';
import type { Outcome } from '../options/types';

type Route = 'options' | 'legacy';

/** How many settlements this page has seen through, by route and by how they ended. */
export interface SettlementCounts {
  readonly attempts: number;
  readonly failures: number;
  readonly mismatches: number;
  readonly settled: Readonly<Record<Route, Readonly<Record<Outcome, number>>>>;
}

export interface SettlementMetrics extends Readable<SettlementCounts> {
  attempted(): void;
  settled(route: Route, outcome: Outcome): void;
  failed(code: string): void;
}

const none = { win: 0, tie: 0, loss: 0 };

export function createSettlementMetrics(): SettlementMetrics {
  const counts = writable<SettlementCounts>({ attempts: 0, failures: 0, mismatches: 0, settled: { options: none, legacy: none } });
  return {
    subscribe: counts.subscribe,
    attempted: () => counts.update((now) => ({ ...now, attempts: now.attempts + 1 })),
    settled: (route, outcome) =>
      counts.update((now) => ({
        ...now,
        settled: { ...now.settled, [route]: { ...now.settled[route], [outcome]: now.settled[route][outcome] + 1 } }
      })),
    failed: (code) =>
      counts.update((now) => ({
        ...now,
        failures: now.failures + 1,
        mismatches: now.mismatches + (code === 'settlement_mismatch' ? 1 : 0)
      }))
  };
}

import { writable, type Readable } from 'svelte/store';
import type { Outcome } from '../options/types';
import type { BreakerState, CanisterAsked } from './breaker';
import type { Home, Route } from './journal';
import type { StorageKind } from './journalStore';

/** Of the settlements that succeeded, how long their attempts took, milliseconds. */
interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface LastSettlement {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly home: Home;
  readonly positionId: bigint;
  readonly route: Route;
  readonly outcome: Outcome;
}

/** How settlements have gone since this page was opened. */
export interface SettlementFigures {
  /** Begun; those under way have neither succeeded nor failed. */
  readonly attempts: number;
  readonly failures: number;
  /** Receipts that did not agree with the page's own calculation; among the failures. */
  readonly mismatches: number;
  readonly settled: Readonly<Record<Route, Readonly<Record<Outcome, number>>>>;
  /** Share of the attempts that ended which succeeded, 0 to 1; undefined before the first. */
  readonly successRate: number | undefined;
  /** Of the last 200; undefined before the first. */
  readonly latencyMs: Latency | undefined;
  readonly last: LastSettlement | undefined;
  /** Settlements of the person who is here that have not ended. */
  readonly queued: number;
  readonly breakers: Readonly<Record<CanisterAsked, BreakerState>>;
  /** memory: the browser's storage is full or blocked, so what is open is forgotten when the page is closed. */
  readonly storage: StorageKind;
}

export interface SettlementMetrics extends Readable<SettlementFigures> {
  attempted(): void;
  succeeded(settlement: LastSettlement, latencyMs: number): void;
  failed(code: string): void;
  queued(length: number): void;
  breaker(canister: CanisterAsked, state: BreakerState): void;
  stored(kind: StorageKind): void;
}

const SAMPLES = 200;
const none = { win: 0, tie: 0, loss: 0 };

export function createSettlementMetrics(): SettlementMetrics {
  const samples: number[] = [];
  let succeeded = 0;
  const figures = writable<SettlementFigures>({
    attempts: 0,
    failures: 0,
    mismatches: 0,
    settled: { options: none, legacy: none },
    successRate: undefined,
    latencyMs: undefined,
    last: undefined,
    queued: 0,
    breakers: { options: 'closed', legacy: 'closed' },
    storage: 'indexeddb'
  });
  const rate = (failures: number): number => succeeded / (succeeded + failures);

  return {
    subscribe: figures.subscribe,
    attempted: () => figures.update((now) => ({ ...now, attempts: now.attempts + 1 })),
    succeeded: (last, latencyMs) => {
      succeeded += 1;
      samples.push(latencyMs);
      if (samples.length > SAMPLES) samples.shift();
      const { route, outcome } = last;
      figures.update((now) => ({
        ...now,
        settled: { ...now.settled, [route]: { ...now.settled[route], [outcome]: now.settled[route][outcome] + 1 } },
        successRate: rate(now.failures),
        latencyMs: latencyOf(samples),
        last
      }));
    },
    failed: (code) =>
      figures.update((now) => ({
        ...now,
        failures: now.failures + 1,
        mismatches: now.mismatches + (code === 'settlement_mismatch' ? 1 : 0),
        successRate: rate(now.failures + 1)
      })),
    queued: (length) => figures.update((now) => (now.queued === length ? now : { ...now, queued: length })),
    breaker: (canister, state) => figures.update((now) => ({ ...now, breakers: { ...now.breakers, [canister]: state } })),
    stored: (kind) => figures.update((now) => (now.storage === kind ? now : { ...now, storage: kind }))
  };
}

/** Percentiles by nearest rank. */
function latencyOf(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

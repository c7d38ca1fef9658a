import { writable, type Writable } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { LegacyAccount } from '../options/legacy';
import type { AccountView } from '../options/types';
import { withLegacyFallback } from './legacyFallback';
import type { LiveStore } from './readingStore';
import type { Balance, Reading } from './types';

const value: Balance = { account: { availableSats: 5n } as AccountView, walletSats: 7n, certified: false };
const account: LegacyAccount = { balanceSats: 9n, totalWinsCents: 0n, totalLossesCents: 0n, netPnlCents: 0n };
const live: Reading<Balance> = {
  phase: 'live',
  value,
  updatedAt: 1,
  source: 'options',
  error: undefined,
  advice: undefined,
  refreshing: false
};
const failing = (code: string, canister: string): Reading<Balance> => ({
  ...live,
  phase: 'stale',
  error: new AppError({ kind: 'temporary', code, message: 'x', canister })
});
const stopped = failing('canister_stopped', 'options');
const switchedOff = failing('switched_off', 'options');
const fallen = (reading: Reading<Balance>): Reading<Balance> => ({ ...reading, phase: 'fallback', source: 'legacy' });

/** A store fed by hand that counts who looks. */
class Fed<T> implements LiveStore<T> {
  readonly store: Writable<Reading<T>>;
  lookers = 0;
  refreshed = 0;

  constructor(first: Reading<T>) {
    this.store = writable(first);
  }

  subscribe: LiveStore<T>['subscribe'] = (...args) => {
    this.lookers += 1;
    const stop = this.store.subscribe(...args);
    return () => {
      this.lookers -= 1;
      stop();
    };
  };

  refresh(): Promise<void> {
    this.refreshed += 1;
    return Promise.resolve();
  }

  touch(): void {
    this.refreshed += 1;
  }

  put(): void {
    this.refreshed += 1;
  }
}

function setUp(legacyReading: Reading<LegacyAccount | null>) {
  const balance = new Fed<Balance>(live);
  const legacy = new Fed<LegacyAccount | null>(legacyReading);
  let shown: Reading<Balance> | undefined;
  const away = withLegacyFallback(balance, legacy).subscribe((reading) => (shown = reading));
  return { balance, legacy, away, shown: () => shown };
}

const ofLegacy = (phase: Reading<null>['phase'], held: LegacyAccount | null | undefined): Reading<LegacyAccount | null> => ({
  phase,
  value: held,
  updatedAt: held === undefined ? undefined : 1,
  source: 'legacy',
  error: undefined,
  advice: undefined,
  refreshing: false
});

beforeEach(() => void vi.useFakeTimers({ now: 1 }));
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the balance', () => {
  it('leaves the legacy platform alone while it is fresh', () => {
    const { legacy, shown } = setUp(ofLegacy('live', account));
    expect(shown()).toBe(live);
    expect(legacy.lookers).toBe(0);
  });

  it('falls back while the options canister can’t be reached, keeping its own value', () => {
    const { balance, legacy, shown } = setUp(ofLegacy('live', account));
    balance.store.set(stopped);
    expect(shown()).toEqual(fallen(stopped));
    balance.store.set(live);
    // One answer may be luck: a second one is asked for before the fallback is left.
    expect(shown()).toEqual(fallen(live));
    vi.advanceTimersByTime(5_000);
    expect(balance.refreshed).toBe(1);
    balance.store.set({ ...live, updatedAt: 5_001 });
    expect(shown()).toEqual({ ...live, updatedAt: 5_001 });
    expect(legacy.lookers).toBe(0);
  });

  it('does not flap when the canister answers now and then', () => {
    const { balance, shown, away } = setUp(ofLegacy('live', account));
    const phases = new Set<string | undefined>();
    balance.store.set(stopped);
    for (let turn = 0; turn < 20; turn += 1) {
      balance.store.set({ ...live, updatedAt: 1 + turn * 4_000 });
      phases.add(shown()?.phase);
      vi.advanceTimersByTime(3_000);
      balance.store.set(stopped);
      phases.add(shown()?.phase);
    }
    expect([...phases]).toEqual(['fallback']);
    away();
  });

  it('leaves with the second answer also when the device’s clock was set back between the two', () => {
    const { balance, shown, away } = setUp(ofLegacy('live', account));
    balance.store.set(stopped);
    balance.store.set({ ...live, updatedAt: 600_000 });
    expect(shown()?.phase).toBe('fallback');
    balance.store.set({ ...live, updatedAt: 30_000 });
    expect(shown()?.phase).toBe('live');
    away();
  });

  it('falls back while it is switched off, and is back with the first answer after that', () => {
    const { balance, shown, legacy } = setUp(ofLegacy('live', account));
    balance.store.set(switchedOff);
    expect(shown()).toEqual(fallen(switchedOff));
    balance.store.set({ ...live, updatedAt: 2 });
    expect(shown()).toEqual({ ...live, updatedAt: 2 });
    expect(legacy.lookers).toBe(0);
  });

  it('takes nothing of one person to the next', () => {
    const { balance, shown, legacy } = setUp(ofLegacy('live', account));
    balance.store.set(stopped);
    const nobody: Reading<Balance> = { ...live, phase: 'loading', value: undefined, updatedAt: undefined };
    balance.store.set(nobody);
    expect(shown()).toBe(nobody);
    expect(legacy.lookers).toBe(0);
  });

  it('falls back as soon as the legacy account has been read', () => {
    const { balance, legacy, shown } = setUp(ofLegacy('loading', undefined));
    balance.store.set(stopped);
    expect(shown()?.phase).toBe('stale');
    legacy.store.set(ofLegacy('live', account));
    expect(shown()?.phase).toBe('fallback');
  });

  it('has nothing to fall back to for somebody without a legacy account', () => {
    const { balance, shown } = setUp(ofLegacy('live', null));
    balance.store.set(stopped);
    expect(shown()).toBe(stopped);
  });

  it.each([
    ['the ledger is away', failing('unreachable', 'ledger')],
    ['the canister refuses', failing('forbidden', 'options')],
    ['the canister trapped', failing('canister_failed', 'options')],
    ['the answer is not genuine', failing('certificate_invalid', 'options')],
    ['the browser is offline', { ...stopped, phase: 'offline' as const }]
  ])('does not fall back when %s', (_, reading) => {
    const { balance, shown } = setUp(ofLegacy('live', account));
    balance.store.set(reading);
    expect(shown()).toBe(reading);
  });

  it('looks at nothing any more once nobody looks at it', () => {
    const { balance, legacy, away } = setUp(ofLegacy('live', account));
    balance.store.set(stopped);
    expect([balance.lookers, legacy.lookers]).toEqual([1, 1]);
    away();
    expect([balance.lookers, legacy.lookers]).toEqual([0, 0]);
  });
});

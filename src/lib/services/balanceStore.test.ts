import { writable, type Writable } from 'svelte/store';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/AppError';
import type { LegacyAccount } from '../options/legacy';
import type { AccountView } from '../options/types';
import { withLegacyFallback } from './balanceStore';
import type { LiveStore } from './readingStore';
import type { Balance, Reading } from './types';

const value: Balance = { account: { availableSats: 5n } as AccountView, walletSats: 7n };
const account: LegacyAccount = { balanceSats: 9n, totalWinsCents: 0n, totalLossesCents: 0n, netPnlCents: 0n };
const live: Reading<Balance> = { phase: 'live', value, updatedAt: 1, error: undefined, refreshing: false };
const failing = (code: string, canister: string): Reading<Balance> => ({
  ...live,
  phase: 'stale',
  error: new AppError({ kind: 'temporary', code, message: 'x', canister })
});
const stopped = failing('canister_stopped', 'options');

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
  error: undefined,
  refreshing: false
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
    expect(shown()).toEqual({ ...stopped, phase: 'fallback' });
    balance.store.set(live);
    expect(shown()).toBe(live);
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

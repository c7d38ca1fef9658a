import { writable } from 'svelte/store';
import { isUnreachable } from '../errors/reachability';
import type { LegacyAccount } from '../options/legacy';
import type { LiveStore } from './readingStore';
import type { Balance, Reading } from './types';

/**
 * The balance with its fallback: while the options canister can't be reached and the trader has a legacy account that can be
 * shown, the phase is "fallback". The value stays the last known one of the options canister; the two are never mixed. The legacy
 * account is read only as long as it is needed or somebody else looks at it.
 */
export function withLegacyFallback(balance: LiveStore<Balance>, legacy: LiveStore<LegacyAccount | null>): LiveStore<Balance> {
  const store = writable<Reading<Balance>>(
    { phase: 'loading', value: undefined, updatedAt: undefined, error: undefined, refreshing: false },
    (set) => {
      let latest: Reading<Balance> | undefined;
      let account: Reading<LegacyAccount | null> | undefined;
      let stopLegacy: (() => void) | undefined;
      const publish = (): void => {
        if (latest === undefined) return;
        const fallBack = needsFallback(latest) && hasAccount(account);
        set(fallBack ? { ...latest, phase: 'fallback' } : latest);
      };
      const stopBalance = balance.subscribe((reading) => {
        latest = reading;
        if (needsFallback(reading)) {
          stopLegacy ??= legacy.subscribe((next) => {
            account = next;
            publish();
          });
        } else {
          stopLegacy?.();
          stopLegacy = undefined;
          account = undefined;
        }
        publish();
      });
      return () => {
        stopBalance();
        stopLegacy?.();
      };
    }
  );
  return { subscribe: store.subscribe, refresh: () => balance.refresh(), touch: () => balance.touch() };
}

function needsFallback({ phase, error }: Reading<Balance>): boolean {
  return phase !== 'offline' && isUnreachable(error, 'options');
}

/** A trader without a legacy account has nothing to fall back to; an account that was read before counts until it is read again. */
function hasAccount(reading: Reading<LegacyAccount | null> | undefined): boolean {
  return reading?.value !== undefined && reading.value !== null;
}

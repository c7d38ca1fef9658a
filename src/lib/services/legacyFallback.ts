import { writable } from 'svelte/store';
import { isUnreachable } from '../errors/reachability';
import { nothing, passOn, type LiveStore } from './readingStore';
import type { Reading } from './types';

/** After the first answer of a canister that was away, the second one is asked for this much later; only then is the fallback left. */
const STEADY_MS = 5_000;

/**
 * A reading with its fallback: while the options canister can't be reached, or operators have switched the service off, and the legacy
 * platform has something to show, the phase is "fallback". The value stays the last known one of the options canister; the two are never
 * mixed. The legacy figures are read only as long as they are needed or somebody else looks at them.
 *
 * Left again when two answers in a row came: a canister that answers now and then must not make the screen flap.
 */
export function withLegacyFallback<T, L>(primary: LiveStore<T>, legacy: LiveStore<L | null>): LiveStore<T> {
  const store = writable<Reading<T>>(nothing('options'), (set) => {
    const following = new Following(primary, legacy, set);
    return () => following.stop();
  });
  return { ...passOn(primary), subscribe: store.subscribe };
}

class Following<T, L> {
  readonly #primary: LiveStore<T>;
  readonly #legacy: LiveStore<L | null>;
  readonly #set: (reading: Reading<T>) => void;
  readonly #stopPrimary: () => void;
  #stopLegacy: (() => void) | undefined;
  #latest: Reading<T> | undefined;
  #legacyReading: Reading<L | null> | undefined;
  #fallen = false;
  /** When the first answer since the outage was read. */
  #answeredAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(primary: LiveStore<T>, legacy: LiveStore<L | null>, set: (reading: Reading<T>) => void) {
    this.#primary = primary;
    this.#legacy = legacy;
    this.#set = set;
    this.#stopPrimary = primary.subscribe((reading) => this.#follow(reading));
  }

  stop(): void {
    this.#stopPrimary();
    this.#leave();
  }

  #follow(reading: Reading<T>): void {
    const wasOff = isSwitchedOff(this.#latest);
    this.#latest = reading;
    if (needsFallback(reading)) this.#fall();
    else if (this.#fallen && (reading.phase === 'loading' || (wasOff && reading.phase === 'live'))) this.#leave();
    else if (this.#fallen && reading.phase === 'live') this.#answered(reading.updatedAt);
    this.#publish();
  }

  #fall(): void {
    this.#fallen = true;
    this.#answeredAt = undefined;
    clearTimeout(this.#timer);
    this.#stopLegacy ??= this.#legacy.subscribe((reading) => {
      this.#legacyReading = reading;
      this.#publish();
    });
  }

  #answered(updatedAt: number | undefined): void {
    if (this.#answeredAt === undefined) {
      this.#answeredAt = updatedAt;
      this.#timer = setTimeout(() => this.#primary.touch(), STEADY_MS);
      // An answer that seems older came after the device's clock was set back: another one, too.
    } else if (updatedAt !== undefined && Math.abs(updatedAt - this.#answeredAt) >= STEADY_MS) this.#leave();
  }

  #leave(): void {
    this.#fallen = false;
    this.#answeredAt = undefined;
    clearTimeout(this.#timer);
    this.#stopLegacy?.();
    this.#stopLegacy = undefined;
    this.#legacyReading = undefined;
  }

  #publish(): void {
    if (this.#latest === undefined) return;
    // Nothing was ever there: there is nothing to fall back to. What was read before counts until it is read again.
    const held = this.#legacyReading?.value !== undefined && this.#legacyReading.value !== null;
    const falls = this.#fallen && held && this.#latest.phase !== 'offline';
    this.#set(falls ? { ...this.#latest, phase: 'fallback', source: 'legacy' } : this.#latest);
  }
}

function isSwitchedOff(reading: Reading<unknown> | undefined): boolean {
  return reading?.error?.code === 'switched_off';
}

function needsFallback(reading: Reading<unknown>): boolean {
  return reading.phase !== 'offline' && (isUnreachable(reading.error, 'options') || isSwitchedOff(reading));
}

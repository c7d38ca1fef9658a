import { QueryObserver, type QueryObserverOptions } from '@tanstack/svelte-query';
import { get, writable, type Readable, type Writable } from 'svelte/store';
import { asAppError } from '../errors/asAppError';
import { AppError } from '../errors/AppError';
import { isUnreachable } from '../errors/reachability';
import type { Clients } from '../ic/clients';
import { adviceOn } from './advice';
import type { Engine, Member } from './engine';
import { lateAfter, nextReadIn } from './pace';
import type { SharedReading } from './tabs';
import type { Phase, Reading, ReadingStore, Source } from './types';

/** Whose data is read, and with which clients. undefined: nobody's, the reading rests. */
export interface Scope {
  readonly owner: string;
  readonly clients: Clients;
}

export interface ReadingOptions<T> {
  readonly name: string;
  readonly source: Source;
  readonly scope: Readable<Scope | undefined>;
  /** Belongs to a person: removed when they log out. */
  readonly isPrivate: boolean;
  /** false: switched off. Nothing is read; the last value stays. */
  readonly on?: Readable<boolean>;
  /** Never resolves with undefined: that is how the cache says "nothing yet". */
  read(clients: Clients): Promise<T>;
  /** Milliseconds between two reads; may depend on what was read last. */
  intervalMs(value: T | undefined): number;
  /** When the canister made the answer, ns. Two nodes may answer in the wrong order: the older answer is dropped. */
  asOf?(value: T): bigint;
  /** Called after each successful read. */
  onRead?(value: T, scope: Scope): void;
}

/** A node that lags this much would be refused by the agent: then time itself was set back (a new local network), and it is no lag. */
const MAX_LAG_NS = 300_000_000_000n;

/** Successive reads of one owner's value. Kept while the store lives, so leaving and reopening a page doesn't lose it. */
interface Attempts {
  failures: number;
  error: AppError | undefined;
  /** A person asked for this read: its failure is shown at once. */
  asked: boolean;
}

/** A reading the hub can also tell that something has changed. */
export interface LiveStore<T> extends ReadingStore<T> {
  /** Reads now if somebody looks, else as soon as somebody does. */
  touch(): void;
  /** Shows what an action has just answered, unless something newer is there. */
  put(value: T): void;
}

/** The actions of a store, for one that shows its reading differently. */
export function passOn<T>(store: LiveStore<T>): Omit<LiveStore<T>, 'subscribe'> {
  return { refresh: () => store.refresh(), touch: () => store.touch(), put: (value) => store.put(value) };
}

export function createReadingStore<T>(engine: Engine, options: ReadingOptions<T>): LiveStore<T> {
  return new PollingStore(engine, options);
}

class PollingStore<T> implements LiveStore<T>, Member {
  readonly #engine: Engine;
  readonly #options: ReadingOptions<T>;
  readonly #reading: Writable<Reading<T>>;
  readonly #attempts = new Map<string, Attempts>();
  #observer: QueryObserver<T> | undefined;
  #scope: Scope | undefined;
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #online = true;
  #on = true;
  #stop: (() => void) | undefined;

  constructor(engine: Engine, options: ReadingOptions<T>) {
    this.#engine = engine;
    this.#options = options;
    this.#reading = writable<Reading<T>>(nothing(options.source), () => this.#start());
    engine.join(this);
  }

  get name(): string {
    return this.#options.name;
  }

  subscribe: Readable<Reading<T>>['subscribe'] = (...args) => this.#reading.subscribe(...args);

  failing(): boolean {
    const error = this.#error();
    return error !== undefined && error.kind !== 'request' && error.kind !== 'session';
  }

  unreached(): string | undefined {
    const error = this.#error();
    return this.#observer !== undefined && this.#on && isUnreachable(error) ? error.canister : undefined;
  }

  touch(): void {
    if (this.#observer !== undefined) {
      void this.#readNow();
      return;
    }
    const scope = get(this.#options.scope);
    if (scope !== undefined) void this.#engine.cache.invalidateQueries({ queryKey: this.#key(scope), refetchType: 'none' });
  }

  repace(): void {
    if (this.#scope !== undefined) this.#observer?.setOptions(this.#queryOptions(this.#scope));
  }

  hear({ owner, value, updatedAt }: SharedReading): void {
    const scope = get(this.#options.scope);
    if (scope?.owner !== owner || !this.#isOn()) return;
    const held = this.#engine.cache.getQueryState<T>(this.#key(scope));
    if (held !== undefined && held.dataUpdatedAt >= updatedAt) return;
    // The other tab runs the same version of this page: the value is what `read` gives.
    this.#hold(scope, value as T, updatedAt);
  }

  put(value: T): void {
    const scope = get(this.#options.scope);
    if (scope !== undefined) this.#hold(scope, value, Date.now());
  }

  #hold(scope: Scope, value: T, updatedAt: number): void {
    if (this.#engine.closed) return;
    const newest = this.#newest(scope, value);
    this.#succeeded(scope);
    this.#engine.cache.setQueryData<T>(this.#key(scope), newest, { updatedAt });
    if (this.#observer !== undefined) this.#options.onRead?.(newest, scope);
  }

  stop(): void {
    this.#stop?.();
  }

  async refresh(): Promise<void> {
    const scope = get(this.#options.scope);
    if (scope !== undefined) this.#attemptsOf(scope).asked = true;
    await this.#readNow();
  }

  /** Reads now, even if a read is under way: that one may have been answered before the change the caller knows of. */
  async #readNow(): Promise<void> {
    const scope = get(this.#options.scope);
    if (scope === undefined || this.#engine.closed || !this.#isOn()) return;
    await this.#engine.cache.cancelQueries({ queryKey: this.#key(scope), exact: true });
    await this.#engine.cache.prefetchQuery({ ...this.#queryOptions(scope), staleTime: 0 });
  }

  #start(): () => void {
    if (this.#engine.closed) return () => undefined;
    const stops = [
      // First, so that a reading that is switched off never asks.
      this.#options.on?.subscribe((on) => this.#turn(on)),
      this.#options.scope.subscribe((scope) => this.#follow(scope)),
      this.#engine.online.subscribe((online) => {
        this.#online = online;
        this.#publish();
      })
    ];
    const stop = (): void => {
      this.#stop = undefined;
      for (const end of stops) end?.();
      this.#stopObserving();
    };
    this.#stop = stop;
    return stop;
  }

  #turn(on: boolean): void {
    if (this.#on === on) return;
    this.#on = on;
    // Switched on again it reads at once, unless it was off for moments only.
    this.repace();
    this.#publish();
  }

  #isOn(): boolean {
    return this.#options.on === undefined || get(this.#options.on);
  }

  #follow(scope: Scope | undefined): void {
    if (scope === this.#scope && this.#observer !== undefined) return;
    this.#stopObserving();
    this.#scope = scope;
    if (scope !== undefined) {
      this.#observer = new QueryObserver<T>(this.#engine.cache, this.#queryOptions(scope));
      this.#observer.subscribe(() => this.#publish());
    }
    this.#publish();
  }

  #stopObserving(): void {
    clearTimeout(this.#lateTimer);
    if (this.#observer === undefined) return;
    this.#observer.destroy();
    this.#observer = undefined;
    this.#engine.changed(this);
  }

  #key({ owner }: Scope): string[] {
    return [this.#options.name, owner];
  }

  #attemptsOf({ owner }: Scope): Attempts {
    const attempts = this.#attempts.get(owner) ?? { failures: 0, error: undefined, asked: false };
    this.#attempts.set(owner, attempts);
    return attempts;
  }

  #error(): AppError | undefined {
    return this.#scope === undefined ? undefined : this.#attemptsOf(this.#scope).error;
  }

  #queryOptions(scope: Scope): QueryObserverOptions<T> & { queryKey: string[] } {
    const attempts = this.#attemptsOf(scope);
    return {
      queryKey: this.#key(scope),
      queryFn: () => this.#read(scope),
      enabled: this.#on,
      meta: { private: this.#options.isPrivate },
      // Somebody else opening the same figure within this time is shown what is there.
      staleTime: 5_000,
      refetchInterval: (query) =>
        nextReadIn({
          ...attempts,
          intervalMs: this.#options.intervalMs(query.state.data as T | undefined),
          scout: this.#engine.isScout(this),
          random: this.#engine.random
        })
    };
  }

  async #read(scope: Scope): Promise<T> {
    const attempts = this.#attemptsOf(scope);
    const { asked } = attempts;
    attempts.asked = false;
    let value: T;
    try {
      value = this.#newest(scope, await this.#options.read(scope.clients));
    } catch (cause) {
      attempts.failures += asked && attempts.failures === 0 ? 2 : 1;
      attempts.error = asAppError(cause);
      this.#engine.changed(this);
      throw attempts.error;
    }
    // An answer that comes after its owner has left, or after the end, starts nothing.
    if (!this.#engine.closed && get(this.#options.scope)?.clients === scope.clients) {
      this.#options.onRead?.(value, scope);
      this.#engine.share({ name: this.name, owner: scope.owner, value, updatedAt: Date.now() });
    }
    this.#succeeded(scope);
    return value;
  }

  #succeeded(scope: Scope): void {
    const attempts = this.#attemptsOf(scope);
    const wasFailing = attempts.failures > 0;
    attempts.failures = 0;
    attempts.error = undefined;
    if (wasFailing) this.#engine.recovered(this);
  }

  #newest(scope: Scope, value: T): T {
    const { asOf } = this.#options;
    const held = this.#engine.cache.getQueryData<T>(this.#key(scope));
    if (asOf === undefined || held === undefined) return value;
    const lag = asOf(held) - asOf(value);
    return lag > 0n && lag < MAX_LAG_NS ? held : value;
  }

  #publish(): void {
    const reading = this.#current();
    this.#reading.set(reading);
    this.#watchAge(reading);
  }

  #current(): Reading<T> {
    const { source } = this.#options;
    const result = this.#observer?.getCurrentResult();
    if (this.#scope === undefined || result === undefined) return nothing(source);
    const updatedAt = result.data === undefined ? undefined : result.dataUpdatedAt;
    const error = this.#on ? this.#shownError(result.data, updatedAt) : SWITCHED_OFF;
    const phase = this.#phase(result.data, updatedAt, error);
    return { phase, value: result.data, updatedAt, source, error, advice: adviceOn(phase, error), refreshing: result.isFetching };
  }

  /** A first failure that may mend by itself is looked into before a fresh value is called anything else. */
  #shownError(value: T | undefined, updatedAt: number | undefined): AppError | undefined {
    const error = this.#error();
    if (error?.kind !== 'temporary' || this.#scope === undefined || value === undefined) return error;
    return this.#attemptsOf(this.#scope).failures === 1 && !this.#isLate(value, updatedAt) ? undefined : error;
  }

  #isLate(value: T | undefined, updatedAt: number | undefined): boolean {
    return updatedAt === undefined || Date.now() - updatedAt >= lateAfter(this.#options.intervalMs(value));
  }

  #phase(value: T | undefined, updatedAt: number | undefined, error: AppError | undefined): Phase {
    if (!this.#online) return 'offline';
    if (value === undefined || updatedAt === undefined) return error === undefined ? 'loading' : 'error';
    return error !== undefined || this.#isLate(value, updatedAt) ? 'stale' : 'live';
  }

  /** A live value turns stale without any event when nothing newer arrives. */
  #watchAge({ phase, value, updatedAt }: Reading<T>): void {
    clearTimeout(this.#lateTimer);
    if (this.#observer === undefined || phase !== 'live' || updatedAt === undefined) return;
    const left = updatedAt + lateAfter(this.#options.intervalMs(value)) - Date.now();
    this.#lateTimer = setTimeout(() => this.#publish(), Math.max(left, 0));
  }
}

/** What a reading shows that operators have switched off. */
const SWITCHED_OFF = new AppError({
  kind: 'temporary',
  code: 'switched_off',
  message: 'The exchange’s operators have switched this off for now.'
});

/** What a reading shows that nobody's data is in. */
export function nothing(source: Source): Reading<never> {
  return { phase: 'loading', value: undefined, updatedAt: undefined, source, error: undefined, advice: undefined, refreshing: false };
}

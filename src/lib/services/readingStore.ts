import { QueryObserver, type QueryObserverOptions } from '@tanstack/svelte-query';
import { get, writable, type Readable, type Writable } from 'svelte/store';
import { asAppError } from '../errors/asAppError';
import type { AppError } from '../errors/AppError';
import { isUnreachable } from '../errors/reachability';
import type { Clients } from '../ic/clients';
import type { Engine, Member } from './engine';
import { lateAfter, nextReadIn } from './pace';
import type { Phase, Reading, ReadingStore } from './types';

/** Whose data is read, and with which clients. undefined: nobody's, the reading rests. */
export interface Scope {
  readonly owner: string;
  readonly clients: Clients;
}

export interface ReadingOptions<T> {
  readonly name: string;
  readonly scope: Readable<Scope | undefined>;
  /** Belongs to a person: removed when they log out. */
  readonly isPrivate: boolean;
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
}

/** A reading the hub can also tell that something has changed. */
export interface LiveStore<T> extends ReadingStore<T> {
  /** Reads now if somebody looks, else as soon as somebody does. */
  touch(): void;
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
  #stop: (() => void) | undefined;

  constructor(engine: Engine, options: ReadingOptions<T>) {
    this.#engine = engine;
    this.#options = options;
    this.#reading = writable<Reading<T>>(NOTHING, () => this.#start());
    engine.join(this);
  }

  subscribe: Readable<Reading<T>>['subscribe'] = (...args) => this.#reading.subscribe(...args);

  failing(): boolean {
    return this.#scope !== undefined && isUnreachable(this.#attemptsOf(this.#scope).error);
  }

  touch(): void {
    if (this.#observer !== undefined) {
      void this.refresh();
      return;
    }
    const scope = get(this.#options.scope);
    if (scope !== undefined) void this.#engine.cache.invalidateQueries({ queryKey: this.#key(scope), refetchType: 'none' });
  }

  stop(): void {
    this.#stop?.();
  }

  /** Reads now, even if a read is under way: that one may have been answered before the change the caller knows of. */
  async refresh(): Promise<void> {
    const scope = get(this.#options.scope);
    if (scope === undefined || this.#engine.closed) return;
    await this.#engine.cache.cancelQueries({ queryKey: this.#key(scope), exact: true });
    await this.#engine.cache.prefetchQuery({ ...this.#queryOptions(scope), staleTime: 0 });
  }

  #start(): () => void {
    if (this.#engine.closed) return () => undefined;
    const stopScope = this.#options.scope.subscribe((scope) => this.#follow(scope));
    const stopOnline = this.#engine.online.subscribe((online) => {
      this.#online = online;
      this.#publish();
    });
    const stop = (): void => {
      this.#stop = undefined;
      stopScope();
      stopOnline();
      this.#stopObserving();
    };
    this.#stop = stop;
    return stop;
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
    this.#observer?.destroy();
    this.#observer = undefined;
  }

  #key({ owner }: Scope): string[] {
    return [this.#options.name, owner];
  }

  #attemptsOf({ owner }: Scope): Attempts {
    const attempts = this.#attempts.get(owner) ?? { failures: 0, error: undefined };
    this.#attempts.set(owner, attempts);
    return attempts;
  }

  #queryOptions(scope: Scope): QueryObserverOptions<T> & { queryKey: string[] } {
    const attempts = this.#attemptsOf(scope);
    return {
      queryKey: this.#key(scope),
      queryFn: () => this.#read(scope),
      meta: { private: this.#options.isPrivate },
      // Somebody else opening the same figure within this time is shown what is there.
      staleTime: 5_000,
      refetchInterval: (query) => nextReadIn(this.#options.intervalMs(query.state.data as T | undefined), attempts.failures, attempts.error)
    };
  }

  async #read(scope: Scope): Promise<T> {
    const attempts = this.#attemptsOf(scope);
    let value: T;
    try {
      value = this.#newest(scope, await this.#options.read(scope.clients));
    } catch (cause) {
      attempts.failures += 1;
      attempts.error = asAppError(cause);
      throw attempts.error;
    }
    const wasFailing = attempts.failures > 0;
    attempts.failures = 0;
    attempts.error = undefined;
    // An answer that comes after its owner has left starts nothing.
    if (get(this.#options.scope)?.clients === scope.clients) this.#options.onRead?.(value, scope);
    if (wasFailing) this.#engine.recovered(this);
    return value;
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
    const result = this.#observer?.getCurrentResult();
    if (this.#scope === undefined || result === undefined) return NOTHING;
    const { error } = this.#attemptsOf(this.#scope);
    const updatedAt = result.data === undefined ? undefined : result.dataUpdatedAt;
    return { phase: this.#phase(result.data, updatedAt, error), value: result.data, updatedAt, error, refreshing: result.isFetching };
  }

  #phase(value: T | undefined, updatedAt: number | undefined, error: AppError | undefined): Phase {
    if (!this.#online) return 'offline';
    if (value === undefined || updatedAt === undefined) return error === undefined ? 'loading' : 'error';
    return error !== undefined || Date.now() - updatedAt >= lateAfter(this.#options.intervalMs(value)) ? 'stale' : 'live';
  }

  /** A live value turns stale without any event when nothing newer arrives. */
  #watchAge({ phase, value, updatedAt }: Reading<T>): void {
    clearTimeout(this.#lateTimer);
    if (this.#observer === undefined || phase !== 'live' || updatedAt === undefined) return;
    const left = updatedAt + lateAfter(this.#options.intervalMs(value)) - Date.now();
    this.#lateTimer = setTimeout(() => this.#publish(), Math.max(left, 0));
  }
}

const NOTHING: Reading<never> = { phase: 'loading', value: undefined, updatedAt: undefined, error: undefined, refreshing: false };

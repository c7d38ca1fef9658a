import { notifyManager, QueryClient } from '@tanstack/svelte-query';
import { readable, type Readable } from 'svelte/store';
import { Reachability, type Connection } from './connection';
import type { SharedReading, TabChannel } from './tabs';

/** A reading, as its fellows see it. */
export interface Member {
  readonly name: string;
  /** Whether the last attempt failed and trying again may help. */
  failing(): boolean;
  /** The canister that the last attempt didn't reach, if it is asked for again. */
  unreached(): string | undefined;
  /** Reads again if somebody looks; otherwise the next one to look does. */
  touch(): void;
  /** Works its next turn out anew. */
  repace(): void;
  /** Another tab has read this. */
  hear(reading: SharedReading): void;
  /** Ends timers and subscriptions, whoever still looks. */
  stop(): void;
}

/** What all readings of one hub share: the cache and its timers, the browser's connection, other tabs, and news of a recovery. */
export interface Engine {
  readonly cache: QueryClient;
  readonly online: Readable<boolean>;
  readonly connection: Readable<Connection>;
  readonly random: () => number;
  join(member: Member): void;
  /** Of those that fail to reach a canister, one watches for its return; the others may wait longer. */
  isScout(member: Member): boolean;
  /** A reading works again after a failure: the others that failed need not wait for their own turn. */
  recovered(by: Member): void;
  /** A reading has failed, or is not looked at any more: somebody else may have to watch. */
  changed(by: Member): void;
  onRecovered(listener: () => void): () => void;
  /** Tells the other tabs what was read here. */
  share(reading: SharedReading): void;
  /** Removes everything that belongs to a person. */
  forgetPrivate(): void;
  readonly closed: boolean;
  close(): void;
}

export interface EngineOptions {
  readonly tabs?: TabChannel | undefined;
  readonly random?: (() => number) | undefined;
}

export function createEngine({ tabs, random = Math.random }: EngineOptions = {}): Engine {
  // Notifications by microtask instead of a timer: a reading must not wait for a clock that a test or a throttled tab holds back.
  notifyManager.setScheduler(queueMicrotask);
  const cache = new QueryClient({
    defaultOptions: {
      queries: {
        // Failures are paced by the reading itself; the browser's word about the network is shown, not obeyed: localhost works offline.
        retry: false,
        networkMode: 'always',
        gcTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: 'always',
        refetchOnReconnect: 'always',
        refetchIntervalInBackground: false
      }
    }
  });
  cache.mount();
  const members = new Set<Member>();
  const listeners = new Set<() => void>();
  const online = browserOnline();
  const reachability = new Reachability(online);
  let closed = false;
  tabs?.listen((reading) => {
    for (const member of members) if (member.name === reading.name) member.hear(reading);
  });

  const unreached = (): string[] => [...new Set([...members].flatMap((member) => member.unreached() ?? []))];

  return {
    cache,
    online,
    connection: reachability.state,
    random,
    get closed() {
      return closed;
    },
    join: (member) => void members.add(member),
    isScout: (member) => {
      const canister = member.unreached();
      return canister !== undefined && [...members].find((other) => other.unreached() === canister) === member;
    },
    recovered: (by) => {
      if (closed) return;
      reachability.set(unreached());
      for (const member of members) if (member !== by && member.failing()) member.touch();
      for (const listener of listeners) listener();
    },
    changed: (by) => {
      if (closed) return;
      reachability.set(unreached());
      for (const member of members) if (member !== by && member.unreached() !== undefined) member.repace();
    },
    onRecovered: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    share: (reading) => {
      if (closed) return;
      try {
        tabs?.post(reading);
      } catch {
        // A browser that can't pass it on: the other tabs read for themselves.
      }
    },
    forgetPrivate: () => {
      const isPrivate = (query: { meta?: Record<string, unknown> | undefined }): boolean => query.meta?.['private'] === true;
      void cache.cancelQueries({ predicate: isPrivate });
      cache.removeQueries({ predicate: isPrivate });
    },
    close: () => {
      if (closed) return;
      closed = true;
      tabs?.close();
      for (const member of members) member.stop();
      members.clear();
      listeners.clear();
      void cache.cancelQueries();
      cache.clear();
      cache.unmount();
    }
  };
}

function browserOnline(): Readable<boolean> {
  const now = (): boolean => globalThis.navigator?.onLine !== false;
  return readable(now(), (set) => {
    if (typeof window === 'undefined') return undefined;
    const update = (): void => set(now());
    update();
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  });
}

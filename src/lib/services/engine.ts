import { notifyManager, QueryClient } from '@tanstack/svelte-query';
import { readable, type Readable } from 'svelte/store';

/** A reading that can be asked again by the others. */
export interface Member {
  /** Whether the last attempt failed because something couldn't be reached. */
  failing(): boolean;
  /** Reads again if somebody looks; otherwise the next one to look does. */
  touch(): void;
  /** Ends timers and subscriptions, whoever still looks. */
  stop(): void;
}

/** What all readings of one hub share: the cache and its timers, the browser's connection, and news of a recovery. */
export interface Engine {
  readonly cache: QueryClient;
  readonly online: Readable<boolean>;
  join(member: Member): void;
  /** One reading works again after a failure: the others that failed need not wait for their own turn. */
  recovered(by: Member): void;
  onRecovered(listener: () => void): () => void;
  /** Removes everything that belongs to a person. */
  forgetPrivate(): void;
  readonly closed: boolean;
  close(): void;
}

export function createEngine(): Engine {
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
  let closed = false;

  return {
    cache,
    online: browserOnline(),
    get closed() {
      return closed;
    },
    join: (member) => void members.add(member),
    recovered: (by) => {
      if (closed) return;
      for (const member of members) if (member !== by && member.failing()) member.touch();
      for (const listener of listeners) listener();
    },
    onRecovered: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    forgetPrivate: () => {
      const isPrivate = (query: { meta?: Record<string, unknown> | undefined }): boolean => query.meta?.['private'] === true;
      void cache.cancelQueries({ predicate: isPrivate });
      cache.removeQueries({ predicate: isPrivate });
    },
    close: () => {
      if (closed) return;
      closed = true;
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

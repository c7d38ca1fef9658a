import { pause, throwIfAborted } from './retryPolicy';
import { openSettlementDatabase, type SettlementDatabase } from './settlementDatabase';

/** Keeps two tabs from doing the same at once. */
export interface SettlementLocks {
  /** Waits until nobody holds `name`, then holds it while `work` runs. */
  hold<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** The same, unless somebody holds it: then undefined at once, and `work` doesn't run. */
  tryHold<T>(name: string, work: () => Promise<T>): Promise<T | undefined>;
  close(): void;
}

/** The browser's own locks, shared by all tabs of this origin; a lease in the database where there are none, locks in this page where that is blocked. */
export function browserLocks(network: string): SettlementLocks {
  const manager = (globalThis as { navigator?: Partial<Navigator> }).navigator?.locks;
  return manager === undefined ? leaseLocks(openSettlementDatabase(network)) : webLocks(manager);
}

export function webLocks(manager: LockManager): SettlementLocks {
  const page = pageLocks();
  return {
    hold: async (name, signal, work) => {
      throwIfAborted(signal);
      let begun = false;
      try {
        return await manager.request(name, { signal }, () => {
          begun = true;
          return work();
        });
      } catch (error) {
        if (begun) throw error;
        throwIfAborted(signal);
        // Some places forbid the browser's locks. That must not keep anybody from settling.
        return page.hold(name, signal, work);
      }
    },
    tryHold: (name, work) => manager.request(name, { ifAvailable: true }, (lock) => (lock === null ? undefined : work())),
    close: () => undefined
  };
}

/** A tab that was closed or crashed is waited for this long; one that is alive renews. Hidden tabs' timers run once a minute, so it is several. */
const LEASE_MS = 180_000;
const RENEW_MS = 30_000;
const POLL_MS = 500;

export function leaseLocks(opening: Promise<SettlementDatabase | undefined>): SettlementLocks {
  const holder = crypto.randomUUID();
  // Within this page there is no need to poll.
  const page = pageLocks();

  const take = async (db: SettlementDatabase, name: string): Promise<boolean> => {
    const transaction = db.transaction('leases', 'readwrite');
    const held = await transaction.store.get(name);
    const free = held === undefined || held.holder === holder || held.until <= Date.now();
    if (free) await transaction.store.put({ name, holder, until: Date.now() + LEASE_MS });
    await transaction.done;
    return free;
  };
  const leased = async <T>(db: SettlementDatabase, name: string, work: () => Promise<T>): Promise<T> => {
    const renewing = setInterval(() => void take(db, name).catch(() => false), RENEW_MS);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      await db.delete('leases', name).catch(() => undefined);
    }
  };
  /** A database that is full or was closed holds nothing up: this page's own order remains, and the canisters'. */
  const taken = (db: SettlementDatabase, name: string): Promise<boolean> => take(db, name).catch(() => true);

  return {
    hold: (name, signal, work) =>
      page.hold(name, signal, async () => {
        const db = await opening;
        if (db === undefined) return work();
        while (!(await taken(db, name))) await pause(POLL_MS, signal);
        return leased(db, name, work);
      }),
    tryHold: (name, work) =>
      page.tryHold(name, async () => {
        const db = await opening;
        if (db === undefined) return work();
        return (await taken(db, name)) ? leased(db, name, work) : undefined;
      }),
    close: () => void opening.then((db) => db?.close())
  };
}

/** Locks of one page, in the order they were asked for. Several services can share them. */
export function pageLocks(): SettlementLocks {
  const last = new Map<string, Promise<void>>();
  const run = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const running = work();
    const ended = running.then(ignore, ignore).then(() => {
      if (last.get(name) === ended) last.delete(name);
    });
    last.set(name, ended);
    return running;
  };
  return {
    hold: async (name, signal, work) => {
      for (let before = last.get(name); before !== undefined; before = last.get(name)) {
        await before;
        throwIfAborted(signal);
      }
      throwIfAborted(signal);
      return run(name, work);
    },
    tryHold: (name, work) => (last.has(name) ? Promise.resolve(undefined) : run(name, work)),
    close: ignore
  };
}

function ignore(): undefined {
  return undefined;
}

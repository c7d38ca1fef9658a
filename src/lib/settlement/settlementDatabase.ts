import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { JournalEntry } from './journal';

interface Schema extends DBSchema {
  settlements: { key: [string, string]; value: JournalEntry };
  /** Who holds a lock and until when, milliseconds since 1970; where the browser has no locks of its own. */
  leases: { key: string; value: { name: string; holder: string; until: number } };
}

export type SettlementDatabase = IDBPDatabase<Schema>;

/** The browser's own storage for one network's settlements; undefined where it is blocked, also by a tab with an older page. */
export async function openSettlementDatabase(network: string): Promise<SettlementDatabase | undefined> {
  try {
    return await new Promise<SettlementDatabase>((resolve, reject) => {
      let late = false;
      const opening = openDB<Schema>(`satstrike.${network}`, 2, {
        upgrade: (db, from) => {
          if (from < 1) db.createObjectStore('settlements', { keyPath: ['owner', 'key'] });
          if (from < 2) db.createObjectStore('leases', { keyPath: 'name' });
        },
        blocked: () => {
          late = true;
          reject(new DOMException('an older page is open', 'AbortError'));
        },
        // A newer page must not wait for this one.
        blocking: (_current, _blocked, event) => closeTarget(event)
      });
      opening.then((db) => (late ? db.close() : resolve(db)), reject);
    });
  } catch {
    return undefined;
  }
}

function closeTarget({ target }: IDBVersionChangeEvent): void {
  if (target instanceof IDBDatabase) target.close();
}

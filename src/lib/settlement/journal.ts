import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

export type Home = 'options' | 'legacy';

/** One settlement somebody asked for: written before the call, closed only when its end is known. */
export interface JournalEntry {
  /** `home/positionId`, unique within one owner on one network. */
  readonly key: string;
  readonly owner: string;
  readonly home: Home;
  readonly positionId: bigint;
  readonly state: 'pending' | 'done' | 'refused';
  readonly attempts: number;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** The last failure's code, for the log. */
  readonly lastError: string | undefined;
}

export interface Journal {
  begin(owner: string, home: Home, positionId: bigint): Promise<void>;
  end(owner: string, home: Home, positionId: bigint, state: 'done' | 'refused', error?: string): Promise<void>;
  /** The call failed, but its outcome is open or it may succeed later: stays pending. */
  interrupted(owner: string, home: Home, positionId: bigint, error: string): Promise<void>;
  pending(owner: string): Promise<JournalEntry[]>;
  all(owner: string): Promise<JournalEntry[]>;
  close(): void;
}

interface Schema extends DBSchema {
  settlements: { key: [string, string]; value: JournalEntry };
}

/** `network` keeps the journals of different exchanges apart: the options canister's id. */
export function openJournal(network: string): Journal {
  const store = openStore(network);
  const change = async (owner: string, home: Home, positionId: bigint, to: (entry: JournalEntry) => JournalEntry): Promise<void> => {
    const entries = await store;
    const key = `${home}/${positionId}`;
    const now = Date.now();
    const blank = {
      key,
      owner,
      home,
      positionId,
      state: 'pending' as const,
      attempts: 0,
      startedAt: now,
      updatedAt: now,
      lastError: undefined
    };
    await entries.put({ ...to((await entries.get(owner, key)) ?? blank), updatedAt: now });
  };
  const all = async (owner: string): Promise<JournalEntry[]> => (await store).list(owner);

  return {
    begin: (owner, home, id) => change(owner, home, id, (entry) => ({ ...entry, state: 'pending', attempts: entry.attempts + 1 })),
    end: (owner, home, id, state, error) => change(owner, home, id, (entry) => ({ ...entry, state, lastError: error })),
    interrupted: (owner, home, id, error) => change(owner, home, id, (entry) => ({ ...entry, state: 'pending', lastError: error })),
    pending: async (owner) => (await all(owner)).filter(({ state }) => state === 'pending'),
    all,
    close: () => void store.then((entries) => entries.close())
  };
}

interface EntryStore {
  get(owner: string, key: string): Promise<JournalEntry | undefined>;
  put(entry: JournalEntry): Promise<void>;
  list(owner: string): Promise<JournalEntry[]>;
  close(): void;
}

async function openStore(network: string): Promise<EntryStore> {
  try {
    const db = await openDB<Schema>(`satstrike.${network}`, 1, {
      upgrade: (upgraded) => void upgraded.createObjectStore('settlements', { keyPath: ['owner', 'key'] })
    });
    return inDatabase(db);
  } catch {
    // Storage is blocked: a journal for this visit is better than a settlement refused for the lack of one.
    return inMemory();
  }
}

function inDatabase(db: IDBPDatabase<Schema>): EntryStore {
  return {
    get: (owner, key) => db.get('settlements', [owner, key]),
    put: async (entry) => void (await db.put('settlements', entry)),
    list: (owner) => db.getAll('settlements', IDBKeyRange.bound([owner], [owner, []])),
    close: () => db.close()
  };
}

function inMemory(): EntryStore {
  const entries = new Map<string, JournalEntry>();
  return {
    get: (owner, key) => Promise.resolve(entries.get(`${owner} ${key}`)),
    put: (entry) => Promise.resolve(void entries.set(`${entry.owner} ${entry.key}`, entry)),
    list: (owner) => Promise.resolve([...entries.values()].filter((entry) => entry.owner === owner)),
    close: () => undefined
  };
}

import { writable, type Readable } from 'svelte/store';
import type { JournalEntry } from './journal';
import { openSettlementDatabase, type SettlementDatabase } from './settlementDatabase';

/** Where the journal is: in the browser's database, or only in this page because that is full or blocked. */
export type StorageKind = 'indexeddb' | 'memory';

/** Finished settlements kept for each owner. */
const KEEP_FINISHED = 200;

type Change = (entry: JournalEntry | undefined) => JournalEntry;

/**
 * The journal's rows. What can't be written to the database is kept in this page and laid over it: a journal for the visit is better than a
 * settlement refused for the lack of one. Every later write tries the database again.
 */
export class JournalStore {
  readonly #database: Promise<SettlementDatabase | undefined>;
  readonly #unwritten = new Map<string, JournalEntry>();
  readonly #kind = writable<StorageKind>('indexeddb');

  constructor(network: string) {
    this.#database = openSettlementDatabase(network);
    void this.#database.then((db) => db === undefined && this.#kind.set('memory'));
  }

  get kind(): Readable<StorageKind> {
    return this.#kind;
  }

  /** Reads, changes and writes one row; on the database in one transaction, so that no other tab comes between. */
  async change(owner: string, key: string, to: Change): Promise<JournalEntry> {
    const overlay = `${owner} ${key}`;
    const db = await this.#database;
    const unwritten = this.#unwritten.get(overlay);
    try {
      if (db === undefined) throw new DOMException('blocked', 'InvalidStateError');
      const entry = await changeIn(db, owner, key, (stored) => to(unwritten ?? stored));
      this.#unwritten.delete(overlay);
      this.#kind.set('indexeddb');
      return entry;
    } catch {
      const entry = to(unwritten ?? (await this.#stored(owner)).find((row) => row.key === key));
      this.#unwritten.set(overlay, entry);
      this.#kind.set('memory');
      return entry;
    }
  }

  async list(owner: string): Promise<JournalEntry[]> {
    const rows = new Map((await this.#stored(owner)).map((entry) => [entry.key, entry]));
    for (const entry of this.#unwritten.values()) if (entry.owner === owner) rows.set(entry.key, entry);
    return [...rows.values()];
  }

  /** Forgets the oldest finished ones beyond those that are kept. */
  async prune(owner: string): Promise<void> {
    const finished = (await this.list(owner)).filter(({ state }) => state !== 'pending').sort((a, b) => b.updatedAt - a.updatedAt);
    const db = await this.#database;
    for (const { key } of finished.slice(KEEP_FINISHED)) {
      this.#unwritten.delete(`${owner} ${key}`);
      await db?.delete('settlements', [owner, key]);
    }
  }

  close(): void {
    void this.#database.then((db) => db?.close());
  }

  async #stored(owner: string): Promise<JournalEntry[]> {
    const db = await this.#database;
    try {
      return (await db?.getAll('settlements', IDBKeyRange.bound([owner], [owner, []]))) ?? [];
    } catch {
      // The database was closed or has become unreadable: what this page knows itself remains.
      return [];
    }
  }
}

async function changeIn(db: SettlementDatabase, owner: string, key: string, to: Change): Promise<JournalEntry> {
  const transaction = db.transaction('settlements', 'readwrite');
  const written = (async () => {
    const entry = to(await transaction.store.get([owner, key]));
    await transaction.store.put(entry);
    return entry;
  })();
  // A write that fails ends both; neither may be left without somebody who looks.
  const [entry] = await Promise.all([written, transaction.done]);
  return entry;
}

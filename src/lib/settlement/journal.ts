import type { Readable } from 'svelte/store';
import type { Outcome } from '../options/types';
import { JournalStore, type StorageKind } from './journalStore';

export type Home = 'options' | 'legacy';
/** options: the options canister settles; legacy: the old route, by the browser itself on the legacy platform. */
export type Route = 'options' | 'legacy';

/** Something that was sent and whose end is not known: it may still happen until then, milliseconds since 1970. */
export interface OpenAttempt {
  readonly route: Route;
  readonly until: number;
}

export interface JournalResult {
  readonly route: Route;
  readonly outcome: Outcome;
  /** Satoshis on the options canister, cents on the legacy platform. */
  readonly payout: bigint;
}

/** One settlement somebody asked for: written before the call, closed only when its end is known. */
export interface JournalEntry {
  /** `home/positionId`, unique within one owner on one network. */
  readonly key: string;
  readonly owner: string;
  readonly home: Home;
  readonly positionId: bigint;
  readonly state: 'pending' | 'done' | 'refused';
  readonly attempts: number;
  /** Milliseconds since 1970, as `updatedAt`. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /** The code of the last failure, or `settlement_mismatch` of a receipt that does not agree. */
  readonly lastError?: string | undefined;
  readonly open?: OpenAttempt | undefined;
  readonly result?: JournalResult | undefined;
  /** How long the attempt that succeeded took. */
  readonly latencyMs?: number | undefined;
}

export type JournalChanges = Partial<Pick<JournalEntry, 'state' | 'lastError' | 'open' | 'result' | 'latencyMs'>>;

/** Never rejects: see JournalStore. */
export interface Journal {
  /** One more attempt begins. Answers the entry as it was before, undefined for the first attempt. */
  begin(owner: string, home: Home, positionId: bigint): Promise<JournalEntry | undefined>;
  note(owner: string, home: Home, positionId: bigint, changes: JournalChanges): Promise<void>;
  pending(owner: string): Promise<JournalEntry[]>;
  /** Newest first: everything pending and the last 200 that are finished. */
  all(owner: string): Promise<JournalEntry[]>;
  readonly storage: Readable<StorageKind>;
  close(): void;
}

/** `network` keeps the journals of different exchanges apart: the options canister's id. */
export function openJournal(network: string): Journal {
  const store = new JournalStore(network);
  const all = async (owner: string): Promise<JournalEntry[]> => (await store.list(owner)).sort((a, b) => b.updatedAt - a.updatedAt);

  return {
    begin: async (owner, home, positionId) => {
      let before: JournalEntry | undefined;
      await store.change(owner, keyOf(home, positionId), (entry) => {
        before = entry;
        const known = entry ?? blank(owner, home, positionId);
        return { ...known, state: 'pending', attempts: known.attempts + 1, updatedAt: Date.now() };
      });
      return before;
    },
    note: async (owner, home, positionId, changes) => {
      await store.change(owner, keyOf(home, positionId), (entry) => ({
        ...(entry ?? blank(owner, home, positionId)),
        ...changes,
        updatedAt: Date.now()
      }));
      if (changes.state === 'done' || changes.state === 'refused') await store.prune(owner);
    },
    pending: async (owner) => (await all(owner)).filter(({ state }) => state === 'pending').toReversed(),
    all,
    storage: store.kind,
    close: () => store.close()
  };
}

function keyOf(home: Home, positionId: bigint): string {
  return `${home}/${positionId}`;
}

function blank(owner: string, home: Home, positionId: bigint): JournalEntry {
  const now = Date.now();
  return { key: keyOf(home, positionId), owner, home, positionId, state: 'pending', attempts: 0, startedAt: now, updatedAt: now };
}

import type { Clients } from '../ic/clients';
import type { Journal, JournalEntry } from './journal';
import type { SettlementLocks } from './locks';
import type { SettlementMetrics } from './metrics';

/** What taking up everything that was open came to. */
export interface Retried {
  readonly settled: number;
  readonly stillOpen: number;
  readonly refused: number;
}

export interface ResumptionContext {
  readonly journal: Journal;
  readonly metrics: SettlementMetrics;
  readonly locks: SettlementLocks;
  readonly signal: AbortSignal;
  /** The name of the lock under which a person's journal is worked. */
  lock(owner: string): string;
  again(clients: Clients, entry: JournalEntry, pressed: boolean): Promise<unknown>;
}

const RESUME_MS = 30_000;
const RESUME_CAP_MS = 300_000;

/** Takes up what the journal holds open: at once, then more and more slowly until nothing is left; in one tab at a time. */
export class Resumption {
  readonly #context: ResumptionContext;
  #present: Clients | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = RESUME_MS;
  #resuming = false;

  constructor(context: ResumptionContext) {
    this.#context = context;
  }

  follow(clients: Clients | undefined): void {
    this.#present = clients;
    this.#pauseMs = RESUME_MS;
    clearTimeout(this.#timer);
    if (clients === undefined) this.#context.metrics.queued(0);
    void this.#resume();
  }

  nudge(): void {
    this.#pauseMs = RESUME_MS;
    void this.#resume();
  }

  /** An attempt of this page has ended: what it left open is looked after. */
  attempted(): void {
    void this.#count();
    this.#schedule();
  }

  /** Everything of this person now, because somebody asks for it. */
  async now(clients: Clients): Promise<Retried> {
    const { locks, lock, signal } = this.#context;
    const goesOn = (): boolean => !signal.aborted;
    const retried = await locks.hold(lock(clients.principal), signal, () => this.#takeUp(clients, true, goesOn));
    await this.#count();
    this.#schedule();
    return retried;
  }

  stop(): void {
    this.#present = undefined;
    clearTimeout(this.#timer);
  }

  async #resume(): Promise<void> {
    const clients = this.#present;
    if (clients === undefined || this.#resuming) return;
    const { locks, lock, signal } = this.#context;
    this.#resuming = true;
    clearTimeout(this.#timer);
    try {
      const goesOn = (): boolean => !signal.aborted && this.#present === clients;
      await locks.tryHold(lock(clients.principal), () => this.#takeUp(clients, false, goesOn));
    } catch {
      // The lock could not be had: the next turn tries again.
    }
    this.#resuming = false;
    const left = await this.#count();
    this.#pauseMs = left > 0 ? Math.min(this.#pauseMs * 2, RESUME_CAP_MS) : RESUME_MS;
    if (left > 0) this.#schedule();
    // Somebody else came while this was going on.
    if (this.#present !== clients) void this.#resume();
  }

  async #takeUp(clients: Clients, pressed: boolean, goesOn: () => boolean): Promise<Retried> {
    const { journal, again } = this.#context;
    const entries = await journal.pending(clients.principal);
    for (const entry of entries) if (goesOn()) await again(clients, entry, pressed).catch(() => undefined);
    const states = new Map((await journal.all(clients.principal)).map(({ key, state }) => [key, state]));
    const count = (state: JournalEntry['state']): number => entries.filter(({ key }) => states.get(key) === state).length;
    return { settled: count('done'), stillOpen: count('pending'), refused: count('refused') };
  }

  /** How many are open now; tells the metrics. */
  async #count(): Promise<number> {
    const clients = this.#present;
    if (clients === undefined) return 0;
    const { length } = await this.#context.journal.pending(clients.principal);
    if (this.#present === clients) this.#context.metrics.queued(length);
    return length;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#present === undefined || this.#resuming || this.#context.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#resume(), this.#pauseMs);
  }
}

import { AppError } from '../errors/AppError';
import { asAppError } from '../errors/asAppError';
import type { Clients } from '../ic/clients';
import type { LegacySettlement } from '../options/legacy';
import type { Receipt } from '../options/types';
import type { CertifiedPrices } from './certifiedPrices';
import type { Home, Journal, JournalEntry } from './journal';
import { createSettlementMetrics, type SettlementMetrics } from './metrics';
import { settleLegacyPosition } from './route';
import { settlePosition } from './settle';

export interface SettlementService {
  readonly metrics: SettlementMetrics;
  settle(clients: Clients, positionId: bigint): Promise<Receipt>;
  settleLegacy(clients: Clients, positionId: bigint): Promise<LegacySettlement>;
  /**
   * From now on this person's open settlements are taken up: at once, then again and again until none is left. Quiet: what fails again
   * stays in the journal. undefined: nobody is here.
   */
  follow(clients: Clients | undefined): void;
  /** Something works again that didn't: no need to wait for the next turn. */
  nudge(): void;
  close(): void;
}

const RESUME_MS = 30_000;
const RESUME_CAP_MS = 300_000;

export interface SettlementOptions {
  readonly journal: Journal;
  readonly prices: CertifiedPrices;
  /** After every attempt, also a resumed or failed one: figures of that home may have changed. */
  readonly onAttempt?: (home: Home) => void;
}

/** Settlements as a person asks for them: journaled, counted, one at a time for each position, taken up again until they have ended. */
export function createSettlementService({ journal, prices, onAttempt = ignore }: SettlementOptions): SettlementService {
  const metrics = createSettlementMetrics();
  let present: Clients | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = RESUME_MS;
  let resuming = false;
  const running = new Map<string, Promise<unknown>>();
  const stopped = new AbortController();

  /** A second press, or a resumption during a press, joins the first. */
  const once = <T>(clients: Clients, home: Home, id: bigint, run: () => Promise<T>): Promise<T> => {
    const key = `${clients.principal} ${home} ${id}`;
    const already = running.get(key) as Promise<T> | undefined;
    if (already !== undefined) return already;
    const attempt = journaled(journal, metrics, clients.principal, home, id, run).finally(() => {
      running.delete(key);
      onAttempt(home);
      schedule();
    });
    running.set(key, attempt);
    return attempt;
  };

  const schedule = (): void => {
    clearTimeout(timer);
    if (present === undefined || stopped.signal.aborted) return;
    timer = setTimeout(() => void resume(), pauseMs);
  };

  const resume = async (): Promise<void> => {
    const clients = present;
    if (clients === undefined || resuming) return;
    resuming = true;
    clearTimeout(timer);
    try {
      for (const entry of await journal.pending(clients.principal)) {
        if (stopped.signal.aborted || present !== clients) break;
        await again(clients, entry).catch(ignore);
      }
      clearTimeout(timer);
      const left = await journal.pending(clients.principal);
      pauseMs = left.length > 0 ? Math.min(pauseMs * 2, RESUME_CAP_MS) : RESUME_MS;
      if (left.length > 0) schedule();
    } catch {
      // The journal can't be read (storage went away): nothing to take up.
    } finally {
      resuming = false;
    }
    // Somebody else came while this was going on.
    if (present !== clients) void resume();
  };

  const settle = (clients: Clients, id: bigint): Promise<Receipt> =>
    once(clients, 'options', id, async () => {
      const receipt = await settlePosition(
        { options: clients.options, nowNs: () => clients.nowNs(), retry: { signal: stopped.signal } },
        id
      );
      metrics.settled('options', receipt.outcome);
      return receipt;
    });

  const settleLegacy = (clients: Clients, id: bigint): Promise<LegacySettlement> =>
    once(clients, 'legacy', id, async () => {
      const { options, legacy } = clients;
      if (legacy === undefined) throw new AppError({ kind: 'request', code: 'no_legacy', message: 'This network has no legacy platform.' });
      const context = { options, legacy, prices, nowNs: () => clients.nowNs(), retry: { signal: stopped.signal } };
      const settlement = await settleLegacyPosition(context, id);
      metrics.settled(settlement.route, settlement.outcome);
      return settlement;
    });

  const again = (clients: Clients, { home, positionId }: JournalEntry): Promise<unknown> =>
    home === 'options' ? settle(clients, positionId) : settleLegacy(clients, positionId);

  return {
    metrics,
    settle,
    settleLegacy,
    follow: (clients) => {
      present = clients;
      pauseMs = RESUME_MS;
      clearTimeout(timer);
      void resume();
    },
    nudge: () => {
      pauseMs = RESUME_MS;
      void resume();
    },
    close: () => {
      present = undefined;
      clearTimeout(timer);
      stopped.abort();
      journal.close();
    }
  };
}

async function journaled<T>(
  journal: Journal,
  metrics: SettlementMetrics,
  owner: string,
  home: Home,
  id: bigint,
  run: () => Promise<T>
): Promise<T> {
  // A journal that can't be written (full or closed storage) must not stand in the way: the canisters keep the effect unique anyway.
  await journal.begin(owner, home, id).catch(ignore);
  metrics.attempted();
  try {
    const result = await run();
    await journal.end(owner, home, id, 'done').catch(ignore);
    return result;
  } catch (cause) {
    const error = asAppError(cause);
    metrics.failed(error.code);
    // Everything but a definite end is taken up again: after an outage, a new login, the next visit. "Too early" is an end: who asked was told.
    const open = error.unclear || error.kind === 'session' || (error.kind === 'temporary' && error.code !== 'not_due');
    const noted = open ? journal.interrupted(owner, home, id, error.code) : journal.end(owner, home, id, 'refused', error.code);
    await noted.catch(ignore);
    throw error;
  }
}

function ignore(): undefined {
  return undefined;
}

import { asAppError } from '../errors/asAppError';
import type { AppError } from '../errors/AppError';
import { mismatchError, type Difference, type Settled } from './difference';
import type { Journal, JournalChanges, JournalEntry, JournalResult } from './journal';
import type { SettlementMetrics } from './metrics';
import type { AttemptNotes } from './route';
import type { SettlementRequest } from './validateSettlement';

/**
 * How long something that was sent without a clear answer may still take effect: both tries of an attempt (two minutes), the life of a
 * message on the network (five), the options canister's own calls (one and a half); and some more.
 */
const OPEN_MS = 600_000;

export interface JournaledContext<T> {
  readonly journal: Journal;
  readonly metrics: SettlementMetrics;
  readonly request: SettlementRequest;
  settle(notes: AttemptNotes): Promise<Settled<T>>;
  describe(receipt: T): JournalResult;
  /** Tells the exchange of a receipt that does not agree. Rejects when it couldn't be told. */
  report(difference: Difference): Promise<void>;
}

/**
 * One attempt, written down before anything is sent and closed only when its end is known. What has no definite end stays pending: after an
 * outage, a new login or a crash it is taken up again.
 */
export async function journaled<T>(context: JournaledContext<T>): Promise<T> {
  const { journal, metrics, request } = context;
  const { owner, home, positionId } = request;
  const note = (changes: JournalChanges): Promise<void> => journal.note(owner, home, positionId, changes);
  const before = await journal.begin(owner, home, positionId);
  const startedAt = Date.now();
  metrics.attempted();

  let settled: Settled<T>;
  try {
    settled = await context.settle({
      open: before?.open,
      sending: (route) => note({ open: { route, until: Date.now() + OPEN_MS } }),
      answered: () => note({ open: undefined })
    });
  } catch (cause) {
    const error = asAppError(cause);
    metrics.failed(error.code);
    await note({ state: stateAfter(error, before), lastError: error.code });
    throw error;
  }

  const { receipt, difference } = settled;
  const ended = { result: context.describe(receipt), latencyMs: Date.now() - startedAt, open: undefined };
  if (difference === undefined) {
    metrics.succeeded({ at: Date.now(), home, positionId, ...ended.result }, ended.latencyMs);
    await note({ ...ended, state: 'done', lastError: undefined });
    return receipt;
  }
  const problem = await context.report(difference).then(() => undefined, asAppError);
  metrics.failed('settlement_mismatch');
  // It is settled; but until the exchange has been told of it, it is not over.
  await note({ ...ended, state: problem !== undefined && isOpen(problem) ? 'pending' : 'done', lastError: 'settlement_mismatch' });
  throw mismatchError(home, positionId, difference, problem === undefined);
}

function stateAfter(error: AppError, before: JournalEntry | undefined): JournalEntry['state'] {
  if (isOpen(error)) return 'pending';
  // What was settled once stays so, whatever asking again comes to.
  return before?.state === 'done' ? 'done' : 'refused';
}

/** "Too early" is an end: who asked was told. */
function isOpen({ unclear, kind, code }: AppError): boolean {
  return unclear || kind === 'session' || (kind === 'temporary' && code !== 'not_due');
}

import { asAppError } from '../errors/asAppError';
import type { Clients } from '../ic/clients';
import type { Log } from '../log/log';

/**
 * Runs what a person asked for under an id of its own: the log shows where it began, each call it made and how it ended. `clients` says
 * who acts, or throws.
 */
export async function inAction<T>(log: Log, action: string, clients: () => Clients, act: (traced: Clients) => Promise<T>): Promise<T> {
  const id = crypto.randomUUID().slice(0, 8);
  const bound = log.correlated(id);
  const startedAt = performance.now();
  const ms = (): number => Math.round(performance.now() - startedAt);
  bound.write('info', 'action.begun', { action });
  try {
    const result = await act(clients().traced(id));
    bound.write('info', 'action.done', { action, ms: ms() });
    return result;
  } catch (thrown) {
    const { code, kind, unclear, retryAfterMs } = asAppError(thrown);
    bound.write(kind === 'internal' ? 'error' : 'warn', 'action.failed', { action, ms: ms(), outcome: code, kind, unclear, retryAfterMs });
    throw thrown;
  }
}

import { asAppError } from '../errors/asAppError';
import type { Clients } from '../ic/clients';
import type { Log } from '../log/log';

/**
 * Runs what a person asked for under an id of its own: the log shows where it began, each call it made and how it ended. `clients` says
 * who acts, or throws. `level`: "debug" for what is asked with every key that is pressed.
 */
export async function inAction<T>(
  log: Log,
  action: string,
  clients: () => Clients,
  act: (traced: Clients) => Promise<T>,
  level: 'info' | 'debug' = 'info'
): Promise<T> {
  const id = crypto.randomUUID().slice(0, 8);
  const bound = log.correlated(id);
  const startedAt = performance.now();
  const ms = (): number => Math.round(performance.now() - startedAt);
  bound.write(level, 'action.begun', { action });
  try {
    const result = await act(clients().traced(id));
    bound.write(level, 'action.done', { action, ms: ms() });
    return result;
  } catch (thrown) {
    const { code, kind, unclear, retryAfterMs } = asAppError(thrown);
    // What nobody waited for has not failed.
    const severity = kind === 'internal' ? 'error' : code === 'aborted' ? level : 'warn';
    bound.write(severity, 'action.failed', { action, ms: ms(), outcome: code, kind, unclear, retryAfterMs });
    throw thrown;
  }
}

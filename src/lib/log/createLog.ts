import { EventRing } from './EventRing';
import type { Log, LogEvent, PageLog } from './log';
import { redact } from './redact';

const CAPACITY = 500;

export interface LogOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly capacity?: number;
  /** Is told every event as it is kept. */
  readonly onEvent?: ((event: LogEvent) => void) | undefined;
}

/** The log of one page: in memory only, gone with the page. */
export function createLog({ now = Date.now, capacity = CAPACITY, onEvent }: LogOptions = {}): PageLog {
  const ring = new EventRing(capacity);
  const logFor = (correlationId: string | undefined): Log => ({
    correlationId,
    write: (level, event, fields = {}) => {
      const kept: LogEvent = { atMs: now(), level, event, correlationId, fields: redact(fields) };
      ring.add(kept);
      onEvent?.(kept);
    },
    correlated: (id) => logFor(id)
  });
  return { ...logFor(undefined), events: () => ring.toArray() };
}

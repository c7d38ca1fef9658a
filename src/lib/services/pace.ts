import type { AppError } from '../errors/AppError';

/** What can't be reached is asked again at least this often, so that everything recovers by itself soon after it is back. */
const TEMPORARY_CAP_MS = 30_000;
/** A refusal or a fault of ours won't mend soon; asking goes on all the same, never stopping for good. */
const LASTING_CAP_MS = 300_000;

/**
 * Milliseconds until the next read. After failures the pause doubles from the normal interval up to a cap: 30 s (or the
 * interval, if that is longer) for temporary failures, 5 minutes for the others. The other side's retry-after is honoured.
 */
export function nextReadIn(intervalMs: number, failures: number, error: AppError | undefined): number {
  if (failures === 0) return intervalMs;
  const cap = Math.max(intervalMs, error?.kind === 'temporary' ? TEMPORARY_CAP_MS : LASTING_CAP_MS);
  const backedOff = Math.min(intervalMs * 2 ** Math.min(failures - 1, 16), cap);
  return Math.max(backedOff, Math.min(error?.retryAfterMs ?? 0, LASTING_CAP_MS));
}

/** Age at which a value counts as late although nothing has failed: a read hangs, or the device slept. */
export function lateAfter(intervalMs: number): number {
  return intervalMs * 2 + 15_000;
}

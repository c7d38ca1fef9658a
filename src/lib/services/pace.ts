import type { AppError } from '../errors/AppError';

/** A first failure is looked into at once, before anything on the screen changes: most are a single lost packet. */
const RECHECK_MS = 3_000;
/** What asks on behalf of the others goes on at least this often, so that everything recovers soon after a canister is back. */
const SCOUT_CAP_MS = 30_000;
/** What fails again and again is asked less and less, but never stops for good. */
const CAP_MS = 300_000;
/** Each pause is up to this much shorter, so that many browsers don't ask in step. */
const JITTER = 0.1;

/**
 * Codes that say: an answer came and can't be used, because it is forged, damaged on the way or old. It spares nobody to ask less, and the next
 * one may be good: waiting for minutes would leave a page on old figures long after a bad connection has become a good one.
 */
const UNUSABLE = new Set(['certificate_invalid', 'certificate_stale', 'unexpected']);

export interface Pace {
  /** Milliseconds between two reads while all is well. */
  readonly intervalMs: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly error: AppError | undefined;
  /** Whether this reading is the one that watches for a canister's return. */
  readonly scout: boolean;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Milliseconds until the next read: the interval, or after failures a pause that doubles from it up to 5 minutes (30 s, or the interval if
 * that is longer, for a scout whose failure is temporary and for an answer that can't be used). The other side's retry-after is honoured.
 */
export function nextReadIn({ intervalMs, failures, error, scout, random }: Pace): number {
  const isTemporary = error?.kind === 'temporary';
  const asked = Math.min(error?.retryAfterMs ?? 0, CAP_MS);
  const jittered = (ms: number): number => Math.max(Math.round(ms * (1 - JITTER * random())), asked);
  if (failures === 0) return jittered(intervalMs);
  if (failures === 1 && isTemporary) return jittered(Math.min(intervalMs, RECHECK_MS));
  const keepsUp = (isTemporary && scout) || (error !== undefined && UNUSABLE.has(error.code));
  const cap = keepsUp ? Math.max(intervalMs, SCOUT_CAP_MS) : Math.max(intervalMs, CAP_MS);
  return jittered(Math.min(intervalMs * 2 ** Math.min(failures - 1, 16), cap));
}

/** Age at which a value counts as late although nothing has failed: a read hangs, or the device slept. */
export function lateAfter(intervalMs: number): number {
  return intervalMs * 2 + 15_000;
}

import { DelegateBackoff, ExponentialBackoff, handleWhen, retry, type IBackoff, type IRetryBackoffContext } from 'cockatiel';
import { AppError } from '../errors/AppError';

export interface RetryOptions {
  /** Repetitions after the first attempt. */
  readonly maxRetries?: number;
  /** No further attempt begins later than this after the first one, milliseconds. */
  readonly budgetMs?: number;
  readonly initialDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Narrows what is repeated; temporary failures only in any case. */
  readonly shouldRetry?: (error: AppError) => boolean;
}

/** Temporary, but for minutes rather than moments: somebody who waits is better told now. The journal takes them up later. */
const NOT_A_MOMENT = new Set([
  'aborted',
  'canister_stopped',
  'canister_out_of_cycles',
  'circuit_open',
  'not_due',
  'no_price_yet',
  'price_stale',
  'price_not_held'
]);

const DEFAULTS = { maxRetries: 4, budgetMs: 30_000, initialDelayMs: 400, maxDelayMs: 8_000 };

/**
 * Runs something that may be repeated (idempotent, or confirmed by reading first). Only temporary failures are; the pauses grow with
 * decorrelated jitter, so that many browsers don't come back at once, and never undercut the other side's retry-after. When an attempt
 * may have had an effect, the failure that is passed on says so, even if a later attempt certainly had none.
 */
export async function withRetry<T>(run: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { maxRetries, budgetMs, initialDelayMs, maxDelayMs } = { ...DEFAULTS, ...options };
  const { signal, shouldRetry } = options;
  const deadline = Date.now() + budgetMs;
  const jitter = new ExponentialBackoff<IRetryBackoffContext<unknown>>({ initialDelay: initialDelayMs, maxDelay: maxDelayMs });
  let unclear = false;
  let pauseMs = 0;
  // cockatiel can't be woken from its own pauses, so it is told to make none and the next attempt begins with ours.
  const backoff = new DelegateBackoff<IRetryBackoffContext<unknown>, IBackoff<IRetryBackoffContext<unknown>>>((context, earlier) => {
    const state = (earlier ?? jitter).next(context);
    pauseMs = Math.max(state.duration, askedFor(context));
    return { delay: 0, state };
  });
  const repeats = handleWhen(
    (error) => error instanceof AppError && isMomentary(error, maxDelayMs) && Date.now() < deadline && (shouldRetry?.(error) ?? true)
  );
  return retry(repeats, { maxAttempts: maxRetries, backoff }).execute(async () => {
    if (pauseMs > 0) await pause(pauseMs, signal);
    throwIfAborted(signal);
    try {
      return await unlessAborted(run(), signal);
    } catch (error) {
      if (error instanceof AppError && error.unclear) unclear = true;
      throw unclear ? asUnclear(error) : error;
    }
  });
}

function isMomentary({ kind, code, retryAfterMs }: AppError, longestMs: number): boolean {
  return kind === 'temporary' && !NOT_A_MOMENT.has(code) && (retryAfterMs ?? 0) <= longestMs;
}

function askedFor({ result }: IRetryBackoffContext<unknown>): number {
  return 'error' in result && result.error instanceof AppError ? (result.error.retryAfterMs ?? 0) : 0;
}

/** A refusal is the other side's last word; after a failure for now, what an earlier attempt did is as open as before. */
function asUnclear(error: unknown): unknown {
  if (!(error instanceof AppError) || error.unclear || error.kind !== 'temporary') return error;
  const { kind, code, message, retryAfterMs, canister } = error;
  return new AppError({ kind, code, message, retryAfterMs, canister, unclear: true, cause: error });
}

function aborted(): AppError {
  return new AppError({ kind: 'temporary', code: 'aborted', message: 'This was stopped before it finished.', unclear: true });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted();
}

/** Resolves after a while; rejects at once, and leaves no timer, when it is aborted. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  return unlessAborted(passed, signal).finally(() => clearTimeout(timer));
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let abort: (() => void) | undefined;
  const stop = new Promise<never>((_, reject) => {
    abort = () => reject(aborted());
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, stop]);
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort);
  }
}

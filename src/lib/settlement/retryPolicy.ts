import { ExponentialBackoff, handleWhen, retry, type IBackoff, type IBackoffFactory, type IRetryBackoffContext } from 'cockatiel';
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
  'not_due',
  'no_price_yet',
  'price_stale',
  'price_not_held'
]);

const DEFAULTS = { maxRetries: 4, budgetMs: 30_000, initialDelayMs: 400, maxDelayMs: 8_000 };

/**
 * Runs something that may be repeated (idempotent, or confirmed by reading first). Only temporary failures are; the pauses grow with
 * decorrelated jitter, so that many browsers don't come back at once, and never undercut the other side's retry-after.
 */
export async function withRetry<T>(run: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { maxRetries, budgetMs, initialDelayMs, maxDelayMs } = { ...DEFAULTS, ...options };
  const { signal, shouldRetry } = options;
  const deadline = Date.now() + budgetMs;
  const repeats = handleWhen(
    (error) => error instanceof AppError && isMomentary(error, maxDelayMs) && Date.now() < deadline && (shouldRetry?.(error) ?? true)
  );
  const backoff = new AtLeastRetryAfter(new ExponentialBackoff({ initialDelay: initialDelayMs, maxDelay: maxDelayMs }));
  const attempts = retry(repeats, { maxAttempts: maxRetries, backoff }).execute(() => {
    throwIfAborted(signal);
    return run();
  });
  return signal === undefined ? attempts : Promise.race([attempts, rejectOnAbort(signal)]);
}

function isMomentary({ kind, code, retryAfterMs }: AppError, longestMs: number): boolean {
  return kind === 'temporary' && !NOT_A_MOMENT.has(code) && (retryAfterMs ?? 0) <= longestMs;
}

/** Stretches another back-off's pauses to what the failed call asked for. */
class AtLeastRetryAfter implements IBackoffFactory<IRetryBackoffContext<unknown>> {
  readonly #inner: IBackoffFactory<IRetryBackoffContext<unknown>>;

  constructor(inner: IBackoffFactory<IRetryBackoffContext<unknown>>) {
    this.#inner = inner;
  }

  next(context: IRetryBackoffContext<unknown>): IBackoff<IRetryBackoffContext<unknown>> {
    const inner = this.#inner.next(context);
    const { result } = context;
    const asked = 'error' in result && result.error instanceof AppError ? (result.error.retryAfterMs ?? 0) : 0;
    const rest = new AtLeastRetryAfter(inner);
    return { duration: Math.max(inner.duration, asked), next: (later) => rest.next(later) };
  }
}

function aborted(): AppError {
  return new AppError({ kind: 'temporary', code: 'aborted', message: 'This was stopped before it finished.', unclear: true });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted();
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(aborted());
    signal.addEventListener('abort', () => reject(aborted()), { once: true });
  });
}

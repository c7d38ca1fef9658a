import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError, type ErrorKind } from '../errors/AppError';
import { withRetry } from './retryPolicy';

const error = (kind: ErrorKind, code = 'x', retryAfterMs?: number): AppError => new AppError({ kind, code, message: 'x', retryAfterMs });
const failing = (...errors: unknown[]) => {
  const run = vi.fn<() => Promise<string>>();
  for (const each of errors) run.mockRejectedValueOnce(each);
  return run.mockResolvedValue('done');
};

async function outcome(run: Promise<unknown>, ms = 120_000): Promise<unknown> {
  const settled = run.catch((reason: unknown) => reason);
  await vi.advanceTimersByTimeAsync(ms);
  return settled;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a repeated call', () => {
  it('succeeds once the failure has passed', async () => {
    const run = failing(error('temporary'), error('temporary'));
    expect(await outcome(withRetry(run))).toBe('done');
    expect(run).toHaveBeenCalledTimes(3);
  });

  it.each(['request', 'session', 'internal'] as const)('is not made for a failure of kind %s', async (kind) => {
    const failure = error(kind);
    const run = failing(failure);
    expect(await outcome(withRetry(run))).toBe(failure);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is not made for what is no AppError', async () => {
    const run = failing(new TypeError('bug'));
    expect(await outcome(withRetry(run))).toBeInstanceOf(TypeError);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it.each(['not_due', 'no_price_yet', 'price_not_held', 'canister_stopped'])('is not made for %s, which takes minutes', async (code) => {
    const run = failing(error('temporary', code));
    expect(await outcome(withRetry(run))).toMatchObject({ code });
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('is not made when the other side asks for more patience than a person has', async () => {
    const run = failing(error('temporary', 'busy', 60_000));
    expect(await outcome(withRetry(run))).toMatchObject({ code: 'busy' });
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('comes after the time the other side asks for', async () => {
    const run = failing(error('temporary', 'busy', 5_000));
    const done = withRetry(run);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(run).toHaveBeenCalledTimes(1);
    expect(await outcome(done)).toBe('done');
  });

  it('gives up after its number of attempts, with the last failure', async () => {
    const last = error('temporary', 'last');
    const run = failing(error('temporary'), error('temporary'), last);
    expect(await outcome(withRetry(run, { maxRetries: 2 }))).toBe(last);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('gives up when its budget is used', async () => {
    const run = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      throw error('temporary');
    });
    await outcome(withRetry(run, { budgetMs: 15_000 }));
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('ends at once when it is aborted, and calls no more', async () => {
    const controller = new AbortController();
    const run = failing(...Array.from({ length: 9 }, () => error('temporary', 'busy', 5_000)));
    const settled = withRetry(run, { signal: controller.signal }).catch((reason: unknown) => reason);
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort();
    expect(await settled).toMatchObject({ kind: 'temporary', code: 'aborted', unclear: true });
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('ends at once when it is aborted during an attempt', async () => {
    const controller = new AbortController();
    const settled = withRetry(() => new Promise(() => undefined), { signal: controller.signal }).catch((reason: unknown) => reason);
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort();
    expect(await settled).toMatchObject({ code: 'aborted' });
  });

  it('stays unclear once it was, except to a refusal', async () => {
    const unclear = new AppError({ kind: 'temporary', code: 'unreachable', message: 'x', unclear: true });
    const stopped = error('temporary', 'canister_stopped');
    expect(await outcome(withRetry(failing(unclear, stopped)))).toMatchObject({ code: 'canister_stopped', unclear: true });
    const refusal = error('request', 'already_final');
    expect(await outcome(withRetry(failing(unclear, refusal)))).toBe(refusal);
    expect(await outcome(withRetry(failing(stopped)))).toMatchObject({ unclear: false });
  });

  it('spreads its pauses', async () => {
    const starts = new Set<number>();
    for (let round = 0; round < 20; round += 1) {
      const begin = Date.now();
      const run = vi.fn(() => {
        if (Date.now() > begin) starts.add(Date.now() - begin);
        return Promise.reject(error('temporary'));
      });
      await outcome(withRetry(run, { maxRetries: 1 }));
    }
    expect(starts.size).toBeGreaterThan(10);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import { confirmed } from './readBack';

const lost = new AppError({ kind: 'temporary', code: 'unreachable', message: 'x', unclear: true, canister: 'options' });
const refused = new AppError({ kind: 'request', code: 'insufficient_balance', message: 'x' });
const notFound = new AppError({ kind: 'request', code: 'not_found', message: 'x' });
const forbidden = new AppError({ kind: 'request', code: 'forbidden', message: 'x' });

const failing = (error: unknown) => vi.fn(() => Promise.reject<string>(error as Error));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function outcome(run: Promise<unknown>): Promise<unknown> {
  const settled = run.catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10_000);
  return settled;
}

describe('an update under an id', () => {
  it('is not read back when it answered', async () => {
    const read = failing(notFound);
    expect(await outcome(confirmed(() => Promise.resolve('done'), read, 'words'))).toBe('done');
    expect(read).not.toHaveBeenCalled();
  });

  it('is not read back when it was refused', async () => {
    const read = failing(notFound);
    expect(await outcome(confirmed(failing(refused), read, 'words'))).toBe(refused);
    expect(read).not.toHaveBeenCalled();
  });

  it('is read back when its answer was lost', async () => {
    expect(await outcome(confirmed(failing(lost), () => Promise.resolve('found'), 'words'))).toBe('found');
  });

  it('is looked for again where a node may lag behind or be away', async () => {
    const read = vi.fn<() => Promise<string>>().mockRejectedValueOnce(notFound).mockRejectedValueOnce(lost).mockResolvedValueOnce('found');
    expect(await outcome(confirmed(failing(lost), read, 'words'))).toBe('found');
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('stays open when nothing is found, and is sent only once', async () => {
    const [call, read] = [failing(lost), failing(notFound)];
    expect(await outcome(confirmed(call, read, 'words'))).toMatchObject({
      kind: 'temporary',
      code: 'outcome_unknown',
      message: 'words',
      unclear: true,
      cause: lost
    });
    expect([call.mock.calls.length, read.mock.calls.length]).toEqual([1, 3]);
  });

  it('stays open when reading is refused', async () => {
    const read = failing(forbidden);
    expect(await outcome(confirmed(failing(lost), read, 'words'))).toMatchObject({ code: 'outcome_unknown' });
    expect(read).toHaveBeenCalledTimes(1);
  });
});

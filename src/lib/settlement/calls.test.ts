import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { BreakerState, CanisterAsked } from './breaker';
import { Line, type Calls } from './calls';

const away = (): Promise<never> =>
  Promise.reject(new AppError({ kind: 'temporary', code: 'canister_busy', message: 'x', canister: 'options' }));
const hanging = (): Promise<never> => new Promise(() => undefined);
const ending = (run: Promise<unknown>): Promise<unknown> => run.catch((error: unknown) => error);

let line: Line;
let changes: [CanisterAsked, BreakerState][];
let stop: AbortController;
const calls = (pressed: boolean): Calls => line.calls({ signal: stop.signal, pressed });
async function after<T>(run: Promise<T>, ms = 300_000): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms);
  return run;
}

beforeEach(() => {
  vi.useFakeTimers();
  changes = [];
  stop = new AbortController();
  line = new Line((canister, state) => changes.push([canister, state]));
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a call', () => {
  it('that hangs is given up after a while, and is unclear when it may have had an effect', async () => {
    const once = { maxRetries: 0 };
    const failed = { kind: 'temporary', code: 'timeout', canister: 'options' };
    expect(await after(ending(calls(true).ask('options', hanging, once)), 20_000)).toMatchObject({ ...failed, unclear: false });
    expect(await after(ending(calls(true).send('options', hanging, once)), 45_000)).toMatchObject({ ...failed, unclear: true });
  });

  it('ends with the page', async () => {
    const sent = ending(calls(true).send('options', hanging));
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort();
    expect(await sent).toMatchObject({ code: 'aborted', unclear: true });
  });

  it('is not repeated into an open circuit; each canister has its own', async () => {
    const run = vi.fn(away);
    expect(await after(ending(calls(false).send('options', run, { maxRetries: 20, maxDelayMs: 1 })))).toMatchObject({
      code: 'canister_busy'
    });
    expect(run).toHaveBeenCalledTimes(5);
    expect(changes).toEqual([['options', 'open']]);
    expect(await after(calls(false).ask('legacy', () => Promise.resolve('there')))).toBe('there');
  });

  it('with the circuit open: fails fast, except for a person’s own press and for reading back', async () => {
    const opening = ending(calls(false).send('options', away, { maxRetries: 20, maxDelayMs: 1 }));
    await vi.advanceTimersByTimeAsync(1_000);
    await opening;
    const run = vi.fn(away);
    expect(await ending(calls(false).send('options', run))).toMatchObject({ code: 'circuit_open' });
    expect(run).not.toHaveBeenCalled();
    // One real attempt, and the real reason; nobody waits for more.
    expect(await ending(calls(true).send('options', run))).toMatchObject({ code: 'canister_busy' });
    expect(run).toHaveBeenCalledTimes(1);
    expect(await calls(false).readBack('options', () => Promise.resolve('state'))).toBe('state');
    expect(await after(calls(false).readBack('options', run))).toBeUndefined();
    expect(run.mock.calls.length).toBeGreaterThan(2);
  });
});

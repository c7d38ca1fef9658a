import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import { Breaker, isAway, type BreakerState } from './breaker';

const failure = (code: string, canister = 'options', kind: AppError['kind'] = 'temporary'): AppError =>
  new AppError({ kind, code, message: 'x', canister });
const away = (): Promise<never> => Promise.reject(failure('unreachable'));
const there = (): Promise<string> => Promise.resolve('there');
const ending = (run: Promise<unknown>): Promise<unknown> => run.catch((error: unknown) => error);

let states: BreakerState[];
let breaker: Breaker;
async function open(): Promise<void> {
  for (let index = 0; index < 5; index += 1) await ending(breaker.run(away));
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  states = [];
  breaker = new Breaker('options', (state) => states.push(state));
});
afterEach(() => vi.useRealTimers());

describe('a circuit', () => {
  it('opens after five attempts in a row that reached nobody, and then fails fast, saying when it probes', async () => {
    await open();
    expect(states).toEqual(['open']);
    vi.advanceTimersByTime(10_000);
    const attempt = vi.fn(there);
    expect(await ending(breaker.run(attempt))).toMatchObject({
      kind: 'temporary',
      code: 'circuit_open',
      retryAfterMs: 20_000,
      unclear: false
    });
    expect(attempt).not.toHaveBeenCalled();
  });

  it('probes after half a minute: closed by an answer, open again without one', async () => {
    await open();
    vi.advanceTimersByTime(30_000);
    expect(await ending(breaker.run(away))).toMatchObject({ code: 'unreachable' });
    expect(await ending(breaker.run(there))).toMatchObject({ code: 'circuit_open' });
    vi.advanceTimersByTime(30_000);
    expect(await breaker.run(there)).toBe('there');
    expect(states).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
  });

  it('takes any answer for one: a refusal or a trap comes from a canister that is there', async () => {
    const refused = failure('not_due', 'options', 'request');
    for (let index = 0; index < 4; index += 1) await ending(breaker.run(away));
    expect(await ending(breaker.run(() => Promise.reject(refused)))).toBe(refused);
    for (let index = 0; index < 4; index += 1) await ending(breaker.run(away));
    for (const code of ['canister_failed', 'certificate_invalid', 'rate_limited']) {
      for (let index = 0; index < 6; index += 1) await ending(breaker.run(() => Promise.reject(failure(code))));
    }
    expect(states).toEqual([]);
  });

  it('lets a person’s press through, which closes it when it gets an answer', async () => {
    await open();
    expect(await ending(breaker.run(away, true))).toMatchObject({ code: 'unreachable' });
    expect(await ending(breaker.run(there))).toMatchObject({ code: 'circuit_open' });
    expect(await breaker.run(there, true)).toBe('there');
    expect(await breaker.run(there)).toBe('there');
    await open();
    const refused = failure('not_found', 'options', 'request');
    expect(await ending(breaker.run(() => Promise.reject(refused), true))).toBe(refused);
    expect(states).toEqual(['open', 'closed', 'open', 'closed']);
  });
});

it('is about its own canister’s absence, a hanging one included', () => {
  expect([isAway(failure('timeout'), 'options'), isAway(failure('canister_stopped'), 'options')]).toEqual([true, true]);
  expect([isAway(failure('timeout', 'legacy'), 'options'), isAway(failure('circuit_open'), 'options')]).toEqual([false, false]);
  expect(isAway(new Error('unreachable'), 'options')).toBe(false);
});

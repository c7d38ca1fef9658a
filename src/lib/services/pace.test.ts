import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/AppError';
import { lateAfter, nextReadIn } from './pace';

const error = (kind: 'temporary' | 'internal', retryAfterMs?: number): AppError =>
  new AppError({ kind, code: 'x', message: 'x', retryAfterMs });
const steady = { failures: 0, error: undefined, scout: false, random: () => 0 };
const interval = fc.integer({ min: 3_000, max: 600_000 });
const failures = fc.integer({ min: 1, max: 10_000 });
const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('the pace of reading', () => {
  it('is the interval while all is well, or a little less, so that many don’t ask in step', () => {
    fc.assert(
      fc.property(interval, chance, (intervalMs, drawn) => {
        const pause = nextReadIn({ ...steady, intervalMs, random: () => drawn });
        expect(pause).toBeLessThanOrEqual(intervalMs);
        expect(pause).toBeGreaterThanOrEqual(Math.floor(intervalMs * 0.9));
      })
    );
  });

  it('never stops and never hurries, whatever fails', () => {
    fc.assert(
      fc.property(
        interval,
        failures,
        fc.constantFrom('temporary' as const, 'internal' as const),
        fc.nat(10 ** 9),
        fc.boolean(),
        chance,
        (intervalMs, count, kind, after, scout, drawn) => {
          const pause = nextReadIn({ intervalMs, failures: count, error: error(kind, after), scout, random: () => drawn });
          expect(pause).toBeGreaterThanOrEqual(2_700);
          expect(pause).toBeLessThanOrEqual(Math.max(intervalMs, 300_000));
        }
      )
    );
  });

  it('looks into a first failure at once', () => {
    expect(nextReadIn({ ...steady, intervalMs: 30_000, failures: 1, error: error('temporary') })).toBe(3_000);
  });

  it('keeps up with what is only away for a while, by one that watches for the others', () => {
    fc.assert(
      fc.property(interval, failures, (intervalMs, count) => {
        const pause = nextReadIn({ ...steady, intervalMs, failures: count, error: error('temporary'), scout: true });
        expect(pause).toBeLessThanOrEqual(Math.max(intervalMs, 30_000));
      })
    );
  });

  it.each(['certificate_invalid', 'certificate_stale', 'unexpected'])('keeps up with answers that cannot be used: %s', (code) => {
    const unusable = new AppError({ kind: 'internal', code, message: 'x' });
    const pauses = [2, 3, 99].map((count) => nextReadIn({ ...steady, intervalMs: 30_000, failures: count, error: unusable }));
    expect(pauses).toEqual([30_000, 30_000, 30_000]);
  });

  it.each(['temporary', 'internal'] as const)('backs off from %s failures up to five minutes', (kind) => {
    const pauses = [2, 3, 4, 5, 99].map((count) => nextReadIn({ ...steady, intervalMs: 30_000, failures: count, error: error(kind) }));
    expect(pauses).toEqual([60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  it('waits as long as the other side asks, up to five minutes', () => {
    const pauseAfter = (ms: number): number =>
      nextReadIn({ ...steady, intervalMs: 30_000, failures: 1, error: error('temporary', ms), random: () => 1 });
    expect([pauseAfter(90_000), pauseAfter(3_600_000)]).toEqual([90_000, 300_000]);
  });

  it('lets a value grow old before it calls it late', () => {
    expect(lateAfter(30_000)).toBe(75_000);
  });
});

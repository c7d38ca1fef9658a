import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/AppError';
import { lateAfter, nextReadIn } from './pace';

const error = (kind: 'temporary' | 'internal', retryAfterMs?: number): AppError =>
  new AppError({ kind, code: 'x', message: 'x', retryAfterMs });
const interval = fc.integer({ min: 1_000, max: 600_000 });
const failures = fc.integer({ min: 1, max: 10_000 });

describe('the pace of reading', () => {
  it('is the interval while all is well', () => {
    fc.assert(fc.property(interval, (ms) => void expect(nextReadIn(ms, 0, undefined)).toBe(ms)));
  });

  it('never stops and never hurries, whatever fails', () => {
    fc.assert(
      fc.property(
        interval,
        failures,
        fc.constantFrom('temporary' as const, 'internal' as const),
        fc.nat(10 ** 9),
        (ms, count, kind, after) => {
          const pause = nextReadIn(ms, count, error(kind, after));
          expect(pause).toBeGreaterThanOrEqual(ms);
          expect(pause).toBeLessThanOrEqual(Math.max(ms, 300_000));
        }
      )
    );
  });

  it('keeps up with what is only away for a while', () => {
    fc.assert(
      fc.property(
        interval,
        failures,
        (ms, count) => void expect(nextReadIn(ms, count, error('temporary'))).toBeLessThanOrEqual(Math.max(ms, 30_000))
      )
    );
  });

  it('backs off from what will not mend by itself', () => {
    expect([1, 2, 3, 4, 5, 99].map((count) => nextReadIn(30_000, count, error('internal')))).toEqual([
      30_000, 60_000, 120_000, 240_000, 300_000, 300_000
    ]);
  });

  it('lets a value grow old before it calls it late', () => {
    expect(lateAfter(30_000)).toBe(75_000);
  });
});

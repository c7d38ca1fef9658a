import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimal } from '../money/formatDecimal';
import { floatToUnits } from './floatToUnits';

describe('legacy floats', () => {
  it.each([
    [0.015, 8, 1_500_000n],
    [0.1 + 0.2, 8, 30_000_000n],
    [1.005, 2, 101n],
    [-1.005, 2, -101n],
    [3.33, 2, 333n],
    [1e-8, 8, 1n],
    [4e-9, 8, 0n],
    [5e-9, 8, 1n],
    [21e6, 8, 2_100_000_000_000_000n],
    [1e21, 0, 1_000_000_000_000_000_000_000n],
    [-0, 8, 0n]
  ])('%d with %d decimals', (value, decimals, units) => {
    expect(floatToUnits(value, decimals)).toBe(units);
  });

  it('give back every satoshi amount that a float can carry', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n }),
        (sats) => void expect(floatToUnits(Number(formatDecimal(sats, 8)), 8)).toBe(sats)
      )
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuse %d', (value) => {
    expect(() => floatToUnits(value, 2)).toThrow('a figure that is not a number');
  });
});

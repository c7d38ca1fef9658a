import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestPayout } from '$lib/options/payoff';
import type { Instrument } from '$lib/options/types';
import { chartSize, payoffChart } from './payoffChart';

const USD = 100_000_000n;
const points = (text: string) => text.split(' ').map((pair) => pair.split(',').map(Number) as [number, number]);
const heights = (text: string) => points(text).map(([, y]) => y);

describe('the picture of profit and loss', () => {
  it('stays inside its frame whatever the option', () => {
    const direction = fc.constantFrom('call' as const, 'put' as const);
    const instrument: fc.Arbitrary<Instrument> = fc.oneof(
      fc.record({ kind: fc.constant('digital' as const), direction, payoutSats: fc.bigInt({ min: 1n, max: 10n ** 9n }) }),
      fc.record({
        kind: fc.constant('capped' as const),
        direction,
        notionalSats: fc.bigInt({ min: 1n, max: 10n ** 10n }),
        capE8: fc.bigInt({ min: 1n, max: 999n * USD })
      })
    );
    const strike = fc.bigInt({ min: 1_000n * USD, max: 1_000_000n * USD });
    fc.assert(
      fc.property(instrument, strike, fc.bigInt({ min: 0n, max: 1_200n }), (option, strikeE8, share) => {
        const largestSats = largestPayout(option, strikeE8);
        const premiumSats = (largestSats * share) / 1_000n;
        const chart = payoffChart({ instrument: option, strikeE8, premiumSats, largestSats, breakEvenE8: strikeE8 });
        for (const [x, y] of [...points(chart.line), ...points(chart.gain), ...points(chart.loss)]) {
          expect(x >= 0 && x <= chartSize.width).toBe(true);
          expect(y >= 0 && y <= chartSize.height).toBe(true);
        }
        expect(Math.max(...heights(chart.gain))).toBeLessThanOrEqual(chart.zeroY);
        expect(Math.min(...heights(chart.loss))).toBeGreaterThanOrEqual(chart.zeroY);
      })
    );
  });

  it('rises with a call and falls with a put, between the most to lose and the most to gain', () => {
    for (const direction of ['call', 'put'] as const) {
      const option: Instrument = { kind: 'capped', direction, notionalSats: 10_000_000n, capE8: 500n * USD };
      const largestSats = largestPayout(option, 25_000n * USD);
      const { line } = payoffChart({
        instrument: option,
        strikeE8: 25_000n * USD,
        premiumSats: 50_000n,
        largestSats,
        breakEvenE8: undefined
      });
      const ys = heights(line);
      const [best, worst] = [chartSize.top, chartSize.height - chartSize.bottom];
      expect([Math.min(...ys), Math.max(...ys)]).toEqual([best, worst]);
      expect(direction === 'call' ? ys[0] : ys.at(-1)).toBe(worst);
    }
  });
});

import { market, quote } from '$lib/components/testing/exchange';
import { describe, expect, it } from 'vitest';
import {
  chosenTenor,
  emptyDraft,
  enabledTenors,
  maxPremium,
  nearestStrike,
  offsetLabel,
  requestKey,
  reviewDraft,
  type Draft
} from './ticket';

const draft = (parts: Partial<Draft> = {}): Draft => ({ ...emptyDraft, payout: '0.001', ...parts });

describe('reviewing a ticket', () => {
  it('turns valid input into the request', () => {
    expect(reviewDraft(draft({ direction: 'put', tenor: '5m' }), market)).toEqual({
      request: {
        instrument: { kind: 'digital', direction: 'put', payoutSats: 100_000n },
        tenor: '5m',
        strike: { kind: 'offset', offsetE8: 0n }
      },
      errors: {}
    });
  });

  it('reads an offset in steps of the tenor’s grid', () => {
    const { request } = reviewDraft(draft({ tenor: '5m', strikeMode: 'offset', offsetSteps: '-2' }), market);
    expect(request?.strike).toEqual({ kind: 'offset', offsetE8: -10_000_000_000n });
  });

  it.each([
    ['', 'Enter an amount'],
    ['abc', 'not a number'],
    ['1,5', 'no separators'],
    ['-1', 'without a plus or minus'],
    ['0.000000001', 'at most 8 decimals'],
    ['0', 'smallest payout is 0.00010000 BTC'],
    ['0.00009999', 'smallest payout is 0.00010000 BTC'],
    ['0.10000001', 'largest payout is 0.10000000 BTC']
  ])('a payout of "%s" is refused in its own words', (payout, words) => {
    const { request, errors } = reviewDraft(draft({ payout }), market);
    expect(request).toBeUndefined();
    expect(errors.payout).toContain(words);
    expect(errors.strike).toBeUndefined();
  });

  it.each([
    ['', 'Enter an amount in dollars'],
    ['23417', 'multiples of $10.00'],
    ['10', 'between half and double'],
    ['0', 'above zero']
  ])('an exact strike of "%s" is refused in its own words', (strike, words) => {
    const { request, errors } = reviewDraft(draft({ strikeMode: 'exact', strike }), market);
    expect(request).toBeUndefined();
    expect(errors.strike).toContain(words);
  });

  it('asks for nothing before the market is known', () => {
    expect(reviewDraft(draft(), undefined)).toEqual({ request: undefined, errors: {} });
  });
});

describe('tenors', () => {
  it('offers what is enabled and falls back to the first', () => {
    expect(enabledTenors(market).map(({ name }) => name)).toEqual(['1m', '5m']);
    expect(chosenTenor(draft({ tenor: '4h' }), market)?.name).toBe('1m');
    expect(chosenTenor(draft({ tenor: '5m' }), market)?.name).toBe('5m');
  });
});

describe('the most an order may cost', () => {
  it('is the quote plus the headroom, rounded up', () => {
    expect(maxPremium(quote, 100_000n, 0n)).toBe(51_200n);
    expect(maxPremium(quote, 100_000n, 50_000n)).toBe(53_760n);
    expect(maxPremium({ ...quote, premiumSats: 101n }, 100_000n, 10_000n)).toBe(103n);
  });

  it('is never raised above the payout', () => {
    expect(maxPremium({ ...quote, premiumSats: 99_000n }, 100_000n, 50_000n)).toBe(100_000n);
    expect(maxPremium({ ...quote, premiumSats: 101_000n }, 100_000n, 50_000n)).toBe(101_000n);
  });
});

it('suggests the strike of the grid that is nearest to the price', () => {
  expect(nearestStrike(2_342_117_000_000n, 5_000_000_000n)).toBe('23400.00');
  expect(nearestStrike(2_342_617_000_000n, 5_000_000_000n)).toBe('23450.00');
});

it('names offsets by side', () => {
  expect(offsetLabel('2', 1_000_000_000n)).toBe('+$20.00 (above the fill price)');
  expect(offsetLabel('-1', 1_000_000_000n)).toBe('-$10.00 (below the fill price)');
});

it('tells requests apart by what matters', () => {
  const request = reviewDraft(draft(), market).request;
  const other = reviewDraft(draft({ payout: '0.002' }), market).request;
  if (!request || !other) throw new Error('both are valid');
  expect(requestKey(request)).toBe(requestKey({ ...request }));
  expect(requestKey(request)).not.toBe(requestKey(other));
});

import { market, quote } from '$lib/components/testing/exchange';
import { describe, expect, it } from 'vitest';
import {
  chosenTenor,
  emptyDraft,
  enabledTenors,
  maxPayout,
  maxPremium,
  nearestStrike,
  offsetLabel,
  requestKey,
  reviewDraft,
  suggestedCap,
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

  it('turns a capped option into its request', () => {
    const capped = draft({ kind: 'capped', payout: 'ignored', notional: '0.1', cap: '250' });
    expect(reviewDraft(capped, market)).toEqual({
      request: {
        instrument: { kind: 'capped', direction: 'call', notionalSats: 10_000_000n, capE8: 25_000_000_000n },
        tenor: '1m',
        strike: { kind: 'offset', offsetE8: 0n }
      },
      errors: {}
    });
  });

  it.each([
    ['notional', { notional: '' }, 'Enter an amount'],
    ['notional', { notional: '0' }, 'above zero'],
    // 0.0001 BTC * 250 / 23,671
    ['notional', { notional: '0.0001' }, 'The most this can pay is 0.00000105 BTC, and the smallest payout is 0.00010000 BTC'],
    ['notional', { notional: '100' }, 'the largest payout is 0.10000000 BTC'],
    ['cap', { cap: '' }, 'Enter an amount in dollars'],
    ['cap', { cap: '0' }, 'above zero'],
    ['cap', { cap: '1.234' }, 'at most 2 decimals'],
    ['cap', { cap: '23421.17' }, 'The cap must be below the strike, which is $23,421.17 now']
  ] as const)('a capped option with a wrong %s is refused in its own words (%#)', (field, parts, words) => {
    const { request, errors } = reviewDraft(draft({ kind: 'capped', notional: '0.1', cap: '250', ...parts }), market);
    expect(request).toBeUndefined();
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toContain(words);
  });

  it('asks for nothing before the market is known', () => {
    expect(reviewDraft(draft(), undefined)).toEqual({ request: undefined, errors: {} });
  });
});

describe('tenors', () => {
  it('offers what is enabled and falls back to the first', () => {
    expect(enabledTenors(market).map(({ name }) => name)).toEqual(['1m', '5m', '1d']);
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

describe('the most a capped option may pay', () => {
  const request = (strike: 'money' | 'exact') =>
    reviewDraft(draft({ kind: 'capped', notional: '0.1', cap: '250', strikeMode: strike, strike: '23420' }), market).request;
  const room = (strike: 'money' | 'exact', ppm: bigint, limit = 10_000_000n) => {
    const wanted = request(strike);
    if (!wanted) throw new Error('it is valid');
    return maxPayout(wanted, { ...quote, maxPayoutSats: 105_001n }, ppm, limit);
  };

  it('is the quote’s plus the room, rounded up, at most twice the quote’s and the limit of a position', () => {
    expect(room('money', 0n)).toBe(105_001n);
    expect(room('money', 50_000n)).toBe(110_252n);
    expect(room('money', 1_000_000n)).toBe(210_002n);
    expect(room('money', 9_000_000n)).toBe(210_002n);
    expect(room('money', 50_000n, 106_000n)).toBe(106_000n);
  });

  it('is exactly the quote’s with an exact strike, which stays', () => {
    expect(room('exact', 1_000_000n)).toBe(105_001n);
  });

  it('is not named for a digital', () => {
    const digital = reviewDraft(draft(), market).request;
    if (!digital) throw new Error('it is valid');
    expect(maxPayout(digital, quote, 50_000n, 10_000_000n)).toBeUndefined();
  });
});

it('suggests a cap of ten steps of the grid', () => {
  expect(market.tenors.map(suggestedCap)).toEqual(['100.00', '500.00', '500.00', '500.00']);
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

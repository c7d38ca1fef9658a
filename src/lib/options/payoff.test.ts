import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitalOutcome, receiptMismatches, settlementAt } from './payoff';
import { riskOf } from './risk';
import type { Fill, Instrument, Position, Receipt } from './types';

const USD = 100_000_000n;
const price = fc.bigInt({ min: 1_000n * USD, max: 1_000_000n * USD });
const direction = fc.constantFrom('call' as const, 'put' as const);
const amount = fc.bigInt({ min: 1n, max: 10n ** 10n });

const fill: Fill = {
  priceE8: 25_000n * USD,
  strikeE8: 25_000n * USD,
  sigmaPpm: 600_000n,
  fairSats: 50_000n,
  spreadSats: 1_000n,
  skewSats: 0n,
  premiumSats: 51_000n,
  filledNs: 60_000_000_000n
};
const call: Instrument = { kind: 'digital', direction: 'call', payoutSats: 100_000n };
const position: Position = {
  id: 7n,
  owner: 'aaaaa-aa',
  clientOrderId: 'a',
  instrument: call,
  tenor: '1m',
  strike: { kind: 'offset', offsetE8: 0n },
  maxPremiumSats: 60_000n,
  reservedPayoutSats: 100_000n,
  placedNs: 1n,
  fillMinuteNs: 60_000_000_000n,
  expiryNs: 120_000_000_000n,
  state: { kind: 'open', fill }
};
const receipt: Receipt = {
  positionId: 7n,
  priceE8: 25_001n * USD,
  priceMinuteNs: 120_000_000_000n,
  outcome: 'win',
  premiumSats: 51_000n,
  payoutSats: 100_000n,
  profitSats: 49_000n,
  settledNs: 130_000_000_000n
};

describe('a digital option', () => {
  it.each([
    ['call', 25_000_00n, 25_000_01n, 'win'],
    ['call', 25_000_00n, 24_999_99n, 'loss'],
    ['put', 25_000_00n, 24_999_99n, 'win'],
    ['put', 25_000_00n, 25_000_01n, 'loss'],
    ['call', 25_000_00n, 25_000_00n, 'tie'],
    ['put', 25_000_00n, 25_000_00n, 'tie']
  ] as const)('%s with strike %d and price %d cents is a %s', (side, strikeCents, priceCents, outcome) => {
    expect(digitalOutcome(side, strikeCents * 1_000_000n, priceCents * 1_000_000n)).toBe(outcome);
  });

  it('ties within the same cent, half a cent rounded up', () => {
    const strike = 25_000n * USD;
    expect(digitalOutcome('call', strike, strike + 499_999n)).toBe('tie');
    expect(digitalOutcome('call', strike, strike + 500_000n)).toBe('win');
    expect(digitalOutcome('put', strike, strike - 500_000n)).toBe('tie');
    expect(digitalOutcome('put', strike, strike - 500_001n)).toBe('win');
  });

  it('call and put of one strike are opposites', () => {
    fc.assert(
      fc.property(price, price, (strike, settled) => {
        const opposite = { win: 'loss', loss: 'win', tie: 'tie' } as const;
        expect(digitalOutcome('put', strike, settled)).toBe(opposite[digitalOutcome('call', strike, settled)]);
      })
    );
  });

  it('pays the payout, the premium or nothing, and never more than is reserved', () => {
    fc.assert(
      fc.property(direction, price, price, amount, amount, (side, strikeE8, settled, payoutSats, premiumSats) => {
        const result = settlementAt({ kind: 'digital', direction: side, payoutSats }, { strikeE8, premiumSats }, settled);
        expect(result.payoutSats).toBe({ win: payoutSats, tie: premiumSats, loss: 0n }[result.outcome]);
        expect(result.profitSats).toBe(result.payoutSats - premiumSats);
        expect(result.payoutSats <= (payoutSats > premiumSats ? payoutSats : premiumSats)).toBe(true);
      })
    );
  });

  it('has its break-even at the strike', () => {
    expect(riskOf(call, 5n, 40_000n)).toEqual({ breakEvenE8: 5n, pays: 'above', maxLossSats: 40_000n, maxGainSats: 60_000n });
    expect(riskOf({ ...call, direction: 'put' }, 5n, 40_000n).pays).toBe('below');
  });
});

describe('checking a receipt', () => {
  it('accepts one that follows from the position', () => {
    expect(receiptMismatches(position, fill, receipt)).toEqual([]);
  });

  it.each([
    ['position', { positionId: 8n }],
    ['price minute', { priceMinuteNs: 180_000_000_000n }],
    ['outcome', { outcome: 'loss' as const }],
    ['premium', { premiumSats: 51_001n }],
    ['payout', { payoutSats: 99_999n }],
    ['profit', { profitSats: 49_001n }]
  ])('notices a wrong %s', (name, change) => {
    expect(receiptMismatches(position, fill, { ...receipt, ...change })).toEqual([name]);
  });

  it('notices a price that would have lost', () => {
    expect(receiptMismatches(position, fill, { ...receipt, priceE8: 24_999n * USD })).toEqual(['outcome', 'payout', 'profit']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Market } from './types';
import { entryClosedReason, validateOrder, type OrderDraft } from './validateOrder';

const USD = 100_000_000n;
const SECOND = 1_000_000_000n;

const market: Market = {
  nowNs: 1_000n * SECOND,
  price: { minuteNs: 960n * SECOND, priceE8: 25_000n * USD, sources: 5n, recordedNs: 991n * SECOND },
  entry: { kind: 'open' },
  tenors: [
    { name: '1m', minutes: 1n, sigmaPpm: 600_000n, strikeGridE8: 10n * USD, enabled: true },
    { name: '5m', minutes: 5n, sigmaPpm: 600_000n, strikeGridE8: 10n * USD, enabled: false }
  ],
  settings: {
    spreadPpm: 1n,
    minSpreadSats: 1n,
    maxSkewPpm: 1n,
    minPremiumSats: 100n,
    premiumFloorPpm: 5_000n,
    minSharePpm: 40_000n,
    minPayoutSats: 1_000n,
    maxPositionPayoutSats: 10_000_000n,
    maxTraderPayoutSats: 1n,
    maxExpiryPayoutSats: 1n,
    maxTotalPayoutSats: 1n,
    minDepositSats: 1n,
    minWithdrawalSats: 1n,
    minSources: 3n,
    maxDispersionPpm: 1n,
    maxJumpPpm: 1n,
    minCycles: 1n
  },
  treasuryAvailableSats: 5_000_000n,
  utilisationPpm: 0n,
  version: '1'
};
const draft: OrderDraft = {
  instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n },
  tenor: '1m',
  strike: { kind: 'offset', offsetE8: 0n },
  maxPremiumSats: 60_000n
};

describe('an order before it is sent', () => {
  it('has nothing against it when it fits', () => {
    expect(validateOrder(draft, market, 60_000n)).toEqual([]);
    expect(validateOrder({ ...draft, strike: { kind: 'at', priceE8: 25_010n * USD } }, market)).toEqual([]);
  });

  it.each([
    ['tenor', { tenor: '2m' }, 'This expiry is not offered. Choose one from the list.'],
    ['tenor', { tenor: '5m' }, 'Orders for 5m are closed at the moment. Choose another expiry.'],
    ['strike', { strike: { kind: 'at' as const, priceE8: 25_005n * USD } }, 'Strikes for 1m are multiples of $10.00.'],
    ['strike', { strike: { kind: 'at' as const, priceE8: 0n } }, 'The strike must be above zero.'],
    [
      'strike',
      { strike: { kind: 'at' as const, priceE8: 12_490n * USD } },
      'The strike must be between half and double the price, which is $25,000.00.'
    ],
    [
      'strike',
      { strike: { kind: 'offset' as const, offsetE8: 25_001n * USD } },
      'The strike must be between half and double the price, which is $25,000.00.'
    ],
    ['payout', { instrument: { ...draft.instrument, payoutSats: 999n }, maxPremiumSats: 500n }, 'The smallest payout is 0.00001000 BTC.'],
    ['payout', { instrument: { ...draft.instrument, payoutSats: 10_000_001n } }, 'The largest payout is 0.10000000 BTC.'],
    [
      'payout',
      { instrument: { ...draft.instrument, payoutSats: 5_000_001n } },
      'The treasury can cover at most 0.05000000 BTC at the moment.'
    ],
    ['maxPremium', { maxPremiumSats: 499n }, 'The smallest premium for this payout is 0.00000500 BTC.'],
    [
      'maxPremium',
      { instrument: { ...draft.instrument, payoutSats: 1_001n }, maxPremiumSats: 99n },
      'The smallest premium for this payout is 0.00000100 BTC.'
    ],
    ['maxPremium', { maxPremiumSats: 100_001n }, 'The highest premium is above the payout: this order could only lose.'],
    ['maxPremium', { maxPremiumSats: 70_001n }, 'This is more than your available balance of 0.00070000 BTC.']
  ])('names the %s (%#)', (field, change, message) => {
    expect(validateOrder({ ...draft, ...change }, market, 70_000n)).toEqual([{ field, message }]);
  });

  it('leaves the balance alone while it is unknown', () => {
    expect(validateOrder({ ...draft, maxPremiumSats: 90_000n }, market)).toEqual([]);
  });

  it('says why no orders are taken', () => {
    expect(entryClosedReason(market)).toBeUndefined();
    expect(entryClosedReason({ ...market, entry: { kind: 'closed', reason: 'Maintenance until noon.' } })).toBe('Maintenance until noon.');
    expect(entryClosedReason({ ...market, price: undefined })).toContain('no price yet');
    expect(entryClosedReason({ ...market, nowNs: 1_141n * SECOND })).toContain('more than three minutes old');
    expect(validateOrder(draft, { ...market, price: undefined })).toEqual([
      { field: 'order', message: 'There is no price yet. Orders open with the first one.' }
    ]);
  });
});

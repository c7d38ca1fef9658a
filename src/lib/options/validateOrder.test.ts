import { describe, expect, it } from 'vitest';
import type { Market, TenorNow } from './types';
import { entryClosedReason, validateOrder, type OrderDraft } from './validateOrder';

const USD = 100_000_000n;
const SECOND = 1_000_000_000n;

function tenor(name: string, enabled: boolean): TenorNow {
  return {
    name,
    schedule: { kind: 'minutes', minutes: 1n },
    volatility: { kind: 'fixed', sigmaPpm: 600_000n },
    bandPpm: 0n,
    strikeGridE8: 10n * USD,
    enabled,
    sigmaPpm: 600_000n,
    expiryNs: 1_080n * SECOND,
    settlesAtMean: false
  };
}

const market: Market = {
  nowNs: 1_000n * SECOND,
  price: { minuteNs: 960n * SECOND, priceE8: 25_000n * USD, sources: 5n, recordedNs: 991n * SECOND },
  entry: { kind: 'open' },
  tenors: [tenor('1m', true), tenor('5m', false)],
  settings: {
    spreadPpm: 1n,
    minSpreadSats: 1n,
    maxSkewPpm: 1n,
    minPremiumSats: 100n,
    premiumFloorPpm: 5_000n,
    minSharePpm: 40_000n,
    volatilityLambdaPpm: 990_000n,
    minPayoutSats: 1_000n,
    maxPositionPayoutSats: 10_000_000n,
    maxTraderPayoutSats: 1n,
    maxExpiryPayoutSats: 1n,
    maxTotalPayoutSats: 1n,
    minDepositSats: 1n,
    minWithdrawalSats: 1n,
    largeWithdrawalSats: 1n,
    minSources: 3n,
    maxDispersionPpm: 1n,
    maxJumpPpm: 1n,
    minCycles: 1n,
    alertCycles: 1n
  },
  flags: { balances: true, admin: true, settlement: true },
  treasuryAvailableSats: 5_000_000n,
  utilisationPpm: 0n,
  version: '1'
};
const draft: OrderDraft = {
  instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n },
  tenor: '1m',
  strike: { kind: 'offset', offsetE8: 0n },
  maxPremiumSats: 60_000n,
  maxPayoutSats: undefined
};
const digital = { kind: 'digital', direction: 'call', payoutSats: 100_000n } as const;
/** On 0.1 BTC, $100 at most: at a strike of $25,000 a call can pay 39,840 sats, a put 40,160. */
const call = { kind: 'capped', direction: 'call', notionalSats: 10_000_000n, capE8: 100n * USD } as const;
const capped: OrderDraft = { ...draft, instrument: call, maxPremiumSats: 20_000n, maxPayoutSats: 41_000n };

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
    ['payout', { instrument: { ...digital, payoutSats: 999n }, maxPremiumSats: 500n }, 'The smallest payout is 0.00001000 BTC.'],
    ['payout', { instrument: { ...digital, payoutSats: 10_000_001n } }, 'The largest payout is 0.10000000 BTC.'],
    ['payout', { instrument: { ...digital, payoutSats: 5_000_001n } }, 'The treasury can cover at most 0.05000000 BTC at the moment.'],
    ['maxPremium', { maxPremiumSats: 499n }, 'The smallest premium for this payout is 0.00000500 BTC.'],
    [
      'maxPremium',
      { instrument: { ...digital, payoutSats: 1_001n }, maxPremiumSats: 99n },
      'The smallest premium for this payout is 0.00000100 BTC.'
    ],
    ['maxPremium', { maxPremiumSats: 100_001n }, 'The highest premium is above the payout: this order could only lose.'],
    ['maxPremium', { maxPremiumSats: 70_001n }, 'This is more than your available balance of 0.00070000 BTC.']
  ])('names the %s (%#)', (field, change, message) => {
    expect(validateOrder({ ...draft, ...change }, market, 70_000n)).toEqual([{ field, message }]);
  });

  it.each([
    ['nothing', {}, undefined],
    ['nothing', { instrument: { ...call, direction: 'put' as const } }, undefined],
    ['nothing', { strike: { kind: 'at' as const, priceE8: 25_100n * USD }, maxPayoutSats: 39_682n }, undefined],
    ['notional', { instrument: { ...call, notionalSats: 0n } }, 'The notional must be above zero.'],
    ['cap', { instrument: { ...call, capE8: 0n } }, 'The cap must be above zero.'],
    ['cap', { instrument: { ...call, capE8: 25_000n * USD } }, 'The cap must be below the strike, which is $25,000.00 now.'],
    [
      'notional',
      { instrument: { ...call, notionalSats: 250_000n }, maxPayoutSats: 996n, maxPremiumSats: 500n },
      'The most this can pay is 0.00000996 BTC, and the smallest payout is 0.00001000 BTC. Choose a larger notional or cap.'
    ],
    [
      'notional',
      { instrument: { ...call, notionalSats: 2_000_000_000n }, maxPayoutSats: 7_968_127n, maxPremiumSats: 50_000n },
      'The most this can pay is 0.07968127 BTC. The treasury can cover at most 0.05000000 BTC at the moment.'
    ],
    ['maxPayout', { maxPayoutSats: undefined }, 'An order of a capped option names the most it may pay.'],
    ['maxPayout', { maxPayoutSats: 39_839n }, 'At the strike as it is now it can pay 0.00039840 BTC: reserve at least that.'],
    ['maxPayout', { maxPayoutSats: 79_681n }, 'At most 0.00079680 BTC can be reserved for it.'],
    ['maxPremium', { maxPremiumSats: 199n }, 'The smallest premium for this payout is 0.00000200 BTC.'],
    ['maxPremium', { maxPremiumSats: 41_001n }, 'The highest premium is above the payout: this order could only lose.']
  ])('of a capped option: %s (%#)', (field, change, message) => {
    const problems = validateOrder({ ...capped, ...change }, market, 70_000n).filter((problem) => problem.field === field);
    expect(problems).toEqual(message === undefined ? [] : [{ field, message }]);
    if (message === undefined) expect(validateOrder({ ...capped, ...change }, market, 70_000n)).toEqual([]);
  });

  it('of a digital names no other payout than its own', () => {
    expect(validateOrder({ ...draft, maxPayoutSats: 100_000n }, market)).toEqual([]);
    expect(validateOrder({ ...draft, maxPayoutSats: 100_001n }, market)).toEqual([
      { field: 'maxPayout', message: 'The most a digital pays is its payout.' }
    ]);
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { legacyExpiry, legacyPayoutPerContract, legacyPriceMinute, legacySettlementAt, type LegacyTerms } from './legacyPayout';

const terms: LegacyTerms = {
  direction: 'call',
  strikeCents: 2_500_250n,
  entryPriceCents: 2_500_000n,
  expiry: '5s',
  contracts: 3n,
  premiumCents: 300n
};

describe('the legacy payout table', () => {
  it.each([
    ['5s', [333n, 400n, 1000n, 2000n]],
    ['10s', [286n, 333n, 667n, 1333n]],
    ['15s', [250n, 286n, 500n, 1000n]]
  ])('for %s, above and below the entry price', (expiry, payouts) => {
    const offsets = [250n, 500n, 1000n, 1500n];
    for (const [index, offset] of offsets.entries()) {
      for (const strikeCents of [2_500_000n + offset, 2_500_000n - offset]) {
        expect(legacyPayoutPerContract({ ...terms, expiry, strikeCents })).toBe(payouts[index]);
      }
    }
  });

  it('knows no other expiry and no other offset', () => {
    expect(legacyPayoutPerContract({ ...terms, expiry: '30s' })).toBeUndefined();
    expect(legacyPayoutPerContract({ ...terms, expiry: 'constructor' })).toBeUndefined();
    expect(legacyPayoutPerContract({ ...terms, strikeCents: 2_500_251n })).toBeUndefined();
    expect(legacySettlementAt({ ...terms, expiry: '1m' }, 1n)).toBeUndefined();
  });
});

describe('settling a legacy position', () => {
  it('pays every contract when the price is beyond the strike', () => {
    expect(legacySettlementAt(terms, 2_500_251n * 1_000_000n)).toEqual({
      outcome: 'win',
      payoutCents: 999n,
      profitCents: 699n,
      priceCents: 2_500_251n
    });
  });

  it('gives the premium back within half a cent of the strike', () => {
    expect(legacySettlementAt(terms, 2_500_250n * 1_000_000n + 499_999n)).toEqual({
      outcome: 'tie',
      payoutCents: 300n,
      profitCents: 0n,
      priceCents: 2_500_250n
    });
  });

  it('pays nothing, with profit 0, otherwise', () => {
    expect(legacySettlementAt(terms, 2_500_249n * 1_000_000n)).toEqual({
      outcome: 'loss',
      payoutCents: 0n,
      profitCents: 0n,
      priceCents: 2_500_249n
    });
  });

  it('is the other way round for a put', () => {
    const put: LegacyTerms = { ...terms, direction: 'put', strikeCents: 2_499_750n };
    expect(legacySettlementAt(put, 2_499_749n * 1_000_000n)?.outcome).toBe('win');
    expect(legacySettlementAt(put, 2_499_751n * 1_000_000n)?.outcome).toBe('loss');
  });

  it('never pays anything but the table, the premium or nothing', () => {
    const price = fc.bigInt({ min: 10n ** 11n, max: 10n ** 14n });
    fc.assert(
      fc.property(price, fc.bigInt({ min: 1n, max: 1000n }), (priceE8, contracts) => {
        const result = legacySettlementAt({ ...terms, contracts, premiumCents: contracts * 100n }, priceE8);
        expect([333n * contracts, 100n * contracts, 0n]).toContain(result?.payoutCents);
      })
    );
  });

  it('is priced at the first whole minute at or after the expiry', () => {
    const openedNs = 57_000_000_000n;
    expect(legacyExpiry({ expiry: '5s', openedNs })).toBe(62_000_000_000n);
    expect(legacyPriceMinute({ expiry: '5s', openedNs })).toBe(120_000_000_000n);
    expect(legacyPriceMinute({ expiry: '5s', openedNs: 55_000_000_000n })).toBe(60_000_000_000n);
    expect(legacyPriceMinute({ expiry: '1h', openedNs })).toBeUndefined();
  });
});

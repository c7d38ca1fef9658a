import type { LocalIc } from 'local-ic';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installPricingProbe, type PricingProbe } from './support/pricingProbe.ts';
import { stillNetwork } from './support/standins.ts';

let ic: LocalIc;
let probe: PricingProbe;
beforeAll(async () => {
  ic = await stillNetwork();
  probe = await installPricingProbe(ic);
});
afterAll(() => ic.close());

const parameters = {
  spread_ppm: 20_000n,
  min_spread_sats: 10n,
  max_skew_ppm: 100_000n,
  min_premium_sats: 100n,
  premium_floor_ppm: 30_000n,
  min_share_ppm: 40_000n
};

describe('the premium', () => {
  const price = (fair: bigint, utilisationPpm: bigint, payout = 0n, dearest = fair) =>
    probe.premium({ fair, dearest }, payout, parameters, utilisationPpm);

  test('is fair value plus spread plus skew, every part rounded up', async () => {
    expect(await price(50_001n, 0n)).toEqual({ fair: 50_001n, spread: 1_001n, skew: 0n, premium: 51_002n });
    expect(await price(50_001n, 500_000n)).toEqual({ fair: 50_001n, spread: 1_001n, skew: 2_501n, premium: 53_503n });
    expect(await price(50_000n, 1_000_000n)).toEqual({ fair: 50_000n, spread: 1_000n, skew: 5_000n, premium: 56_000n });
  });

  test('keeps the minimum spread and the minimum premium', async () => {
    expect(await price(200n, 0n)).toEqual({ fair: 200n, spread: 10n, skew: 0n, premium: 210n });
    expect(await price(0n, 0n)).toEqual({ fair: 0n, spread: 100n, skew: 0n, premium: 100n });
    expect(await price(20n, 1_000_000n)).toEqual({ fair: 20n, spread: 78n, skew: 2n, premium: 100n });
  });

  test('is never below its share of the payout, rounded up; the spread makes up for it', async () => {
    expect(await price(1n, 0n, 1_000_000n)).toEqual({ fair: 1n, spread: 29_999n, skew: 0n, premium: 30_000n });
    expect(await price(20_000n, 500_000n, 1_000_001n)).toEqual({ fair: 20_000n, spread: 9_001n, skew: 1_000n, premium: 30_001n });
    expect(await price(40_000n, 0n, 1_000_000n)).toEqual({ fair: 40_000n, spread: 800n, skew: 0n, premium: 40_800n });
    expect(await price(0n, 0n, 1_000n)).toMatchObject({ premium: 100n });
  });

  test('asks spread and skew of the dearest value in the band; what that is above the fair value belongs to the spread', async () => {
    expect(await price(50_000n, 0n, 0n, 55_000n)).toEqual({ fair: 50_000n, spread: 6_100n, skew: 0n, premium: 56_100n });
    expect(await price(50_000n, 1_000_000n, 0n, 55_000n)).toEqual({ fair: 50_000n, spread: 6_100n, skew: 5_500n, premium: 61_600n });
  });

  test('at both ends of the band is dearer in the money by the lower volatility, out of it by the higher', async () => {
    const request = (strike_e8: bigint, band_ppm: bigint, sigma_ppm = 600_000n) => ({
      fair: {
        option: { spot_e8: 2_800_000_000_000n, strike_e8, cap_e8: 0n, sigma_ppm, seconds: 300n },
        direction: { call: null },
        sats: 10_000_000n
      },
      band_ppm,
      parameters: { ...parameters, spread_ppm: 0n, min_spread_sats: 0n, premium_floor_ppm: 0n, min_premium_sats: 0n },
      utilisation_ppm: 0n
    });
    const [inside, outside, low, high] = [2_795_000_000_000n, 2_805_000_000_000n, 420_000n, 780_000n];
    const [dearInside, dearOutside, atLow, atHigh] = await probe.premiums([
      request(inside, 300_000n),
      request(outside, 300_000n),
      request(inside, 0n, low),
      request(outside, 0n, high)
    ]);
    expect(dearInside?.[0].premium).toBe(atLow?.[0].premium);
    expect(dearOutside?.[0].premium).toBe(atHigh?.[0].premium);
    for (const [premium] of [dearInside, dearOutside].filter((row) => row !== undefined)) expect(premium.spread).toBeGreaterThan(100_000n);
    // The band ends where the accuracy is no longer proved: at 10 % and at 300 % a year.
    const [atFloor, floor] = await probe.premiums([request(inside, 900_000n, 150_000n), request(inside, 0n, 100_000n)]);
    const [atCeiling, ceiling] = await probe.premiums([request(outside, 900_000n, 2_500_000n), request(outside, 0n, 3_000_000n)]);
    expect(atFloor?.[0].premium).toBe(floor?.[0].premium);
    expect(atCeiling?.[0].premium).toBe(ceiling?.[0].premium);
  });

  test('is not asked for a strike whose fair value is too small a share of the payout', async () => {
    expect(await probe.is_too_far(39_999n, 1_000_000n, parameters)).toBe(true);
    expect(await probe.is_too_far(40_000n, 1_000_000n, parameters)).toBe(false);
    expect(await probe.is_too_far(0n, 1_000_000n, { ...parameters, min_share_ppm: 0n })).toBe(false);
  });

  test('utilisation counts this fill, is rounded up and never above one', async () => {
    expect(await probe.utilisation_ppm(0n, 0n, 0n)).toBe(0n);
    expect(await probe.utilisation_ppm(0n, 1n, 3n)).toBe(333_334n);
    expect(await probe.utilisation_ppm(1n, 1n, 4n)).toBe(500_000n);
    expect(await probe.utilisation_ppm(5n, 5n, 4n)).toBe(1_000_000n);
    expect(await probe.utilisation_ppm(0n, 5n, 0n)).toBe(1_000_000n);
  });
});

describe('what a capped option pays', () => {
  // A notional of one bitcoin, strike 28,000, cap 1,000 USD.
  const capped = (call: boolean, strike_e8 = 2_800_000_000_000n, cap_e8 = 100_000_000_000n) => ({
    option: { spot_e8: strike_e8, strike_e8, cap_e8, sigma_ppm: 600_000n, seconds: 300n },
    direction: call ? { call: null } : { put: null },
    sats: 100_000_000n
  });
  const usd = (dollars: bigint): bigint => dollars * 100_000_000n;

  test('is dollars converted at the settlement price, rounded down, up to the reserve', async () => {
    expect([...(await probe.max_payouts([capped(true), capped(false)]))]).toEqual([3_448_275n, 3_703_703n]);
    const calls = [27_000n, 28_000n, 28_500n, 29_000n, 29_500n, 100_000n].map((price) => usd(price));
    expect([...(await probe.payouts(calls.map((price) => [capped(true), price])))]).toEqual([
      0n,
      0n,
      1_754_385n, // 500 / 28,500
      3_448_275n, // 1,000 / 29,000: the most
      3_389_830n, // 1,000 / 29,500
      1_000_000n
    ]);
    const puts = [29_000n, 28_000n, 27_500n, 27_000n, 26_000n, 1n].map((price) => usd(price));
    expect([...(await probe.payouts(puts.map((price) => [capped(false), price])))]).toEqual([
      0n,
      0n,
      1_818_181n, // 500 / 27,500
      3_703_703n, // 1,000 / 27,000: the most, and all the way down
      3_703_703n,
      3_703_703n
    ]);
  });

  test('has no reserve when the cap of a put leaves nothing of its strike: more than there can be', async () => {
    const nearly = capped(false, usd(1_000_000n), usd(1_000_000n) - 1n);
    expect([...(await probe.max_payouts([nearly]))]).toEqual([10n ** 8n * (usd(1_000_000n) - 1n) > 2n ** 64n ? 2n ** 64n - 1n : 0n]);
    expect([...(await probe.payouts([[nearly, 1n]]))]).toEqual([2n ** 64n - 1n]);
  });
});

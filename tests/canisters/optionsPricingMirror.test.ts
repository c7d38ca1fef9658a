import fc from 'fast-check';
import type { LocalIc } from 'local-ic';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cappedPayoutSats, maxCappedPayoutSats } from '../../src/lib/options/cappedPayout.ts';
import { cappedGreeks, digitalGreeks } from '../../src/lib/options/greeks.ts';
import { isTooFar, premiumOf, worthOf } from '../../src/lib/options/premium.ts';
import { cappedFairSats, cappedShare, digitalFairSats, digitalShare } from '../../src/lib/options/pricing.ts';
import { observe, seedVariance, sigmaOf } from '../../src/lib/options/volatility.ts';
import { installPricingProbe, type FairRequest, type PricingProbe } from './support/pricingProbe.ts';
import { stillNetwork } from './support/standins.ts';

// What the browser shows is what the canister asks, to the satoshi and to the last digit: on whatever inputs.

let ic: LocalIc;
let probe: PricingProbe;
beforeAll(async () => {
  ic = await stillNetwork();
  probe = await installPricingProbe(ic);
});
afterAll(() => ic.close());

const within = (min: bigint, max: bigint) => fc.bigInt({ min, max });
/** Evenly by digits, so that small ones come up. */
const upTo = (max: bigint) =>
  fc.tuple(fc.integer({ min: 1, max: max.toString().length }), within(0n, max)).map(([digits, x]) => 1n + (x % 10n ** BigInt(digits)));

/** A plain object: one without a prototype isn't a record to the encoder. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { noNullPrototype: true });

const option = record({
  spot_e8: within(100_000_000_000n, 100_000_000_000_000n),
  strikePpm: fc.oneof(within(500_000n, 2_000_000n), within(990_000n, 1_010_000n), fc.constant(1_000_000n)),
  cap: fc.oneof(upTo(1_000_000_000_000_000n), within(1n, 1_000_000n)),
  fromStrike: fc.boolean(),
  sigma_ppm: within(100_000n, 3_000_000n),
  seconds: fc.oneof(within(1n, 3_600n), within(60n, 2_592_000n))
}).map(({ spot_e8, strikePpm, cap, fromStrike, sigma_ppm, seconds }) => {
  const strike_e8 = (spot_e8 * strikePpm) / 1_000_000n;
  const small = 1n + (cap % (strike_e8 - 1n));
  return { spot_e8, strike_e8, cap_e8: fromStrike ? strike_e8 - small : small, sigma_ppm, seconds };
});
const sats = fc.oneof(within(0n, 10_000_000n), within(0n, 2_100_000_000_000_000n));
const parameters = record({
  spread_ppm: within(0n, 1_000_000n),
  min_spread_sats: upTo(1_000_000n),
  max_skew_ppm: within(0n, 1_000_000n),
  min_premium_sats: upTo(1_000_000n),
  premium_floor_ppm: within(0n, 500_000n),
  min_share_ppm: within(0n, 500_000n)
});
const both = ['call', 'put'] as const;
const many = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 40, maxLength: 40 });

describe('the browser computes what the canister does', () => {
  test('shares and Greeks', async () => {
    await fc.assert(
      fc.asyncProperty(many(option), async (options) => {
        const [shares, greeks] = [await probe.shares(options), await probe.greeks(options)];
        for (const [index, { spot_e8, strike_e8, cap_e8, sigma_ppm, seconds }] of options.entries()) {
          const conditions = { spotE8: spot_e8, sigmaPpm: sigma_ppm, seconds };
          for (const direction of both) {
            expect(digitalShare(direction, strike_e8, conditions)).toBe(shares[index]?.[`digital_${direction}`]);
            expect(cappedShare(direction, strike_e8, cap_e8, conditions)).toBe(shares[index]?.[`capped_${direction}`]);
            expect(digitalGreeks(direction, strike_e8, conditions)).toEqual(greeks[index]?.[`digital_${direction}`]);
            expect(cappedGreeks(direction, strike_e8, cap_e8, conditions)).toEqual(greeks[index]?.[`capped_${direction}`]);
          }
        }
      }),
      { numRuns: 25 }
    );
  });

  test('premiums and their parts', async () => {
    const request = record({
      option,
      call: fc.boolean(),
      digital: fc.boolean(),
      sats,
      band_ppm: within(0n, 1_000_000n),
      parameters,
      utilisation_ppm: within(0n, 1_000_000n)
    });
    await fc.assert(
      fc.asyncProperty(many(request), async (requests) => {
        const asked = requests.map(({ option: o, call, digital, sats: amount, ...rest }) => ({
          ...rest,
          fair: {
            option: { ...o, cap_e8: digital ? 0n : o.cap_e8 },
            direction: call ? { call: null } : { put: null },
            sats: digital ? amount : amount % 10_000_000_000n
          } satisfies FairRequest
        }));
        // A put whose cap nearly is its strike can pay more than there are words for: nobody can order it, and it has no premium.
        const sold = asked.filter(({ fair: { option: o, sats: n } }) => o.cap_e8 * n < (o.strike_e8 - o.cap_e8) * 10n ** 15n);
        const found = await probe.premiums(sold);
        for (const [index, { fair, band_ppm, parameters: p, utilisation_ppm }] of sold.entries()) {
          const { spot_e8, strike_e8, cap_e8, sigma_ppm, seconds } = fair.option;
          const direction = 'call' in fair.direction ? 'call' : 'put';
          const worth = worthOf(sigma_ppm, band_ppm, (sigmaPpm) => {
            const conditions = { spotE8: spot_e8, sigmaPpm, seconds };
            return cap_e8 === 0n
              ? digitalFairSats(direction, fair.sats, strike_e8, conditions)
              : cappedFairSats(direction, fair.sats, strike_e8, cap_e8, conditions);
          });
          const most = cap_e8 === 0n ? fair.sats : maxCappedPayoutSats(direction, fair.sats, strike_e8, cap_e8);
          const settings = {
            spreadPpm: p.spread_ppm,
            minSpreadSats: p.min_spread_sats,
            maxSkewPpm: p.max_skew_ppm,
            minPremiumSats: p.min_premium_sats,
            premiumFloorPpm: p.premium_floor_ppm,
            minSharePpm: p.min_share_ppm
          };
          const premium = premiumOf(worth, most, settings, utilisation_ppm);
          expect([premium, isTooFar(worth.fair, most, settings)]).toEqual(found[index]);
          expect(premium.fair + premium.spread + premium.skew).toBe(premium.premium);
          expect(worth.dearest >= worth.fair && worth.dearest <= most).toBe(true);
        }
      }),
      { numRuns: 25 }
    );
  });

  test('payouts of capped options, never more than their maximum, never more than the rule says', async () => {
    const request = record({ option, call: fc.boolean(), sats, settlement: within(1n, 400_000_000_000_000n), near: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(many(request), async (requests) => {
        const asked = requests.map(({ option: o, call, sats: amount, settlement, near }): [FairRequest, bigint] => [
          { option: o, direction: call ? { call: null } : { put: null }, sats: amount },
          near ? 1n + (settlement % (o.strike_e8 * 2n)) : settlement
        ]);
        const payouts = await probe.payouts(asked);
        const maxima = await probe.max_payouts(asked.map(([fair]) => fair));
        for (const [index, [fair, settlement]] of asked.entries()) {
          const { strike_e8, cap_e8 } = fair.option;
          const direction = 'call' in fair.direction ? 'call' : 'put';
          const [payout = -1n, most = -1n] = [payouts[index], maxima[index]];
          expect(payout).toBe(cappedPayoutSats(direction, fair.sats, strike_e8, cap_e8, settlement));
          expect(most).toBe(maxCappedPayoutSats(direction, fair.sats, strike_e8, cap_e8));
          const gain = direction === 'call' ? settlement - strike_e8 : strike_e8 - settlement;
          const dollars = gain < 0n ? 0n : gain < cap_e8 ? gain : cap_e8;
          expect(payout * settlement <= fair.sats * dollars && payout <= most).toBe(true);
          // At the price where the cap is reached it is the maximum itself: the reserve is neither short nor too large.
          const corner = direction === 'call' ? strike_e8 + cap_e8 : strike_e8 - cap_e8;
          expect(cappedPayoutSats(direction, fair.sats, strike_e8, cap_e8, corner)).toBe(most);
        }
      }),
      { numRuns: 25 }
    );
  });

  test('the estimate of volatility', async () => {
    const step = record({ minutes: fc.oneof(fc.constant(1n), within(0n, 100_000n)), priceE8: upTo(100_000_000_000_000n) });
    const request = record({
      lambda_ppm: within(0n, 999_999n),
      seed_ppm: within(100_000n, 3_000_000n),
      steps: fc.array(step, { minLength: 2, maxLength: 60 }),
      use: record({
        scale_ppm: within(1n, 3_000_000n),
        floor_sigma_ppm: within(0n, 300_000n),
        ceiling_sigma_ppm: within(300_000n, 3_000_000n)
      })
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ steps, use, ...rest }) => {
        let minute = 0n;
        const prices = steps.map(({ minutes, priceE8 }) => ({ minute: (minute += minutes), priceE8 }));
        const found = await probe.estimate({ ...rest, prices: prices.map((row) => [row.minute, row.priceE8]), use });
        let variance = seedVariance(rest.seed_ppm);
        prices.slice(1).forEach((row, index) => {
          const before = prices[index];
          if (before !== undefined) variance = observe(variance, before, row, rest.lambda_ppm);
          const [scalePpm, floorSigmaPpm, ceilingSigmaPpm] = [use.scale_ppm, use.floor_sigma_ppm, use.ceiling_sigma_ppm];
          expect([variance, sigmaOf(variance, { scalePpm, floorSigmaPpm, ceilingSigmaPpm })]).toEqual([...(found[index] ?? [])]);
        });
      }),
      { numRuns: 60 }
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalIc } from 'local-ic';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pricingCsv } from '../../scripts/vectors/pricing.ts';
import { installPricingProbe, settingsFields, type PricingProbe } from './support/pricingProbe.ts';
import { stillNetwork } from './support/standins.ts';

const scale = 10n ** 18n;
const text = readFileSync(join(import.meta.dirname, '../vectors/pricing.csv'), 'utf8');
const rows = text
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([spot = '', strike = '', sigma = '', seconds = '', exact = '']) => ({
    line: [spot, strike, sigma, seconds].join(','),
    digital: { spot_e8: BigInt(spot), strike_e8: BigInt(strike), sigma_ppm: BigInt(sigma), seconds: BigInt(seconds) },
    // The canister has 18 decimals; 6 more show its error.
    exactE24: BigInt(exact.replace('.', '').slice(0, 25))
  }));

const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

let ic: LocalIc;
let probe: PricingProbe;
let answers: { call: bigint; put: bigint; instructions: bigint }[] = [];
beforeAll(async () => {
  ic = await stillNetwork();
  probe = await installPricingProbe(ic);
  for (let start = 0; start < rows.length; start += 100) {
    answers = answers.concat(await probe.digital_shares(rows.slice(start, start + 100).map((row) => row.digital)));
  }
});
afterAll(() => ic.close());

describe('the fair value of a digital', () => {
  test('the checked-in vectors are those the generator makes', () => {
    expect(text).toBe(pricingCsv());
    expect(rows.length).toBeGreaterThan(800);
  });

  test('is within 1e-12 of the payout of the exact value, call and put', async ({ annotate }) => {
    const one = scale * 1_000_000n;
    const errors = rows.map(({ line, exactE24 }, index) => {
      const { call = 0n, put = 0n } = answers[index] ?? {};
      const ofCall = distance(call * 1_000_000n, exactE24);
      const ofPut = distance(put * 1_000_000n, one - exactE24);
      expect(ofCall, `call ${line}`).toBeLessThanOrEqual(10n ** 12n);
      expect(ofPut, `put ${line}`).toBeLessThanOrEqual(10n ** 12n);
      return Number(ofCall > ofPut ? ofCall : ofPut) / 1e24;
    });
    await annotate(`${rows.length} digitals, call and put: worst error ${Math.max(...errors)} of the payout`);
  });

  test('of call and put adds up to the payout', () => {
    for (const { call, put } of answers) expect(distance(call + put, scale)).toBeLessThanOrEqual(2n);
  });

  test('costs less than 20 million instructions', async ({ annotate, skip }) => {
    const most = answers.map(({ instructions }) => Number(instructions) / 2).reduce((a, b) => Math.max(a, b), 0);
    if (most === 0) skip('this network does not count instructions');
    await annotate(`instructions of one pricing, at most: ${most}`);
    expect(most).toBeLessThan(20_000_000);
  });
});

describe('fixed point', () => {
  test('normal distribution at known points', async () => {
    // N(0), N(1), N(-2.5): Abramowitz & Stegun table 26.1; far out it is 0 or 1.
    const points = [0n, scale, (-5n * scale) / 2n, 100n * scale, -100n * scale];
    const expected = [scale / 2n, 841_344_746_068_542_949n, 6_209_665_325_776_132n, scale, 0n];
    for (const [index, value] of (await probe.normal(points)).entries()) expect(distance(value, expected[index] ?? -1n)).toBeLessThan(200n);
  });

  test('the two methods of the normal distribution meet where one takes over', async () => {
    const points = Array.from({ length: 21 }, (_, index) => -3n * scale - 10n + BigInt(index));
    for (const value of await probe.normal(points)) expect(distance(value, 1_349_898_031_630_094n)).toBeLessThan(200n);
  });

  test('logarithm of ratios far apart', async () => {
    expect(await probe.ln_ratio(7n, 7n)).toBe(0n);
    expect(distance(await probe.ln_ratio(10n, 1n), 2_302_585_092_994_045_684n)).toBeLessThan(50n);
    expect(distance(await probe.ln_ratio(1n, 1_000_000n), -13_815_510_557_964_274_104n)).toBeLessThan(50n);
  });

  test('square root is the whole part', async () => {
    for (const n of [0n, 1n, 2n, 3n, 4n, 99n, 100n, 10n ** 36n - 1n, 10n ** 36n, 10n ** 36n + 1n]) {
      const root = await probe.square_root(n);
      expect(root * root).toBeLessThanOrEqual(n);
      expect((root + 1n) * (root + 1n)).toBeGreaterThan(n);
    }
  });
});

describe('the premium', () => {
  const settings = {
    ...Object.fromEntries(settingsFields.map((name) => [name, 1n])),
    spread_ppm: 20_000n,
    min_spread_sats: 10n,
    max_skew_ppm: 100_000n,
    min_premium_sats: 100n,
    premium_floor_ppm: 30_000n,
    min_share_ppm: 40_000n
  };
  const price = (fair: bigint, utilisationPpm: bigint, payout = 0n) => probe.premium(fair, payout, settings, utilisationPpm);

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

  test('is not asked for a strike whose fair value is too small a share of the payout', async () => {
    expect(await probe.is_too_far(39_999n, 1_000_000n, settings)).toBe(true);
    expect(await probe.is_too_far(40_000n, 1_000_000n, settings)).toBe(false);
    expect(await probe.is_too_far(0n, 1_000_000n, { ...settings, min_share_ppm: 0n })).toBe(false);
  });

  test('utilisation counts this fill, is rounded up and never above one', async () => {
    expect(await probe.utilisation_ppm(0n, 0n, 0n)).toBe(0n);
    expect(await probe.utilisation_ppm(0n, 1n, 3n)).toBe(333_334n);
    expect(await probe.utilisation_ppm(1n, 1n, 4n)).toBe(500_000n);
    expect(await probe.utilisation_ppm(5n, 5n, 4n)).toBe(1_000_000n);
    expect(await probe.utilisation_ppm(0n, 5n, 0n)).toBe(1_000_000n);
  });
});

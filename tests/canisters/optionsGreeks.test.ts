import type { LocalIc } from 'local-ic';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { greeksCsv, volatilityCsv } from '../../scripts/vectors/pricing.ts';
import { cappedGreeks, digitalGreeks } from '../../src/lib/options/greeks.ts';
import { observe, seedVariance, sigmaOf } from '../../src/lib/options/volatility.ts';
import { installPricingProbe, type PricingProbe } from './support/pricingProbe.ts';
import { stillNetwork } from './support/standins.ts';
import { distance, inBatches, readRecords, readVectors, toE24, vectorText } from './support/vectors.ts';

const names = ['delta', 'gamma', 'vega', 'theta'] as const;
let ic: LocalIc;
let probe: PricingProbe;
beforeAll(async () => {
  ic = await stillNetwork();
  probe = await installPricingProbe(ic);
});
afterAll(() => ic.close());

describe('the Greeks', () => {
  const rows = readVectors('greeks.csv');

  test('are within 1e-14 of the differences of exact values, here and in the browser', async ({ annotate }) => {
    expect(vectorText('greeks.csv')).toBe(greeksCsv());
    const answers = await inBatches(
      rows.map((row) => row.option),
      (batch) => probe.greeks(batch)
    );
    let worst = 0n;
    for (const [index, { line, option, exactE24 }] of rows.entries()) {
      const found = answers[index];
      if (found === undefined) throw new Error('an answer is missing');
      for (const kind of ['digital_call', 'capped_call', 'capped_put'] as const) {
        for (const name of names) {
          const error = distance(found[kind][name] * 1_000_000n, exactE24(`${kind}_${name}`));
          expect(error, `${kind} ${name} ${line}`).toBeLessThanOrEqual(10n ** 10n);
          if (error > worst) worst = error;
        }
      }
      const conditions = { spotE8: option.spot_e8, sigmaPpm: option.sigma_ppm, seconds: option.seconds };
      expect(digitalGreeks('call', option.strike_e8, conditions), line).toEqual(found.digital_call);
      expect(digitalGreeks('put', option.strike_e8, conditions), line).toEqual(found.digital_put);
      expect(cappedGreeks('call', option.strike_e8, option.cap_e8, conditions), line).toEqual(found.capped_call);
      expect(cappedGreeks('put', option.strike_e8, option.cap_e8, conditions), line).toEqual(found.capped_put);
      for (const name of names) expect(found.digital_put[name]).toBe(-found.digital_call[name]);
    }
    await annotate(`${rows.length} options: worst error ${Number(worst) / 1e24}`);
  });

  test('say what a small move does to the value', async () => {
    const spot = 2_800_000_000_000n;
    const at = (spot_e8: bigint) => ({
      spot_e8,
      strike_e8: 2_805_000_000_000n,
      cap_e8: 20_000_000_000n,
      sigma_ppm: 600_000n,
      seconds: 900n
    });
    const [before, after] = await probe.shares([at(spot), at(spot + spot / 10_000n)]);
    const [greeks] = await probe.greeks([at(spot)]);
    for (const kind of ['digital_call', 'digital_put', 'capped_call', 'capped_put'] as const) {
      const move = (after?.[kind] ?? 0n) - (before?.[kind] ?? 0n);
      const { delta = 0n, gamma = 0n } = greeks?.[kind] ?? {};
      expect(distance(move, delta + gamma / 2n)).toBeLessThan((move < 0n ? -move : move) / 500n);
    }
  });

  test('are all zero without time or volatility', async () => {
    const still = { spot_e8: 10n ** 12n, strike_e8: 10n ** 12n, cap_e8: 10n ** 9n, sigma_ppm: 0n, seconds: 60n };
    const nothing = { delta: 0n, gamma: 0n, vega: 0n, theta: 0n };
    expect(await probe.greeks([still])).toEqual([
      { digital_call: nothing, digital_put: nothing, capped_call: nothing, capped_put: nothing }
    ]);
    const conditions = { spotE8: 10n ** 12n, sigmaPpm: 0n, seconds: 60n };
    expect(digitalGreeks('call', 10n ** 12n, conditions)).toEqual(nothing);
    expect(cappedGreeks('put', 10n ** 12n, 10n ** 9n, conditions)).toEqual(nothing);
  });
});

describe('the estimate of volatility', () => {
  const use = { scale_ppm: 1_000_000n, floor_sigma_ppm: 0n, ceiling_sigma_ppm: 10_000_000_000n };
  const minuteOf = (index: number): bigint => 29_000_000n + BigInt(index);
  const ask = (prices: bigint[], changes: Partial<typeof use> = {}, lambda_ppm = 970_000n) =>
    probe.estimate({
      lambda_ppm,
      seed_ppm: 700_000n,
      prices: prices.map((price, index) => [minuteOf(index), price]),
      use: { ...use, ...changes }
    });

  test('follows the exact one, here and in the browser', async ({ annotate }) => {
    expect(vectorText('volatility.csv')).toBe(volatilityCsv());
    const rows = readRecords('volatility.csv').map((record) => ({
      lambdaPpm: BigInt(record['lambda_ppm'] ?? ''),
      seedPpm: BigInt(record['seed_ppm'] ?? ''),
      minute: BigInt(record['minute'] ?? ''),
      priceE8: BigInt(record['price_e8'] ?? ''),
      exactE24: toE24(record['variance'] ?? '')
    }));
    let worst = 0n;
    for (const [lambdaPpm, series] of Map.groupBy(rows, (row) => row.lambdaPpm)) {
      const seedPpm = series[0]?.seedPpm ?? 0n;
      const found = await probe.estimate({
        lambda_ppm: lambdaPpm,
        seed_ppm: seedPpm,
        prices: series.map(({ minute, priceE8 }) => [minute, priceE8]),
        use
      });
      let variance = seedVariance(seedPpm);
      series.slice(1).forEach((row, index) => {
        const [ofCanister = 0n, sigma = 0n] = found[index] ?? [];
        const before = series[index];
        if (before !== undefined) variance = observe(variance, before, row, lambdaPpm);
        expect(variance).toBe(ofCanister);
        expect(sigmaOf(variance, { scalePpm: 1_000_000n, floorSigmaPpm: 0n, ceilingSigmaPpm: use.ceiling_sigma_ppm })).toBe(sigma);
        const error = distance(ofCanister * 1_000_000n, row.exactE24);
        // A billionth of it, plus what rounding down at every step adds up to.
        expect(error, `${lambdaPpm} ${row.minute}`).toBeLessThanOrEqual(row.exactE24 / 10n ** 9n + 200_000_000n);
        worst = error > worst ? error : worst;
        const exactSigma = Math.sqrt((Number(row.exactE24) / 1e24) * 525_600) * 1e6;
        expect(Math.abs(Number(sigma) - exactSigma)).toBeLessThan(1 + exactSigma / 1e8);
      });
    }
    await annotate(`${rows.length} minutes: worst error of a variance ${Number(worst) / 1e24}`);
  });

  test('begins at its seed, and stays near it until there are returns', async () => {
    const [[, sigma] = []] = await ask([2_800_000_000_000n, 2_800_000_000_000n]);
    expect(sigma).toBe(689_420n); // 70 % * sqrt(0.97)
  });

  test('keeps to floor, ceiling and scale', async () => {
    const still = Array<bigint>(100).fill(2_800_000_000_000n);
    expect((await ask(still, { floor_sigma_ppm: 350_000n })).at(-1)?.[1]).toBe(350_000n);
    const wild = still.map((price, index) => price + BigInt(index % 2) * (price / 20n));
    expect((await ask(wild, { ceiling_sigma_ppm: 2_000_000n })).at(-1)?.[1]).toBe(2_000_000n);
    const plain = (await ask(still)).at(0)?.[1] ?? 0n;
    expect((await ask(still, { scale_ppm: 800_000n })).at(0)?.[1]).toBe((plain * 8n) / 10n);
  });

  test('takes a gap as so many minutes of the same movement, and nothing from a minute that is not later', async () => {
    const [first, last] = [2_800_000_000_000n, 2_828_000_000_000n];
    const gapped = (minute: bigint) =>
      probe.estimate({
        lambda_ppm: 900_000n,
        seed_ppm: 700_000n,
        prices: [
          [100n, first],
          [minute, last]
        ],
        use
      });
    const returned = Math.log(1.01) ** 2;
    const seed = 0.49 / 525_600;
    for (const k of [1n, 2n, 30n]) {
      const [[variance = 0n] = []] = await gapped(100n + k);
      const kept = 0.9 ** Number(k);
      expect(Number(variance) / 1e18 / (kept * seed + ((1 - kept) * returned) / Number(k))).toBeCloseTo(1, 9);
    }
    for (const minute of [100n, 99n]) expect((await gapped(minute))[0]?.[0]).toBe(seedVariance(700_000n));
    // A price of nothing, or of a thousand times as much, changes no more than a return of one would.
    const [[jumped = 0n] = []] = await ask([first, first * 1_000n], {}, 900_000n);
    expect(distance(jumped, (seedVariance(700_000n) * 9n) / 10n + 10n ** 17n)).toBeLessThan(2n);
  });
});

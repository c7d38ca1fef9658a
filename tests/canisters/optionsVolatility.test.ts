import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Position, Tenor } from '../../src/lib/canisters/options/options.did.js';
import { alice, minuteTenor, ok, openExchange, operator, order, priceE8, type Exchange } from './support/exchange.ts';
import { minuteNs, secondNs, startNs } from './support/standins.ts';

// The volatility that is measured from the price book. The model here is written from the description in product.md and options.did, in floating point.

const lambda = 0.97;
const minutesAYear = 525_600;
const seedSigma = 0.7;
const measured: Tenor = {
  ...minuteTenor,
  name: 'measured',
  volatility: { measured: { scale_ppm: 1_000_000n, floor_ppm: 100_000n, ceiling_ppm: 3_000_000n } }
};

let exchange: Exchange;
beforeEach(async () => {
  exchange = await openExchange({ tenors: [minuteTenor, measured] });
});
afterEach(() => exchange.close());

class Model {
  #variance = seedSigma ** 2 / minutesAYear;
  #minute = -1; // the exchange has the price of the minute before the start when a test begins
  #price = Number(priceE8);

  observe(minute: number, price: bigint): void {
    const gap = minute - this.#minute;
    const kept = lambda ** gap;
    const change = Math.log(Number(price) / this.#price);
    this.#variance = kept * this.#variance + ((1 - kept) * change ** 2) / gap;
    this.#minute = minute;
    this.#price = Number(price);
  }

  get sigmaPpm(): number {
    return Math.sqrt(this.#variance * minutesAYear) * 1e6;
  }
}

/** The volatility in force, ppm a year. */
async function sigma(): Promise<bigint> {
  const row = (await exchange.as().get_market()).tenors.find(({ tenor }) => tenor.name === 'measured');
  if (row === undefined) throw new Error('the tenor is gone');
  return row.sigma_ppm;
}
/** Rounding of the fixed point may take a few parts per million of it. */
const near = (found: bigint, expected: number): void => {
  expect(Math.abs(Number(found) - expected), `${String(found)} ppm, expected ${String(expected)}`).toBeLessThan(3);
};
const atMinute = (n: number): bigint => startNs + BigInt(n) * minuteNs;
/** Until the price of a minute is in the book. */
const recorded = (n: number): Promise<void> => exchange.advance(atMinute(n) + 32n * secondNs - exchange.ic.now());
const price = (n: number): bigint => priceE8 + BigInt([40, -75, 10, 130, -20, 0, 55, -160][n % 8] ?? 0) * 100_000_000n;
const setPrices = async (minutes: number[]): Promise<void> => {
  for (const minute of minutes) await exchange.setPrice(atMinute(minute), price(minute));
};
const filled = (row: Position): bigint => {
  if ('open' in row.state) return row.state.open.sigma_ppm;
  if ('settled' in row.state) return row.state.settled.fill.sigma_ppm;
  throw new Error('it was not filled');
};

describe('the measured volatility', () => {
  test('follows the returns of one minute after the other', async () => {
    const model = new Model();
    near(await sigma(), seedSigma * 1e6);
    await setPrices([0, 1, 2, 3, 4, 5]);
    for (const minute of [0, 1, 2, 3, 4, 5]) {
      await recorded(minute);
      model.observe(minute, price(minute));
      near(await sigma(), model.sigmaPpm);
    }
    // It did move: or else the model would have nothing to say.
    expect(Math.abs(model.sigmaPpm - seedSigma * 1e6)).toBeGreaterThan(10_000);
  });

  test('takes a gap of minutes for one return over all of them', async () => {
    const model = new Model();
    await setPrices([0, 1, 2, 3, 4, 5]);
    await recorded(0);
    model.observe(0, price(0));
    await exchange.exchangeRate.as().set_fault([{ Pending: null }]);
    await recorded(4);
    near(await sigma(), model.sigmaPpm);
    await exchange.exchangeRate.as().set_fault([]);
    await recorded(5);
    model.observe(4, price(4)); // asked for again within its own minute
    model.observe(5, price(5));
    expect((await exchange.as().get_prices({ from_minute_ns: startNs, limit: 10n })).map((row) => row.minute_ns)).toEqual(
      [0, 4, 5].map(atMinute)
    );
    near(await sigma(), model.sigmaPpm);
  });

  test('is not changed by a minute that comes late', async () => {
    await exchange.deposit(alice, 1_000_000n);
    const model = new Model();
    await setPrices([0, 1, 2, 3]);
    await exchange.setPrice(atMinute(1), priceE8 + 40_000_000_000n); // 1.4 %, below the bound for jumps
    ok(await exchange.as(alice).place_order(order('needs minute 1', { strike: { offset: 0n } })));
    await recorded(0);
    model.observe(0, price(0));
    await exchange.exchangeRate.as().set_fault([{ RateLimited: null }]);
    await exchange.advance(atMinute(2) + 25n * secondNs - exchange.ic.now());
    await exchange.exchangeRate.as().set_fault([]);
    await recorded(3);
    const rows = await exchange.as().get_prices({ from_minute_ns: startNs, limit: 10n });
    expect(rows.map((row) => row.minute_ns)).toEqual([0, 1, 2, 3].map(atMinute));
    const [, late, newer] = rows;
    // Minute 2 came first: the estimate went from minute 0 to minute 2.
    expect(late?.recorded_ns).toBeGreaterThan(newer?.recorded_ns ?? 0n);
    model.observe(2, price(2));
    model.observe(3, price(3));
    near(await sigma(), model.sigmaPpm);
  });

  test('prices a fill with the variance of its fill minute', async () => {
    await exchange.deposit(alice, 1_000_000n);
    const model = new Model();
    await setPrices([0, 1, 2, 3]);
    const ids: bigint[] = [];
    const expectedSigmas: number[] = [];
    for (const minute of [0, 1, 2, 3]) {
      await recorded(minute);
      model.observe(minute, price(minute));
      if (minute > 0) expectedSigmas.push(model.sigmaPpm);
      const request = order(`of minute ${minute}`, { tenor: 'measured', strike: { offset: 0n } });
      if (minute < 3) ids.push(ok(await exchange.as(alice).place_order(request)).id);
    }
    for (const [index, id] of ids.entries()) near(filled(ok(await exchange.as(alice).get_position(id))), expectedSigmas[index] ?? 0);
    expect(new Set(expectedSigmas.map(Math.round)).size).toBe(3);
  });

  test('stays within floor and ceiling, times the scale', async () => {
    const volatility = (scale_ppm: bigint, floor_ppm: bigint, ceiling_ppm: bigint) => ({ measured: { scale_ppm, floor_ppm, ceiling_ppm } });
    const cases: [Tenor['volatility'], bigint][] = [
      [volatility(2_000_000n, 100_000n, 3_000_000n), 1_400_000n],
      [volatility(1_000_000n, 800_000n, 3_000_000n), 800_000n],
      [volatility(1_000_000n, 100_000n, 650_000n), 650_000n],
      [{ fixed: { sigma_ppm: 420_000n } }, 420_000n]
    ];
    for (const [changed, expected] of cases) {
      ok(await exchange.as(operator).set_tenor({ ...measured, volatility: changed }));
      near(await sigma(), Number(expected));
    }
  });
});

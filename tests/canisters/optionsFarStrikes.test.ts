import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalIc } from 'local-ic';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alice, digital, ok, openExchange, order, priceE8, reasonOf, refusal } from './support/exchange.ts';
import { installPricingProbe, type PricingProbe } from './support/pricingProbe.ts';
import { minuteNs, stillNetwork } from './support/standins.ts';

// Real prices move far more often than the model says. Whoever buys far strikes all day must not win by it: checked on three weeks of
// recorded minutes. The figures and what follows from them: docs/decisions/0002-far-strikes.md.

const closes = readFileSync(join(import.meta.dirname, '../../data/btcusd-1m-2023-03.csv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => Math.round(Number(line.split(',')[1]) * 100));
const sigma = 0.7;
const payout = 10_000_000n;

/** How often a strike at `factor` times the price was passed after so many minutes, and met to the cent. */
function frequencies(direction: 'call' | 'put', minutes: number, factor: number): { wins: number; ties: number } {
  let [wins, ties] = [0, 0];
  const count = closes.length - minutes;
  for (let index = 0; index < count; index += 1) {
    const strike = Math.round((closes[index] ?? 0) * factor);
    const end = closes[index + minutes] ?? 0;
    if (end === strike) ties += 1;
    else if (end > strike === (direction === 'call')) wins += 1;
  }
  return { wins: wins / count, ties: ties / count };
}

interface Strike {
  /** From the price, in standard deviations of the model. */
  distance: number;
  share: number;
  sold: boolean;
  /** What it paid on average, for each sat of premium. */
  ratio: number;
}

let ic: LocalIc;
let probe: PricingProbe;
beforeAll(async () => {
  ic = await stillNetwork();
  probe = await installPricingProbe(ic);
});
afterAll(() => ic.close());

/** Strikes from the price outwards, priced by the canister with its default settings. */
async function outwards(direction: 'call' | 'put', minutes: number): Promise<Strike[]> {
  const settings = await probe.default_settings();
  const deviation = sigma * Math.sqrt((minutes * 60) / 31_536_000);
  const distances = Array.from({ length: 61 }, (_, index) => index / 20);
  const factorOf = (distance: number): number => Math.exp((direction === 'call' ? 1 : -1) * distance * deviation);
  const shares = await probe.digital_shares(
    distances.map((distance) => ({
      spot_e8: priceE8,
      strike_e8: BigInt(Math.round(Number(priceE8) * factorOf(distance))),
      sigma_ppm: BigInt(sigma * 1e6),
      seconds: BigInt(minutes * 60)
    }))
  );
  return Promise.all(
    distances.map(async (distance, index) => {
      const fair = ((shares[index]?.[direction] ?? 0n) * payout) / 10n ** 18n + 1n;
      const { premium } = await probe.premium(fair, payout, settings, 0n);
      const { wins, ties } = frequencies(direction, minutes, factorOf(distance));
      const cost = Number(premium) / Number(payout);
      const sold = !(await probe.is_too_far(fair, payout, settings));
      return { distance, share: Number(fair) / Number(payout), sold, ratio: (wins + ties * cost) / cost };
    })
  );
}

describe('on recorded prices, no strike from the price outwards pays more than it costs', () => {
  test.for(['call', 'put'] as const)('%s', async (direction, { annotate }) => {
    for (const minutes of [1, 5, 15, 60]) {
      const strikes = await outwards(direction, minutes);
      const sold = strikes.filter((strike) => strike.sold);
      const worst = sold.reduce((a, b) => (a.ratio > b.ratio ? a : b));
      expect(worst.ratio, `${minutes} minutes, ${worst.distance} deviations away, worth ${worst.share}`).toBeLessThan(1);
      // The farthest one keeps a margin; and there still is something to buy away from the price.
      expect(sold.at(-1)?.ratio, `${minutes} minutes`).toBeLessThan(0.9);
      expect(sold.at(-1)?.distance).toBeGreaterThan(1.5);
      const last = sold.at(-1);
      await annotate(
        `${minutes} min ${direction}: at most ${worst.ratio.toFixed(3)}, farthest (worth ${last?.share}) ${last?.ratio.toFixed(3)}`
      );
    }
  });
});

describe('a strike too far away', () => {
  const far = { instrument: digital('call', 100_000n), tenor: '5m', strike: { offset: priceE8 / 100n } };

  test('is neither quoted nor taken, in words', async () => {
    const exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    for (const direction of ['call', 'put'] as const) {
      const offset = direction === 'call' ? far.strike.offset : -far.strike.offset;
      const request = { ...far, instrument: digital(direction, 100_000n), strike: { offset } };
      const quoted = await exchange.as(alice).quote(request);
      expect(refusal(quoted)).toEqual({ kind: 'request', code: { strike_out_of_range: null } });
      expect('err' in quoted && quoted.err.message).toMatch(/less than 4 % of its payout/u);
      expect(refusal(await exchange.as(alice).place_order(order('far', request))).code).toEqual({ strike_out_of_range: null });
    }
    await exchange.changeSettings({ min_share_ppm: 0n });
    expect(ok(await exchange.as(alice).quote(far)).premium_sats).toBe(3_000n); // the floor: 3 %
    await exchange.close();
  });

  test('that has only become so by the fill is cancelled, and everything is released', async () => {
    const exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const placed = ok(await exchange.as(alice).place_order(order('near', { tenor: '5m' })));
    await exchange.setPrice(placed.fill_minute_ns, priceE8 - priceE8 / 100n);
    await exchange.advance(2n * minuteNs);
    const row = ok(await exchange.as(alice).get_position(placed.id));
    expect([reasonOf(row), row.reserved_payout_sats]).toEqual(['limit_reached', 0n]);
    expect(ok(await exchange.as(alice).get_account())).toMatchObject({ available_sats: 1_000_000n, reserved_sats: 0n });
    await exchange.close();
  });
});

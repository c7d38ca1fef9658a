import { Principal } from '@dfinity/principal';
import type { LocalIc } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadRecording } from '../../scripts/lib/recording.ts';
import type { Asset, ExchangeRateError, InitArgs } from '../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import { installExchangeRate, minuteNs, person, secondNs, startNs, stillNetwork, type ExchangeRateStandin } from './support/standins.ts';

const btc: Asset = { symbol: 'BTC', class: { Cryptocurrency: null } };
const usd: Asset = { symbol: 'USD', class: { FiatCurrency: null } };
const crypto = (symbol: string): Asset => ({ symbol, class: { Cryptocurrency: null } });
const fiat = (symbol: string): Asset => ({ symbol, class: { FiatCurrency: null } });
const trader = person('trader');

// Five recorded minutes, two of them before the network's clock.
const anchorNs = startNs - 2n * minuteNs;
const firstRecordedNs = BigInt(Date.UTC(2023, 2, 1, 0, 1)) * 1_000_000n;
const closesCents = Uint32Array.of(2_314_372, 2_314_367, 2_315_603, 2_315_683, 2_316_000);
const init: InitArgs = {
  anchor_minute_ns: anchorNs,
  first_recorded_ns: firstRecordedNs,
  closes_cents: closesCents,
  source: 'five minutes of a test',
  sources: [],
  require_cycles: []
};
const rateOf = (index: number): bigint => BigInt(closesCents[index] ?? 0) * 10_000_000n;
const startS = startNs / secondNs;

let ic: LocalIc;
let exchangeRate: ExchangeRateStandin;

beforeEach(async () => {
  ic = await stillNetwork();
  exchangeRate = await installExchangeRate(ic, init);
});
afterEach(async () => {
  await ic.close();
});

const ask = (timestampS?: bigint, base = btc, quote = usd) =>
  exchangeRate
    .as(trader)
    .get_exchange_rate({ base_asset: base, quote_asset: quote, timestamp: timestampS === undefined ? [] : [timestampS] });

/** Minute (seconds) and rate of the answer. */
async function rate(timestampS?: bigint): Promise<[bigint, bigint]> {
  const result = await ask(timestampS);
  if ('Err' in result) throw new Error(`expected a rate, not ${JSON.stringify(result.Err)}`);
  return [result.Ok.timestamp, result.Ok.rate];
}

describe('a rate', () => {
  test('has assets, minute, nine decimals and metadata', async () => {
    expect(await ask(startS)).toEqual({
      Ok: {
        base_asset: btc,
        quote_asset: usd,
        timestamp: startS,
        rate: 23_156_030_000_000n,
        metadata: {
          decimals: 9,
          base_asset_num_received_rates: 3n,
          base_asset_num_queried_sources: 3n,
          quote_asset_num_received_rates: 0n,
          quote_asset_num_queried_sources: 0n,
          standard_deviation: 0n,
          forex_timestamp: []
        }
      }
    });
  });

  test('without a timestamp is that of the minute 30 seconds ago', async () => {
    expect(await rate()).toEqual([startS - 60n, rateOf(1)]);
    await ic.advance(30n * secondNs - 1n);
    expect(await rate()).toEqual([startS - 60n, rateOf(1)]);
    await ic.advance(1n);
    expect(await rate()).toEqual([startS, rateOf(2)]);
    await ic.advance(60n * secondNs - 1n);
    expect(await rate()).toEqual([startS, rateOf(2)]);
    await ic.advance(1n);
    expect(await rate()).toEqual([startS + 60n, rateOf(3)]);
  });

  test('with a timestamp is that of its minute, the current one included', async () => {
    await ic.advance(59n * secondNs);
    expect(await rate(startS)).toEqual([startS, rateOf(2)]);
    expect(await rate(startS + 59n)).toEqual([startS, rateOf(2)]);
    expect(await rate(startS - 1n)).toEqual([startS - 60n, rateOf(1)]);
    expect(await rate(startS - 120n)).toEqual([startS - 120n, rateOf(0)]);
  });
});

describe('no rate', () => {
  test('for a minute that has not begun', async () => {
    expect(await ask(startS + 60n)).toEqual({ Err: { Other: { code: 1, description: expect.stringContaining('is in the future') } } });
    // The rest of the running minute is not the future: it is floored first.
    expect(await rate(startS + 59n)).toEqual([startS, rateOf(2)]);
    await ic.advance(60n * secondNs);
    expect(await rate(startS + 60n)).toEqual([startS + 60n, rateOf(3)]);
  });

  test('before the recording and after it, in words', async () => {
    const before = (startNs - 3n * minuteNs) / secondNs;
    expect(await ask(before)).toEqual({
      Err: { Other: { code: 1, description: expect.stringContaining('before the replayed recording') } }
    });
    await ic.advance(2n * minuteNs);
    expect(await rate(startS + 120n)).toEqual([startS + 120n, rateOf(4)]);
    await ic.advance(minuteNs + 30n * secondNs);
    const ended = { Err: { Other: { code: 1, description: `The replayed recording ended at ${startS + 120n} (Unix seconds).` } } };
    expect(await ask(startS + 180n)).toEqual(ended);
    expect(await ask()).toEqual(ended);
    expect(await rate(startS + 120n)).toEqual([startS + 120n, rateOf(4)]);
  });

  test('for anonymous callers, whatever they ask', async () => {
    const anonymous = exchangeRate.as(Principal.anonymous());
    for (const quote of [usd, fiat('EUR')]) {
      expect(await anonymous.get_exchange_rate({ base_asset: btc, quote_asset: quote, timestamp: [] })).toEqual({
        Err: { AnonymousPrincipalNotAllowed: null }
      });
    }
  });

  test.each<[string, Asset, Asset, ExchangeRateError]>([
    ['ETH/USD', crypto('ETH'), usd, { CryptoBaseAssetNotFound: null }],
    ['BTC/EUR', btc, fiat('EUR'), { ForexQuoteAssetNotFound: null }],
    ['ETH/EUR', crypto('ETH'), fiat('EUR'), { ForexQuoteAssetNotFound: null }],
    ['BTC/ETH', btc, crypto('ETH'), { CryptoQuoteAssetNotFound: null }],
    ['ETH/BTC', crypto('ETH'), btc, { CryptoBaseAssetNotFound: null }],
    ['USD/ETH', usd, crypto('ETH'), { CryptoQuoteAssetNotFound: null }],
    ['EUR/BTC', fiat('EUR'), btc, { ForexBaseAssetNotFound: null }],
    ['USD/EUR', usd, fiat('EUR'), { ForexAssetsNotFound: null }],
    ['a crypto asset called USD', btc, crypto('USD'), { CryptoQuoteAssetNotFound: null }],
    ['lower case', crypto('btc'), usd, { CryptoBaseAssetNotFound: null }]
  ])('for %s', async (_name, base, quote, error) => {
    expect(await ask(startS, base, quote)).toEqual({ Err: error });
  });
});

test('`recording` says what is replayed', async () => {
  expect(await exchangeRate.as(Principal.anonymous()).recording()).toEqual({
    anchor_minute_ns: anchorNs,
    first_recorded_ns: firstRecordedNs,
    minutes: 5n,
    source: 'five minutes of a test'
  });
});

test('the shipped recording fits into one argument, and every minute comes out as it was recorded', { timeout: 300_000 }, async () => {
  const recording = loadRecording();
  const minutes = recording.closesCents.length;
  const anchor = startNs - BigInt(minutes - 1) * minuteNs;
  const replay = await installExchangeRate(ic, {
    ...init,
    anchor_minute_ns: anchor,
    first_recorded_ns: recording.firstRecordedNs,
    closes_cents: Uint32Array.from(recording.closesCents),
    source: recording.source
  });
  const reader = replay.as(trader);
  for (let index = 0; index < minutes; index += index < minutes - 100 ? 97 : 1) {
    const timestamp = (anchor + BigInt(index) * minuteNs) / secondNs;
    const result = await reader.get_exchange_rate({ base_asset: btc, quote_asset: usd, timestamp: [timestamp] });
    expect(result).toMatchObject({ Ok: { timestamp, rate: BigInt(recording.closesCents[index] ?? 0) * 10_000_000n } });
  }
});

describe('test switches', () => {
  test('are for controllers', async () => {
    const stranger = exchangeRate.as(trader);
    await expect(stranger.set_fault([{ Pending: null }])).rejects.toThrow('only a controller');
    await expect(stranger.set_rate(startNs, [1n])).rejects.toThrow('only a controller');
    await expect(stranger.set_quality([{ sources: 1n, standard_deviation: 1n }])).rejects.toThrow('only a controller');
    expect(await rate(startS)).toEqual([startS, rateOf(2)]);
  });

  test('set_fault answers every request until it is unset', async () => {
    for (const fault of [
      { Pending: null },
      { RateLimited: null },
      { StablecoinRateTooFewRates: null },
      { Other: { code: 9, description: 'on demand' } }
    ]) {
      await exchangeRate.as().set_fault([fault]);
      expect(await ask()).toEqual({ Err: fault });
      expect(await ask(startS)).toEqual({ Err: fault });
    }
    await exchangeRate.as().set_fault([]);
    expect(await rate(startS)).toEqual([startS, rateOf(2)]);
  });

  test('set_rate replaces single minutes, also outside the recording, and never a future one', async () => {
    const outside = startNs + 5n * minuteNs;
    await exchangeRate.as().set_rate(startNs, [25_000_000_000_001n]);
    await exchangeRate.as().set_rate(outside, [1n]);
    expect(await rate(startS)).toEqual([startS, 25_000_000_000_001n]);
    expect(await rate(startS - 60n)).toEqual([startS - 60n, rateOf(1)]);
    expect(await ask(outside / secondNs)).toMatchObject({ Err: { Other: { code: 1 } } });
    await ic.advance(5n * minuteNs);
    expect(await rate(outside / secondNs)).toEqual([outside / secondNs, 1n]);
    await exchangeRate.as().set_rate(startNs, []);
    expect(await rate(startS)).toEqual([startS, rateOf(2)]);
    await expect(exchangeRate.as().set_rate(startNs + 1n, [1n])).rejects.toThrow('must be a whole minute');
  });

  test('set_quality changes what the metadata claims', async () => {
    await exchangeRate.as().set_quality([{ sources: 2n, standard_deviation: 77n }]);
    expect(await ask(startS)).toMatchObject({
      Ok: { metadata: { base_asset_num_received_rates: 2n, base_asset_num_queried_sources: 2n, standard_deviation: 77n } }
    });
    await exchangeRate.as().set_quality([]);
    expect(await ask(startS)).toMatchObject({ Ok: { metadata: { base_asset_num_received_rates: 3n, standard_deviation: 0n } } });
  });
});

describe('installation', () => {
  test('names the number of sources and may insist on cycles', async () => {
    const strict = await installExchangeRate(ic, { ...init, sources: [1n], require_cycles: [true] });
    // A person can't attach cycles: on mainnet, too, only canisters can ask.
    expect(await strict.as(trader).get_exchange_rate({ base_asset: btc, quote_asset: usd, timestamp: [] })).toEqual({
      Err: { NotEnoughCycles: null }
    });
    await strict.upgrade({ ...init, sources: [1n] });
    expect(await strict.as(trader).get_exchange_rate({ base_asset: btc, quote_asset: usd, timestamp: [] })).toMatchObject({
      Ok: { metadata: { base_asset_num_received_rates: 1n } }
    });
  });

  test.each<[string, Partial<InitArgs>, string]>([
    ['no prices', { closes_cents: Uint32Array.of() }, 'at least one price'],
    ['an anchor inside a minute', { anchor_minute_ns: anchorNs + 1n }, 'anchor_minute_ns must be a whole minute'],
    ['a first minute that is none', { first_recorded_ns: firstRecordedNs + secondNs }, 'first_recorded_ns must be a whole minute']
  ])('refuses %s', async (_name, change, message) => {
    await expect(installExchangeRate(ic, { ...init, ...change })).rejects.toThrow(message);
  });

  test('an upgrade keeps recording, anchor, forced rates and faults', async () => {
    await exchangeRate.as().set_rate(startNs, [5n]);
    await exchangeRate.upgrade({ ...init, anchor_minute_ns: startNs, closes_cents: Uint32Array.of(1) });
    expect(await rate(startS)).toEqual([startS, 5n]);
    expect(await rate(startS - 60n)).toEqual([startS - 60n, rateOf(1)]);
    expect(await exchangeRate.as().recording()).toMatchObject({ anchor_minute_ns: anchorNs, minutes: 5n });
    await exchangeRate.as().set_fault([{ Pending: null }]);
    await exchangeRate.upgrade(init);
    expect(await ask()).toEqual({ Err: { Pending: null } });
  });
});

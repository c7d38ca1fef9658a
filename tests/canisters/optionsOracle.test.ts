import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { afterEach, describe, expect, test } from 'vitest';
import type { ExchangeRateError } from '../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import type { PriceEntry } from '../../src/lib/canisters/options/options.did.js';
import { alice, bob, ok, openExchange, operator, order, priceE8, stateOf, type Exchange } from './support/exchange.ts';
import { installProbe } from './support/probe.ts';
import { minuteNs, secondNs, startNs } from './support/standins.ts';

let exchange: Exchange;
afterEach(() => exchange.close());

const price = async (minute: bigint): Promise<PriceEntry | undefined> => (await exchange.as().get_price(minute))[0];
const overview = async () => ok(await exchange.as(operator).get_overview());
const atMinute = (n: bigint): bigint => startNs + n * minuteNs;
/** Moves the clock to `seconds` after the start. */
const until = (seconds: bigint): Promise<void> => exchange.advance(startNs + seconds * secondNs - exchange.ic.now());

describe('the price book', () => {
  test('has a price as soon as the canister is installed, and one for every minute from then on', async () => {
    exchange = await openExchange();
    // Installed one second before: the newest minute that can be asked for is the one before the start.
    expect(await price(atMinute(-1n))).toMatchObject({ price_e8: priceE8, sources: 3n });
    await until(30n);
    expect(await price(startNs)).toBeUndefined();
    await until(31n);
    expect(await price(startNs)).toEqual({ minute_ns: startNs, price_e8: priceE8, sources: 3n, recorded_ns: startNs + 31n * secondNs });
    await until(331n);
    const rows = await exchange.as().get_prices({ from_minute_ns: startNs, limit: 100n });
    expect(rows.map((row) => row.minute_ns)).toEqual([0n, 1n, 2n, 3n, 4n, 5n].map(atMinute));
    expect(await exchange.as().get_prices({ from_minute_ns: atMinute(2n), limit: 2n })).toEqual(rows.slice(2, 4));
    expect(await exchange.as().get_prices({ from_minute_ns: 0n, limit: 0n })).toHaveLength(1);
    expect(await exchange.as().get_prices({ from_minute_ns: 0n, limit: 2n ** 64n - 1n })).toHaveLength(7);
    expect(await exchange.as().get_prices({ from_minute_ns: 2n ** 64n - 1n, limit: 5n })).toEqual([]);
  });

  test('is written once: what the source says later changes nothing', async () => {
    exchange = await openExchange();
    await until(31n);
    const first = await price(startNs);
    await exchange.setPrice(startNs, priceE8 + 100_000_000n);
    await until(600n);
    expect(await price(startNs)).toEqual(first);
  });

  test('answers an update call with the same price, so that a client can have it certified', async () => {
    exchange = await openExchange();
    const arg = new Uint8Array(IDL.encode([IDL.Nat64], [atMinute(-1n)]));
    const asUpdate = await exchange.ic.update({ canisterId: exchange.id, method: 'get_price', arg });
    const asQuery = await exchange.ic.query({ canisterId: exchange.id, method: 'get_price', arg });
    expect(asUpdate).toEqual(asQuery);
  });
});

describe('the oracle', () => {
  const errors: ExchangeRateError[] = [
    { AnonymousPrincipalNotAllowed: null },
    { Pending: null },
    { CryptoBaseAssetNotFound: null },
    { CryptoQuoteAssetNotFound: null },
    { StablecoinRateNotFound: null },
    { StablecoinRateTooFewRates: null },
    { StablecoinRateZeroRate: null },
    { ForexInvalidTimestamp: null },
    { ForexBaseAssetNotFound: null },
    { ForexQuoteAssetNotFound: null },
    { ForexAssetsNotFound: null },
    { RateLimited: null },
    { NotEnoughCycles: null },
    { FailedToAcceptCycles: null },
    { InconsistentRatesReceived: null },
    { Other: { code: 1, description: 'x'.repeat(10_000) } }
  ];

  test('survives every error, keeps the last one for operators, and goes on afterwards', async () => {
    exchange = await openExchange();
    for (const [index, error] of errors.entries()) {
      await exchange.exchangeRate.as().set_fault([error]);
      await exchange.advance(minuteNs);
      const text = (await overview()).oracle.last_error;
      expect(text).toContain(Object.keys(error)[0] === 'Other' ? 'xxx...' : Object.keys(error)[0]);
      expect(text).toMatch(/^\d\d:\d\d UTC: The exchange rate canister says [A-Z][A-Za-z]+( 1)?: \S/u);
      expect(text.length).toBeLessThan(300);
      await exchange.exchangeRate.as().set_fault([]);
      // Asked again in the next round, within the same minute.
      await exchange.advance(10n * secondNs);
      const newest = ((exchange.ic.now() - 31n * secondNs) / minuteNs) * minuteNs;
      expect((await overview()).oracle.newest_ns, `after error ${index}`).toBe(newest);
      await exchange.advance(50n * secondNs);
    }
  });

  test('survives a stopped exchange rate canister', async () => {
    exchange = await openExchange();
    await exchange.ic.stopCanister(exchange.exchangeRate.id);
    await until(100n);
    expect((await overview()).oracle.last_error).toMatch(/could not be asked/u);
    await exchange.ic.startCanister(exchange.exchangeRate.id);
    await until(151n);
    expect(await price(atMinute(2n))).toBeDefined();
  });

  test('asks once a minute however many positions wait for its prices, and counts what it costs', async () => {
    exchange = await openExchange();
    for (const trader of [alice, bob]) {
      await exchange.deposit(trader, 1_000_000n);
      for (let index = 0; index < 5; index += 1)
        ok(await exchange.as(trader).place_order(order(String(index), { max_premium_sats: 60_000n })));
    }
    await until(40n);
    const before = await overview();
    await until(640n);
    const after = await overview();
    expect(after.positions.settled).toBe(10n);
    expect(after.oracle.calls - before.oracle.calls).toBe(10n);
    expect(after.oracle.cycles - before.oracle.cycles).toBe(10n * 20_000_000n);
  });

  test('a question that fails costs nothing, one that is answered with an error costs its fee', async () => {
    exchange = await openExchange();
    const before = await overview();
    await exchange.exchangeRate.as().set_fault([{ Pending: null }]);
    await until(35n);
    const asked = await overview();
    expect([asked.oracle.calls - before.oracle.calls, asked.oracle.cycles - before.oracle.cycles]).toEqual([1n, 20_000_000n]);
    await exchange.ic.stopCanister(exchange.exchangeRate.id);
    await until(55n);
    const failed = await overview();
    expect(failed.oracle.calls).toBe(asked.oracle.calls + 2n);
    expect(failed.oracle.cycles).toBe(asked.oracle.cycles);
    await exchange.ic.startCanister(exchange.exchangeRate.id);
  });

  test('asks again within the minute, so that a short failure costs no minute', async () => {
    exchange = await openExchange();
    await exchange.exchangeRate.as().set_fault([{ Pending: null }]);
    await until(61n);
    await exchange.exchangeRate.as().set_fault([]);
    await until(71n);
    expect(await price(startNs)).toMatchObject({ recorded_ns: startNs + 71n * secondNs });
  });

  test('fills the gaps that orders and positions need, by timestamp, and only those', async () => {
    exchange = await openExchange();
    await exchange.deposit(alice, 1_000_000n);
    const placed = ok(await exchange.as(alice).place_order(order('needs minutes 1 and 2')));
    await until(100n);
    expect(stateOf(ok(await exchange.as(alice).get_position(placed.id)))).toBe('open');
    await exchange.exchangeRate.as().set_fault([{ RateLimited: null }]);
    await until(600n);
    await exchange.exchangeRate.as().set_fault([]);
    await until(1_300n);
    const recorded = await Promise.all([1n, 2n, 3n, 4n, 5n, 10n].map(async (n) => (await price(atMinute(n))) !== undefined));
    expect(recorded).toEqual([true, true, false, false, false, true]);
    expect(stateOf(ok(await exchange.as(alice).get_position(placed.id)))).toBe('settled');
  });

  test('refuses an answer of too few sources or of sources that disagree', async () => {
    exchange = await openExchange();
    await exchange.exchangeRate.as().set_quality([{ sources: 2n, standard_deviation: 0n }]);
    await until(100n);
    expect((await overview()).oracle.last_error).toMatch(/Only 2 sources, 3 are needed/u);
    // 0.5 % of 28,000 USD is 140 USD; rates have 9 decimals
    await exchange.exchangeRate.as().set_quality([{ sources: 3n, standard_deviation: 140_000_000_001n }]);
    await until(160n);
    expect((await overview()).oracle.last_error).toMatch(/disagree/u);
    expect((await overview()).oracle.newest_ns).toBe(atMinute(-1n));
    await exchange.exchangeRate.as().set_quality([{ sources: 3n, standard_deviation: 140_000_000_000n }]);
    await until(220n);
    expect(await price(atMinute(3n))).toBeDefined();
  });

  test('believes a jump that a second answer confirms', async () => {
    exchange = await openExchange();
    await exchange.setPrice(startNs, priceE8 + 60_000_000_000n); // 2.14 % in a minute
    await until(31n);
    expect(await price(startNs)).toMatchObject({ price_e8: priceE8 + 60_000_000_000n });
    expect((await overview()).waiting.set_aside).toBe(0n);
  });
});

describe('the oracle and a strange exchange rate canister', () => {
  interface Strange {
    set_answers(answers: object[]): Promise<void>;
    asked(): Promise<([] | [bigint])[]>;
  }
  const asset = IDL.Record({ symbol: IDL.Text, class: IDL.Variant({ Cryptocurrency: IDL.Null, FiatCurrency: IDL.Null }) });
  const rateType = IDL.Record({
    base_asset: asset,
    quote_asset: asset,
    timestamp: IDL.Nat64,
    rate: IDL.Nat64,
    metadata: IDL.Record({
      decimals: IDL.Nat32,
      base_asset_num_received_rates: IDL.Nat64,
      base_asset_num_queried_sources: IDL.Nat64,
      quote_asset_num_received_rates: IDL.Nat64,
      quote_asset_num_queried_sources: IDL.Nat64,
      standard_deviation: IDL.Nat64,
      forex_timestamp: IDL.Opt(IDL.Nat64)
    })
  });
  const answer = IDL.Variant({
    Ok: rateType,
    Err: IDL.Variant({ Pending: IDL.Null, SomethingNew: IDL.Record({ hint: IDL.Text }) }),
    Nonsense: IDL.Nat,
    Trap: IDL.Null
  });
  const strangeIdl: IDL.InterfaceFactory = () =>
    IDL.Service({
      set_answers: IDL.Func([IDL.Vec(answer)], [], []),
      asked: IDL.Func([], [IDL.Vec(IDL.Opt(IDL.Nat64))], ['query'])
    });

  let strange: Strange;
  let strangeId: Principal | undefined;
  const open = async (): Promise<void> => {
    exchange = await openExchange({ exchangeRate: async (ic) => (strangeId = await installProbe(ic, 'StrangeExchangeRate')) });
    if (strangeId === undefined) throw new Error('the strange exchange rate canister was not installed');
    strange = exchange.ic.actor<Strange>(strangeIdl, strangeId);
  };
  const startS = startNs / secondNs;
  const rate = (changes: object = {}, metadata: object = {}) => ({
    Ok: {
      base_asset: { symbol: 'BTC', class: { Cryptocurrency: null } },
      quote_asset: { symbol: 'USD', class: { FiatCurrency: null } },
      timestamp: startS,
      rate: 28_000_000_000_000n,
      metadata: {
        decimals: 9,
        base_asset_num_received_rates: 5n,
        base_asset_num_queried_sources: 5n,
        quote_asset_num_received_rates: 0n,
        quote_asset_num_queried_sources: 0n,
        standard_deviation: 0n,
        forex_timestamp: [],
        ...metadata
      },
      ...changes
    }
  });

  test('an unknown error, an unknown answer and a trap are errors like any other', async () => {
    await open();
    const cases: [object, RegExp][] = [
      [{ Err: { SomethingNew: { hint: 'x' } } }, /not known here/u],
      [{ Nonsense: 5n }, /could not be read/u],
      [{ Trap: null }, /could not be asked/u],
      [{ Err: { Pending: null } }, /Pending/u]
    ];
    let seconds = 0n;
    for (const [strangeAnswer, text] of cases) {
      await strange.set_answers([strangeAnswer]);
      seconds += 60n;
      await until(seconds + 40n);
      expect((await overview()).oracle.last_error).toMatch(text);
    }
    await strange.set_answers([rate({ timestamp: startS + seconds })]);
    await until(seconds + 60n);
    expect(await price(startNs + seconds * secondNs)).toMatchObject({ price_e8: priceE8, sources: 5n });
  });

  test.each([
    ['another pair', rate({ quote_asset: { symbol: 'EUR', class: { FiatCurrency: null } } }), /another pair/u],
    ['the future', rate({ timestamp: startS + 600n }), /future/u],
    ['half a minute', rate({ timestamp: startS + 7n }), /whole minute/u],
    ['nothing', rate({ rate: 0n }), /out of any range/u],
    ['a fortune', rate({ rate: 2n ** 64n - 1n }, { decimals: 0 }), /out of any range/u],
    ['absurd decimals', rate({}, { decimals: 200 }), /decimals/u],
    ['an overflowing deviation', rate({}, { standard_deviation: 2n ** 64n - 1n }), /disagree/u]
  ])('an answer about %s is refused', async (_, strangeAnswer, text) => {
    await open();
    await strange.set_answers([strangeAnswer]);
    await until(40n);
    expect((await overview()).oracle.last_error).toMatch(text);
    expect(await exchange.as().get_prices({ from_minute_ns: 0n, limit: 5n })).toEqual([]);
    expect((await exchange.as().get_market()).entry).toMatchObject({ closed: {} });
  });

  test('decimals are read, and what is below 10^-8 is cut off', async () => {
    await open();
    await strange.set_answers([rate({ rate: 28_000_999_999n }, { decimals: 6 })]);
    await until(40n);
    expect(await price(startNs)).toMatchObject({ price_e8: 2_800_099_999_900n });
    await strange.set_answers([rate({ timestamp: startS + 60n, rate: 280_009_999_999_999n }, { decimals: 10 })]);
    await until(100n);
    expect(await price(atMinute(1n))).toMatchObject({ price_e8: 2_800_099_999_999n });
  });

  test('the timestamp that comes back counts, not the time of asking', async () => {
    await open();
    await strange.set_answers([rate({ timestamp: startS - 60n })]);
    await until(40n);
    expect(await price(atMinute(-1n))).toBeDefined();
    expect(await price(startNs)).toBeUndefined();
  });

  test('an answer about a minute that has its price changes nothing', async () => {
    await open();
    await strange.set_answers([rate()]);
    await until(40n);
    const first = await price(startNs);
    // Still the same minute, at a price a little different: as the real one may answer when it is asked again.
    await strange.set_answers([rate({ rate: 28_000_500_000_000n })]);
    await until(130n);
    expect((await strange.asked()).length).toBeGreaterThan(2);
    expect(await price(startNs)).toEqual(first);
  });

  test('a jump that the second answer does not confirm is set aside, and heals when answers agree', async () => {
    await open();
    await strange.set_answers([rate()]);
    await until(40n);
    const far = rate({ timestamp: startS + 60n, rate: 30_000_000_000_000n });
    await strange.set_answers([far, rate({ timestamp: startS + 60n })]);
    // The second answer is an ordinary price, so the next round takes it: stop asking before.
    await until(91n);
    expect(await strange.asked()).toEqual([[], [startS + 60n]]);
    expect(await price(atMinute(1n))).toBeUndefined();
    expect(await overview()).toMatchObject({ waiting: { set_aside: 1n } });
    expect(ok(await exchange.as(operator).list_set_aside())).toEqual([
      {
        minute: {
          minute_ns: atMinute(1n),
          reason: 'A jump to $30,000.00 at 12:01 UTC, was not confirmed by a second answer.',
          answers_e8: [3_000_000_000_000n, priceE8]
        }
      }
    ]);
    expect((await overview()).oracle.last_error).toMatch(/not confirmed/u);
    await strange.set_answers([far]);
    await until(101n);
    expect(await price(atMinute(1n))).toMatchObject({ price_e8: 3_000_000_000_000n });
    expect(await overview()).toMatchObject({ waiting: { set_aside: 0n } });
    expect(ok(await exchange.as(operator).list_set_aside())).toEqual([]);
  });

  test('the first price ever needs a second answer for its minute, as a jump does', async () => {
    await open();
    await strange.set_answers([rate(), { Err: { Pending: null } }]);
    await until(15n);
    expect(await strange.asked()).toEqual([[], [startS]]);
    expect(await price(startNs)).toBeUndefined();
    expect((await exchange.as().get_market()).entry).toMatchObject({ closed: {} });
    // Two that disagree: neither becomes a price by itself.
    await strange.set_answers([rate({ rate: 29_000_000_000_000n }), rate()]);
    await until(25n);
    expect(await price(startNs)).toBeUndefined();
    expect(ok(await exchange.as(operator).list_set_aside())).toMatchObject([
      {
        minute: {
          reason: 'The first price in more than an hour, $29,000.00 at 12:00 UTC, was not confirmed by a second answer.',
          answers_e8: [2_900_000_000_000n, priceE8]
        }
      }
    ]);
    await strange.set_answers([rate()]);
    await until(35n);
    expect(await strange.asked()).toEqual([[], [startS]]);
    expect(await price(startNs)).toMatchObject({ price_e8: priceE8 });
    expect(await overview()).toMatchObject({ waiting: { set_aside: 0n } });
    // From here on one answer is enough.
    await strange.set_answers([rate({ timestamp: startS + 60n })]);
    await until(95n);
    expect(await strange.asked()).toEqual([[]]);
    expect(await price(atMinute(1n))).toBeDefined();
  });

  test.each([
    ['an hour is compared with the price before', 60n, 1],
    ['more than an hour needs a second answer', 61n, 2]
  ])('a price after a gap of %s', async (_, minutes, questions) => {
    await open();
    await strange.set_answers([rate()]);
    await until(35n);
    expect(await price(startNs)).toBeDefined();
    await strange.set_answers([{ Err: { Pending: null } }]);
    await until(minutes * 60n + 25n);
    const late = rate({ timestamp: startS + minutes * 60n, rate: 28_100_000_000_000n });
    await strange.set_answers([late]);
    await until(minutes * 60n + 35n);
    expect(await strange.asked()).toHaveLength(questions);
    expect(await price(atMinute(minutes))).toMatchObject({ price_e8: 2_810_000_000_000n });
  });

  test('slow answers for old minutes do not keep the newest one waiting', async () => {
    await open();
    await strange.set_answers([{ Err: { Pending: null } }]);
    const slow = await installProbe(exchange.ic, 'SlowOracleProbe', [IDL.Principal], [strangeId]);
    const probe = exchange.ic.actor<{ ask_for_missing(stepNs: bigint): Promise<void> }>(
      () => IDL.Service({ ask_for_missing: IDL.Func([IDL.Nat64], [], []) }),
      slow
    );
    await probe.ask_for_missing(1n);
    expect(await strange.asked()).toHaveLength(3);
    await strange.set_answers([{ Err: { Pending: null } }]);
    await probe.ask_for_missing(10n * secondNs); // the next minute can be asked for within the first question
    expect((await strange.asked()).length).toBeLessThan(3);
  });

  test('one question is out at a time, and not more than the round needs', async () => {
    await open();
    await strange.set_answers([{ Err: { Pending: null } }]);
    await until(60n);
    // seconds 11, 21 (the minute before), 31, 41, 51: one question each
    expect(await strange.asked()).toEqual([[], [], [], [], []]);
  });
});

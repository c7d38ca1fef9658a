/** An option and its circumstances; `capE8` is 0 where only a digital is meant. */
export interface Case {
  spotE8: bigint;
  strikeE8: bigint;
  capE8: bigint;
  sigmaPpm: bigint;
  seconds: bigint;
}

/** A fixed sequence of pseudo-random numbers below `bound` (a 64-bit linear congruential generator, Knuth's MMIX constants). */
function sequence(seed: bigint): (bound: bigint) => bigint {
  let state = seed;
  return (bound) => {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    return (state >> 20n) % bound;
  };
}

const limit = (x: bigint, low: bigint, high: bigint): bigint => (x < low ? low : x > high ? high : x);
const spots = [100_000_000_000n, 2_800_000_000_000n, 100_000_000_000_000n];

/** Some circumstances from all over the range; half the strikes within three deviations of the price, where the value isn't simply 0 or 1. */
function randomCases(seed: bigint, count: number, capOf: (strikeE8: bigint, random: (bound: bigint) => bigint) => bigint): Case[] {
  const random = sequence(seed);
  return Array.from({ length: count }, (_, index) => {
    const spotE8 = 100_000_000_000n + random(99_900_000_000_000n);
    const sigmaPpm = 100_000n + random(2_900_001n);
    const seconds = 60n + random(index % 2 === 0 ? 14_400n : 2_591_941n);
    const deviationPpm = BigInt(Math.max(1, Math.round(Number(sigmaPpm) * Math.sqrt(Number(seconds) / 31_536_000))));
    const near = 1_000_000n - 3n * deviationPpm + random(6n * deviationPpm + 1n);
    const strikePpm = limit(index % 4 < 2 ? near : 500_000n + random(1_500_001n), 500_000n, 2_000_000n);
    const strikeE8 = (spotE8 * strikePpm) / 1_000_000n;
    return { spotE8, strikeE8, capE8: capOf(strikeE8, random), sigmaPpm, seconds };
  });
}

/** Digitals: the corners of the range, strikes at and next to the money, and points all over. */
export function digitalCases(): Case[] {
  const rows: Case[] = [];
  for (const spotE8 of spots) {
    for (const sigmaPpm of [100_000n, 600_000n, 3_000_000n]) {
      for (const seconds of [60n, 300n, 900n, 14_400n, 86_400n, 2_592_000n]) {
        for (const strikePpm of [500_000n, 950_000n, 999_000n, 999_900n, 1_000_000n, 1_000_100n, 1_001_000n, 1_050_000n, 2_000_000n]) {
          rows.push({ spotE8, strikeE8: (spotE8 * strikePpm) / 1_000_000n, capE8: 0n, sigmaPpm, seconds });
        }
      }
    }
  }
  return rows.concat(randomCases(20_260_101n, 400, () => 0n));
}

/** Caps from one unit of price to one below the strike. */
const caps = (strikeE8: bigint): bigint[] => [
  1n,
  1_000_000n, // a cent
  strikeE8 / 1_000n,
  strikeE8 / 20n,
  strikeE8 - strikeE8 / 10_000n,
  strikeE8 - 1_000_000n,
  strikeE8 - 1n
];

export function cappedCases(): Case[] {
  const rows: Case[] = [];
  for (const [spotE8, sigmaPpm, seconds] of [
    [100_000_000_000n, 3_000_000n, 2_592_000n],
    [2_800_000_000_000n, 100_000n, 60n],
    [2_800_000_000_000n, 700_000n, 86_400n],
    [100_000_000_000_000n, 3_000_000n, 2_592_000n],
    [100_000_000_000_000n, 600_000n, 900n]
  ] as const) {
    for (const strikePpm of [500_000n, 990_000n, 1_000_000n, 1_000_300n, 1_100_000n, 2_000_000n]) {
      const strikeE8 = (spotE8 * strikePpm) / 1_000_000n;
      for (const capE8 of caps(strikeE8)) rows.push({ spotE8, strikeE8, capE8, sigmaPpm, seconds });
    }
  }
  const anyCap = (strikeE8: bigint, random: (bound: bigint) => bigint): bigint => {
    const digits = random(15n);
    return limit(random(2n) === 0n ? random(strikeE8) : random(10n ** digits * 10n), 1n, strikeE8 - 1n);
  };
  return rows.concat(randomCases(20_260_102n, 400, anyCap));
}

/** The same kind as for capped options, fewer: derivatives take longer. */
export function greeksCases(): Case[] {
  const rows: Case[] = [];
  for (const [spotE8, sigmaPpm, seconds] of [
    [100_000_000_000n, 3_000_000n, 2_592_000n],
    [2_800_000_000_000n, 100_000n, 60n],
    [100_000_000_000_000n, 600_000n, 900n]
  ] as const) {
    for (const strikePpm of [500_000n, 999_900n, 1_000_000n, 1_000_300n, 2_000_000n]) {
      const strikeE8 = (spotE8 * strikePpm) / 1_000_000n;
      for (const capE8 of [1_000_000n, strikeE8 / 100n, strikeE8 - 1n]) rows.push({ spotE8, strikeE8, capE8, sigmaPpm, seconds });
    }
  }
  return rows.concat(randomCases(20_260_103n, 60, (strikeE8, random) => 1n + random(strikeE8 / 5n)));
}

/** Prices of the minutes of one estimate; the first one is where it starts. */
export interface Series {
  lambdaPpm: bigint;
  seedPpm: bigint;
  prices: { minute: bigint; priceE8: bigint }[];
}

/** Random walks with gaps, quiet and wild; the last one with a jump to ten times the price and a pause of three months. */
export function series(): Series[] {
  const random = sequence(20_260_104n);
  return [900_000n, 970_000n, 990_000n, 999_000n].map((lambdaPpm, index) => {
    let minute = 29_000_000n;
    let priceE8 = 2_800_000_000_000n;
    const prices = [{ minute, priceE8 }];
    for (let step = 0; step < 60; step += 1) {
      minute += random(5n) === 0n ? 1n + random(300n) : 1n;
      const width = priceE8 / (index % 2 === 0 ? 2_000n : 100n);
      priceE8 += random(2n * width + 1n) - width;
      if (index === 3 && step === 20) priceE8 *= 2n;
      if (index === 3 && step === 40) minute += 130_000n;
      prices.push({ minute, priceE8 });
    }
    return { lambdaPpm, seedPpm: 700_000n, prices };
  });
}

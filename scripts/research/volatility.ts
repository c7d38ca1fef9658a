// Would the house have lost money? Prices options at every minute of the recording, with a constant volatility, with the estimate and with the estimate and its
// band, and prints what they paid for each sat of premium. Run it with `node scripts/research/volatility.ts`; what follows from it is
// docs/decisions/0004-volatility.md. It decides parameters, not prices, so hardware fractions will do.
import { loadRecording } from '../lib/recording.ts';

const MINUTES_A_YEAR = 525_600;
const DAY = 1_440;
/** Default settings: spread, smallest premium and smallest fair value as shares. */
const SPREAD = 0.02;
const PREMIUM_FLOOR = 0.03;
const MIN_SHARE = 0.04;
const TENORS = [1, 5, 15, 60, 240];
/** Strikes from 2.5 deviations in the money (negative) to 2.5 out of it. */
const DISTANCES = Array.from({ length: 51 }, (_, index) => (index - 25) / 10);
/** Capped options pay up to a cap of this many deviations. */
const CAP_WIDTH = 2;

const closes = Float64Array.from(loadRecording().closesCents, (cents) => cents / 100);
type Direction = 'call' | 'put';
type Kind = 'digital' | 'capped';

/** N(x), Hart's approximation by rational functions (West 2005), good to 15 digits. */
function normal(x: number): number {
  const a = Math.abs(x);
  if (a > 37) return x > 0 ? 1 : 0;
  const e = Math.exp((-a * a) / 2);
  let tail: number;
  if (a < 7.07106781186547) {
    const p =
      (((((0.0352624965998911 * a + 0.700383064443688) * a + 6.37396220353165) * a + 33.912866078383) * a + 112.079291497871) * a +
        221.213596169931) *
        a +
      220.206867912376;
    const q =
      ((((((0.0883883476483184 * a + 1.75566716318264) * a + 16.064177579207) * a + 86.7807322029461) * a + 296.564248779674) * a +
        637.333633378831) *
        a +
        793.826512519948) *
        a +
      440.413735824752;
    tail = (e * p) / q;
  } else {
    tail = e / (a + 1 / (a + 2 / (a + 3 / (a + 4 / (a + 0.65))))) / 2.506628274631;
  }
  return x > 0 ? 1 - tail : tail;
}

/** The volatility of every minute, from the returns up to it, as canisters/options/Volatility.mo estimates it. */
function estimates(lambda: number, floor: number, ceiling: number): Float64Array {
  let variance = 0.7 ** 2 / MINUTES_A_YEAR;
  return closes.map((close, index) => {
    const before = closes[index - 1];
    if (before !== undefined) variance = lambda * variance + (1 - lambda) * Math.log(close / before) ** 2;
    return Math.min(Math.max(Math.sqrt(variance * MINUTES_A_YEAR), floor), ceiling);
  });
}

interface Strike {
  direction: Direction;
  spot: number;
  strike: number;
  /** 0 for a digital. */
  cap: number;
}

/** The share of the payout, or of the largest payout: comparable for both kinds. */
function fairShare({ direction, spot, strike, cap }: Strike, s: number): number {
  const sign = direction === 'call' ? 1 : -1;
  const d1 = (k: number): number => Math.log(spot / k) / s + s / 2;
  if (cap === 0) return normal(sign * d1(strike));
  const vanilla = (k: number): number => sign * (spot * normal(sign * d1(k)) - k * normal(sign * (d1(k) - s)));
  const other = strike + sign * cap;
  const short = direction === 'call' ? vanilla(other) : (strike / other) * vanilla(other);
  return (((vanilla(strike) - short) / spot) * other) / cap;
}

/** What it pays at the end, as the same share; a tie of a digital gives the premium back. */
function paid({ direction, strike, cap }: Strike, end: number, premium: number): number {
  const gain = direction === 'call' ? end - strike : strike - end;
  if (cap === 0) return gain === 0 ? premium : gain > 0 ? 1 : 0;
  if (gain <= 0) return 0;
  const other = direction === 'call' ? strike + cap : strike - cap;
  return Math.min(((Math.min(gain, cap) / end) * other) / cap, 1);
}

interface Result {
  distance: number;
  direction: Direction;
  /** Of all minutes, in how many it was sold. */
  sold: number;
  /** Paid for each sat of premium. */
  ratio: number;
  worstDay: number;
  daysLost: number;
}

interface Rule {
  name: string;
  sigmas: Float64Array;
  band: number;
}

/** One strike, sold in every minute of the recording. */
function evaluate(kind: Kind, rule: Rule, minutes: number, direction: Direction, distance: number): Result {
  const days = Array.from({ length: 21 }, () => ({ paid: 0, premium: 0 }));
  const root = Math.sqrt(minutes / MINUTES_A_YEAR);
  const count = closes.length - minutes;
  let sold = 0;
  for (let index = 0; index < count; index += 1) {
    const spot = closes[index] ?? 0;
    const sigma = rule.sigmas[index] ?? 0;
    const deviation = sigma * root;
    const strike = Math.round(spot * Math.exp((direction === 'call' ? distance : -distance) * deviation) * 100) / 100;
    const option = { direction, spot, strike, cap: kind === 'digital' ? 0 : spot * deviation * CAP_WIDTH };
    const fair = fairShare(option, deviation);
    if (fair < MIN_SHARE) continue;
    const { band } = rule;
    const dearest =
      band === 0 ? fair : Math.max(fair, fairShare(option, deviation * (1 - band)), fairShare(option, deviation * (1 + band)));
    const premium = Math.max(dearest * (1 + SPREAD), PREMIUM_FLOOR);
    if (premium >= 1) continue;
    sold += 1;
    const day = days[Math.floor(index / DAY)];
    if (day === undefined) continue;
    day.premium += premium;
    day.paid += paid(option, endOf(index, minutes), premium);
  }
  const total = days.reduce((sum, day) => ({ paid: sum.paid + day.paid, premium: sum.premium + day.premium }), { paid: 0, premium: 0 });
  const ratios = days.filter((day) => day.premium > 0).map((day) => day.paid / day.premium);
  return {
    distance,
    direction,
    sold: sold / count,
    ratio: total.premium === 0 ? 0 : total.paid / total.premium,
    worstDay: Math.max(0, ...ratios),
    daysLost: ratios.filter((ratio) => ratio > 1).length
  };
}

/** Settlement: the price of the last minute, from four hours on the mean of the last ten, to the cent. */
function endOf(index: number, minutes: number): number {
  if (minutes < 240) return closes[index + minutes] ?? 0;
  let sum = 0;
  for (let back = 0; back < 10; back += 1) sum += closes[index + minutes - back] ?? 0;
  return Math.round(sum * 10) / 100;
}

const constant: Rule = { name: 'constant 70 %', sigmas: new Float64Array(closes.length).fill(0.7), band: 0 };
const [lambda = 0.97, band = 0.4, floor = 0.2, ceiling = 3] = process.argv.slice(2).map(Number);
const sigmas = estimates(lambda, floor, ceiling);
const rules: Rule[] = [constant, { name: `estimate`, sigmas, band: 0 }, { name: `estimate, band ${band}`, sigmas, band }];

const atLeastOften = (results: Result[]): Result[] => results.filter((result) => result.sold >= 0.05);
const worst = (results: Result[], key: 'ratio' | 'worstDay' | 'daysLost'): string => {
  const result = results.reduce<Result | undefined>((a, b) => (a === undefined || b[key] > a[key] ? b : a), undefined);
  if (result === undefined) return '-';
  const value = key === 'daysLost' ? `${result[key]}` : result[key].toFixed(3);
  return key === 'ratio' ? `${value} (${result.direction} ${result.distance.toFixed(1)})` : value;
};

console.log(`lambda ${lambda}, floor ${floor}, ceiling ${ceiling}; strikes sold in at least one minute of twenty`);
console.log('| kind | volatility | tenor | in the money | at the money and out | strikes above 1 | worst day | days lost, at most |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const kind of ['digital', 'capped'] as const) {
  for (const rule of rules) {
    for (const minutes of TENORS) {
      const all = (['call', 'put'] as const).flatMap((direction) =>
        DISTANCES.map((distance) => evaluate(kind, rule, minutes, direction, distance))
      );
      const results = atLeastOften(all);
      const inside = results.filter((result) => result.distance < 0);
      const outside = results.filter((result) => result.distance >= 0);
      const above = `${results.filter((result) => result.ratio > 1).length} of ${results.length}`;
      const cells = [worst(inside, 'ratio'), worst(outside, 'ratio'), above, worst(results, 'worstDay'), worst(results, 'daysLost')];
      console.log(`| ${kind} | ${rule.name} | ${minutes} m | ${cells.join(' | ')} |`);
    }
  }
}

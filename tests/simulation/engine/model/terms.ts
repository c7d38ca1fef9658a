// Tenors and contracts, as the specification says them.
import type { Tenor } from '../../../../src/lib/canisters/options/options.did.js';
import type { Contract } from './exact.ts';

export const second = 1_000_000_000n;
export const minute = 60n * second;
const hour = 60n * minute;
const day = 24n * hour;

/** The first whole minute after a moment. */
export const minuteAfter = (ns: bigint): bigint => (ns / minute + 1n) * minute;

/** The first 08:00 UTC at or after a moment on one of the days `isOn` says. */
function firstEight(from: bigint, isOn: (weekday: number) => boolean): bigint {
  for (let at = (from / day) * day + 8n * hour; ; at += day) {
    if (at >= from && isOn(new Date(Number(at / 1_000_000n)).getUTCDay())) return at;
  }
}

export function expiryOf({ schedule }: Tenor, fillMinute: bigint): bigint {
  if ('minutes' in schedule) return fillMinute + schedule.minutes * minute;
  if ('daily' in schedule) return firstEight(fillMinute + hour, () => true);
  return firstEight(fillMinute + day, (weekday) => weekday === 5);
}

/** Tenors of four hours and more settle at the mean of ten minutes. */
export const settlesAtMean = ({ schedule }: Tenor): boolean => !('minutes' in schedule) || schedule.minutes >= 240n;

/** The most a contract can pay. */
export function largest({ kind, direction, size, cap }: Contract, strike: bigint): bigint {
  if (kind === 'digital') return size;
  return (size * cap) / (direction === 'call' ? strike + cap : strike - cap);
}

const cents = (e8: bigint): bigint => (e8 + 500_000n) / 1_000_000n;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

export type Outcome = 'win' | 'tie' | 'loss';

/** What a position gets at a settlement price. */
export function result(contract: Contract, strike: bigint, premium: bigint, price: bigint): { outcome: Outcome; payout: bigint } {
  const { kind, direction, size, cap } = contract;
  if (kind === 'digital') {
    if (cents(price) === cents(strike)) return { outcome: 'tie', payout: premium };
    const won = direction === 'call' ? price > strike : price < strike;
    return won ? { outcome: 'win', payout: size } : { outcome: 'loss', payout: 0n };
  }
  const gain = direction === 'call' ? price - strike : strike - price;
  if (gain <= 0n) return { outcome: 'loss', payout: 0n };
  const payout = least((size * least(gain, cap)) / price, largest(contract, strike));
  return { outcome: payout > 0n ? 'win' : 'loss', payout };
}

/** Half to twice the price, or undefined. */
export function strikeAt(kind: 'at' | 'offset', ordered: bigint, price: bigint): bigint | undefined {
  const strike = kind === 'at' ? ordered : price + ordered;
  return strike >= 1n && 2n * strike >= price && strike <= 2n * price ? strike : undefined;
}

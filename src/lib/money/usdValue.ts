import { divideHalfUp } from './formatDecimal';

const SATS_PER_BTC = 100_000_000n;

/** What `sats` are worth in USD x 10^8 at a price in USD x 10^8 per bitcoin. For display: rounded half up. */
export function usdValue(sats: bigint, priceE8: bigint): bigint {
  return divideHalfUp(sats * priceE8, SATS_PER_BTC);
}

/** How many satoshis `usdE8` buys at a price, rounded down; zero when there is no price. */
export function satsFor(usdE8: bigint, priceE8: bigint): bigint {
  return priceE8 === 0n ? 0n : (usdE8 * SATS_PER_BTC) / priceE8;
}

/** part / whole in parts per million, rounded half up; zero of nothing is zero. */
export function sharePpm(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : divideHalfUp(part * 1_000_000n, whole);
}

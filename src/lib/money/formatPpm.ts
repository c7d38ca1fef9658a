import { divideHalfUp, formatDecimal, signOf } from './formatDecimal';

/** Parts per million as a percentage, half up: `formatPpm(825_000n)` is "82.5%" with one decimal, the default. */
export function formatPpm(ppm: bigint, decimals: 0 | 1 | 2 | 3 | 4 = 1): string {
  const rounded = divideHalfUp(ppm, 10n ** BigInt(4 - decimals));
  return `${signOf(rounded, 'auto')}${formatDecimal(rounded, decimals)}%`;
}

import { divideHalfUp, formatDecimal, groupDigits, signOf, type Sign } from './formatDecimal';

const E8_PER_CENT = 1_000_000n;

/** USD x 10^8 as dollars and cents, half a cent up: "$27,123.45", "-$1.00". */
export function formatUsd(e8: bigint, sign: Sign = 'auto'): string {
  return formatCents(toCents(e8), sign);
}

/** Whole cents (legacy amounts) as dollars: "$27,123.45". */
export function formatCents(cents: bigint, sign: Sign = 'auto'): string {
  return `${signOf(cents, sign)}$${groupDigits(formatDecimal(cents, 2))}`;
}

/** USD x 10^8 as an input field shows it, without sign, unit or separators: `parseUsd` reads it back. */
export function formatUsdInput(e8: bigint): string {
  return formatDecimal(toCents(e8), 2);
}

/** USD x 10^8 to cents, half up: the precision at which a settlement price ties with a strike. */
export function toCents(e8: bigint): bigint {
  return divideHalfUp(e8, E8_PER_CENT);
}

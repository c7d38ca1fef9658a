import { formatDecimal, groupDigits, signOf, type Sign } from './formatDecimal';

/** Satoshis with commas and no unit: "1,500,000". */
export function formatSats(sats: bigint, sign: Sign = 'auto'): string {
  return signOf(sats, sign) + groupDigits(formatDecimal(sats, 0));
}

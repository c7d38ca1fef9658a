import { formatDecimal, signOf, type Sign } from './formatDecimal';

/** Satoshis as bitcoin with all 8 decimals and no unit or separators ("0.01500000"): `parseBtc` reads it back unchanged. */
export function formatBtc(sats: bigint, sign: Sign = 'auto'): string {
  return signOf(sats, sign) + formatDecimal(sats, 8);
}

import { divideHalfUp, formatDecimal, groupDigits, signOf, type Sign } from './formatDecimal';

/** Millionths of a satoshi as satoshis with three decimals and commas, half up: "-1,234.568". */
export function formatMicroSats(microSats: bigint, sign: Sign = 'auto'): string {
  const thousandths = divideHalfUp(microSats, 1_000n);
  return signOf(thousandths, sign) + groupDigits(formatDecimal(thousandths, 3));
}

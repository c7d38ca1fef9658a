/** `auto`: a minus when negative; `always`: a plus for positive values too, for profit and movements. */
export type Sign = 'auto' | 'always';

/** "-", "+" or "". Zero never has a sign. */
export function signOf(value: bigint, sign: Sign): string {
  if (value < 0n) return '-';
  return sign === 'always' && value > 0n ? '+' : '';
}

/** An integer of the smallest unit as a plain decimal without a sign: `formatDecimal(150n, 2)` is "1.50". */
export function formatDecimal(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  return decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** Commas between groups of three digits before the point. */
export function groupDigits(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/gu, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Divides and rounds half away from zero: what a person expects of a displayed figure. Never used for money that moves. */
export function divideHalfUp(value: bigint, by: bigint): bigint {
  const magnitude = ((value < 0n ? -value : value) * 2n + by) / (by * 2n);
  return value < 0n ? -magnitude : magnitude;
}

/** What reading a typed amount gives: the integer, or one sentence for the person who typed it. */
export type Parsed = { readonly ok: true; readonly value: bigint } | { readonly ok: false; readonly message: string };

export interface DecimalFormat {
  /** Decimals the unit has: 8 for bitcoin, 2 for a price in dollars. More are refused, never rounded. */
  readonly decimals: number;
  /** Zeros to append after reading, e.g. 6 to turn cents into USD x 10^8. */
  readonly scale: number;
  /** As a person calls it: "bitcoin", "dollars". */
  readonly unit: string;
  readonly example: string;
}

/** Digits before the point; low enough to keep a pasted novel out of BigInt. */
const MAX_WHOLE_DIGITS = 18;

/** The most that fits into a canister's argument, as an amount or as a distance; far above all bitcoin there will ever be. */
const MAX_VALUE = 2n ** 63n - 1n;

const TOO_LARGE = 'This amount is too large.';

/**
 * Reads a plain decimal such as `0.015` into an integer number of the smallest unit. Only ASCII digits and one point: a
 * separator, a sign, an exponent or a surplus decimal is refused with its own words, because guessing what was meant is
 * how orders get a hundred times too large.
 */
export function parseDecimal(text: string, format: DecimalFormat): Parsed {
  const trimmed = text.trim();
  const message = complaint(trimmed, format);
  if (message !== undefined) return { ok: false, message };
  const [whole = '', fraction = ''] = trimmed.split('.');
  const digits = (whole === '' ? '0' : whole) + fraction.padEnd(format.decimals, '0') + '0'.repeat(format.scale);
  const value = BigInt(digits);
  return value > MAX_VALUE ? { ok: false, message: TOO_LARGE } : { ok: true, value };
}

function complaint(text: string, { decimals, unit, example }: DecimalFormat): string | undefined {
  if (text === '') return `Enter an amount in ${unit}, for example ${example}.`;
  if (/^[+\-\u2212]/u.test(text)) return 'Enter the amount without a plus or minus sign.';
  if (/[,'_\u2019\u066B\u066C]|\d\s+\d/u.test(text)) return `Use a point for decimals and no separators, for example ${example}.`;
  if (/^[\d.]+e[+-]?\d*$/iu.test(text)) return `Write the amount out in full, without an exponent, for example ${example}.`;
  if (!/^[\d.]+$/u.test(text) || !/\d/u.test(text)) return `This is not a number. Enter an amount in ${unit}, for example ${example}.`;
  if ((text.match(/\./gu) ?? []).length > 1) return `There is more than one decimal point. Enter an amount such as ${example}.`;
  const [whole = '', fraction = ''] = text.split('.');
  if (fraction.length > decimals) return `An amount in ${unit} has at most ${decimals} decimals.`;
  if (whole.replace(/^0+/u, '').length > MAX_WHOLE_DIGITS) return TOO_LARGE;
  return undefined;
}

import { parseDecimal, type Parsed } from './parseDecimal';

/** Reads a whole number of satoshis as typed ("25000"). */
export function parseSats(text: string): Parsed {
  const parsed = parseDecimal(text, { decimals: 0, scale: 0, unit: 'satoshis', example: '25000' });
  if (!parsed.ok && /^\d*\.\d+$/u.test(text.trim())) return { ok: false, message: 'A satoshi cannot be divided. Enter a whole number.' };
  return parsed;
}

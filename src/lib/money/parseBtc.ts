import { parseDecimal, type Parsed } from './parseDecimal';

/** Reads bitcoin as typed ("0.015") into satoshis. More than 8 decimals, signs, separators and exponents are refused. */
export function parseBtc(text: string): Parsed {
  return parseDecimal(text, { decimals: 8, scale: 0, unit: 'bitcoin', example: '0.015' });
}

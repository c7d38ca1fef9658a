import { parseDecimal, type Parsed } from './parseDecimal';

/** Reads dollars as typed ("27123.45") into USD x 10^8. More than 2 decimals, signs, separators and exponents are refused. */
export function parseUsd(text: string): Parsed {
  return parseDecimal(text, { decimals: 2, scale: 6, unit: 'dollars', example: '27123.45' });
}

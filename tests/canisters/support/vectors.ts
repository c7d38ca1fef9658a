import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeOption } from './pricingProbe.ts';

/** One exact row: the text for messages, the values x 10^24 by column. */
export interface VectorRow {
  line: string;
  option: ProbeOption;
  exactE24(column: string): bigint;
}

export const vectorText = (name: string): string => readFileSync(join(import.meta.dirname, '../../vectors', name), 'utf8');

/** The rows of tests/vectors/NAME as records. */
export function readRecords(name: string): Record<string, string>[] {
  const [header = '', ...lines] = vectorText(name).trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])));
}

/** A decimal x 10^24; the canister has 18 decimals, 6 more show its error. */
export function toE24(decimal: string): bigint {
  const [whole = '', part = ''] = decimal.replace('-', '').split('.');
  const value = BigInt(whole + part.slice(0, 24).padEnd(24, '0'));
  return decimal.startsWith('-') ? -value : value;
}

export function readVectors(name: string): VectorRow[] {
  return readRecords(name).map((record) => {
    const input = (column: string): bigint => BigInt(record[column] ?? 0);
    return {
      line: Object.values(record).slice(0, 5).join(','),
      option: {
        spot_e8: input('spot_e8'),
        strike_e8: input('strike_e8'),
        cap_e8: input('cap_e8'),
        sigma_ppm: input('sigma_ppm'),
        seconds: input('seconds')
      },
      exactE24: (column) => toE24(record[column] ?? '')
    };
  });
}

export const distance = (a: bigint, b: bigint): bigint => (a > b ? a - b : b - a);

/** Asks for many rows in calls of 200. */
export async function inBatches<T, R>(rows: readonly T[], ask: (rows: T[]) => Promise<R[]>): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < rows.length; start += 200) answers.push(...(await ask(rows.slice(start, start + 200))));
  return answers;
}

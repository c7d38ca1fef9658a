import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

/** Recorded BTC/USD prices, one a minute without gaps. */
export interface Recording {
  /** The minute whose opening price comes first, ns since 1970. */
  firstRecordedNs: bigint;
  /** Opening prices, US cents per bitcoin. */
  closesCents: number[];
  /** Where they were recorded, for people. */
  source: string;
}

const FILE = 'data/btcusd-1m-2023-03.csv';
const SOURCE = 'BTC/USD on Binance.US, one-minute closes, 1 to 22 March 2023 (UTC)';
const HEADER = 'unix_seconds,close_usd';
const ROW = /^([1-9]\d{0,11}),([1-9]\d{0,7})\.(\d\d)$/;
const MINUTE_S = 60;
const MAX_NAT32 = 4_294_967_295;

/** The recording the project ships; throws when the file is missing or damaged. */
export function loadRecording(): Recording {
  return parseRecording(readFileSync(join(root, FILE), 'utf8'), SOURCE);
}

/**
 * Reads `unix_seconds,close_usd` rows. A row's time is the end of its minute, so its close is the opening price of the minute that begins
 * then. Throws an Error naming the line for anything but whole, consecutive minutes and prices with two decimals: a replay of a damaged file
 * would settle at wrong prices.
 */
export function parseRecording(text: string, source: string): Recording {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== HEADER) throw new Error(`Line 1: expected the header "${HEADER}".`);

  const closesCents: number[] = [];
  let firstSeconds = 0;
  for (const [index, line] of lines.slice(1).entries()) {
    const where = `Line ${index + 2}`;
    const match = ROW.exec(line);
    if (match === null) throw new Error(`${where}: expected unix_seconds and a price with two decimals, not "${line}".`);
    const seconds = Number(match[1]);
    if (seconds % MINUTE_S !== 0) throw new Error(`${where}: ${seconds} is not a whole minute.`);
    if (index === 0) firstSeconds = seconds;
    const expected = firstSeconds + index * MINUTE_S;
    if (seconds !== expected) throw new Error(`${where}: expected the minute ${expected}, not ${seconds}.`);
    const cents = Number(`${match[2]}${match[3]}`);
    if (cents > MAX_NAT32) throw new Error(`${where}: the price is too large.`);
    closesCents.push(cents);
  }
  if (closesCents.length === 0) throw new Error('The recording has no rows.');
  return { firstRecordedNs: BigInt(firstSeconds) * 1_000_000_000n, closesCents, source };
}

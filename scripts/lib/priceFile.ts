/** One line of a file to price: prices in USD x 10^8, volatility in ppm a year. */
export interface PriceRow {
  spot_e8: bigint;
  strike_e8: bigint;
  cap_e8: bigint;
  seconds: bigint;
  sigma_ppm: bigint;
}

/** Fair values x 10^18, as shares of payout and notional. */
export interface PriceValues {
  digital_call_e18: bigint;
  digital_put_e18: bigint;
  capped_call_e18: bigint;
  capped_put_e18: bigint;
}

/** A file that can't be priced; the message begins with the line. */
export class PriceFileError extends Error {
  constructor(line: number, rule: string) {
    super(`line ${line}: ${rule}`);
  }
}

const COLUMNS = ['spot_e8', 'strike_e8', 'cap_e8', 'seconds', 'sigma_ppm'] as const;
const VALUES = ['digital_call', 'digital_put', 'capped_call_of_spot', 'capped_put_of_spot'];

const grouped = (n: bigint): string => n.toLocaleString('en');

/** The canister's rules (canisters/options/FairValues.mo), said with the line; it checks them all the same. */
function problem(row: PriceRow): string | undefined {
  const ranges: [name: keyof PriceRow, least: bigint, most: bigint, meaning: string][] = [
    ['spot_e8', 100_000_000_000n, 100_000_000_000_000n, '1,000 to 1,000,000 USD'],
    ['strike_e8', row.spot_e8 / 2n - 1_000_000n, row.spot_e8 * 2n + 1_000_000n, 'half to twice spot_e8, give or take a cent'],
    ['cap_e8', 1n, row.strike_e8 - 1n, 'more than 0 and less than strike_e8'],
    ['seconds', 60n, 2_592_000n, 'one minute to 30 days'],
    ['sigma_ppm', 100_000n, 3_000_000n, '10 % to 300 % a year']
  ];
  const wrong = ranges.find(([name, least, most]) => row[name] < least || row[name] > most);
  if (wrong === undefined) return undefined;
  const [name, least, most, meaning] = wrong;
  return `${name} must be from ${grouped(least)} to ${grouped(most)} (${meaning}), not ${row[name]}.`;
}

/** The rows of a file, with LF or CRLF, with or without one at its end. Throws a PriceFileError. */
export function parsePriceFile(text: string): PriceRow[] {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  while (lines.length > 1 && lines.at(-1)?.trim() === '') lines.pop();
  const header = COLUMNS.join(',');
  if (lines[0]?.trim() !== header) throw new PriceFileError(1, `the header must be ${header}, not "${lines[0] ?? ''}".`);
  return lines.slice(1).map((line, index) => {
    const number = index + 2;
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length !== COLUMNS.length) throw new PriceFileError(number, `${COLUMNS.length} numbers are needed, not "${line}".`);
    const values = cells.map((cell, column) => {
      if (/^\d{1,40}$/u.test(cell)) return BigInt(cell);
      throw new PriceFileError(number, `${COLUMNS[column] ?? ''} must be a whole number, digits only, not "${cell}".`);
    });
    const [spot_e8 = 0n, strike_e8 = 0n, cap_e8 = 0n, seconds = 0n, sigma_ppm = 0n] = values;
    const row = { spot_e8, strike_e8, cap_e8, seconds, sigma_ppm };
    const rule = problem(row);
    if (rule !== undefined) throw new PriceFileError(number, rule);
    return row;
  });
}

/** x / 10^18 with all its digits. */
function decimal(e18: bigint): string {
  const digits = e18.toString().padStart(19, '0');
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`;
}

/** The table to print: the file's columns and, behind them, the values. */
export function priceTable(rows: readonly PriceRow[], values: readonly PriceValues[]): string {
  const lines = rows.map((row, index) => {
    const value = values[index];
    if (value === undefined) throw new Error('fewer values than rows');
    const shares = [value.digital_call_e18, value.digital_put_e18, value.capped_call_e18, value.capped_put_e18];
    return [...COLUMNS.map((name) => row[name]), ...shares.map(decimal)].join(',');
  });
  return `${[[...COLUMNS, ...VALUES].join(','), ...lines].join('\n')}\n`;
}

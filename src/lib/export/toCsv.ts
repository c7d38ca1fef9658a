import Papa from 'papaparse';

/** How a column's cells are written. Only text can carry a formula, so only text is guarded. */
export type Column<Row> =
  | { readonly title: string; readonly kind: 'text'; value(row: Row): string | undefined }
  /** A plain decimal ("-0.01500000") or a bigint. */
  | { readonly title: string; readonly kind: 'number'; value(row: Row): bigint | string | undefined }
  /** Nanoseconds since 1970, written as ISO 8601 UTC with milliseconds. */
  | { readonly title: string; readonly kind: 'time'; value(row: Row): bigint | undefined };

/** Rows between two looks at the clock; small enough for the slowest row we have. */
const CHUNK_ROWS = 200;
/** How long one piece of work may hold the page up, milliseconds. */
const SLICE_MS = 16;

/** Spreadsheets run a cell that begins like a formula; a leading quote makes it text. Full-width signs count as well. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/u;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/u;

/** Papa Parse's own guard can't tell a negative number's text from a formula, so the guard is here, where columns have kinds. */
function guardText(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function toCell<Row>(column: Column<Row>, row: Row): string {
  if (column.kind === 'time') {
    const ns = column.value(row);
    return ns === undefined ? '' : new Date(Number(ns / 1_000_000n)).toISOString();
  }
  const text = column.value(row)?.toString() ?? '';
  // Something else in a number column is treated as what it is: text from somewhere.
  return column.kind === 'number' && PLAIN_NUMBER.test(text) ? text : guardText(text);
}

function toLines(rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${Papa.unparse(rows as string[][], { newline: '\r\n' })}\r\n`;
}

/** The header line, CRLF included. */
export function csvHeader<Row>(columns: readonly Column<Row>[]): string {
  return toLines([columns.map(({ title }) => title)]);
}

/** Lines of a CSV (RFC 4180: quotes where needed, CRLF after every line) without the header. */
export function csvRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return toLines(rows.map((row) => columns.map((column) => toCell(column, row))));
}

/** A whole table as one text; for what is on the screen. */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return csvHeader(columns) + csvRows(columns, rows);
}

/** Rows that come page by page: as they are read, or as slices of what is there. */
export type RowSource<Row> = AsyncIterable<readonly Row[]>;

/** A table of any length as a UTF-8 file, made in short pieces so that the page stays usable. */
export async function toCsvFile<Row>(columns: readonly Column<Row>[], source: RowSource<Row>): Promise<Blob> {
  const parts = [csvHeader(columns)];
  let sliceEnd = performance.now() + SLICE_MS;
  for await (const rows of source) {
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      parts.push(csvRows(columns, rows.slice(from, from + CHUNK_ROWS)));
      if (performance.now() < sliceEnd) continue;
      await breathe();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

/** Lets the page handle what has come in. A message, not a timer: timers are slowed down in hidden tabs. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

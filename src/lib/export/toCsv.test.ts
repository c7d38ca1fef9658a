import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatBtc } from '../money/formatBtc';
import type { RowPage } from '../services/types';
import { downloadFile, exportName } from './downloadFile';
import { exportAll } from './exportAll';
import { toCsv, toCsvFile, type Column } from './toCsv';

interface Row {
  name: string;
  sats: bigint;
  at: bigint | undefined;
}
const columns: Column<Row>[] = [
  { title: 'name', kind: 'text', value: ({ name }) => name },
  { title: 'sats', kind: 'number', value: ({ sats }) => sats },
  { title: 'btc', kind: 'number', value: ({ sats }) => formatBtc(sats) },
  { title: 'at', kind: 'time', value: ({ at }) => at }
];
const row = (name: string, sats = 1n): Row => ({ name, sats, at: 1_700_000_000_123_456_789n });
const read = (text: string): string[][] => parse(text, { record_delimiter: '\r\n', relax_column_count: false });

/** What a guarded text cell reads as. */
const guarded = (text: string): string => (/^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text);

describe('a table as CSV', () => {
  it('has a header, CRLF after every line, and ISO times', () => {
    expect(toCsv(columns, [row('alice'), { name: 'bob', sats: -5n, at: undefined }])).toBe(
      'name,sats,btc,at\r\nalice,1,0.00000001,2023-11-14T22:13:20.123Z\r\nbob,-5,-0.00000005,\r\n'
    );
    expect(toCsv(columns, [])).toBe('name,sats,btc,at\r\n');
  });

  it('reads back in another library as it was, whatever the text', () => {
    const names = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '=', '-', ' ', 'a', '＝') }))
    );
    fc.assert(
      fc.property(names, (texts) => {
        const rows = texts.map((name) => row(name));
        expect(
          read(toCsv(columns, rows))
            .slice(1)
            .map(([name]) => name)
        ).toEqual(texts.map(guarded));
      })
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x', '=cmd|"/c calc"!A1', '=1\nsecond line'])(
    'makes text of what a spreadsheet would run: %j',
    (name) => {
      expect(read(toCsv(columns, [row(name)]))[1]?.[0]).toBe(`'${name}`);
    }
  );

  it('leaves real numbers alone', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), (sats) => {
        const [, cells] = read(toCsv(columns, [row('x', sats)]));
        expect(cells?.slice(1, 3)).toEqual([sats.toString(), formatBtc(sats)]);
      })
    );
  });

  it('guards what only claims to be a number', () => {
    const liar: Column<Row>[] = [{ title: 'n', kind: 'number', value: ({ name }) => name }];
    expect(read(toCsv(liar, [row('=1+1'), row('-5')]))).toEqual([['n'], ["'=1+1"], ['-5']]);
  });

  it('is the same as a file, in UTF-8', async () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => row(`Zoë ${index}`, BigInt(index)));
    const pages = async function* () {
      yield rows.slice(0, 450);
      yield rows.slice(450);
    };
    const file = await toCsvFile(columns, pages());
    expect(file.type).toBe('text/csv;charset=utf-8');
    expect(new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())).toBe(toCsv(columns, rows));
  });

  it('of many rows lets the page breathe', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => row(`row ${index}`, BigInt(index)));
    // A clock that goes on by a millisecond each time somebody looks: how long a piece takes must not depend on the machine.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1));
    let turns = 0;
    let done = false;
    const watching = (async () => {
      while (!done) {
        await new Promise((resolve) => setImmediate(resolve));
        turns += 1;
      }
    })();
    // Asynchronous although it never waits: that is how pages come.
    const pages = async function* () {
      yield rows;
    };
    await toCsvFile(columns, pages());
    done = true;
    await watching;
    clock.mockRestore();
    // 250 pieces of 200 rows, at most 16 of them in one go.
    expect(turns).toBeGreaterThan(10);
  });
});

describe('walking a paged list', () => {
  const pager = (total: number) => {
    const all = Array.from({ length: total }, (_, index) => BigInt(index + 1));
    return vi.fn((after: bigint | undefined, limit: number): Promise<RowPage<bigint>> => {
      const rows = all.filter((id) => id > (after ?? 0n)).slice(0, limit);
      const last = rows.at(-1);
      return Promise.resolve({ rows, next: last !== undefined && last < BigInt(total) ? last : undefined });
    });
  };

  async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
    const rows: T[] = [];
    for await (const page of pages) rows.push(...page);
    return rows;
  }

  it.each([0, 1, 199, 200, 201, 1_000])('gives each of %d rows once', async (total) => {
    const page = pager(total);
    expect(await all(exportAll(page))).toEqual(Array.from({ length: total }, (_, index) => BigInt(index + 1)));
    expect(page).toHaveBeenCalledTimes(Math.max(1, Math.ceil(total / 200)));
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    const seen: bigint[] = [];
    const walk = async () => {
      for await (const page of exportAll(pager(1_000), controller.signal)) {
        seen.push(...page);
        controller.abort();
      }
    };
    await expect(walk()).rejects.toMatchObject({ code: 'aborted' });
    expect(seen).toHaveLength(200);
  });

  it('does not walk in circles', async () => {
    const stuck = () => Promise.resolve({ rows: [1n], next: 7n });
    await expect(all(exportAll(stuck))).rejects.toMatchObject({ kind: 'internal', code: 'page_stuck' });
  });
});

describe('handing it over', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('clicks a link and lets the file go later', () => {
    vi.useFakeTimers();
    const link = { href: '', download: '', click: vi.fn() };
    vi.stubGlobal('document', { createElement: () => link });
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
    const revoke = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
    downloadFile('users.csv', new Blob(['a']));
    expect(link).toMatchObject({ href: 'blob:1', download: 'users.csv' });
    expect(link.click).toHaveBeenCalledTimes(1);
    expect(revoke).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(revoke).toHaveBeenCalledWith('blob:1');
  });

  it('under a name that sorts by time', () => {
    expect(exportName('users', new Date('2026-11-22T15:17:00.500Z'))).toBe('satstrike-users-2026-11-22T151700Z.csv');
  });
});

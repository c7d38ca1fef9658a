import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Principal } from '@dfinity/principal';
import { cappedShare, digitalShare } from '../../src/lib/options/pricing.ts';
import { openExchange, refusal } from './support/exchange.ts';
import { distance, readVectors, toE24 } from './support/vectors.ts';

const root = join(import.meta.dirname, '../..');
const header = 'spot_e8,strike_e8,cap_e8,seconds,sigma_ppm';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'satstrike-price-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `node scripts/price.mjs ARGS` as npm does: in the project's folder, with the caller's in INIT_CWD. */
const price = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, INIT_CWD: folder };
    execFile(process.execPath, ['scripts/price.mjs', ...args], { cwd: root, env, maxBuffer: 100_000_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr })
    );
  });

// Each run compiles the canister if nobody has yet, and starts a process and a network of its own.
describe('npm run price', { timeout: 300_000 }, () => {
  test('prices thousands of rows with the canister as built, to the 18th digit', async () => {
    const vectors = readVectors('capped.csv');
    const rows = Array.from({ length: 5 }, () => vectors).flat();
    const lines = rows.map(({ option: o }) => [o.spot_e8, o.strike_e8, o.cap_e8, o.seconds, o.sigma_ppm].join(','));
    await writeFile(join(folder, 'rows.csv'), `${[header, ...lines].join('\r\n')}\r\n`);
    const { code, stdout, stderr } = await price('rows.csv');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first, ...found] = stdout.trimEnd().split('\n');
    expect(first).toBe(`${header},digital_call,digital_put,capped_call_of_spot,capped_put_of_spot`);
    expect(found.length).toBe(rows.length);
    for (const [index, line] of found.entries()) {
      const row = rows[index];
      if (row === undefined) throw new Error('too many rows');
      expect(line.startsWith(`${lines[index]},`)).toBe(true);
      const [call = '', put = '', cappedCall = '', cappedPut = ''] = line.split(',').slice(5);
      const { option: o, exactE24 } = row;
      expect(distance(toE24(cappedCall), exactE24('call_share')), line).toBeLessThanOrEqual(10n ** 9n);
      expect(distance(toE24(cappedPut), exactE24('put_share')), line).toBeLessThanOrEqual(10n ** 9n);
      if (index >= vectors.length) continue;
      const conditions = { spotE8: o.spot_e8, sigmaPpm: o.sigma_ppm, seconds: o.seconds };
      const shares = [
        digitalShare('call', o.strike_e8, conditions),
        digitalShare('put', o.strike_e8, conditions),
        cappedShare('call', o.strike_e8, o.cap_e8, conditions),
        cappedShare('put', o.strike_e8, o.cap_e8, conditions)
      ];
      expect([call, put, cappedCall, cappedPut].map((text) => toE24(text) / 1_000_000n)).toEqual(shares);
    }
  });

  test('of a file without rows is a table without rows', async () => {
    await writeFile(join(folder, 'empty.csv'), header);
    const { code, stdout } = await price(join(folder, 'empty.csv'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${header},digital_call,digital_put,capped_call_of_spot,capped_put_of_spot\n` });
  });

  test('says what is wrong, where, and leaves with 2', async () => {
    await writeFile(join(folder, 'bad.csv'), `${header}\n2800000000000,2810000000000,2810000000000,900,600000\n`);
    for (const [args, message] of [
      [[], /^Usage: npm run price/u],
      [['missing.csv'], /^There is no file .*missing\.csv\.$/mu],
      [['.'], /can't be read/u],
      [['bad.csv'], /bad\.csv, line 2: cap_e8 must be from 1 to 2,809,999,999,999/u]
    ] as const) {
      const { code, stdout, stderr } = await price(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
    }
  });
});

describe('fair_values', () => {
  const row = { spot_e8: 2_800_000_000_000n, strike_e8: 2_810_000_000_000n, cap_e8: 50_000_000_000n, seconds: 900n, sigma_ppm: 600_000n };

  test('is answered to anybody, up to 500 rows; a bad row is named', async () => {
    const exchange = await openExchange({ treasury: 0n });
    try {
      const anybody = exchange.unchecked(Principal.anonymous());
      const answer = await anybody.fair_values(Array.from({ length: 500 }, () => row));
      if (!('ok' in answer)) throw new Error(answer.err.message);
      expect(answer.ok.length).toBe(500);
      expect(answer.ok[499]?.digital_call_e18).toBe(
        digitalShare('call', row.strike_e8, { spotE8: row.spot_e8, sigmaPpm: row.sigma_ppm, seconds: row.seconds })
      );
      expect(await anybody.fair_values([])).toEqual({ ok: [] });

      const tooMany = await anybody.fair_values(Array.from({ length: 501 }, () => row));
      expect(refusal(tooMany)).toEqual({ kind: 'request', code: { invalid: { field: 'rows' } } });
      for (const [field, value] of [
        ['spot_e8', 99_999_999_999n],
        ['spot_e8', 2n ** 64n - 1n],
        ['strike_e8', 1_399_998_999_999n],
        ['strike_e8', 5_600_001_000_001n],
        ['cap_e8', 0n],
        ['cap_e8', row.strike_e8],
        ['seconds', 59n],
        ['seconds', 2_592_001n],
        ['sigma_ppm', 99_999n],
        ['sigma_ppm', 3_000_001n]
      ] as const) {
        const refused = await anybody.fair_values([row, { ...row, [field]: value }]);
        expect(refusal(refused), `${field} ${value}`).toEqual({ kind: 'request', code: { invalid: { field } } });
        if ('err' in refused) expect(refused.err.message).toMatch(/^Row 2: /u);
      }
    } finally {
      await exchange.close();
    }
  });
});

import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import type { LocalIc } from 'local-ic';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installProbe } from './support/probe.ts';
import { minuteNs, stillNetwork } from './support/standins.ts';

const error = IDL.Variant({
  BadFee: IDL.Record({ expected_fee: IDL.Nat }),
  BadBurn: IDL.Record({ min_burn_amount: IDL.Nat }),
  InsufficientFunds: IDL.Record({ balance: IDL.Nat }),
  InsufficientAllowance: IDL.Record({ allowance: IDL.Nat }),
  TooOld: IDL.Null,
  CreatedInFuture: IDL.Record({ ledger_time: IDL.Nat64 }),
  Duplicate: IDL.Record({ duplicate_of: IDL.Nat }),
  TemporarilyUnavailable: IDL.Null,
  GenericError: IDL.Record({ error_code: IDL.Nat, message: IDL.Text })
});
const result = IDL.Opt(IDL.Variant({ Ok: IDL.Nat, Err: IDL.Opt(error) }));
const verdict = IDL.Variant({
  done: IDL.Nat,
  refused: IDL.Text,
  again: IDL.Record({ error: IDL.Text, unclear: IDL.Bool }),
  review: IDL.Text
});
const page = IDL.Record({ after: IDL.Opt(IDL.Nat64), limit: IDL.Nat64 });
const rows = IDL.Variant({ ok: IDL.Record({ rows: IDL.Vec(IDL.Nat), next: IDL.Opt(IDL.Nat) }), err: IDL.Reserved });
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({
    judge: IDL.Func([result, IDL.Bool], [verdict], ['query']),
    cents: IDL.Func([IDL.Float64], [IDL.Opt(IDL.Nat64)], ['query']),
    sha256: IDL.Func([IDL.Vec(IDL.Nat8)], [IDL.Vec(IDL.Nat8)], ['query']),
    due_of: IDL.Func([IDL.Vec(IDL.Tuple(IDL.Nat, IDL.Nat64)), IDL.Nat64, IDL.Nat], [IDL.Vec(IDL.Nat)], ['query']),
    memo: IDL.Func([IDL.Text, IDL.Nat], [IDL.Vec(IDL.Nat8)], ['query']),
    format: IDL.Func([IDL.Nat, IDL.Nat64], [IDL.Vec(IDL.Text)], ['query']),
    newest_first: IDL.Func([IDL.Nat, IDL.Nat, page], [rows], ['query']),
    oldest_first: IDL.Func([IDL.Nat, IDL.Nat, page], [rows], ['query'])
  });

interface PageOf {
  after: [] | [bigint];
  limit: bigint;
}
type RowsOf = { ok: { rows: bigint[]; next: [] | [bigint] } } | { err: unknown };
interface Probe {
  judge(answer: [] | [object], unclear: boolean): Promise<object>;
  cents(dollars: number): Promise<[] | [bigint]>;
  sha256(message: Uint8Array): Promise<Uint8Array>;
  due_of(transfers: [bigint, bigint][], nowNs: bigint, limit: bigint): Promise<bigint[]>;
  memo(kind: string, id: bigint): Promise<Uint8Array>;
  format(number: bigint, time: bigint): Promise<string[]>;
  newest_first(size: bigint, every: bigint, page: PageOf): Promise<RowsOf>;
  oldest_first(size: bigint, every: bigint, page: PageOf): Promise<RowsOf>;
}

let ic: LocalIc;
let probe: Probe;
beforeAll(async () => {
  ic = await stillNetwork();
  probe = ic.actor<Probe>(idlFactory, await installProbe(ic, 'RulesProbe'));
});
afterAll(() => ic.close());

describe("what the ledger's answer means", () => {
  const err = (of: object): [object] => [{ Err: [of] }];
  // answer, verdict of a first attempt, verdict when an earlier attempt may have happened unseen
  const cases: [name: string, answer: [] | [object], first: string, later: string][] = [
    ['Ok', [{ Ok: 5n }], 'done', 'done'],
    ['Duplicate', err({ Duplicate: { duplicate_of: 5n } }), 'done', 'done'],
    ['InsufficientFunds', err({ InsufficientFunds: { balance: 1n } }), 'refused', 'refused'],
    ['InsufficientAllowance', err({ InsufficientAllowance: { allowance: 1n } }), 'refused', 'refused'],
    ['BadFee', err({ BadFee: { expected_fee: 1n } }), 'refused', 'review'],
    ['TooOld', err({ TooOld: null }), 'refused', 'review'],
    ['BadBurn', err({ BadBurn: { min_burn_amount: 1n } }), 'refused', 'review'],
    ['GenericError', err({ GenericError: { error_code: 1n, message: 'x'.repeat(5_000) } }), 'refused', 'review'],
    ['an unknown error', [{ Err: [] }], 'refused', 'review'],
    ['TemporarilyUnavailable', err({ TemporarilyUnavailable: null }), 'again', 'again'],
    ['CreatedInFuture', err({ CreatedInFuture: { ledger_time: 1n } }), 'again', 'again'],
    ['an unreadable answer', [], 'again', 'again']
  ];
  test.each(cases)('%s', async (_, answer, first, later) => {
    expect(Object.keys(await probe.judge(answer, false))).toEqual([first]);
    expect(Object.keys(await probe.judge(answer, true))).toEqual([later]);
  });

  test('an unreadable answer leaves the outcome open, a busy ledger does not; long texts are cut', async () => {
    expect(await probe.judge([], false)).toMatchObject({ again: { unclear: true } });
    expect(await probe.judge(err({ TemporarilyUnavailable: null }), false)).toMatchObject({ again: { unclear: false } });
    const long = await probe.judge(err({ GenericError: { error_code: 1n, message: 'x'.repeat(5_000) } }), false);
    expect(JSON.stringify(long).length).toBeLessThan(300);
  });
});

describe('the border to legacy amounts', () => {
  test.each([
    [0, 0n],
    [0.004, 0n],
    [0.005, 1n],
    [28_123.45, 2_812_345n],
    [20_000.1 + 0.2, 2_000_030n],
    [1_000_000_000_000, 100_000_000_000_000n]
  ])('%f USD', async (dollars, cents) => {
    expect(await probe.cents(dollars)).toEqual([cents]);
  });

  test.each([-0.01, NaN, Infinity, -Infinity, 1e300, 1_000_000_000_001])('%f is no price', async (dollars) => {
    expect(await probe.cents(dollars)).toEqual([]);
  });
});

test('SHA-256 agrees with the platform at every length around a block', async () => {
  for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000]) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 31 + length) % 256);
    expect(Buffer.from(await probe.sha256(message)), `length ${length}`).toEqual(createHash('sha256').update(message).digest());
  }
});

test('a memo has 32 bytes and names the entry', async () => {
  const memo = await probe.memo('satstrike deposit', 258n);
  expect(memo).toHaveLength(32);
  expect(new TextDecoder().decode(memo.slice(0, 17))).toBe('satstrike deposit');
  expect([...memo.slice(17)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
});

test('transfers are repeated 30 s after an attempt, those that waited longest first', async () => {
  const at = (seconds: bigint): bigint => seconds * 1_000_000_000n;
  const transfers: [bigint, bigint][] = [
    [0n, at(100n)],
    [1n, at(80n)],
    [2n, at(101n)],
    [3n, at(90n)]
  ];
  expect(await probe.due_of(transfers, at(130n), 50n)).toEqual([1n, 3n, 0n]);
  expect(await probe.due_of(transfers, at(200n), 2n)).toEqual([1n, 3n]);
  expect(await probe.due_of(transfers, at(100n), 50n)).toEqual([]);
});

test('numbers and times as people read them', async () => {
  expect(await probe.format(0n, 0n)).toEqual(['0 sats', '$0.00', '00:00 UTC', '0']);
  expect(await probe.format(1_002_003n, 485n * minuteNs)).toEqual(['1,002,003 sats', '$0.01', '08:05 UTC', '1002...']);
  expect((await probe.format(2_812_345_500_000n, 0n))[1]).toBe('$28,123.46');
});

describe('pages', () => {
  async function all(ask: (page: PageOf) => Promise<RowsOf>, limit: bigint): Promise<bigint[]> {
    const found: bigint[] = [];
    let after: [] | [bigint] = [];
    for (;;) {
      const answer: RowsOf = await ask({ after, limit });
      if ('err' in answer) throw new Error('no page');
      found.push(...answer.ok.rows);
      expect(BigInt(answer.ok.rows.length)).toBeLessThanOrEqual(limit);
      if (answer.ok.next.length === 0) return found;
      expect(answer.ok.next).not.toEqual(after);
      after = answer.ok.next;
    }
  }

  test.each([
    [0n, 1n, 5n],
    [1n, 1n, 1n],
    [5n, 1n, 5n],
    [11n, 1n, 5n],
    [11n, 3n, 2n],
    [7_000n, 3_500n, 200n] // more rows left out than one page looks at
  ])('of %s rows, every %s shown, %s a page, miss none and repeat none', async (size, every, limit) => {
    const shown = Array.from({ length: Number(size) }, (_, index) => BigInt(index)).filter((index) => index % every === 0n);
    expect(await all((ask) => probe.oldest_first(size, every, ask), limit)).toEqual(shown);
    expect(await all((ask) => probe.newest_first(size, every, ask), limit)).toEqual(shown.map((index) => index * 10n).reverse());
  });
});

import { IDL } from '@dfinity/candid';
import type { LocalIc } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installProbe } from './support/probe.ts';
import { stillNetwork } from './support/standins.ts';

interface Figures {
  available: bigint;
  withdrawing: bigint;
  total: bigint;
  deposit: string;
  withdrawal: string;
}
interface Probe {
  figures(): Promise<Figures>;
  open_deposit(sats: bigint): Promise<void>;
  open_withdrawal(sats: bigint): Promise<void>;
  begin_deposit(): Promise<boolean>;
  answer_deposit(verdict: object): Promise<void>;
  answer_withdrawal(verdict: object): Promise<void>;
}
const verdict = IDL.Variant({
  done: IDL.Nat,
  refused: IDL.Text,
  again: IDL.Record({ error: IDL.Text, unclear: IDL.Bool }),
  review: IDL.Text
});
const figures = IDL.Record({
  available: IDL.Nat64,
  withdrawing: IDL.Nat64,
  total: IDL.Nat64,
  deposit: IDL.Text,
  withdrawal: IDL.Text
});
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({
    figures: IDL.Func([], [figures], ['query']),
    open_deposit: IDL.Func([IDL.Nat64], [], []),
    open_withdrawal: IDL.Func([IDL.Nat64], [], []),
    begin_deposit: IDL.Func([], [IDL.Bool], []),
    answer_deposit: IDL.Func([verdict], [], []),
    answer_withdrawal: IDL.Func([verdict], [], [])
  });

let ic: LocalIc;
let probe: Probe;
beforeEach(async () => {
  ic = await stillNetwork();
  probe = ic.actor<Probe>(idlFactory, await installProbe(ic, 'TransfersProbe'));
  await probe.open_deposit(10_000n);
});
afterEach(() => ic.close());

const done = { done: 1n };
const refused = { refused: 'no' };
const review = { review: 'who knows' };
const again = { again: { error: 'later', unclear: true } };

describe('the journal of transfers books exactly one end', () => {
  test.each([
    ['a deposit', done, 10_000n],
    ['a deposit', refused, 0n],
    ['a deposit', review, 0n]
  ])('of %s: %o, whatever answers come later', async (_, first, available) => {
    await probe.answer_deposit(again);
    await probe.answer_deposit(first);
    const after = await probe.figures();
    expect(after).toMatchObject({ available, total: available });
    for (const late of [done, refused, review, again]) await probe.answer_deposit(late).catch(() => undefined);
    expect(await probe.figures()).toEqual(after);
  });

  test.each([
    ['paid', done, { available: 4_000n, withdrawing: 0n, total: 4_000n }],
    ['refunded', refused, { available: 10_000n, withdrawing: 0n, total: 10_000n }],
    ['needs_review', review, { available: 4_000n, withdrawing: 6_000n, total: 10_000n }]
  ])('of a withdrawal: %s, whatever answers come later', async (name, first, expected) => {
    await probe.answer_deposit(done);
    await probe.open_withdrawal(6_000n);
    expect(await probe.figures()).toMatchObject({ available: 4_000n, withdrawing: 6_000n, total: 10_000n });
    await probe.answer_withdrawal(again);
    await probe.answer_withdrawal(first);
    const after = await probe.figures();
    expect(after).toMatchObject(expected);
    expect(after.withdrawal).toContain(name);
    for (const late of [done, refused, review, again]) await probe.answer_withdrawal(late).catch(() => undefined);
    expect(await probe.figures()).toEqual(after);
  });

  test('an attempt that was never answered makes the next one begin as unclear', async () => {
    expect(await probe.begin_deposit()).toBe(false);
    expect(await probe.begin_deposit()).toBe(true);
  });
});

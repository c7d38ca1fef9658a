import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { LocalIc } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installProbe, upgradeProbe } from './support/probe.ts';
import { minuteNs, stillNetwork } from './support/standins.ts';

interface Probe {
  place(count: bigint, damaged: bigint): Promise<void>;
  make_due(damaged: bigint): Promise<void>;
  run(): Promise<void>;
  one_batch(fills: boolean): Promise<void>;
  repair(damaged: bigint): Promise<void>;
  mend(damaged: bigint): Promise<void>;
  cancel(id: bigint): Promise<boolean>;
  pause_briefly(): Promise<void>;
  restart(): Promise<void>;
  cancel_below(): Promise<bigint>;
  paid(): Promise<{ payouts: bigint; lines: bigint; positions: bigint }>;
  result(): Promise<{ open: bigint; settled: bigint; pending: bigint; setAside: [bigint, string][] }>;
}
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({
    place: IDL.Func([IDL.Nat, IDL.Nat], [], []),
    make_due: IDL.Func([IDL.Nat], [], []),
    run: IDL.Func([], [], []),
    one_batch: IDL.Func([IDL.Bool], [], []),
    repair: IDL.Func([IDL.Nat], [], []),
    mend: IDL.Func([IDL.Nat], [], []),
    cancel: IDL.Func([IDL.Nat], [IDL.Bool], []),
    pause_briefly: IDL.Func([], [], []),
    restart: IDL.Func([], [], []),
    paid: IDL.Func([], [IDL.Record({ payouts: IDL.Nat64, lines: IDL.Nat, positions: IDL.Nat })], ['query']),
    cancel_below: IDL.Func([], [IDL.Nat], ['query']),
    result: IDL.Func(
      [],
      [IDL.Record({ open: IDL.Nat, settled: IDL.Nat, pending: IDL.Nat, setAside: IDL.Vec(IDL.Tuple(IDL.Nat, IDL.Text)) })],
      ['query']
    )
  });

let ic: LocalIc;
let id: Principal;
let probe: Probe;
beforeEach(async () => {
  ic = await stillNetwork();
  await ic.advance(minuteNs);
  id = await installProbe(ic, 'IsolationProbe');
  probe = ic.actor<Probe>(idlFactory, id);
});
afterEach(() => ic.close());

const none = 1_000_000n;

describe('a damaged position', () => {
  test('is set aside at settlement; the others of its batch are settled', async () => {
    await probe.place(7n, none);
    await probe.run();
    expect(await probe.result()).toEqual({ open: 7n, settled: 0n, pending: 0n, setAside: [] });
    await probe.make_due(3n);
    await probe.run();
    // The first failures could have another reason: it is tried again.
    expect(await probe.result()).toEqual({ open: 1n, settled: 6n, pending: 0n, setAside: [] });
    await probe.run();
    await probe.run();
    const { open, settled, setAside } = await probe.result();
    expect([open, settled]).toEqual([1n, 6n]);
    expect(setAside.map(([id]) => id)).toEqual([3n]);
    // It is left alone from then on, until it is put right.
    await probe.run();
    expect(await probe.result()).toMatchObject({ open: 1n, settled: 6n });
    await probe.repair(3n);
    expect(await probe.result()).toEqual({ open: 0n, settled: 7n, pending: 0n, setAside: [] });
  });

  test('is set aside at its fill; the others are filled', async () => {
    await probe.place(5n, 2n);
    for (let round = 0; round < 3; round += 1) await probe.run();
    const { open, pending, setAside } = await probe.result();
    expect([open, pending]).toEqual([4n, 1n]);
    expect(setAside.map(([id]) => id)).toEqual([2n]);
  });

  const rounds = async (count: number): Promise<void> => {
    for (let round = 0; round < count; round += 1) await probe.run();
  };

  test('that was set aside is tried again every ten minutes, and goes on once it can', async () => {
    await probe.place(5n, 2n);
    await rounds(4);
    expect((await probe.result()).setAside).toHaveLength(1);
    await probe.mend(2n);
    await rounds(60);
    expect(await probe.result()).toEqual({ open: 5n, settled: 0n, pending: 0n, setAside: [] });
    await probe.make_due(3n);
    await rounds(4);
    expect((await probe.result()).setAside.map(([id]) => id)).toEqual([3n]);
    await rounds(60); // still damaged
    expect((await probe.result()).setAside.map(([id]) => id)).toEqual([3n]);
    await probe.mend(3n);
    await rounds(60);
    expect(await probe.result()).toEqual({ open: 0n, settled: 5n, pending: 0n, setAside: [] });
  });

  test('that was set aside is tried again right after an upgrade', async () => {
    await probe.place(3n, 2n);
    await rounds(4);
    expect((await probe.result()).setAside).toHaveLength(1);
    await probe.mend(2n);
    await probe.restart();
    await probe.run();
    expect(await probe.result()).toEqual({ open: 3n, settled: 0n, pending: 0n, setAside: [] });
  });

  test('that was set aside before its fill can be cancelled by its owner, although its minute has begun', async () => {
    await probe.place(3n, 2n);
    await probe.run();
    expect(await probe.cancel(2n)).toBe(false); // it may still fill
    await rounds(3);
    expect((await probe.result()).setAside.map(([id]) => id)).toEqual([2n]);
    await probe.mend(2n);
    expect(await probe.cancel(2n)).toBe(true);
    expect(await probe.result()).toEqual({ open: 2n, settled: 0n, pending: 0n, setAside: [] });
  });

  test('keeps a pause in mind until the last order from before it is gone', async () => {
    await probe.place(5n, 2n);
    await probe.pause_briefly();
    await probe.run();
    expect(await probe.cancel_below()).toBe(5n); // the damaged one is left
    await rounds(3);
    await probe.mend(2n);
    await rounds(60);
    expect(await probe.result()).toEqual({ open: 0n, settled: 0n, pending: 0n, setAside: [] });
    await probe.run();
    expect(await probe.cancel_below()).toBe(0n);
  });

  test('more positions than fit in one batch are all filled and settled in one round', async () => {
    await probe.place(2_500n, none);
    await probe.run();
    expect(await probe.result()).toMatchObject({ open: 2_500n });
    await probe.make_due(5n);
    await probe.run();
    expect(await probe.result()).toMatchObject({ open: 1n, settled: 2_499n });
    await probe.repair(5n);
    await probe.run();
    expect(await probe.result()).toEqual({ open: 0n, settled: 2_500n, pending: 0n, setAside: [] });
    expect(await probe.paid()).toEqual({ payouts: 2_500n * 50_000n, lines: 2_500n, positions: 2_500n });
  });
});

describe('an upgrade between two batches', () => {
  test.each(['fills', 'settlements'])('of %s loses none and does none twice', async (of) => {
    await probe.place(2_500n, none);
    if (of === 'settlements') {
      await probe.run();
      await probe.make_due(3n);
      await probe.mend(3n);
    }
    // One batch is done; when the stop comes, further messages of the round are refused.
    await probe.one_batch(of === 'fills');
    await upgradeProbe(ic, id, 'IsolationProbe');
    const middle = await probe.result();
    const half = of === 'fills' ? { open: 500n, settled: 0n, pending: 2_000n } : { open: 500n, settled: 2_000n, pending: 0n };
    expect(middle).toEqual({ ...half, setAside: [] });
    await probe.run();
    if (of === 'fills') {
      expect(await probe.result()).toEqual({ open: 2_500n, settled: 0n, pending: 0n, setAside: [] });
      await probe.make_due(3n);
      await probe.mend(3n);
      await probe.run();
    }
    expect(await probe.result()).toEqual({ open: 0n, settled: 2_500n, pending: 0n, setAside: [] });
    expect(await probe.paid()).toEqual({ payouts: 2_500n * 50_000n, lines: 2_500n, positions: 2_500n });
  });
});

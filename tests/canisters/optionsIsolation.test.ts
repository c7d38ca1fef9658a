import { IDL } from '@dfinity/candid';
import type { LocalIc } from 'local-ic';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installProbe } from './support/probe.ts';
import { minuteNs, stillNetwork } from './support/standins.ts';

interface Probe {
  place(count: bigint, damaged: bigint): Promise<void>;
  make_due(damaged: bigint): Promise<void>;
  run(): Promise<void>;
  repair(damaged: bigint): Promise<void>;
  result(): Promise<{ open: bigint; settled: bigint; pending: bigint; setAside: [bigint, string][] }>;
}
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({
    place: IDL.Func([IDL.Nat, IDL.Nat], [], []),
    make_due: IDL.Func([IDL.Nat], [], []),
    run: IDL.Func([], [], []),
    repair: IDL.Func([IDL.Nat], [], []),
    result: IDL.Func(
      [],
      [IDL.Record({ open: IDL.Nat, settled: IDL.Nat, pending: IDL.Nat, setAside: IDL.Vec(IDL.Tuple(IDL.Nat, IDL.Text)) })],
      ['query']
    )
  });

let ic: LocalIc;
let probe: Probe;
beforeEach(async () => {
  ic = await stillNetwork();
  await ic.advance(minuteNs);
  probe = ic.actor<Probe>(idlFactory, await installProbe(ic, 'IsolationProbe'));
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

  test('more positions than fit in one batch are all filled and settled in one round', async () => {
    await probe.place(130n, none);
    await probe.run();
    expect(await probe.result()).toMatchObject({ open: 130n });
    await probe.make_due(5n);
    await probe.run();
    expect(await probe.result()).toMatchObject({ open: 1n, settled: 129n });
    await probe.repair(5n);
    await probe.run();
    expect(await probe.result()).toEqual({ open: 0n, settled: 130n, pending: 0n, setAside: [] });
  });
});

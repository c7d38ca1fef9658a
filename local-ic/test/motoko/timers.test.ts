import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, SECOND_NS, START_NS, startNetwork, type TestNetwork } from '../support/network.ts';

interface Scheduler {
  once(seconds: bigint, name: string): Promise<bigint>;
  every(seconds: bigint, name: string): Promise<bigint>;
  cancel(id: bigint): Promise<void>;
  cancelBeginning(): Promise<void>;
  repeat(times: bigint): Promise<void>;
  failing(seconds: bigint): Promise<void>;
  asking(other: Principal): Promise<void>;
  nesting(): Promise<void>;
  history(): Promise<[string, bigint][]>;
}

const schedulerInterface: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    once: IDL.Func([IDL.Nat, IDL.Text], [IDL.Nat]),
    every: IDL.Func([IDL.Nat, IDL.Text], [IDL.Nat]),
    cancel: IDL.Func([IDL.Nat], []),
    cancelBeginning: IDL.Func([], []),
    repeat: IDL.Func([IDL.Nat], []),
    failing: IDL.Func([IDL.Nat], []),
    asking: IDL.Func([IDL.Service({ echo: IDL.Func([IDL.Text], [IDL.Text]), fail: IDL.Func([], []) })], []),
    nesting: IDL.Func([], []),
    history: IDL.Func([], [IDL.Vec(IDL.Tuple(IDL.Text, IDL.Int))], ['query'])
  });

describe('mo:core/Timer', () => {
  let network: TestNetwork;
  let id: Principal;
  let actor: Scheduler;
  beforeEach(async () => {
    network = await startNetwork();
    id = await network.install('scheduler');
    actor = network.actor<Scheduler>(schedulerInterface, id);
  });

  /** What fired, with the second since the start. */
  const fired = async (): Promise<[string, number][]> =>
    (await actor.history()).map(([name, time]) => [name, Number(time - START_NS) / 1e9]);
  const pass = (seconds: bigint): Promise<void> => network.engine.advance(seconds * SECOND_NS);

  it('runs one that was set while the actor began', async () => {
    await pass(5n);
    expect(await fired()).toEqual([['began', 1]]);
  });

  it('runs one-shot and recurring ones by their own time, and stops what is cancelled', async () => {
    await actor.cancelBeginning();
    const often = await actor.every(3n, 'often');
    const never = await actor.once(4n, 'never');
    await actor.once(7n, 'late');
    await actor.cancel(never);
    await actor.cancel(999n);
    await pass(10n);
    await actor.cancel(often);
    await pass(10n);
    expect(await fired()).toEqual([
      ['often', 3],
      ['often', 6],
      ['late', 7],
      ['often', 9]
    ]);
  });

  it('lets a recurring one cancel itself', async () => {
    await actor.cancelBeginning();
    await actor.repeat(3n);
    await pass(60n);
    expect(await fired()).toEqual([
      ['round', 1],
      ['round', 2],
      ['round', 3]
    ]);
  });

  it('goes on with a recurring one that traps, whose changes are undone, and with the others', async () => {
    await actor.cancelBeginning();
    await actor.failing(2n);
    await actor.every(3n, 'healthy');
    await pass(9n);
    expect(await fired()).toEqual([
      ['healthy', 3],
      ['healthy', 6],
      ['healthy', 9]
    ]);
    expect(network.log.filter((line) => line.includes('in a timer'))).toHaveLength(4);
  });

  it('lets timers call canisters, catch their errors, and set timers', async () => {
    await actor.cancelBeginning();
    await actor.asking(await network.install('callee'));
    await actor.nesting();
    await pass(10n);
    const log = await fired();
    // What runs in the same second has no order among different calls.
    expect(log.filter(([name]) => ['asks', 'answer', 'failed'].includes(name))).toEqual([
      ['asks', 1],
      ['answer', 1],
      ['failed', 1]
    ]);
    expect(log.filter(([name]) => ['outer', 'inner'].includes(name))).toEqual([
      ['outer', 1],
      ['inner', 3]
    ]);
  });

  it('forgets them with an upgrade, except those the new actor sets as it begins', async () => {
    await pass(2n);
    await actor.once(5n, 'forgotten');
    await actor.every(1n, 'forgotten too');
    await network.upgrade(id, 'scheduler');
    await pass(20n);
    expect(await fired()).toEqual([
      ['began', 1],
      ['began', 3]
    ]);
  });

  it('keeps them when an upgrade fails', async () => {
    await pass(2n);
    await actor.once(5n, 'kept');
    await expect(network.upgrade(id, 'counterTrapping')).rejects.toThrow();
    await pass(20n);
    expect(await fired()).toEqual([
      ['began', 1],
      ['kept', 7]
    ]);
  });

  it('runs what came due while the canister was stopped once it is started, each once', async () => {
    await pass(2n);
    await actor.once(5n, 'held up');
    await actor.every(2n, 'often');
    await network.engine.stopCanister(id, ADMIN);
    await pass(10n);
    await network.engine.startCanister(id, ADMIN);
    await pass(3n);
    const log = await fired();
    expect(log.filter(([name]) => name === 'held up')).toEqual([['held up', 12]]);
    expect(log.filter(([name]) => name === 'often').map(([, time]) => time)[0]).toBe(12);
  });
});

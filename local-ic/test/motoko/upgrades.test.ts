import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, fixtureWasm, initArgument, startNetwork, type TestNetwork } from '../support/network.ts';

interface Ledger {
  add(name: string, amount: bigint): Promise<void>;
  store(value: bigint): Promise<void>;
  remember(): Promise<void>;
  callHook(): Promise<[] | [bigint]>;
  hold(): Promise<void>;
  release(): Promise<void>;
  get(name: string): Promise<[] | [bigint]>;
  state(): Promise<{ count: bigint; sinceStart: bigint; started: bigint; stored: [] | [bigint] }>;
  past(): Promise<string[]>;
}

const ledgerInterface =
  (isMigrated: boolean): IDL.InterfaceFactory =>
  ({ IDL }) =>
    IDL.Service({
      add: IDL.Func([IDL.Text, IDL.Nat], []),
      store: IDL.Func([IDL.Nat64], []),
      remember: IDL.Func([], []),
      callHook: IDL.Func([], [IDL.Opt(IDL.Nat)]),
      hold: IDL.Func([], []),
      release: IDL.Func([], []),
      get: IDL.Func([IDL.Text], [IDL.Opt(isMigrated ? IDL.Int : IDL.Nat)], ['query']),
      state: IDL.Func([], [IDL.Record({ count: IDL.Nat, sinceStart: IDL.Nat, started: IDL.Nat, stored: IDL.Opt(IDL.Nat64) })], ['query']),
      past: IDL.Func([], [IDL.Vec(IDL.Text)], ['query'])
    });

describe('upgrading a Motoko actor', () => {
  let network: TestNetwork;
  let id: Principal;
  let actor: Ledger;
  beforeEach(async () => {
    network = await startNetwork();
    id = await network.install('ledger');
    actor = network.actor<Ledger>(ledgerInterface(false), id);
    await actor.add('alice', 5n);
    await actor.add('bob', 7n);
    await actor.add('alice', 1n);
    await actor.store(2n ** 63n);
    await actor.remember();
  });

  it('keeps what is persistent, begins what is transient anew, and runs both hooks', async () => {
    expect(await actor.state()).toEqual({ count: 3n, sinceStart: 3n, started: 0n, stored: [2n ** 63n] });
    await network.upgrade(id, 'ledger');
    expect(await actor.get('alice')).toEqual([6n]);
    expect(await actor.get('bob')).toEqual([7n]);
    expect(await actor.callHook()).toEqual([1n]);
    // The transient variable saw what preupgrade added, and not yet what postupgrade did.
    expect(await actor.state()).toEqual({ count: 3n, sinceStart: 0n, started: 4n, stored: [2n ** 63n] });
    expect(await actor.past()).toEqual(['alice', 'bob', 'alice', 'preupgrade', 'postupgrade']);
  });

  it('changes the types of what is kept by a migration function', async () => {
    await network.upgrade(id, 'ledgerMigrated');
    const migrated = network.actor<Ledger>(ledgerInterface(true), id);
    expect(await migrated.get('alice')).toEqual([600n]);
    expect(await migrated.get('carol')).toEqual([]);
    expect(await actor.state()).toMatchObject({ count: 3n, stored: [2n ** 63n] });
    // The function it kept is a name: it calls the new code.
    expect(await actor.callHook()).toEqual([2n]);
    // Back again would take another migration; the runtime refuses it and the new code goes on.
    await expect(network.upgrade(id, 'ledger')).rejects.toMatchObject({ errorCode: 'IC0503', message: /incompatible/i });
    expect(await migrated.get('alice')).toEqual([600n]);
  });

  it('is refused to a program of other types, and the old one goes on as if nothing had been', async () => {
    const before = network.engine.canister(id)?.moduleHash;
    await expect(network.upgrade(id, 'counterIncompatible')).rejects.toMatchObject({ errorCode: 'IC0503', message: /incompatible/i });
    expect(network.engine.canister(id)?.moduleHash).toEqual(before);
    // Not even preupgrade left a trace.
    expect(await actor.past()).toEqual(['alice', 'bob', 'alice']);
    await actor.add('carol', 1n);
    expect(await actor.state()).toMatchObject({ count: 4n, sinceStart: 4n });
  });

  it('is refused without saying what becomes of the memory', async () => {
    await expect(network.upgrade(id, 'ledger', { keep: false })).rejects.toMatchObject({ message: /Missing upgrade option/ });
    expect(await actor.past()).toEqual(['alice', 'bob', 'alice']);
  });

  it('is refused while the canister waits for answers; after it was stopped it works', async () => {
    const open = actor.hold();
    await expect(network.upgrade(id, 'ledger')).rejects.toMatchObject({
      errorCode: 'IC0503',
      message: /canister_pre_upgrade attempted with outstanding message callbacks \(try stopping the canister before upgrade\)/
    });
    await actor.release();
    await open;
    await network.engine.stopCanister(id, ADMIN);
    await network.upgrade(id, 'ledger');
    await network.engine.startCanister(id, ADMIN);
    expect(await actor.get('alice')).toEqual([6n]);
  });

  it('with the memory replaced, as a controller may ask, begins anew', async () => {
    const wasm = await fixtureWasm('ledger');
    const request = {
      canisterId: id,
      sender: ADMIN,
      wasm,
      arg: initArgument({}),
      wasmMemoryPersistence: 'replace',
      skipPreUpgrade: false
    } as const;
    await network.engine.installCode({ ...request, mode: 'upgrade' });
    expect(await actor.get('alice')).toEqual([]);
    expect(await actor.state()).toMatchObject({ count: 0n, sinceStart: 0n });
    await actor.add('alice', 2n);
    expect(await actor.get('alice')).toEqual([2n]);
  });

  it('is not reinstalling: that forgets everything, stable memory too', async () => {
    const wasm = await fixtureWasm('ledger');
    await network.engine.installCode({ canisterId: id, sender: ADMIN, mode: 'reinstall', wasm, arg: initArgument({}) });
    expect(await actor.get('alice')).toEqual([]);
    expect(await actor.callHook()).toEqual([]);
    expect(await actor.state()).toEqual({ count: 0n, sinceStart: 0n, started: 0n, stored: [] });
    expect(await actor.past()).toEqual([]);
  });

  it('twenty times in a row keeps everything', async () => {
    for (let round = 1; round <= 20; round++) {
      await network.upgrade(id, 'ledger');
      await actor.add('alice', 1n);
    }
    expect(await actor.get('alice')).toEqual([26n]);
    expect(await actor.state()).toMatchObject({ count: 23n, sinceStart: 1n, stored: [2n ** 63n] });
  });
});

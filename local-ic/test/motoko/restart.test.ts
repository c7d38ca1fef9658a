import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixtureWasm, initArgument, SECOND_NS, START_NS } from '../support/network.ts';
import { createLocalIc, type LocalIc } from '../../src/index.ts';

/** Arguments and results as they are: the interfaces of the programs stand in their own tests. */
const encode = (types: IDL.Type[] = [], values: unknown[] = []): Uint8Array => new Uint8Array(IDL.encode(types, values));
const decode = (types: IDL.Type[], reply: Uint8Array): unknown => IDL.decode(types, new Uint8Array(reply))[0];

describe('Motoko programs over a restart of the network', () => {
  let stateDir: string;
  let ic: LocalIc;
  const open = async (): Promise<void> => {
    ic = await createLocalIc({ stateDir, clock: { startNs: START_NS }, seed: 'restart' });
  };
  const restart = async (): Promise<void> => {
    await ic.close();
    await open();
  };
  beforeEach(async () => {
    stateDir = mkdtempSync(join(tmpdir(), 'local-ic-motoko-'));
    await open();
  });
  afterEach(async () => {
    await ic.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const install = async (fixture: string): Promise<Principal> => {
    const canisterId = await ic.createCanister();
    await ic.installCode({ canisterId, wasm: await fixtureWasm(fixture), arg: initArgument({}), mode: 'install' });
    return canisterId;
  };
  const update = (canisterId: Principal, method: string, types?: IDL.Type[], values?: unknown[]): Promise<Uint8Array> =>
    ic.update({ canisterId, method, arg: encode(types, values) });
  const query = async (canisterId: Principal, method: string, result: IDL.Type): Promise<unknown> =>
    decode([result], await ic.query({ canisterId, method, arg: encode() }));

  it('keep their state, transient variables as well, and can be upgraded', async () => {
    const id = await install('ledger');
    for (const name of ['alice', 'bob']) await update(id, 'add', [IDL.Text, IDL.Nat], [name, 3n]);
    await update(id, 'store', [IDL.Nat64], [77n]);
    await update(id, 'remember');
    const state = IDL.Record({ count: IDL.Nat, sinceStart: IDL.Nat, started: IDL.Nat, stored: IDL.Opt(IDL.Nat64) });
    await restart();
    expect(await query(id, 'state', state)).toEqual({ count: 2n, sinceStart: 2n, started: 0n, stored: [77n] });
    expect(decode([IDL.Opt(IDL.Nat)], await update(id, 'callHook'))).toEqual([1n]);
    const wasm = await fixtureWasm('ledgerMigrated');
    await ic.installCode({ canisterId: id, wasm, arg: initArgument({}), mode: 'upgrade', keepMemory: true });
    await restart();
    expect(await query(id, 'state', state)).toMatchObject({ count: 2n, stored: [77n] });
    expect(decode([IDL.Opt(IDL.Nat)], await update(id, 'callHook'))).toEqual([2n]);
  });

  it('keep their timers, each at its time', async () => {
    const id = await install('scheduler');
    await update(id, 'every', [IDL.Nat, IDL.Text], [4n, 'often']);
    await update(id, 'once', [IDL.Nat, IDL.Text], [7n, 'once']);
    await ic.advance(5n * SECOND_NS);
    await restart();
    await ic.advance(5n * SECOND_NS);
    const log = (await query(id, 'history', IDL.Vec(IDL.Tuple(IDL.Text, IDL.Int)))) as [string, bigint][];
    expect(log.map(([name, time]) => [name, Number((time - START_NS) / SECOND_NS)])).toEqual([
      ['began', 1],
      ['often', 4],
      ['once', 7],
      ['often', 8]
    ]);
  });

  it('keep who subscribed to them, and what they certified', async () => {
    const [publisher, subscriber, certified] = [await install('publisher'), await install('subscriber'), await install('certified/main')];
    const subscription = IDL.Record({
      topic: IDL.Text,
      deliver: IDL.Func([IDL.Text, IDL.Nat], [IDL.Nat]),
      notify: IDL.Func([IDL.Text, IDL.Nat], [], ['oneway'])
    });
    const service = IDL.Service({ subscribe: IDL.Func([subscription], []) });
    await update(subscriber, 'follow', [service, IDL.Text], [publisher, 'news']);
    await update(certified, 'increment');
    const data = ic.engine.canister(certified)?.certifiedData;
    expect(data).toHaveLength(32);
    await restart();
    const received = IDL.Vec(IDL.Variant({ received: IDL.Nat, failed: IDL.Record({ code: IDL.Text, message: IDL.Text }) }));
    expect(decode([received], await update(publisher, 'publish', [IDL.Text, IDL.Nat], ['news', 1n]))).toEqual([{ received: 0n }]);
    expect(ic.engine.canister(certified)?.certifiedData).toEqual(data);
    expect(decode([IDL.Nat], await update(certified, 'increment'))).toBe(2n);
    expect(ic.engine.canister(certified)?.certifiedData).not.toEqual(data);
  });
});

import { IDL } from '@dfinity/candid';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalIc, type LocalIc } from '../src/index.ts';
import { callee, caller, counter, type Callee, type Caller, type Counter } from './support/interfaces.ts';
import { fixtureWasm, initArgument, SECOND_NS, START_NS } from './support/network.ts';
import type { InitArguments } from './support/interfaces.ts';

const networks: LocalIc[] = [];
afterEach(async () => {
  for (const ic of networks.splice(0)) await ic.close();
});

async function start(seed = 'fork'): Promise<LocalIc> {
  const ic = await createLocalIc({ clock: { startNs: START_NS }, seed });
  networks.push(ic);
  return ic;
}

async function fork(of: { fork(): Promise<LocalIc> }): Promise<LocalIc> {
  const ic = await of.fork();
  networks.push(ic);
  return ic;
}

async function install(ic: LocalIc, fixture: string, init: InitArguments = {}) {
  const canisterId = await ic.createCanister();
  await ic.installCode({ canisterId, wasm: await fixtureWasm(fixture), arg: initArgument(init), mode: 'install' });
  return canisterId;
}

describe('a fork', () => {
  it('begins where the network is, and neither sees what the other does', async () => {
    const ic = await start();
    const id = await install(ic, 'counter', { start: 5n });
    await ic.advance(7n * SECOND_NS);
    const other = await fork(ic);
    expect(other.stateHash()).toBe(ic.stateHash());
    expect([other.now(), other.rootKey]).toEqual([ic.now(), ic.rootKey]);
    expect(await other.actor<Counter>(counter, id).increment()).toBe(6n);
    expect(await ic.actor<Counter>(counter, id).get()).toBe(5n);
    await ic.advance(SECOND_NS);
    expect(other.now()).toBe(ic.now() - SECOND_NS);
    expect(other.stateHash()).not.toBe(ic.stateHash());
  });

  it('can be taken of a snapshot again and again', async () => {
    const ic = await start();
    const id = await install(ic, 'counter', { start: 5n });
    const snapshot = ic.snapshot();
    const hash = ic.stateHash();
    await ic.actor<Counter>(counter, id).grow(50_000n);
    for (let i = 0; i < 3; i++) {
      const one = await fork(snapshot);
      expect(one.stateHash()).toBe(hash);
      expect(await one.actor<Counter>(counter, id).increment()).toBe(6n);
    }
  });

  it('goes on with the calls that are under way', async () => {
    const ic = await start();
    const calleeId = await install(ic, 'callee');
    const callerId = await install(ic, 'caller', { callee: calleeId });
    const open = ic.actor<{ waitForRelease(): Promise<bigint> }>(
      ({ IDL }) => IDL.Service({ waitForRelease: IDL.Func([], [IDL.Nat]) }),
      callerId
    );
    const waiting = open.waitForRelease();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const other = await fork(ic);
    await other.actor<Callee>(callee, calleeId).release();
    await other.idle();
    // Stopping waits for every open call: all have ended.
    await other.stopCanister(callerId);
    await ic.actor<Callee>(callee, calleeId).release();
    expect(await waiting).toBeGreaterThan(0n);
  });
});

describe('the state hash', () => {
  const run = async (seed: string, extra = false): Promise<string> => {
    const ic = await start(seed);
    const calleeId = await install(ic, 'callee');
    const callerId = await install(ic, 'caller', { callee: calleeId });
    await ic.actor<Caller>(caller, callerId).echo('hello');
    await ic
      .actor<Caller>(caller, callerId)
      .trapAfterAwait()
      .catch(() => undefined);
    await ic.update({ canisterId: callerId, method: 'random', arg: new Uint8Array(IDL.encode([], [])) });
    if (extra) await ic.actor<Callee>(callee, calleeId).echo('');
    await ic.advance(3n * SECOND_NS);
    return ic.stateHash();
  };

  it('is the same for the same run with the same seed, and no other', async () => {
    const hash = await run('one');
    expect(await run('one')).toBe(hash);
    expect(await run('two')).not.toBe(hash);
    expect(await run('one', true)).not.toBe(hash);
  });
});

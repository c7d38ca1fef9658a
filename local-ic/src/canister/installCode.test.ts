import { gzipSync } from 'node:zlib';
import type { Principal } from '@dfinity/principal';
import { beforeAll, describe, expect, it } from 'vitest';
import { counter, guarded, type Counter, type Guarded } from '../../test/support/interfaces.ts';
import { ADMIN, fixtureWasm, initArgument, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';

let network: TestNetwork;
beforeAll(async () => {
  network = await startNetwork();
});

const hashOf = (id: Principal): Uint8Array | undefined => network.engine.canister(id)?.moduleHash;

describe('upgrading an orthogonally persistent canister', () => {
  it('keeps its memory and runs the new code', async () => {
    const id = await network.install('counter', { start: 5n });
    const actor = network.actor<Counter>(counter, id);
    await actor.increment();
    await actor.grow(1_000n);
    const before = hashOf(id);
    await network.upgrade(id, 'counterV2');
    expect(hashOf(id)).not.toEqual(before);
    expect(await actor.get()).toBe(6n);
    expect(await actor.ballastSize()).toBe(1_000n);
    expect(await actor.increment()).toBe(8n);
    expect(await actor.second()).toBe(101n);
    await network.upgrade(id, 'counterV2');
    expect(await actor.second()).toBe(101n);
  });

  it('is refused without keeping the memory, because that would lose the state', async () => {
    const id = await network.install('counter', { start: 5n });
    const actor = network.actor<Counter>(counter, id);
    await expect(network.upgrade(id, 'counterV2', { keep: false })).rejects.toMatchObject({
      code: 5,
      errorCode: 'IC0504',
      message: /Missing upgrade option: Enhanced orthogonal persistence requires the `wasm_memory_persistence` upgrade option\./
    });
    expect(await actor.increment()).toBe(6n);
  });

  it('is undone when the types do not fit', async () => {
    const id = await network.install('counter', { start: 5n });
    const actor = network.actor<Counter>(counter, id);
    await actor.increment();
    const before = hashOf(id);
    await expect(network.upgrade(id, 'counterIncompatible')).rejects.toMatchObject({ message: /incompatible/i });
    expect(hashOf(id)).toEqual(before);
    expect(await actor.get()).toBe(6n);
    expect(await actor.increment()).toBe(7n);
  });

  it('is undone when post_upgrade traps', async () => {
    const id = await network.install('counter', { start: 5n });
    const actor = network.actor<Counter>(counter, id);
    await expect(network.upgrade(id, 'counterTrapping')).rejects.toMatchObject({ errorCode: 'IC0503', message: /no, thanks/ });
    expect(await actor.increment()).toBe(6n);
  });

  it('is undone, with everything pre_upgrade did, when that or a later step traps', async () => {
    const id = await network.install('counterGuarded', { start: 5n });
    const actor = network.actor<Guarded>(guarded, id);
    await actor.certify(Uint8Array.of(7));
    await expect(network.upgrade(id, 'counterGuarded')).rejects.toMatchObject({ message: /guarded/ });
    expect(await actor.get()).toBe(5n);
    await actor.unguard();
    await expect(network.upgrade(id, 'counterTrapping')).rejects.toMatchObject({ message: /no, thanks/ });
    expect(await actor.get()).toBe(5n);
    expect(network.engine.canister(id)?.certifiedData).toEqual(Uint8Array.of(7));
    await network.upgrade(id, 'counterV2');
    expect(await actor.get()).toBe(505n);
  });

  it('can skip a pre_upgrade that traps, at the price of the state Motoko saves there', async () => {
    const id = await network.install('counterGuarded', { start: 5n });
    await network.upgrade(id, 'counterV2', { skipPreUpgrade: true });
    expect(await network.actor<Counter>(counter, id).increment()).toBe(2n);
  });
});

describe('installing', () => {
  it('is refused on a canister that has code, while reinstalling begins anew', async () => {
    const id = await network.install('counter', { start: 5n });
    const wasm = await fixtureWasm('counter');
    const request = { canisterId: id, sender: ADMIN, wasm, arg: initArgument({ start: 9n }) };
    await expect(network.engine.installCode({ ...request, mode: 'install' })).rejects.toMatchObject({ errorCode: 'IC0514' });
    await network.engine.installCode({ ...request, mode: 'reinstall' });
    expect(await network.actor<Counter>(counter, id).get()).toBe(9n);
  });

  it('leaves the canister empty when init traps, and as it was when a reinstall traps', async () => {
    const wasm = await fixtureWasm('counter');
    const canisterId = await network.engine.createCanister({ controllers: [ADMIN] });
    const request = { canisterId, sender: ADMIN, wasm, arg: Uint8Array.of(1, 2, 3) };
    await expect(network.engine.installCode({ ...request, mode: 'install' })).rejects.toMatchObject({ errorCode: 'IC0503' });
    expect(hashOf(canisterId)).toBeUndefined();
    await network.engine.installCode({ ...request, mode: 'install', arg: initArgument({ start: 1n }) });
    await expect(network.engine.installCode({ ...request, mode: 'reinstall' })).rejects.toMatchObject({ errorCode: 'IC0503' });
    expect(await network.actor<Counter>(counter, canisterId).get()).toBe(1n);
  });

  it('accepts a gzipped module and reports the hash of what was sent', async () => {
    const zipped = new Uint8Array(gzipSync(await fixtureWasm('counter')));
    const id = await network.install(zipped, { start: 4n });
    expect(await network.actor<Counter>(counter, id).get()).toBe(4n);
    const hash = await crypto.subtle.digest('SHA-256', zipped);
    expect(hashOf(id)).toEqual(new Uint8Array(hash));
  });

  it('refuses bytes that are no module', async () => {
    await expect(network.install(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ errorCode: 'IC0505' });
    await expect(network.install(Uint8Array.of(0x1f, 0x8b, 0x08, 0))).rejects.toMatchObject({ errorCode: 'IC0505' });
    const cut = (await fixtureWasm('counter')).slice(0, 100_000);
    await expect(network.install(cut)).rejects.toMatchObject({ errorCode: 'IC0505' });
  });

  it('is for controllers only', async () => {
    const id = await network.install('counter', { start: 5n });
    const request = { canisterId: id, mode: 'reinstall', wasm: await fixtureWasm('counter'), arg: initArgument({ start: 0n }) } as const;
    await expect(network.engine.installCode({ ...request, sender: STRANGER })).rejects.toMatchObject({ errorCode: 'IC0512' });
  });

  it('exposes the metadata of the module', async () => {
    const id = await network.install('counter', { start: 5n });
    const metadata = network.engine.canister(id)?.metadata ?? [];
    const service = metadata.find(({ name }) => name === 'candid:service');
    expect(service?.isPublic).toBe(true);
    expect(new TextDecoder().decode(service?.content)).toContain('increment');
    expect(metadata.find(({ name }) => name === 'enhanced-orthogonal-persistence')?.isPublic).toBe(false);
  });
});

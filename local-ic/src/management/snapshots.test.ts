import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { counter, guarded, timers, type Counter, type Guarded, type Timers } from '../../test/support/interfaces.ts';
import { managementOf, type Management } from '../../test/support/management.ts';
import { ADMIN, SECOND_NS, START_NS, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';

const NOTHING = { replace_snapshot: [], uninstall_code: [] } as { replace_snapshot: []; uninstall_code: [] };

let network: TestNetwork;
let management: Management;
let canister_id: Principal;
let actor: Counter;
beforeEach(async () => {
  network = await startNetwork();
  management = managementOf(network.engine, ADMIN);
  canister_id = await network.install('counter', { start: 5n });
  actor = network.actor<Counter>(counter, canister_id);
});

const take = () => management.take_canister_snapshot({ canister_id, ...NOTHING });

describe('a snapshot', () => {
  it('brings memory, code and certified data back, as often as it is loaded', async () => {
    const guardedId = await network.install('counterGuarded', { start: 1n });
    const guardedActor = network.actor<Guarded>(guarded, guardedId);
    await guardedActor.certify(Uint8Array.of(1, 2, 3));
    const snapshot = await management.take_canister_snapshot({ canister_id: guardedId, ...NOTHING });
    const hash = network.engine.canister(guardedId)?.moduleHash;
    await guardedActor.certify(Uint8Array.of(9));
    await management.uninstall_code({ canister_id: guardedId });
    for (let round = 0; round < 2; round++) {
      await management.load_canister_snapshot({ canister_id: guardedId, snapshot_id: snapshot.id });
      expect(network.engine.canister(guardedId)).toMatchObject({ moduleHash: hash, certifiedData: Uint8Array.of(1, 2, 3) });
      expect(await guardedActor.get()).toBe(1n);
      await guardedActor.certify(Uint8Array.of(4));
    }
  });

  it('does not change when the canister does', async () => {
    await actor.grow(300_000n);
    const { id } = await take();
    for (const expected of [6n, 7n]) expect(await actor.increment()).toBe(expected);
    await management.load_canister_snapshot({ canister_id, snapshot_id: id });
    expect(await actor.get()).toBe(5n);
    expect(await actor.ballastSize()).toBe(300_000n);
    expect(await actor.increment()).toBe(6n);
    await expect(actor.growAndTrap(1_000_000n)).rejects.toMatchObject({ errorCode: 'IC0503' });
    expect(await actor.get()).toBe(6n);
  });

  it('is described, counted, listed, replaced and deleted', async () => {
    await network.engine.advance(SECOND_NS);
    const first = await take();
    expect(first.taken_at_timestamp).toBe(START_NS + SECOND_NS);
    expect(first.total_size).toBeGreaterThan(1_000_000n);
    const { memory_metrics } = await management.canister_status({ canister_id });
    expect(memory_metrics.snapshots_size).toBe(first.total_size);
    const second = await management.take_canister_snapshot({ canister_id, replace_snapshot: [first.id], uninstall_code: [] });
    expect(second.id).not.toEqual(first.id);
    expect(await management.list_canister_snapshots({ canister_id })).toEqual([second]);
    const gone = management.load_canister_snapshot({ canister_id, snapshot_id: first.id });
    await expect(gone).rejects.toMatchObject({ code: 3, errorCode: 'IC0305', message: /Could not find the snapshot ID/ });
    await management.delete_canister_snapshot({ canister_id, snapshot_id: second.id });
    await expect(management.delete_canister_snapshot({ canister_id, snapshot_id: second.id })).rejects.toMatchObject({
      errorCode: 'IC0305'
    });
    expect(await management.list_canister_snapshots({ canister_id })).toEqual([]);
  });

  it('is one of ten at most', async () => {
    for (let i = 0; i < 10; i++) await take();
    const oneMore = { code: 4, errorCode: 'IC0406', message: /reached the maximum number of snapshots allowed: 10/ };
    await expect(take()).rejects.toMatchObject(oneMore);
    const [oldest] = await management.list_canister_snapshots({ canister_id });
    await management.take_canister_snapshot({ canister_id, replace_snapshot: [oldest?.id ?? new Uint8Array()], uninstall_code: [] });
    expect(await management.list_canister_snapshots({ canister_id })).toHaveLength(10);
  });

  it('can be taken of a canister with code only, which may be uninstalled at once', async () => {
    const empty = await network.engine.createCanister({ controllers: [ADMIN] });
    const failed = management.take_canister_snapshot({ canister_id: empty, ...NOTHING });
    await expect(failed).rejects.toMatchObject({ errorCode: 'IC0406', message: /empty canister/ });
    const { id } = await management.take_canister_snapshot({ canister_id, replace_snapshot: [], uninstall_code: [true] });
    expect(network.engine.canister(canister_id)?.moduleHash).toBeUndefined();
    await management.load_canister_snapshot({ canister_id, snapshot_id: id });
    expect(await actor.increment()).toBe(6n);
  });

  it('goes to another canister of the same controllers, and to nobody else', async () => {
    const { id } = await take();
    const other = await network.engine.createCanister({ controllers: [ADMIN, STRANGER] });
    const stranger = managementOf(network.engine, STRANGER);
    await expect(stranger.load_canister_snapshot({ canister_id: other, snapshot_id: id })).rejects.toMatchObject({ errorCode: 'IC0512' });
    await expect(stranger.list_canister_snapshots({ canister_id })).rejects.toMatchObject({ errorCode: 'IC0512' });
    await expect(management.delete_canister_snapshot({ canister_id: other, snapshot_id: id })).rejects.toMatchObject({
      errorCode: 'IC0406',
      message: /does not belong to canister/
    });
    await management.load_canister_snapshot({ canister_id: other, snapshot_id: id });
    expect(await network.actor<Counter>(counter, other).increment()).toBe(6n);
  });

  it('leaves the timer of the canister as it is', async () => {
    const timersId = await network.install('timers');
    const timersActor = network.actor<Timers>(timers, timersId);
    const { id } = await management.take_canister_snapshot({ canister_id: timersId, ...NOTHING });
    await timersActor.once(10n, 'set after the snapshot');
    await management.load_canister_snapshot({ canister_id: timersId, snapshot_id: id });
    await network.engine.advance(20n * SECOND_NS);
    // The system's timer rang, but the program's own list of timers is the snapshot's.
    expect(await timersActor.log()).toEqual([]);
  });

  it('makes the version rise by one', async () => {
    const before = (await management.canister_status({ canister_id })).version;
    const { id } = await take();
    expect((await management.canister_status({ canister_id })).version).toBe(before);
    await management.load_canister_snapshot({ canister_id, snapshot_id: id });
    expect((await management.canister_status({ canister_id })).version).toBe(before + 1n);
  });
});

describe('carrying a snapshot over to another canister', () => {
  const SLICE = 1_500_000n;

  it('in parts makes the same canister', async () => {
    await actor.increment();
    await actor.grow(50_000n);
    const { id: snapshot_id } = await take();
    const from = { canister_id, snapshot_id };
    const { source, canister_version, wasm_chunk_store, ...content } = await management.read_canister_snapshot_metadata(from);
    expect(source).toHaveProperty('taken_from_canister');
    expect(canister_version).toBeGreaterThan(0n);
    expect(wasm_chunk_store).toEqual([]);

    const target = await network.engine.createCanister({ controllers: [ADMIN] });
    const uploaded = await management.upload_canister_snapshot_metadata({ canister_id: target, replace_snapshot: [], ...content });
    const to = { canister_id: target, snapshot_id: uploaded.snapshot_id };
    for (const [part, size] of [
      ['wasm_module', content.wasm_module_size],
      ['wasm_memory', content.wasm_memory_size],
      ['stable_memory', content.stable_memory_size]
    ] as const) {
      for (let offset = 0n; offset < size; offset += SLICE) {
        const slice = { offset, size: offset + SLICE > size ? size - offset : SLICE };
        const { chunk } = await management.read_canister_snapshot_data({
          ...from,
          kind: { [part]: slice } as { wasm_module: typeof slice }
        });
        const kind = { [part]: { offset } } as { wasm_module: { offset: bigint } };
        await management.upload_canister_snapshot_data({ ...to, kind, chunk });
      }
    }
    await management.load_canister_snapshot(to);
    const copy = network.actor<Counter>(counter, target);
    expect(await copy.get()).toBe(6n);
    expect(await copy.ballastSize()).toBe(50_000n);
    expect(await copy.increment()).toBe(7n);
    expect(network.engine.canister(target)?.moduleHash).toEqual(network.engine.canister(canister_id)?.moduleHash);
  });

  it('takes chunks along, which have to be named to be read', async () => {
    const chunk = Uint8Array.of(1, 2, 3);
    const { hash } = await management.upload_chunk({ canister_id, chunk });
    const { id: snapshot_id } = await take();
    const from = { canister_id, snapshot_id };
    const { wasm_chunk_store } = await management.read_canister_snapshot_metadata(from);
    expect(wasm_chunk_store).toEqual([{ hash }]);
    expect((await management.read_canister_snapshot_data({ ...from, kind: { wasm_chunk: { hash } } })).chunk).toEqual(chunk);
    const missing = management.read_canister_snapshot_data({ ...from, kind: { wasm_chunk: { hash: new Uint8Array(32) } } });
    await expect(missing).rejects.toMatchObject({ errorCode: 'IC0504' });
  });

  it('refuses parts that are too large or beyond the end, and changes of what was taken', async () => {
    const { id: snapshot_id } = await take();
    const from = { canister_id, snapshot_id };
    const read = (offset: bigint, size: bigint) =>
      management.read_canister_snapshot_data({ ...from, kind: { wasm_module: { offset, size } } });
    await expect(read(0n, 2_000_001n)).rejects.toMatchObject({ errorCode: 'IC0408', message: /too large: 2000001 > 2000000/ });
    await expect(read(1_999_999n, 1_000_000n)).rejects.toMatchObject({ errorCode: 'IC0408', message: /Invalid subslice/ });
    const change = management.upload_canister_snapshot_data({ ...from, kind: { wasm_memory: { offset: 0n } }, chunk: Uint8Array.of(1) });
    await expect(change).rejects.toMatchObject({ code: 4, errorCode: 'IC0409' });
  });

  it('refuses to load what is not whole, and leaves the canister as it was', async () => {
    const content = {
      globals: [],
      certified_data: new Uint8Array(),
      global_timer: [] as [],
      on_low_wasm_memory_hook_status: [] as [],
      wasm_module_size: 8n,
      wasm_memory_size: 65_536n,
      stable_memory_size: 0n
    };
    const { snapshot_id } = await management.upload_canister_snapshot_metadata({ canister_id, replace_snapshot: [], ...content });
    const load = (): Promise<void> => management.load_canister_snapshot({ canister_id, snapshot_id });
    await expect(load()).rejects.toMatchObject({ errorCode: 'IC0505' });
    const odd = management.upload_canister_snapshot_metadata({ canister_id, replace_snapshot: [], ...content, wasm_memory_size: 7n });
    await expect(odd).rejects.toMatchObject({ errorCode: 'IC0408', message: /multiple of 65536/ });
    const huge = { canister_id, replace_snapshot: [] as [], ...content, wasm_module_size: 2n ** 40n };
    await expect(management.upload_canister_snapshot_metadata(huge)).rejects.toMatchObject({ errorCode: 'IC0408', message: /at most/ });
    expect(await actor.increment()).toBe(6n);
  });

  it('refuses globals of another module', async () => {
    const { id: snapshot_id } = await take();
    const content = await management.read_canister_snapshot_metadata({ canister_id, snapshot_id });
    const uploaded = await management.upload_canister_snapshot_metadata({
      canister_id,
      replace_snapshot: [],
      ...content,
      globals: [{ i32: 1 }]
    });
    const module = await management.read_canister_snapshot_data({
      canister_id,
      snapshot_id,
      kind: { wasm_module: { offset: 0n, size: content.wasm_module_size } }
    });
    await management.upload_canister_snapshot_data({
      canister_id,
      snapshot_id: uploaded.snapshot_id,
      kind: { wasm_module: { offset: 0n } },
      chunk: module.chunk
    });
    const load = management.load_canister_snapshot({ canister_id, snapshot_id: uploaded.snapshot_id });
    await expect(load).rejects.toMatchObject({ errorCode: 'IC0408', message: /do not match/ });
    expect(await actor.increment()).toBe(6n);
  });
});

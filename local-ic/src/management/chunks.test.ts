import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { forward, installProxy } from '../../test/support/forward.ts';
import { counter, type Counter } from '../../test/support/interfaces.ts';
import { managementOf, type Management } from '../../test/support/management.ts';
import { ADMIN, fixtureWasm, initArgument, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
const CHUNK_BYTES = 100_000;

let network: TestNetwork;
let management: Management;
let store: Principal;
let wasm: Uint8Array;
beforeEach(async () => {
  network = await startNetwork();
  management = managementOf(network.engine, ADMIN);
  store = await network.engine.createCanister({ controllers: [ADMIN] });
  wasm = await fixtureWasm('counter');
});

async function uploadAll(canister_id = store): Promise<{ hash: Uint8Array }[]> {
  const hashes: { hash: Uint8Array }[] = [];
  for (let start = 0; start < wasm.length; start += CHUNK_BYTES) {
    hashes.push(await management.upload_chunk({ canister_id, chunk: wasm.subarray(start, start + CHUNK_BYTES) }));
  }
  return hashes;
}

function installing(chunk_hashes_list: { hash: Uint8Array }[], options: { store?: Principal; target?: Principal; hash?: Uint8Array } = {}) {
  return {
    mode: { install: null },
    target_canister: options.target ?? store,
    store_canister: (options.store === undefined ? [] : [options.store]) as [] | [Principal],
    chunk_hashes_list,
    wasm_module_hash: options.hash ?? sha256(wasm),
    arg: initArgument({ start: 4n })
  };
}

describe('installing in chunks', () => {
  it('makes the same canister as installing at once', async () => {
    const hashes = await uploadAll();
    expect(hashes.length).toBeGreaterThan(1);
    await management.install_chunked_code(installing(hashes));
    expect(await network.actor<Counter>(counter, store).increment()).toBe(5n);
    expect(network.engine.canister(store)?.moduleHash).toEqual(sha256(wasm));
  });

  it('takes the chunks of another canister that the caller controls, and of no other', async () => {
    const hashes = await uploadAll();
    const target = await network.engine.createCanister({ controllers: [ADMIN, STRANGER] });
    const refused = managementOf(network.engine, STRANGER).install_chunked_code(installing(hashes, { store, target }));
    await expect(refused).rejects.toMatchObject({ errorCode: 'IC0512' });
    await management.install_chunked_code(installing(hashes, { store, target }));
    expect(await network.actor<Counter>(counter, target).get()).toBe(4n);
  });

  it('keeps each chunk once, lists and forgets them, and counts their memory', async () => {
    const chunk = Uint8Array.of(1, 2, 3);
    const first = await management.upload_chunk({ canister_id: store, chunk });
    expect(first.hash).toEqual(sha256(chunk));
    expect(await management.upload_chunk({ canister_id: store, chunk })).toEqual(first);
    const other = await management.upload_chunk({ canister_id: store, chunk: Uint8Array.of(4) });
    expect(await management.stored_chunks({ canister_id: store })).toEqual([first, other]);
    expect((await management.canister_status({ canister_id: store })).memory_metrics.wasm_chunk_store_size).toBe(4n);
    await management.clear_chunk_store({ canister_id: store });
    expect(await management.stored_chunks({ canister_id: store })).toEqual([]);
  });

  it('refuses what is too large, too many, not there, or another module', async () => {
    const largest = new Uint8Array(1_048_576);
    await management.upload_chunk({ canister_id: store, chunk: largest });
    const tooLarge = management.upload_chunk({ canister_id: store, chunk: new Uint8Array(1_048_577) });
    await expect(tooLarge).rejects.toMatchObject({ code: 5, errorCode: 'IC0504', message: /1048577 exceeds .* 1048576/ });
    for (let i = 1; i < 100; i++) await management.upload_chunk({ canister_id: store, chunk: Uint8Array.of(i) });
    const tooMany = management.upload_chunk({ canister_id: store, chunk: Uint8Array.of(100) });
    await expect(tooMany).rejects.toMatchObject({ errorCode: 'IC0504', message: /maximum capacity of 100 chunks/ });
    await management.upload_chunk({ canister_id: store, chunk: Uint8Array.of(99) });

    const [chunk] = await management.stored_chunks({ canister_id: store });
    const missing = management.install_chunked_code(installing([{ hash: sha256(Uint8Array.of(7, 7)) }]));
    await expect(missing).rejects.toMatchObject({ errorCode: 'IC0504', message: /Chunk hash .* was not found/ });
    const wrong = management.install_chunked_code(installing(chunk === undefined ? [] : [chunk]));
    await expect(wrong).rejects.toMatchObject({ errorCode: 'IC0504', message: /does not match given hash/ });
    const short = management.install_chunked_code(installing([], { hash: Uint8Array.of(1) }));
    await expect(short).rejects.toMatchObject({ errorCode: 'IC0504', message: /Invalid wasm hash/ });
    expect(network.engine.canister(store)?.moduleHash).toBeUndefined();
  });

  it('is for controllers and the canister itself', async () => {
    const stranger = managementOf(network.engine, STRANGER);
    const refused = { errorCode: 'IC0512' };
    await expect(stranger.upload_chunk({ canister_id: store, chunk: Uint8Array.of(1) })).rejects.toMatchObject(refused);
    await expect(stranger.stored_chunks({ canister_id: store })).rejects.toMatchObject(refused);
    await expect(stranger.clear_chunk_store({ canister_id: store })).rejects.toMatchObject(refused);
    const proxy = await installProxy(network);
    const type = IDL.Record({ canister_id: IDL.Principal, chunk: IDL.Vec(IDL.Nat8) });
    const upload = (canister_id: Principal) =>
      forward(network, proxy, { method: 'upload_chunk', type, argument: { canister_id, chunk: Uint8Array.of(1) } });
    expect((await upload(proxy)).failure).toBeUndefined();
    expect((await upload(store)).failure).toMatchObject({ code: 5, message: /IC0512/ });
  });

  it('goes with the code', async () => {
    await management.upload_chunk({ canister_id: store, chunk: Uint8Array.of(1) });
    await management.uninstall_code({ canister_id: store });
    expect(await management.stored_chunks({ canister_id: store })).toEqual([]);
  });
});

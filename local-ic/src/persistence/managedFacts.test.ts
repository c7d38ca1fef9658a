import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callee, caller, counter, type Callee, type Caller, type Counter } from '../../test/support/interfaces.ts';
import { managementOf, UNCHANGED } from '../../test/support/management.ts';
import { ADMIN, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';
import { canisterCall } from '../management/requests.ts';

let root: string;
const networks: TestNetwork[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'local-ic-managed-'));
});
afterEach(async () => {
  for (const network of networks.splice(0)) await network.engine.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(name: string): Promise<TestNetwork> {
  const network = await startNetwork({ stateDir: join(root, name) });
  networks.push(network);
  return network;
}

/** The disk as a process leaves it that is killed at this moment. */
function killedCopy(from: string, to: string): void {
  cpSync(join(root, from), join(root, to), { recursive: true });
  rmSync(join(root, to, 'engine', 'lock'), { force: true });
}

const blobsOf = (name: string, ending: string): string[] =>
  readdirSync(join(root, name, 'engine', 'blobs')).filter((file) => file.endsWith(ending));

async function snapshotOf(network: TestNetwork, canister_id: Principal): Promise<Uint8Array> {
  const taken = managementOf(network.engine, ADMIN).take_canister_snapshot({ canister_id, replace_snapshot: [], uninstall_code: [] });
  return (await taken).id;
}

describe('what the management canister keeps', () => {
  it('outlives the process, by the log and by the checkpoint', async () => {
    const first = await start('first');
    const management = managementOf(first.engine, ADMIN);
    const canister_id = await first.install('counterGuarded', { start: 1n });
    const counterId = await first.install('counter', { start: 5n });
    await management.upload_chunk({ canister_id, chunk: Uint8Array.of(1, 2) });
    await management.update_settings({
      canister_id,
      settings: {
        ...UNCHANGED,
        log_visibility: [{ allowed_viewers: [STRANGER] }],
        environment_variables: [[{ name: 'A', value: '1' }]]
      }
    });
    const snapshot_id = await snapshotOf(first, counterId);
    await first.actor<Counter>(counter, counterId).increment();
    const status = await management.canister_status({ canister_id });
    const logs = await management.fetch_canister_logs({ canister_id });
    const snapshots = await management.list_canister_snapshots({ canister_id: counterId });
    const hash = first.engine.stateHash();
    killedCopy('first', 'log');
    await first.engine.save();
    killedCopy('first', 'checkpoint');

    for (const name of ['log', 'checkpoint']) {
      const again = await start(name);
      expect(again.engine.stateHash()).toBe(hash);
      const manage = managementOf(again.engine, ADMIN);
      expect(await manage.canister_status({ canister_id })).toEqual(status);
      expect(await managementOf(again.engine, STRANGER).fetch_canister_logs({ canister_id })).toEqual(logs);
      expect(await manage.stored_chunks({ canister_id })).toHaveLength(1);
      expect(await manage.list_canister_snapshots({ canister_id: counterId })).toEqual(snapshots);
      await manage.load_canister_snapshot({ canister_id: counterId, snapshot_id });
      expect(await again.actor<Counter>(counter, counterId).increment()).toBe(6n);
      expect(await snapshotOf(again, counterId)).not.toEqual(snapshot_id);
    }
  });

  it('is all part of the state’s hash', async () => {
    const network = await startNetwork();
    networks.push(network);
    const management = managementOf(network.engine, ADMIN);
    const canister_id = await network.install('counter', { start: 5n });
    const hashes = [network.engine.stateHash()];
    const note = (): void => void hashes.push(network.engine.stateHash());
    await management.upload_chunk({ canister_id, chunk: Uint8Array.of(1) });
    note();
    const snapshot_id = await snapshotOf(network, canister_id);
    note();
    await management.delete_canister_snapshot({ canister_id, snapshot_id });
    note();
    await management.update_settings({ canister_id, settings: { ...UNCHANGED, environment_variables: [[{ name: 'A', value: '1' }]] } });
    note();
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is on the disk once, and goes with what it belongs to', async () => {
    const network = await start('one');
    const management = managementOf(network.engine, ADMIN);
    const canister_id = await network.install('counter', { start: 5n });
    await management.upload_chunk({ canister_id, chunk: Uint8Array.of(1) });
    const snapshot_id = await snapshotOf(network, canister_id);
    await snapshotOf(network, canister_id);
    await network.engine.save();
    // The same memory twice is one file; a stable memory without content is another.
    expect(blobsOf('one', '.image')).toHaveLength(2);
    expect(blobsOf('one', '.chunk')).toHaveLength(1);
    await network.actor<Counter>(counter, canister_id).increment();
    await management.delete_canister_snapshot({ canister_id, snapshot_id });
    await network.engine.save();
    expect(blobsOf('one', '.image')).toHaveLength(2);
    await management.stop_canister({ canister_id });
    await management.delete_canister({ canister_id });
    await network.engine.save();
    expect(readdirSync(join(root, 'one', 'engine', 'blobs'))).toEqual([]);
  });

  it('is not believed when it is damaged', async () => {
    const network = await start('one');
    const canister_id = await network.install('counter', { start: 5n });
    await snapshotOf(network, canister_id);
    await network.engine.save();
    killedCopy('one', 'damaged');
    for (const file of blobsOf('damaged', '.image')) {
      const path = join(root, 'damaged', 'engine', 'blobs', file);
      const content = readFileSync(path);
      if (content.length === 0) continue;
      content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
      writeFileSync(path, content);
    }
    await expect(startNetwork({ stateDir: join(root, 'damaged') })).rejects.toThrow(/damaged: the content of .*\.image is another/);
  });

  it('has whoever waits for a stop answered after the restart', async () => {
    const first = await start('first');
    const calleeId = await first.install('callee');
    const callerId = await first.install('caller', { callee: calleeId });
    void first.actor<Caller>(caller, callerId).waitForRelease();
    const stop = first.engine.submit(canisterCall('stop_canister', callerId, ADMIN), 'the stop request');
    await expect.poll(() => first.engine.canister(callerId)?.status).toBe('stopping');
    killedCopy('first', 'log');
    await first.engine.save();
    killedCopy('first', 'checkpoint');
    for (const name of ['log', 'checkpoint']) {
      const again = await start(name);
      expect(again.engine.canister(callerId)?.status).toBe('stopping');
      const answer = again.engine.takeRecovered().get('the stop request');
      await again.actor<Callee>(callee, calleeId).release();
      expect(await answer).toMatchObject({ kind: 'reply' });
      expect(again.engine.canister(callerId)?.status).toBe('stopped');
    }
    await first.actor<Callee>(callee, calleeId).release();
    expect(await stop).toMatchObject({ kind: 'reply' });
  });
});

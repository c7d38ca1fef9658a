import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { counter, type Counter } from '../../test/support/interfaces.ts';
import { ADMIN, startNetwork } from '../../test/support/network.ts';
import { unwrapReply } from '../engine/CanisterReject.ts';
import { NetworkHalted } from '../engine/NetworkHalted.ts';
import { IngressHistory } from '../http/ingressHistory.ts';
import { InputLog } from './InputLog.ts';

let root: string;
let stateDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'local-ic-halted-'));
  stateDir = join(root, 'state');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

/** From now on no round can be written down. */
function fillDisk(): void {
  const { append } = InputLog.prototype;
  vi.spyOn(InputLog.prototype, 'append').mockImplementation(function (this: InputLog, entry) {
    if (entry.kind === 'round') throw new Error('no space left on device');
    append.call(this, entry);
  });
}

describe('a network that can not write a round down', () => {
  it('stops and gives no answer; the next start gives it, whether the process was closed or killed', async () => {
    const network = await startNetwork({ stateDir });
    const canisterId = await network.install('counter', { start: 0n });
    await network.engine.save();
    fillDisk();
    const call = { canisterId, method: 'increment', arg: new Uint8Array(IDL.encode([], [])), sender: ADMIN };
    await expect(network.engine.submit(call, 'request 7')).rejects.toThrow(NetworkHalted);
    await expect(network.engine.submit(call)).rejects.toThrow('no space left');
    const killed = join(root, 'killed');
    cpSync(stateDir, killed, { recursive: true });
    rmSync(join(killed, 'engine', 'lock'));
    // There is room again, but the round that nobody was told of must not come back by a checkpoint.
    vi.restoreAllMocks();
    await expect(network.engine.save()).rejects.toThrow('no space left');
    await network.engine.close();

    for (const directory of [killed, stateDir]) {
      const next = await startNetwork({ stateDir: directory });
      const answer = next.engine.takeRecovered().get('request 7');
      if (answer === undefined) throw new Error('The call is not known any more');
      expect(IDL.decode([IDL.Nat], new Uint8Array(unwrapReply(await answer)))).toEqual([1n]);
      expect(await next.actor<Counter>(counter, canisterId).get()).toBe(1n);
      await next.engine.close();
    }
  });

  it('leaves a request that it ran under way, for its client', async () => {
    const history = new IngressHistory();
    const facts = { id: new Uint8Array(32), sender: ADMIN, canisterId: ADMIN, expiry: 1n };
    const halted = history.submit(
      facts,
      () => 0n,
      () => Promise.reject(new NetworkHalted('stopped'))
    );
    const failed = history.submit(
      { ...facts, id: new Uint8Array(32).fill(1) },
      () => 0n,
      () => Promise.reject(new Error('a fault'))
    );
    expect(await failed.answered).toMatchObject({ kind: 'reject', message: 'Internal error of the local network: a fault' });
    expect(halted.result).toBeUndefined();
  });
});

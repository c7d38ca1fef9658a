import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Principal } from '@dfinity/principal';
import { describe, expect, it } from 'vitest';
import { ADMIN, startNetwork, type TestNetwork } from '../../test/support/network.ts';
import { assemble, op, REPLY_IMPORTS, replyFrom } from '../../test/support/wasm.ts';
import { WASM_PAGE_BYTES } from '../wasm/layout.ts';

/** Answers with the first 5 bytes of the stable memory; writes an X at 1 after growing by a page. */
const module = assemble({
  memoryPages: 1,
  imports: [
    ...REPLY_IMPORTS,
    { name: 'stable64_read', params: ['i64', 'i64', 'i64'] },
    { name: 'stable64_grow', params: ['i64'], results: ['i64'] },
    { name: 'stable64_write', params: ['i64', 'i64', 'i64'] }
  ],
  data: { offset: 100, bytes: [0x58] },
  functions: [
    { exportAs: 'canister_query read', body: [...op.i64(0n), ...op.i64(0n), ...op.i64(5n), ...op.call(2), ...replyFrom(0, 5)] },
    {
      exportAs: 'canister_update write',
      body: [...op.i64(1n), ...op.call(3), ...op.drop, ...op.i64(1n), ...op.i64(100n), ...op.i64(1n), ...op.call(4), ...replyFrom(100, 1)]
    }
  ]
});

const ask = async ({ engine }: TestNetwork, canisterId: Principal, method: 'read' | 'write') => {
  const call = { canisterId, method, arg: new Uint8Array(), sender: ADMIN };
  return method === 'read' ? engine.query(call) : engine.update(call);
};
const text = (bytes: string): Uint8Array => new TextEncoder().encode(bytes);

describe('the stable memory from outside', () => {
  it('is read as the last message left it', async () => {
    const network = await startNetwork();
    const id = await network.install(module);
    expect(network.engine.stableMemory(id)).toEqual(new Uint8Array());
    await ask(network, id, 'write');
    const bytes = network.engine.stableMemory(id);
    expect(bytes).toHaveLength(WASM_PAGE_BYTES);
    expect([...bytes.subarray(0, 3)]).toEqual([0, 0x58, 0]);
    bytes[1] = 0;
    expect(network.engine.stableMemory(id)[1]).toBe(0x58);
  });

  it('is set for the canister, which goes on from there', async () => {
    const network = await startNetwork();
    const id = await network.install(module);
    const given = text('hello');
    await network.engine.setStableMemory(id, given);
    given.fill(0);
    expect(await ask(network, id, 'read')).toEqual({ kind: 'reply', reply: text('hello') });
    await ask(network, id, 'write');
    expect(await ask(network, id, 'read')).toEqual({ kind: 'reply', reply: text('hXllo') });
    expect(network.engine.stableMemory(id)).toHaveLength(2 * WASM_PAGE_BYTES);
    await network.engine.setStableMemory(id, new Uint8Array(WASM_PAGE_BYTES + 1));
    expect(network.engine.stableMemory(id)).toEqual(new Uint8Array(2 * WASM_PAGE_BYTES));
  });

  it('outlives the process once it is set', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-stable-'));
    try {
      const network = await startNetwork({ stateDir });
      const id = await network.install(module);
      await network.engine.setStableMemory(id, text('kept!'));
      await network.engine.close();
      const again = await startNetwork({ stateDir });
      expect(await ask(again, id, 'read')).toEqual({ kind: 'reply', reply: text('kept!') });
      await again.engine.close();
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });

  it('needs a canister and a size that can be copied', async () => {
    const { engine } = await startNetwork();
    const nobody = Principal.fromText('mxzaz-hqaaa-aaaar-qaada-cai');
    expect(() => engine.stableMemory(nobody)).toThrow(/not found/);
    await expect(engine.setStableMemory(nobody, new Uint8Array(1))).rejects.toMatchObject({ errorCode: 'IC0301' });
  });
});

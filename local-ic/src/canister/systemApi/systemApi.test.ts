import { describe, expect, it } from 'vitest';
import type { CallResult } from '../../engine/types.ts';
import { ADMIN, SECOND_NS, startNetwork } from '../../../test/support/network.ts';
import { assemble, op, REPLY_IMPORTS, replyFrom, type ModuleSketch } from '../../../test/support/wasm.ts';

/** Installs a 32-bit module and calls its one method. */
async function call(sketch: ModuleSketch, method = 'run'): Promise<CallResult> {
  const network = await startNetwork();
  const canisterId = await network.install(assemble({ memoryPages: 1, ...sketch }));
  return network.engine.update({ canisterId, method, arg: Uint8Array.of(1, 2, 3), sender: ADMIN });
}

const update = (body: number[]): NonNullable<ModuleSketch['functions']>[number] => ({ body, exportAs: 'canister_update run' });
const reply = (...bytes: number[]): CallResult => ({ kind: 'reply', reply: Uint8Array.from(bytes) });

describe('the System API of a 32-bit module', () => {
  it('runs active data, then start, then init, once', async () => {
    const addOne = [...op.i32(0), ...op.i32(0), ...op.i32Load8, ...op.i32(1), ...op.i32Add, ...op.i32Store8];
    const functions = [{ body: addOne }, { body: addOne, exportAs: 'canister_init' }, update(replyFrom(0, 1))];
    expect(await call({ imports: REPLY_IMPORTS, functions, start: 2, data: { offset: 0, bytes: [40] } })).toEqual(reply(42));
  });

  it('copies the argument', async () => {
    const imports = [...REPLY_IMPORTS, { name: 'msg_arg_data_copy', params: ['i32' as const, 'i32' as const, 'i32' as const] }];
    const copy = (offset: number, size: number): number[] => [...op.i32(8), ...op.i32(offset), ...op.i32(size), ...op.call(2)];
    expect(await call({ imports, functions: [update([...copy(1, 2), ...replyFrom(8, 2)])] })).toEqual(reply(2, 3));
    expect(await call({ imports, functions: [update(copy(2, 2))] })).toMatchObject({ errorCode: 'IC0504' });
  });

  it.each([
    ['beyond the memory', op.i32(65_535), op.i32(2)],
    ['at the highest address', op.i32(-1), op.i32(1)],
    ['with a huge size', op.i32(0), op.i32(-1)]
  ])('traps on a read %s', async (_, pointer, size) => {
    const body = [...pointer, ...size, ...op.call(0)];
    expect(await call({ imports: REPLY_IMPORTS, functions: [update(body)] })).toMatchObject({ code: 5, errorCode: /^IC050[24]$/ });
  });

  it('reads and writes stable memory with 32- and 64-bit offsets', async () => {
    const imports = [
      ...REPLY_IMPORTS,
      { name: 'stable_grow', params: ['i32' as const], results: ['i32' as const] },
      { name: 'stable_write', params: ['i32' as const, 'i32' as const, 'i32' as const] },
      { name: 'stable64_read', params: ['i64' as const, 'i64' as const, 'i64' as const] }
    ];
    const write = [...op.i32(70_000), ...op.i32(0), ...op.i32(3), ...op.call(3)];
    const read = [...op.i64(16n), ...op.i64(69_999n), ...op.i64(4n), ...op.call(4)];
    const data = { offset: 0, bytes: [7, 8, 9] };
    const body = [...op.i32(2), ...op.call(2), ...op.drop, ...write, ...read, ...replyFrom(16, 4)];
    expect(await call({ imports, data, functions: [update(body)] })).toEqual(reply(0, 7, 8, 9));
    expect(await call({ imports, data, functions: [update(write)] })).toMatchObject({
      errorCode: 'IC0502',
      message: /stable memory out of bounds/
    });
  });

  it('refuses functions where the IC does not allow them', async () => {
    const imports = [...REPLY_IMPORTS, { name: 'accept_message' }];
    expect(await call({ imports, functions: [update(op.call(2))] })).toMatchObject({ errorCode: 'IC0504', message: /accept_message/ });
  });

  it('refuses a second reply', async () => {
    expect(await call({ imports: REPLY_IMPORTS, functions: [update([...op.call(1), ...op.call(1)])] })).toMatchObject({
      errorCode: 'IC0504'
    });
  });

  it('rejects for a canister that does not reply', async () => {
    expect(await call({ functions: [update([])] })).toMatchObject({ code: 5, errorCode: 'IC0506' });
  });

  it('reports traps of the machine', async () => {
    expect(await call({ functions: [update(op.unreachable)] })).toMatchObject({ errorCode: 'IC0502', message: /unreachable/ });
    const loop = { imports: REPLY_IMPORTS, functions: [update(op.call(2))] };
    expect(await call(loop)).toMatchObject({ errorCode: 'IC0502', message: /stack overflow/ });
  });

  it('refuses imports it does not have, or has with another type', async () => {
    const install = async (imports: ModuleSketch['imports']): Promise<unknown> =>
      (await startNetwork()).install(assemble({ memoryPages: 1, imports: imports ?? [] }));
    await expect(install([{ name: 'no_such_function' }])).rejects.toMatchObject({ errorCode: 'IC0505', message: /no_such_function/ });
    await expect(install([{ name: 'toString' }])).rejects.toMatchObject({ errorCode: 'IC0505' });
    await expect(install([{ name: 'msg_reply', params: ['i32'] }])).rejects.toMatchObject({ errorCode: 'IC0505', message: /type/ });
  });
});

describe('heartbeats', () => {
  it('come once a second, also with nothing else to do', async () => {
    const network = await startNetwork();
    const beat = [...op.i32(0), ...op.i32(0), ...op.i32Load8, ...op.i32(1), ...op.i32Add, ...op.i32Store8];
    const functions = [{ body: beat, exportAs: 'canister_heartbeat' }, update(replyFrom(0, 1))];
    const canisterId = await network.install(assemble({ memoryPages: 1, imports: REPLY_IMPORTS, functions }));
    await network.engine.idle();
    const count = async (): Promise<CallResult> =>
      network.engine.update({ canisterId, method: 'run', arg: new Uint8Array(0), sender: ADMIN });
    expect(await count()).toEqual(reply(1));
    await network.engine.advance(10n * SECOND_NS);
    expect(await count()).toEqual(reply(11));
  });
});

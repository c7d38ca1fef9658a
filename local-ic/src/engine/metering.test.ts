import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallResult } from './types.ts';
import { counter, type Counter } from '../../test/support/interfaces.ts';
import { managementOf, UNCHANGED } from '../../test/support/management.ts';
import { ADMIN, SECOND_NS, startNetwork, type TestNetwork } from '../../test/support/network.ts';
import { assemble, op, REPLY_IMPORTS, replyFrom, type ModuleSketch } from '../../test/support/wasm.ts';

const forever = [...op.loop, ...op.br(0), ...op.end];
const exported = (name: string, body: number[]): NonNullable<ModuleSketch['functions']>[number] => ({ body, exportAs: `canister_${name}` });
const reply = (...bytes: number[]): CallResult => ({ kind: 'reply', reply: Uint8Array.from(bytes) });
const module = (...functions: NonNullable<ModuleSketch['functions']>): Uint8Array =>
  assemble({ memoryPages: 1, imports: REPLY_IMPORTS, functions: [...functions, exported('update ok', replyFrom(0, 1))] });

let network: TestNetwork;
beforeEach(async () => {
  // Low enough for a test; the IC's own are tried where they end soon.
  network = await startNetwork({ instructionLimits: { update: 30_000_000n, query: 20_000_000n, install: 10_000_000n } });
});

const call = (canisterId: Awaited<ReturnType<TestNetwork['install']>>, method: string) => ({
  canisterId,
  method,
  arg: new Uint8Array(0),
  sender: ADMIN
});
const exceeded = (limit: number) => ({
  kind: 'reject',
  code: 5,
  errorCode: 'IC0522',
  message: expect.stringContaining(`Canister exceeded the limit of ${limit} instructions for single message execution.`) as string
});

describe('a message without end', () => {
  it('is ended by its limit, whatever its kind, and the canister goes on', async () => {
    const id = await network.install(module(exported('update loop', forever), exported('query ask', forever)));
    expect(await network.engine.update(call(id, 'loop'))).toMatchObject(exceeded(30_000_000));
    expect(await network.engine.update(call(id, 'ask'))).toMatchObject(exceeded(30_000_000));
    expect(await network.engine.query(call(id, 'ask'))).toMatchObject(exceeded(20_000_000));
    expect(await network.engine.update(call(id, 'ok'))).toEqual(reply(0));
  });

  it('is ended in init, and nothing is installed', async () => {
    await expect(network.install(module(exported('init', forever)))).rejects.toMatchObject({ errorCode: 'IC0522', message: /10000000/ });
  });

  it("is ended in inspect_message by the IC's limit of 200 million, and the message is refused", async () => {
    const id = await network.install(module(exported('inspect_message', forever)));
    expect(await network.engine.update(call(id, 'ok'))).toMatchObject({ kind: 'reject', errorCode: 'IC0406' });
    expect(network.log.join('\n')).toMatch(/exceeded the limit of 200000000 instructions/);
  });

  it('is ended in a heartbeat', async () => {
    const id = await network.install(module(exported('heartbeat', forever)));
    await network.engine.advance(3n * SECOND_NS);
    expect(network.log.filter((line) => /exceeded the limit of 30000000/.test(line)).length).toBeGreaterThanOrEqual(3);
    expect(await network.engine.update(call(id, 'ok'))).toEqual(reply(0));
  });

  it('is ended when it calls the system, copies memory or recurses', async () => {
    const callSystem = [...op.loop, ...op.i32(0), ...op.i32(0), ...op.call(0), ...op.br(0), ...op.end];
    const copy = [...op.loop, ...op.i32(0), ...op.i32(0), ...op.i32(60_000), ...op.memoryCopy, ...op.br(0), ...op.end];
    const id = await network.install(
      module(exported('update system', callSystem), exported('update copy', copy), exported('update recurse', op.call(4)))
    );
    expect(await network.engine.update(call(id, 'system'))).toMatchObject(exceeded(30_000_000));
    expect(await network.engine.update(call(id, 'copy'))).toMatchObject(exceeded(30_000_000));
    expect(await network.engine.update(call(id, 'recurse'))).toMatchObject({ errorCode: 'IC0502', message: /stack overflow/ });
    // Not those up to where this machine's stack ended.
    expect(network.engine.instructions(id).last).toBe(30_000_000n);
    expect(await network.engine.update(call(id, 'ok'))).toEqual(reply(0));
  });

  it('is allowed exactly what the limit says', async () => {
    // local.get, const, sub, local.set, local.get, br_if: 6 a round, behind const, local.set.
    const rounds = (count: number): number[] => {
      const body = [
        ...op.loop,
        ...op.localGet(0),
        ...op.i32(1),
        ...op.i32Sub,
        ...op.localSet(0),
        ...op.localGet(0),
        ...op.brIf(0),
        ...op.end
      ];
      return [...op.i32(count), ...op.localSet(0), ...body];
    };
    const wasm = assemble({
      memoryPages: 1,
      functions: [
        { ...exported('update just', rounds(5_000)), locals: ['i32'] },
        { ...exported('update over', [...rounds(5_000), ...op.i32(0), ...op.drop]), locals: ['i32'] }
      ]
    });
    const tight = await startNetwork({ instructionLimits: { update: 30_002n } });
    const id = await tight.install(wasm);
    expect(await tight.engine.update(call(id, 'just'))).toMatchObject({ errorCode: 'IC0506' });
    expect(tight.engine.instructions(id).last).toBe(30_002n);
    expect(await tight.engine.update(call(id, 'over'))).toMatchObject(exceeded(30_002));
  });
});

describe('a memory bomb', () => {
  /** The canister's own limit, 3 GiB, would come first. */
  const liftLimit = (canister_id: Principal): Promise<void> =>
    managementOf(network.engine, ADMIN).update_settings({ canister_id, settings: { ...UNCHANGED, wasm_memory_limit: [0n] } });
  const growAll = (pages: number): number[] => [...op.i32(0), ...op.i32(pages), ...op.memoryGrow, 0x36, 2, 0];
  it('gets -1 from memory.grow at 4 GiB with 32-bit addresses, and what it got goes back when it traps', async () => {
    const id = await network.install(
      module(
        exported('update grow', [...growAll(65_535), ...replyFrom(0, 4)]),
        exported('update more', [...growAll(65_536), ...replyFrom(0, 4)]),
        exported('update trap', [...growAll(65_535), ...op.unreachable])
      )
    );
    await liftLimit(id);
    expect(await network.engine.update(call(id, 'more'))).toEqual(reply(255, 255, 255, 255));
    expect(await network.engine.update(call(id, 'trap'))).toMatchObject({ errorCode: 'IC0502' });
    expect(network.engine.memoryBytes(id)).toBe(65_536);
    expect(await network.engine.update(call(id, 'grow'))).toEqual(reply(1, 0, 0, 0));
    expect(network.engine.memoryBytes(id)).toBe(2 ** 32);
  });

  it('gets -1 at 6 GiB with 64-bit addresses', async () => {
    const grow = (pages: bigint): number[] => [...op.i64(0n), ...op.i64(pages), ...op.memoryGrow, 0x37, 3, 0];
    const imports = [{ name: 'msg_reply_data_append', params: ['i64' as const, 'i64' as const] }, { name: 'msg_reply' }];
    const answer = [...op.i64(0n), ...op.i64(8n), ...op.call(0), ...op.call(1)];
    const functions = [exported('update more', [...grow(98_304n), ...answer]), exported('update grow', [...grow(98_303n), ...answer])];
    const id = await network.install(assemble({ is64: true, memoryPages: 1, imports, functions }));
    await liftLimit(id);
    expect(await network.engine.update(call(id, 'more'))).toEqual(reply(255, 255, 255, 255, 255, 255, 255, 255));
    expect(await network.engine.update(call(id, 'grow'))).toEqual(reply(1, 0, 0, 0, 0, 0, 0, 0));
    expect(network.engine.memoryBytes(id)).toBe(6 * 2 ** 30);
    await expect(network.install(assemble({ is64: true, memoryPages: 98_305 }))).rejects.toMatchObject({
      errorCode: 'IC0505',
      message: /98304/
    });
  });
});

describe('the performance counter', () => {
  it('tells the instructions so far, its own call included', async () => {
    const imports = [...REPLY_IMPORTS, { name: 'performance_counter', params: ['i32' as const], results: ['i64' as const] }];
    // const, const, const drop, call: 5, and 200 for the call
    const store = (type: number): number[] => [...op.i32(0), ...op.i32(9), ...op.drop, ...op.i32(type), ...op.call(2), 0x37, 3, 0];
    const functions = [
      exported('update own', [...store(0), ...replyFrom(0, 2)]),
      exported('update context', [...store(1), ...replyFrom(0, 2)])
    ];
    const id = await network.install(assemble({ memoryPages: 1, imports, functions }));
    expect(await network.engine.update(call(id, 'own'))).toEqual(reply(205, 0));
    expect(await network.engine.update(call(id, 'context'))).toEqual(reply(205, 0));
  });

  it('is the same in every run, and can be read from outside', async () => {
    const counts = await Promise.all(
      [0, 1].map(async () => {
        const { engine, install, actor } = await startNetwork();
        const id = await install('counter', { start: 5n });
        await actor<Counter>(counter, id).increment();
        const update = engine.instructions(id);
        await actor<Counter>(counter, id).get();
        return [update.last, update.total, engine.instructions(id).last];
      })
    );
    expect(counts[0]).toEqual(counts[1]);
    expect(counts[0]?.every((count) => count > 500n)).toBe(true);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, STRANGER } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import {
  numberOf,
  numbersOf,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import {
  add,
  api,
  argument,
  bytes,
  caller,
  callerInfo,
  callerSigner,
  load64,
  memory,
  multiply,
  memorySize,
  rejectMessage,
  subtract,
  text
} from '../universal/values.ts';

let network: UniversalNetwork;
let canister: UniversalCanister;
beforeAll(async () => {
  network = await startUniversalNetwork();
  network.engine.setRootKey(Uint8Array.of(1, 2, 3));
  network.engine.setCertifier(() => Uint8Array.of(1, 2, 3));
  canister = await network.universal();
});

/** Runs a program in a reject callback. */
const afterReject = (onReject: Program) => canister.update(program().callTo({ callee: canister.bytes, method: 'missing', onReject }));
const asQuery = (run: Program) => canister.query(run);

describe('Blob-typed arguments and results', () => {
  const readable = [
    { name: 'msg_arg_data', run: asQuery },
    { name: 'msg_caller', run: asQuery },
    { name: 'canister_self', run: asQuery },
    { name: 'subnet_self', run: asQuery },
    { name: 'data_certificate', run: asQuery },
    { name: 'root_key', run: (run: Program) => canister.update(run) },
    { name: 'msg_reject_msg', run: afterReject }
  ] as const;

  it.each(readable)('$name: copies a part', async ({ name, run }) => {
    const size = api(`${name}_size`);
    const copy = program().call(`${name}_copy`, Address.heap, 1, subtract(size, 1));
    const reply = replyOf(await run(copy.append(memory(Address.heap, subtract(size, 1))).reply(size)));
    expect(reply.length).toBeGreaterThanOrEqual(8);
    expect(Number(new DataView(reply.buffer, reply.byteOffset + reply.length - 8).getBigUint64(0, true))).toBe(reply.length - 8 + 1);
  });

  it.each(readable)('$name: traps if offset + size is greater than the size', async ({ name, run }) => {
    const size = api(`${name}_size`);
    const ranges = [
      [0, add(size, 1)],
      [1, size],
      [add(size, 1), 0],
      [2 ** 32 - 1, 1]
    ] as const;
    for (const [offset, length] of ranges) {
      const copy = program().call(`${name}_copy`, Address.heap, offset, length).reply();
      expect(rejectOf(await run(copy))).toMatchObject({ code: 5, errorCode: 'IC0504' });
    }
  });

  it.each(readable)('$name: traps if dst + size exceeds the memory', async ({ name, run }) => {
    const end = multiply(memorySize, 65_536);
    const copy = (target: Parameters<typeof subtract>[0]) => run(program().call(`${name}_copy`, target, 0, 1).reply());
    expect((await copy(subtract(end, 1))).kind).toBe('reply');
    expect(rejectOf(await copy(end))).toMatchObject({ code: 5, errorCode: 'IC0502' });
    expect(rejectOf(await copy(2 ** 32 - 1))).toMatchObject({ code: 5, errorCode: 'IC0502' });
  });

  it('copies nothing without a complaint at the very end', async () => {
    const end = multiply(memorySize, 65_536);
    expect((await asQuery(program().call('msg_arg_data_copy', end, api('msg_arg_data_size'), 0).reply())).kind).toBe('reply');
  });

  const writable = ['msg_reply_data_append', 'msg_reject', 'certified_data_set', 'is_controller'] as const;
  it.each(writable)('%s: traps if src + size exceeds the memory', async (name) => {
    const end = multiply(memorySize, 65_536);
    for (const [source, size] of [
      [end, 1],
      [subtract(end, 1), 2],
      [2 ** 32 - 1, 1],
      [0, 2 ** 32 - 1]
    ] as const) {
      expect(rejectOf(await canister.update(program().call(name, source, size).reply()))).toMatchObject({ code: 5 });
    }
  });

  it('copies at the time of the call', async () => {
    const appended = program().write(Address.heap, text('one')).append(memory(Address.heap, 3)).write(Address.heap, text('two')).reply();
    expect(textOf(await canister.query(appended))).toBe('one');
  });
});

describe('Method arguments', () => {
  it('the argument is that of the call, and in a reply callback the reply', async () => {
    const calling = program()
      .append(argument)
      .callTo({
        callee: canister.bytes,
        arg: program().reply(text('the reply')),
        onReply: program().reply(argument)
      });
    expect(textOf(await canister.update(calling))).toBe('the reply');
    const run = program().reply(argument);
    expect(replyOf(await canister.update(run))).toEqual(run.bytes());
  });

  it('an argument may be empty', async () => {
    const call = { canisterId: canister.id, method: 'update', arg: new Uint8Array(), sender: ADMIN };
    expect(rejectOf(await network.engine.update(call))).toMatchObject({ errorCode: 'IC0506' });
  });

  it('the caller is the user, the calling canister, or nobody', async () => {
    const whoAmI = program().reply(caller);
    expect(replyOf(await canister.update(whoAmI, STRANGER))).toEqual(STRANGER.toUint8Array());
    expect(replyOf(await canister.query(whoAmI, STRANGER))).toEqual(STRANGER.toUint8Array());
    const other = await network.universal();
    expect(replyOf(await other.update(program().forward({ callee: canister.bytes, arg: whoAmI }), STRANGER))).toEqual(other.bytes);
    const composite = program().forward({ callee: canister.bytes, method: 'query', arg: whoAmI });
    expect(replyOf(await other.composite(composite, STRANGER))).toEqual(other.bytes);
  });

  it('the caller in callbacks is still who called the method', async () => {
    const cleanup = program().write(Address.heap, caller);
    const trapping = program().callTo({ callee: canister.bytes, arg: program().reply(), onReply: program().trap(), onCleanup: cleanup });
    await canister.update(trapping, STRANGER);
    expect(replyOf(await canister.query(program().reply(memory(Address.heap, 29))))).toEqual(STRANGER.toUint8Array());
    const replying = program().callTo({ callee: canister.bytes, arg: program().reply(), onReply: program().reply(caller) });
    expect(replyOf(await canister.update(replying, STRANGER))).toEqual(STRANGER.toUint8Array());
    expect(replyOf(await afterReject(program().reply(caller)))).toEqual(ADMIN.toUint8Array());
  });

  it('the caller of a system task is the management canister', async () => {
    const task = program()
      .store64(Address.heap, api('msg_caller_size'))
      .store64(Address.heap + 8, 1);
    await canister.update(program().store('globalTimer', task).call('global_timer_set', 1).reply());
    await network.engine.advance(1n);
    expect(
      numbersOf(
        await canister.query(
          program()
            .append(load64(Address.heap))
            .reply(load64(Address.heap + 8))
        )
      )
    ).toEqual([0n, 1n]);
  });

  it('nothing more is known of callers without canister signatures', async () => {
    expect(replyOf(await canister.update(program().append(callerInfo).reply(callerSigner)))).toEqual(new Uint8Array());
    expect(rejectOf(await canister.update(program().call('msg_caller_info_data_copy', 0, 0, 1)))).toMatchObject({ errorCode: 'IC0504' });
  });

  it('msg_reject_code is 0 after a reply, and the code after a reject', async () => {
    const code = program().reply(api('msg_reject_code'));
    const codeFor = async (callee: Program): Promise<bigint> =>
      numberOf(await canister.update(program().callTo({ callee: canister.bytes, arg: callee, onReply: code, onReject: code })));
    expect(await codeFor(program().reply())).toBe(0n);
    expect(await codeFor(program().reject('no'))).toBe(4n);
    expect(await codeFor(program().trap('no'))).toBe(5n);
  });

  it('msg_reject_code in a cleanup callback is that of the callback that trapped', async () => {
    const onCleanup = program().store64(Address.heap, api('msg_reject_code'));
    const codeFor = async (callee: Program): Promise<bigint> => {
      const trap = program().trap();
      await canister.update(program().callTo({ callee: canister.bytes, arg: callee, onReply: trap, onReject: trap, onCleanup }));
      return canister.number(program().reply(load64(Address.heap)));
    };
    expect(await codeFor(program().reject('no'))).toBe(4n);
    expect(await codeFor(program().reply())).toBe(0n);
    expect(await codeFor(program().trap())).toBe(5n);
  });

  it('msg_reject_msg is the message of the reject', async () => {
    const calling = program().callTo({
      callee: canister.bytes,
      arg: program().reject('Ich möchte nicht'),
      onReject: program().reply(rejectMessage)
    });
    expect(textOf(await canister.update(calling))).toBe('Ich möchte nicht');
  });

  it('msg_reject_msg traps in a reply callback', async () => {
    const onReply = program().reply(api('msg_reject_msg_size'));
    expect(rejectOf(await canister.update(program().callTo({ callee: canister.bytes, arg: program().reply(), onReply })))).toMatchObject({
      errorCode: 'IC0504'
    });
  });

  describe('msg_deadline', () => {
    const deadline = program().reply(api('msg_deadline'));

    it('is 0 for messages from outside, and for calls that wait without bound', async () => {
      expect(numberOf(await canister.update(deadline))).toBe(0n);
      expect(numberOf(await canister.query(deadline))).toBe(0n);
      expect(numberOf(await canister.update(program().forward({ callee: canister.bytes, arg: deadline })))).toBe(0n);
    });

    it('is the time of the call and its timeout, in the method and in its callbacks', async () => {
      const expected = network.engine.now() + 20_000_000_000n;
      const bounded = (arg: Program) => canister.update(program().forward({ callee: canister.bytes, arg, timeoutSeconds: 20 }));
      expect(numberOf(await bounded(deadline))).toBe(expected);
      expect(numberOf(await bounded(program().callTo({ callee: canister.bytes, arg: program().reply(), onReply: deadline })))).toBe(
        expected
      );
      expect(numberOf(await bounded(program().callTo({ callee: canister.bytes, method: 'no', onReject: deadline })))).toBe(expected);
    });

    it('is bounded by 300 seconds', async () => {
      const call = program().forward({ callee: canister.bytes, arg: deadline, timeoutSeconds: 100_000 });
      expect(numberOf(await canister.update(call))).toBe(network.engine.now() + 300_000_000_000n);
    });
  });

  it('principals of any kind come through as bytes', async () => {
    const callee = bytes(canister.bytes);
    expect(textOf(await canister.update(program().forward({ callee, arg: program().reply(text('found')) })))).toBe('found');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import {
  rejectionSeen,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { bytes, load64, memory, text } from '../universal/values.ts';

const MAX_PAYLOAD = 2 * 1024 * 1024;

describe('Responding', () => {
  let network: UniversalNetwork;
  let canister: UniversalCanister;
  beforeAll(async () => {
    network = await startUniversalNetwork();
    canister = await network.universal();
  });

  const methods = [
    { kind: 'update', run: (run: Program) => canister.update(run) },
    { kind: 'replicated query', run: (run: Program) => canister.replicatedQuery(run) },
    { kind: 'query', run: (run: Program) => canister.query(run) },
    { kind: 'composite query', run: (run: Program) => canister.composite(run) }
  ];

  describe.each(methods)('in a $kind', ({ run }) => {
    it('replies with the data that was appended, in order', async () => {
      expect(textOf(await run(program().append(text('a')).append(text('')).append(text('b')).reply(text('c'))))).toBe('abc');
    });

    it('can reply with nothing', async () => {
      expect(replyOf(await run(program().reply()))).toEqual(new Uint8Array());
    });

    it('rejects with CANISTER_REJECT and its message', async () => {
      expect(rejectOf(await run(program().reject('sorry')))).toEqual({ code: 4, errorCode: 'IC0406', message: 'sorry' });
    });

    it('discards the data of the reply when it rejects', async () => {
      expect(rejectOf(await run(program().append(text('a')).reject('no')))).toMatchObject({ message: 'no' });
    });

    it.each([
      ['reply', 'reply', program().reply().reply()],
      ['reply', 'reject', program().reply().reject('')],
      ['reject', 'reply', program().reject('').reply()],
      ['reject', 'reject', program().reject('').reject('')],
      ['reply', 'append', program().reply().append(text('a'))],
      ['reject', 'append', program().reject('').append(text('a'))]
    ])('traps when %s is followed by %s', async (_, __, twice) => {
      expect(rejectOf(await run(twice))).toMatchObject({
        code: 5,
        errorCode: 'IC0504',
        message: expect.stringContaining('already replied') as string
      });
    });

    it('is rejected when it ends without a response', async () => {
      expect(rejectOf(await run(program().append(text('a'))))).toMatchObject({ code: 5, errorCode: 'IC0506' });
    });

    it('is rejected when it traps', async () => {
      expect(rejectOf(await run(program().reply().trap('late')))).toMatchObject({
        code: 5,
        errorCode: 'IC0503',
        message: expect.stringContaining("Canister called `ic0.trap` with message: 'late'") as string
      });
      expect(rejectOf(await run(program().unreachable()))).toMatchObject({ code: 5, errorCode: 'IC0502' });
    });

    it('traps when the message of a reject is not UTF-8', async () => {
      expect(rejectOf(await run(program().call('msg_reject', bytes(Uint8Array.of(0xff)))))).toMatchObject({ code: 5, errorCode: 'IC0504' });
    });

    it('can reply with 2 MiB, and not with more', async () => {
      expect(replyOf(await run(program().reply(memory(0, MAX_PAYLOAD)))).length).toBe(MAX_PAYLOAD);
      expect(rejectOf(await run(program().append(memory(0, MAX_PAYLOAD)).reply(memory(0, 1))))).toMatchObject({
        code: 5,
        errorCode: 'IC0504'
      });
    });
  });

  const called = (arg: Program, more = {}) => ({ callee: canister.bytes, arg, ...more });

  it('forgets appended data when the method yields without replying', async () => {
    const calling = program()
      .append(text('lost'))
      .callTo(called(program().reply(), { onReply: program().reply(text('kept')) }));
    expect(textOf(await canister.update(calling))).toBe('kept');
  });

  it.each([
    ['onReply', program().reply()],
    ['onReject', program().reject('')]
  ])('can respond in the callback %s', async (callback, callee) => {
    expect(textOf(await canister.update(program().callTo(called(callee, { [callback]: program().reply(text('late')) }))))).toBe('late');
  });

  it('can reject in a callback', async () => {
    const calling = program().callTo(called(program().reply(), { onReply: program().reject('late') }));
    expect(rejectOf(await canister.update(calling))).toMatchObject({ code: 4, message: 'late' });
  });

  it('can respond before its calls have ended, and goes on', async () => {
    const onReply = program().store64(Address.heap, 1);
    expect(textOf(await canister.update(program().callTo(called(program().reply(), { onReply })).reply(text('early'))))).toBe('early');
    await network.engine.idle();
    expect(await canister.number(program().reply(load64(Address.heap)))).toBe(1n);
  });

  it('traps in a callback that responds again', async () => {
    const onReply = program()
      .store64(Address.heap + 8, 1)
      .reply();
    await canister.update(program().callTo(called(program().reply(), { onReply })).reply());
    await network.engine.idle();
    expect(await canister.number(program().reply(load64(Address.heap + 8)))).toBe(0n);
  });

  it('traps in a callback of a composite query that responds again', async () => {
    const onReply = program().reply(text('second'));
    const calling = program()
      .callTo(called(program().reply(), { method: 'query', onReply }))
      .reply(text('first'));
    network.log.length = 0;
    expect(textOf(await canister.composite(calling))).toBe('first');
    expect(network.log.join()).toContain('already replied');
  });

  it('traps in a callback that appends to a reply that was given', async () => {
    const onReply = program()
      .append(text('x'))
      .store64(Address.heap + 16, 1);
    await canister.update(program().callTo(called(program().reply(), { onReply })).reply());
    await network.engine.idle();
    expect(await canister.number(program().reply(load64(Address.heap + 16)))).toBe(0n);
  });

  it('tells a calling canister of a reject, a trap and a missing response by their codes', async () => {
    const seen = async (callee: Program) => rejectionSeen(await canister.update(program().forward(called(callee))));
    expect(await seen(program().reject('no'))).toEqual({ code: 4, message: 'no' });
    expect(await seen(program().trap('ouch'))).toEqual({ code: 5, message: expect.stringMatching(/IC0503: .*ouch/) as string });
    expect(await seen(program())).toEqual({ code: 5, message: expect.stringMatching(/IC0506: /) as string });
  });
});

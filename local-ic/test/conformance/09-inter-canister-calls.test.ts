import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { closure, program, type OutgoingCall, type Program } from '../universal/Program.ts';
import {
  numberOf,
  rejectionSeen,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { add, api, argument, bytes, less, load64, memory, multiply, text } from '../universal/values.ts';
import { MANAGEMENT, NO_ARGUMENT } from './management.ts';

const MAX_PAYLOAD = 2 * 1024 * 1024;
const CONTRACT = { code: 5, errorCode: 'IC0504' };

describe('Inter-canister calls', () => {
  let network: UniversalNetwork;
  let a: UniversalCanister;
  let b: UniversalCanister;
  beforeEach(async () => {
    network = await startUniversalNetwork();
    a = await network.universal();
    b = await network.universal();
  });

  const count = program().increase(Address.heap).reply(load64(Address.heap));
  const counted = program().reply(load64(Address.heap));
  const toB = (arg: Program, more: Partial<OutgoingCall> = {}): OutgoingCall => ({ callee: b.bytes, arg, ...more });
  const seen = async (run: Program) => rejectionSeen(await a.update(run));

  describe('delivery', () => {
    it('runs the reply callback with the reply', async () => {
      expect(textOf(await a.update(program().forward(toB(program().reply(text('hi'))))))).toBe('hi');
    });

    it('gives each callback its own argument', async () => {
      const one = program().store64(Address.heap, 1);
      const other = program()
        .store64(Address.heap + 8, 2)
        .reply();
      await a.update(
        program()
          .callTo(toB(count, { onReply: one }))
          .callTo(toB(count, { onReply: other }))
      );
      expect(await a.number(program().reply(add(load64(Address.heap), load64(Address.heap + 8))))).toBe(3n);
    });

    it('delivers an argument put together from parts', async () => {
      const calling = program()
        .callNew({ callee: b.bytes, onReply: program().reply(argument) })
        .call('call_data_append', bytes(program().append(argument).reply().bytes().subarray(0, 5)))
        .call('call_data_append', bytes(program().append(argument).reply().bytes().subarray(5)))
        .call('call_perform');
      expect(replyOf(await a.update(calling))).toEqual(program().append(argument).reply().bytes());
    });

    it('delivers an empty argument', async () => {
      expect(await seen(program().forward({ callee: b.bytes }))).toMatchObject({
        code: 5,
        message: expect.stringContaining('IC0506') as string
      });
    });

    it('acts only when the execution has ended', async () => {
      const calling = program()
        .callTo(toB(count, { onReply: program().reply(text('first')) }))
        .append(text('x'));
      expect(textOf(await a.update(calling))).toBe('first');
      const before = program().callTo(toB(count)).reply(api('time'));
      expect((await a.update(before)).kind).toBe('reply');
    });

    it('makes no call when the execution traps behind call_perform', async () => {
      await a.update(program().callTo(toB(count)).trap());
      await network.engine.idle();
      expect(await b.number(counted)).toBe(0n);
    });

    it('makes no call that was not performed', async () => {
      await a.update(program().callNew(toB(count)).reply());
      await network.engine.idle();
      expect(await b.number(counted)).toBe(0n);
    });

    it('makes only the last of two calls under construction', async () => {
      await a.update(
        program()
          .callNew(toB(count))
          .callNew(toB(program().increase(Address.heap, 10).reply()))
          .call('call_perform')
          .reply()
      );
      await network.engine.idle();
      expect(await b.number(counted)).toBe(10n);
    });

    it('returns 0 from call_perform', async () => {
      expect(numberOf(await a.update(program().callNew(toB(count)).reply(api('call_perform'))))).toBe(0n);
    });

    it('keeps the order of the calls between two canisters', async () => {
      const note = (n: number) =>
        program()
          .store64(Address.heap, add(multiply(load64(Address.heap), 10), n))
          .reply();
      await a.update(
        program()
          .callTo(toB(note(1)))
          .callTo(toB(note(2)))
          .callTo(toB(note(3)))
          .reply()
      );
      await network.engine.idle();
      expect(await b.number(counted)).toBe(123n);
    });

    it('makes a hundred calls at once and collects all answers', async () => {
      const collect = program()
        .increase(Address.heap)
        .when(less(load64(Address.heap), 100), program(), program().reply(load64(Address.heap)));
      expect(numberOf(await a.update(program().repeat(100, program().callTo(toB(count, { onReply: collect })))))).toBe(100n);
      expect(await b.number(counted)).toBe(100n);
    });

    describe('with 500 calls to one canister waiting for their responses', () => {
      /** Makes so many calls; what `call_perform` returned is added up at the address. */
      const perform = (times: number, call: OutgoingCall, sum: number = Address.heap) =>
        program().repeat(
          times,
          program()
            .callNew(call)
            .store64(sum, add(load64(sum), api('call_perform')))
        );
      const sumAt = (sum: number) => program().reply(load64(sum));

      const callees: [string, () => OutgoingCall][] = [
        ['another canister', () => toB(program().reply())],
        ['the canister itself', () => ({ callee: a.bytes, arg: program().reply() })],
        ['the management canister', () => ({ callee: MANAGEMENT.toUint8Array(), method: 'raw_rand', arg: bytes(NO_ARGUMENT) })]
      ];
      it.each(callees)('returns 2 from call_perform of one more to %s', async (_, call) => {
        const outgoing = call();
        expect(numberOf(await a.update(perform(600, outgoing).also(sumAt(Address.heap))))).toBe(200n);
        await network.engine.idle();
        expect(numberOf(await a.update(perform(500, outgoing).also(sumAt(Address.heap))))).toBe(200n);
      });

      it('takes as many more as responses have come, and none when the message traps', async () => {
        const first = Address.heap + 8;
        const second = Address.heap + 16;
        // One response is there when its callback runs: one more call can be made, and another one can't.
        const more = perform(1, toB(count), first).also(perform(1, toB(count), second));
        const calls = program()
          .callTo(toB(count, { onReply: more.also(program().reply()) }))
          .also(perform(499, toB(count)));
        expect(rejectOf(await a.update(perform(500, toB(count)).trap())).errorCode).toBe('IC0503');
        expect((await a.update(calls)).kind).toBe('reply');
        expect([await a.number(sumAt(Address.heap)), await a.number(sumAt(first)), await a.number(sumAt(second))]).toEqual([0n, 0n, 2n]);
        await network.engine.idle();
        expect(await b.number(counted)).toBe(501n);
      });

      it('takes calls to a third one', async () => {
        const third = await network.universal();
        const calls = perform(500, toB(count)).also(perform(500, { callee: third.bytes, arg: count }));
        expect(numberOf(await a.update(calls.also(sumAt(Address.heap))))).toBe(0n);
      });
    });

    it('lets a canister call itself', async () => {
      const inner = program().increase(Address.heap).reply(load64(Address.heap));
      expect(numberOf(await a.update(program().increase(Address.heap, 10).forward({ callee: a.bytes, arg: inner })))).toBe(11n);
    });

    it('lets calls nest deeply', async () => {
      let chain = program().reply(text('bottom'));
      for (let depth = 0; depth < 12; depth++) chain = program().forward({ callee: depth % 2 === 0 ? a.bytes : b.bytes, arg: chain });
      expect(textOf(await a.update(chain))).toBe('bottom');
    });

    it('interleaves: a second message runs while the first one waits', async () => {
      const onReply = program().reply(load64(Address.heap));
      const waiting = program().callTo(toB(program().forward({ callee: a.bytes, arg: count }), { onReply }));
      expect(numberOf(await a.update(waiting))).toBe(1n);
    });

    it('calls a query method of another canister in replicated mode, where it can change nothing', async () => {
      const arg = program().increase(Address.heap).reply(api('in_replicated_execution'));
      expect(numberOf(await a.update(program().forward(toB(arg, { method: 'query' }))))).toBe(1n);
      expect(await b.number(counted)).toBe(0n);
    });

    it('calls in a callback, and answers in the second callback', async () => {
      const second = program().callTo(toB(count, { onReply: program().reply(argument) }));
      expect(numberOf(await a.update(program().callTo(toB(count, { onReply: second }))))).toBe(2n);
    });

    it('calls in a reject callback', async () => {
      const onReject = program().forward(toB(count));
      expect(numberOf(await a.update(program().callTo(toB(program().trap(), { onReject }))))).toBe(1n);
    });
  });

  describe('rejects', () => {
    it('a canister that does not exist: DESTINATION_INVALID', async () => {
      const missing = Principal.fromUint8Array(Uint8Array.of(0, 0, 0, 0, 0, 0, 9, 9, 1, 1));
      expect(await seen(program().forward({ callee: missing.toUint8Array() }))).toMatchObject({
        code: 3,
        message: expect.stringContaining('IC0301') as string
      });
    });

    it('a method that does not exist: CANISTER_ERROR', async () => {
      expect(await seen(program().forward(toB(count, { method: 'none' })))).toMatchObject({
        code: 5,
        message: expect.stringContaining('IC0536') as string
      });
    });

    it('a composite query in replicated mode: CANISTER_ERROR', async () => {
      expect(await seen(program().forward(toB(count, { method: 'composite' })))).toMatchObject({
        code: 5,
        message: expect.stringContaining('IC0527') as string
      });
    });

    it('an empty canister: CANISTER_ERROR', async () => {
      const empty = await network.empty();
      expect(await seen(program().forward({ callee: empty.bytes }))).toMatchObject({
        code: 5,
        message: expect.stringContaining('IC0537') as string
      });
    });

    it('a stopped canister: CANISTER_ERROR', async () => {
      await network.engine.stopCanister(b.id, ADMIN);
      expect(await seen(program().forward(toB(count)))).toMatchObject({ code: 5, message: expect.stringContaining('IC0508') as string });
    });

    it('a method of the management canister that does not exist', async () => {
      const rejection = await seen(program().forward({ callee: MANAGEMENT.toUint8Array(), method: 'none' }));
      expect([3, 5]).toContain(rejection.code);
    });

    it('the state of the callee is as before when it traps, and as it left it when it rejects', async () => {
      await a.update(program().forward(toB(program().increase(Address.heap).trap())));
      expect(await b.number(counted)).toBe(0n);
      await a.update(program().forward(toB(program().increase(Address.heap).reject('no'))));
      expect(await b.number(counted)).toBe(1n);
    });

    it('exactly one of the two callbacks runs', async () => {
      const both = (callee: Program) =>
        program().callTo(
          toB(callee, { onReply: program().increase(Address.heap).reply(), onReject: program().increase(Address.heap, 100).reply() })
        );
      await a.update(both(program().reply()));
      expect(await a.number(counted)).toBe(1n);
      await a.update(both(program().reject('')));
      expect(await a.number(counted)).toBe(101n);
    });
  });

  it('calls the management canister', async () => {
    expect(
      replyOf(await a.update(program().forward({ callee: MANAGEMENT.toUint8Array(), method: 'raw_rand', arg: bytes(NO_ARGUMENT) }))).length
    ).toBe(32 + 10);
  });

  describe('call_new', () => {
    it('traps when the callee is no principal', async () => {
      expect(rejectOf(await a.update(program().callNew({ callee: new Uint8Array(30) })))).toMatchObject(CONTRACT);
    });

    it('takes names of 20,000 bytes, and traps at longer ones', async () => {
      expect(await seen(program().forward({ callee: b.bytes, method: 'm'.repeat(20_000) }))).toMatchObject({ code: 5 });
      expect(rejectOf(await a.update(program().callNew({ callee: b.bytes, method: 'm'.repeat(20_001) })))).toMatchObject(CONTRACT);
    });

    it('traps when name or callee lie outside of the memory', async () => {
      const closures = [...closure(program()), ...closure(program())] as const;
      expect(rejectOf(await a.update(program().call('call_new', memory(2 ** 32 - 5, 10), text('x'), ...closures)))).toMatchObject({
        code: 5
      });
      expect(rejectOf(await a.update(program().call('call_new', bytes(b.bytes), memory(2 ** 32 - 5, 10), ...closures)))).toMatchObject({
        code: 5
      });
    });
  });

  describe('between call_new and call_perform', () => {
    const attributes: [string, () => Program][] = [
      ['call_on_cleanup', () => program().call('call_on_cleanup', ...closure(program()))],
      ['call_data_append', () => program().call('call_data_append', text('x'))],
      ['call_with_best_effort_response', () => program().call('call_with_best_effort_response', 10)],
      ['call_cycles_add', () => program().call('call_cycles_add', 1)],
      ['call_cycles_add128', () => program().call('call_cycles_add128', 0, 1)],
      ['call_perform', () => program().call('call_perform')]
    ];

    it.each(attributes)('%s traps before call_new', async (_, use) => {
      expect(rejectOf(await a.update(use().reply()))).toMatchObject(CONTRACT);
    });

    it.each(attributes)('%s traps behind call_perform', async (_, use) => {
      expect(rejectOf(await a.update(program().callTo(toB(count)).also(use()).reply()))).toMatchObject(CONTRACT);
    });

    it.each(attributes.slice(0, 1).concat(attributes.slice(2, 3)))('%s can be called at most once', async (_, use) => {
      expect(rejectOf(await a.update(program().callNew(toB(count)).also(use()).also(use()).reply()))).toMatchObject(CONTRACT);
    });

    it('an argument has at most 2 MiB', async () => {
      const half = program().callNew({ callee: b.bytes }).call('call_data_append', memory(0, MAX_PAYLOAD));
      expect((await a.update(half.reply())).kind).toBe('reply');
      const more = program()
        .callNew({ callee: b.bytes })
        .call('call_data_append', memory(0, MAX_PAYLOAD))
        .call('call_data_append', memory(0, 1));
      expect(rejectOf(await a.update(more.reply()))).toMatchObject(CONTRACT);
    });

    it('an argument of 2 MiB arrives', async () => {
      // It begins with the end of a program, so nothing runs there, and nothing answers.
      const calling = program()
        .callNew({ callee: b.bytes, onReply: program().reply(), onReject: program().replyWithRejection() })
        .call('call_data_append', memory(0, MAX_PAYLOAD))
        .call('call_perform');
      expect(rejectionSeen(await a.update(calling))).toMatchObject({ message: expect.stringContaining('IC0506') as string });
    });
  });
});

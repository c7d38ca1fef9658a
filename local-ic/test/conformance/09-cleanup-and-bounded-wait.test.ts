import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { closure, program, type OutgoingCall, type Program } from '../universal/Program.ts';
import {
  rejectionSeen,
  rejectOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { bytes, load64, text } from '../universal/values.ts';
import { canisterArgument, MANAGEMENT, settingsArgument } from './management.ts';

describe('Inter-canister calls: cleanup and bounded waiting', () => {
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

  describe('cleanup callbacks', () => {
    const marked = program().reply(load64(Address.heap + 64));
    const mark = program().increase(Address.heap + 64);

    it('run when the reply callback traps, and keep what they change', async () => {
      const trapped = program().increase(Address.heap).trap('in the callback');
      const result = await a.update(program().callTo(toB(count, { onReply: trapped, onCleanup: mark })));
      expect(rejectOf(result)).toMatchObject({ code: 5, errorCode: 'IC0503' });
      expect(await a.number(marked)).toBe(1n);
      expect(await a.number(counted)).toBe(0n);
    });

    it('run when the reject callback traps', async () => {
      await a.update(program().callTo(toB(program().reject(''), { onReject: program().trap(), onCleanup: mark })));
      expect(await a.number(marked)).toBe(1n);
    });

    it('do not run when the callback succeeds', async () => {
      await a.update(program().callTo(toB(count, { onReply: program().reply(), onCleanup: mark })));
      expect(await a.number(marked)).toBe(0n);
    });

    it('do not run when the method traps', async () => {
      await a.update(
        program()
          .callTo(toB(count, { onCleanup: mark }))
          .trap()
      );
      await network.engine.idle();
      expect(await a.number(marked)).toBe(0n);
    });

    it('are undone when they trap themselves; the caller hears of the first trap', async () => {
      const onCleanup = program().also(mark).trap('second');
      const result = await a.update(program().callTo(toB(count, { onReply: program().trap('first'), onCleanup })));
      expect(rejectOf(result).message).toContain('first');
      expect(await a.number(marked)).toBe(0n);
    });

    it('run after a callback whose table index has no function', async () => {
      const calling = program()
        .call('call_new', bytes(b.bytes), text('update'), 9_999, 0, 9_999, 0)
        .call('call_on_cleanup', ...closure(mark))
        .call('call_data_append', bytes(count.bytes()))
        .call('call_perform');
      expect(rejectOf(await a.update(calling))).toMatchObject({ code: 5, errorCode: 'IC0502' });
      expect(await a.number(marked)).toBe(1n);
    });

    it('each call has its own', async () => {
      const failing = program().trap();
      await a.update(
        program()
          .callTo(toB(count, { onReply: failing, onCleanup: mark }))
          .callTo(toB(count, { onReply: failing, onCleanup: mark }))
          .reply()
      );
      await network.engine.idle();
      expect(await a.number(marked)).toBe(2n);
    });
  });

  describe('bounded-wait calls', () => {
    const SECOND = 1_000_000_000n;
    /** A call of b that never comes to an end: b stopped waiting for a canister that answers only when told to. */
    const silent = (): Program =>
      program().callTo({ callee: MANAGEMENT.toUint8Array(), method: 'stop_canister', arg: bytes(canisterArgument(b.id)) });

    beforeEach(async () => {
      // b controls itself, and waits for its own stop, which can't end before b has answered.
      await network.engine.update({
        canisterId: MANAGEMENT,
        method: 'update_settings',
        arg: settingsArgument(b.id, { controllers: [ADMIN, b.id] }),
        sender: ADMIN
      });
    });

    it('answer as other calls do when the callee is quick', async () => {
      expect(textOf(await a.update(program().forward(toB(program().reply(text('quick')), { timeoutSeconds: 1 }))))).toBe('quick');
    });

    it('end with SYS_UNKNOWN at the deadline', async () => {
      const answer = a.update(program().forward(toB(silent(), { timeoutSeconds: 10 })));
      await network.engine.advance(9n * SECOND);
      expect(await a.number(counted)).toBe(0n);
      await network.engine.advance(2n * SECOND);
      expect(rejectionSeen(await answer).code).toBe(6);
    });

    it('last 300 seconds at the most', async () => {
      const answer = a.update(program().forward(toB(silent(), { timeoutSeconds: 100_000 })));
      await network.engine.advance(301n * SECOND);
      expect((await answer).kind).toBe('reply');
    });

    it('let the callee go on; its late answer reaches nobody', async () => {
      const late = program().callTo({
        callee: MANAGEMENT.toUint8Array(),
        method: 'stop_canister',
        arg: bytes(canisterArgument(b.id)),
        onReject: program().increase(Address.heap).reply()
      });
      const onReply = program().increase(Address.heap, 100);
      const answer = a.update(
        program().callTo(toB(late, { timeoutSeconds: 10, onReply, onReject: program().increase(Address.heap).reply() }))
      );
      await network.engine.advance(11n * SECOND);
      await answer;
      await network.engine.startCanister(b.id, ADMIN);
      await network.engine.idle();
      expect(await b.number(counted)).toBe(1n);
      expect(await a.number(counted)).toBe(1n);
    });

    it('let a call without bound wait as long as it takes', async () => {
      let answered = false;
      void a.update(program().forward(toB(silent()))).then(() => (answered = true));
      await network.engine.advance(200n * SECOND);
      expect(answered).toBe(false);
    });
  });
});

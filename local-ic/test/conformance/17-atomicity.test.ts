import { beforeEach, describe, expect, it } from 'vitest';
import { START_NS } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import { replyOf, startUniversalNetwork, type UniversalCanister, type UniversalNetwork } from '../universal/universalNetwork.ts';
import { api, load64, memory, memorySize, stable, text, userGlobal } from '../universal/values.ts';
import { statusOf } from './management.ts';

const LATER = START_NS + 3_600_000_000_000n;

/** Everything a message can change in its canister, and how to see it. */
const CHANGES: { what: string; change: (n: number) => Program; see: Program }[] = [
  { what: 'the heap', change: (n) => program().store64(Address.heap, n), see: program().reply(load64(Address.heap)) },
  {
    what: 'many pages of the heap',
    change: (n) => program().fill(Address.heap, n, 65_536),
    see: program().reply(memory(Address.heap, 65_536))
  },
  { what: 'a global', change: (n) => program().setGlobal(n), see: program().reply(userGlobal) },
  { what: 'the size of the heap', change: () => program().growMemory(1), see: program().reply(memorySize) },
  {
    what: 'the content of the stable memory',
    change: (n) => program().writeStable(100, text(`${n}`)),
    see: program().reply(stable(100, 1))
  },
  { what: 'the size of the stable memory', change: () => program().growStable(1), see: program().reply(api('stable64_size')) }
];

describe.each([false, true])('Message execution is atomic, Wasm memory of 64 bits: %s', (is64) => {
  let network: UniversalNetwork;
  let canister: UniversalCanister;
  let other: UniversalCanister;
  beforeEach(async () => {
    network = await startUniversalNetwork();
    canister = await network.universal({ is64, program: program().growStable(1) });
    other = await network.universal();
  });

  const trapped = (run: Program): Program => run.trap();
  const call = (callbacks: { onReply: Program; onCleanup?: Program }) => ({ callee: other.bytes, arg: program().reply(), ...callbacks });

  describe.each(CHANGES)('$what', ({ change, see }) => {
    const seen = async (): Promise<Uint8Array> => replyOf(await canister.query(see));
    const differsAfter = async (run: Program): Promise<boolean> => {
      const before = await seen();
      await canister.update(run);
      await network.engine.idle();
      return Buffer.compare(before, await seen()) !== 0;
    };

    it('stays changed when the message succeeds, replies or not', async () => {
      expect(await differsAfter(change(7).reply())).toBe(true);
      expect(await differsAfter(change(8).reject(''))).toBe(true);
      expect(await differsAfter(change(9))).toBe(true);
    });

    it('is as before when the message traps', async () => {
      await canister.update(change(7).reply());
      expect(await differsAfter(trapped(change(8)))).toBe(false);
      expect(await differsAfter(change(8).unreachable())).toBe(false);
      expect(await differsAfter(change(8).reply().trap())).toBe(false);
      // And nothing of it is left for the next message.
      expect(await differsAfter(program().reply())).toBe(false);
    });

    it('is as before when the instructions are used up', async () => {
      const small = await startUniversalNetwork({ instructionLimits: { update: 1_000_000n } });
      const limited = await small.universal({ is64, program: program().growStable(1) });
      const before = replyOf(await limited.query(see));
      const result = await limited.update(change(7).forever(program()));
      expect(result).toMatchObject({ kind: 'reject', code: 5, errorCode: 'IC0522' });
      expect(replyOf(await limited.query(see))).toEqual(before);
    });

    it('stays changed when a callback traps, if it was changed before the call', async () => {
      expect(await differsAfter(change(7).callTo(call({ onReply: program().trap() })))).toBe(true);
    });

    it('is as after the method when a callback changes it and traps', async () => {
      expect(await differsAfter(program().callTo(call({ onReply: trapped(change(7)) })))).toBe(false);
    });

    it('stays changed by a callback and by a cleanup that succeed', async () => {
      expect(await differsAfter(program().callTo(call({ onReply: change(7).reply() })))).toBe(true);
      expect(await differsAfter(program().callTo(call({ onReply: program().trap(), onCleanup: change(8) })))).toBe(true);
    });

    it('is as before when a cleanup traps, too', async () => {
      expect(await differsAfter(program().callTo(call({ onReply: trapped(change(7)), onCleanup: trapped(change(8)) })))).toBe(false);
    });

    it.each(['query', 'replicatedQuery', 'composite'] as const)('is as before after a %s', async (kind) => {
      const before = await seen();
      expect((await canister[kind](change(7).reply())).kind).toBe('reply');
      expect(await seen()).toEqual(before);
      await canister[kind](change(7).trap());
      expect(await seen()).toEqual(before);
    });

    it('is seen changed by the rest of the same query', async () => {
      const before = await seen();
      expect(replyOf(await canister.query(change(7).also(see)))).not.toEqual(before);
    });
  });

  it('the timer is as before when a message traps', async () => {
    await canister.update(program().call('global_timer_set', LATER).reply());
    await canister.update(program().call('global_timer_set', 0).trap());
    expect(await canisterTimer()).toBe(LATER);
  });

  it('what a trapping callback did to the timer is undone, what its cleanup does is kept', async () => {
    const onReply = program().call('global_timer_set', LATER).trap();
    const onCleanup = program().call('global_timer_set', LATER + 1n);
    await canister.update(program().callTo(call({ onReply, onCleanup })));
    expect(await canisterTimer()).toBe(LATER + 1n);
  });

  it('the calls of a callback that traps are not made', async () => {
    const onReply = program()
      .callTo({ callee: other.bytes, arg: program().increase(Address.heap).reply() })
      .trap();
    await canister.update(program().callTo(call({ onReply })));
    await network.engine.idle();
    expect(await other.number(program().reply(load64(Address.heap)))).toBe(0n);
  });

  it('what the callee did stays when the callback traps', async () => {
    await canister.update(
      program().callTo({ callee: other.bytes, arg: program().increase(Address.heap).reply(), onReply: program().trap() })
    );
    expect(await other.number(program().reply(load64(Address.heap)))).toBe(1n);
  });

  it('a message of another caller in between sees what was done before the call', async () => {
    const peek = program().forward({ callee: canister.bytes, method: 'query', arg: program().reply(load64(Address.heap)) });
    const calling = program().store64(Address.heap, 5).callTo({ callee: other.bytes, arg: peek, onReply: program().trap() });
    await canister.update(calling);
    expect(await canister.number(program().reply(load64(Address.heap)))).toBe(5n);
  });

  it('the balance is that before the message when it traps, but for fees', async () => {
    const before = (await statusOf(network, canister.id)).cycles;
    await canister.update(
      program()
        .call('cycles_burn128', 0, 10n ** 13n, Address.amount)
        .trap()
    );
    expect((await statusOf(network, canister.id)).cycles).toBeGreaterThan(before - 10n ** 12n);
  });

  async function canisterTimer(): Promise<bigint> {
    const result = await canister.update(program().reply(api('global_timer_set', 0)));
    return new DataView(replyOf(result).buffer, replyOf(result).byteOffset).getBigUint64(0, true);
  }
});

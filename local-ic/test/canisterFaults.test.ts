import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerError, type FaultRule } from '../src/index.ts';
import { startTroubled, type Troubled } from './support/faulty.ts';
import { callee, timers, type Callee, type Timers } from './support/interfaces.ts';
import { fixtureWasm, initArgument, SECOND_NS, START_NS } from './support/network.ts';
import { MODULE_THAT_CALLS_ITSELF } from './support/selfCaller.ts';

let net: Troubled;
beforeEach(async () => {
  net = await startTroubled();
});
/** Whatever went wrong: no call may stay open, so canisters stop at once, and then everything works again. */
afterEach(async () => {
  net.ic.faults.clear();
  await net.ic.idle();
  for (const id of [net.id, net.calleeId]) {
    await net.ic.stopCanister(id);
    await net.ic.startCanister(id);
  }
  expect(await net.actor.ask()).toBe('answer');
  expect(net.log.filter((line) => line.includes('internal error'))).toEqual([]);
  await net.ic.close();
});

const TRAPPED = { code: 5, errorCode: 'IC0503', message: expect.stringContaining('trapped by a fault') as string };
/** The balance of the calling canister, as the management canister tells it. */
const status = async (): Promise<{ cycles: bigint }> => {
  const types = { argument: IDL.Record({ canister_id: IDL.Principal }), reply: IDL.Record({ cycles: IDL.Nat }) };
  const arg = new Uint8Array(IDL.encode([types.argument], [{ canister_id: net.id }]));
  const reply = await net.ic.update({ canisterId: Principal.managementCanister(), method: 'canister_status', arg });
  return IDL.decode([types.reply], reply)[0] as unknown as { cycles: bigint };
};
/** Lets everything run that can. */
const settled = async <T>(call: Promise<T>): Promise<'open' | 'over'> => {
  let over = false;
  void call.then(
    () => (over = true),
    () => (over = true)
  );
  await net.ic.idle();
  await new Promise((resolve) => setTimeout(resolve, 0));
  return over ? 'over' : 'open';
};

describe('canister-trap', () => {
  it.each(['before', 'after'] as const)('undoes a message, trapping %s its code ran', async (when) => {
    const rule = net.ic.faults.add({ kind: 'canister-trap', when, after: 1, count: 1, match: { method: 'run' } });
    expect(await net.actor.run()).toBe(1n);
    const before = net.ic.engine.instructions(net.id).total;
    await expect(net.actor.run()).rejects.toMatchObject(TRAPPED);
    expect(net.ic.engine.instructions(net.id).total > before).toBe(when === 'after');
    expect(await net.actor.run()).toBe(2n);
    expect([rule.seen, rule.fired]).toEqual([3, 1]);
    const canisterId = net.id.toText();
    expect(net.ic.faults.log).toEqual([
      { index: 1, rule: 1, kind: 'canister-trap', canisterId, method: 'run', message: 'call', from: 'ingress' }
    ]);
  });

  it('is what a calling canister is told of', async () => {
    net.ic.faults.add({ kind: 'canister-trap', message: 'no luck', match: { canisterId: net.calleeId.toText(), from: 'canister' } });
    expect(await net.actor.ask()).toContain('#canister_error IC0503: Error from Canister');
    expect(await net.callee.echo('from outside')).toBe('from outside');
  });

  it('happens to timers, which are then gone, as on the IC', async () => {
    const canisterId = await net.ic.createCanister();
    await net.ic.installCode({ canisterId, wasm: await fixtureWasm('timers'), arg: initArgument({}), mode: 'install' });
    const actor = net.ic.actor<Timers>(timers, canisterId);
    await actor.once(10n, 'never');
    const rule = net.ic.faults.add({ kind: 'canister-trap', match: { from: 'timer' }, count: 1 });
    await net.ic.advance(60n * SECOND_NS);
    expect(await actor.log()).toEqual([]);
    expect(rule.fired).toBe(1);
    expect(net.ic.faults.log.at(-1)).toMatchObject({ message: 'task', method: 'canister_global_timer', from: 'timer' });
  });
});

describe('callback-trap', () => {
  it.each([
    [1, 1n],
    [2, 11n]
  ])('after await %i keeps what was done before it and runs the cleanup', async (number, steps) => {
    net.ic.faults.add({ kind: 'callback-trap', await: number, match: { method: 'threeSteps' } });
    await expect(net.actor.threeSteps()).rejects.toMatchObject(TRAPPED);
    expect(await net.actor.state()).toEqual({ steps, cleanups: 1n });
    expect(net.ic.faults.log.at(-1)).toMatchObject({ kind: 'callback-trap', method: 'threeSteps', message: 'answer', from: 'ingress' });
  });

  it('has nothing to happen to without so many awaits', async () => {
    const rule = net.ic.faults.add({ kind: 'callback-trap', await: 3 });
    expect(await net.actor.threeSteps()).toBe(111n);
    expect(rule.seen).toBe(0);
  });
});

describe('canister-stop', () => {
  it('stops at the n-th message, until the rule goes', async () => {
    const rule = net.ic.faults.add({ kind: 'canister-stop', after: 1, match: { canisterId: net.id.toText() } });
    expect(await net.actor.run()).toBe(1n);
    await expect(net.actor.run()).rejects.toMatchObject({ code: 5, errorCode: 'IC0508' });
    await expect(net.actor.run()).rejects.toMatchObject({ code: 5, errorCode: 'IC0508' });
    expect(net.ic.engine.canister(net.id)?.status).toBe('stopped');
    rule.remove();
    await net.ic.idle();
    expect(await net.actor.run()).toBe(2n);
  });

  it('lets open calls end, and is over after its time', async () => {
    net.ic.faults.add({ kind: 'slow-callee', ms: 1_000, match: { canisterId: net.calleeId.toText() } });
    net.ic.faults.add({ kind: 'canister-stop', forMs: 5_000, count: 1, match: { method: 'run' } });
    const open = net.actor.ask();
    await net.ic.idle();
    await expect(net.actor.run()).rejects.toMatchObject({ errorCode: 'IC0509' });
    await net.ic.advance(SECOND_NS);
    expect(await open).toBe('answer');
    expect(net.ic.engine.canister(net.id)?.status).toBe('stopped');
    await net.ic.advance(4n * SECOND_NS);
    expect(await net.actor.run()).toBe(1n);
  });

  it('keeps the timers of a stopped canister for later', async () => {
    const canisterId = await net.ic.createCanister();
    await net.ic.installCode({ canisterId, wasm: await fixtureWasm('timers'), arg: initArgument({}), mode: 'install' });
    const actor = net.ic.actor<Timers>(timers, canisterId);
    await actor.once(10n, 'late');
    net.ic.faults.add({ kind: 'canister-stop', forMs: 20_000, count: 1, match: { from: 'timer' } });
    await net.ic.advance(60n * SECOND_NS);
    expect(await actor.log()).toEqual([['late', START_NS + 30n * SECOND_NS]]);
  });
});

describe('out-of-cycles', () => {
  it('rejects a call as the IC does', async () => {
    net.ic.faults.add({ kind: 'out-of-cycles', match: { canisterId: net.calleeId.toText() } });
    await expect(net.callee.echo('')).rejects.toMatchObject({ code: 2, errorCode: 'IC0207', message: /is out of cycles/ });
    expect(await net.actor.ask()).toMatch(/^#system_transient IC0207: Canister .* is out of cycles$/);
  });

  it('makes calls impossible', async () => {
    net.ic.faults.add({ kind: 'out-of-cycles', on: 'call', match: { method: 'ask' } });
    expect(await net.actor.ask()).toMatch(/#call_error/);
    expect(await net.callee.count()).toBe(0n);
    // After an await, too: what was done before it stays.
    net.ic.faults.add({ kind: 'out-of-cycles', on: 'call', after: 1, match: { method: 'threeSteps' } });
    await expect(net.actor.threeSteps()).rejects.toMatchObject({ code: 4 });
    expect(await net.actor.state()).toEqual({ steps: 11n, cleanups: 1n });
  });

  it('delays timers until there are cycles again', async () => {
    const canisterId = await net.ic.createCanister();
    await net.ic.installCode({ canisterId, wasm: await fixtureWasm('timers'), arg: initArgument({}), mode: 'install' });
    const actor = net.ic.actor<Timers>(timers, canisterId);
    await actor.once(10n, 'late');
    net.ic.faults.add({ kind: 'out-of-cycles', count: 3, match: { from: 'timer' } });
    await net.ic.advance(60n * SECOND_NS);
    expect(await actor.log()).toEqual([['late', START_NS + 13n * SECOND_NS]]);
  });
});

describe('canister-upgrade', () => {
  it('keeps the memory that persists and begins the rest anew', async () => {
    await net.actor.threeSteps();
    expect([await net.actor.run(), await net.actor.run()]).toEqual([1n, 2n]);
    net.ic.faults.add({ kind: 'canister-upgrade', on: 'message', arg: net.init, count: 1, match: { method: 'run' } });
    expect(await net.actor.run()).toBe(1n);
    expect((await net.actor.state()).steps).toBe(111n);
  });

  it('is refused by Motoko in the middle of a call, which goes on', async () => {
    net.ic.faults.add({ kind: 'canister-upgrade', arg: net.init, match: { method: 'threeSteps' } });
    expect(await net.actor.run()).toBe(1n);
    expect(await net.actor.threeSteps()).toBe(111n);
    expect(await net.actor.run()).toBe(2n);
    expect(net.log.filter((line) => line.includes('upgrade by a fault'))).not.toEqual([]);
  });

  it('changes the memory under an open call of a canister that lets it', async () => {
    const canisterId = await net.ic.createCanister();
    const arg = new Uint8Array(0);
    await net.ic.installCode({ canisterId, wasm: MODULE_THAT_CALLS_ITSELF, arg, mode: 'install' });
    const go = async (): Promise<string> => Buffer.from(await net.ic.update({ canisterId, method: 'go', arg })).toString();
    expect(await go()).toBe('b');
    const rule = net.ic.faults.add({ kind: 'canister-upgrade', match: { canisterId: canisterId.toText() } });
    expect(await go()).toBe('c');
    expect(rule.fired).toBe(1);
    rule.remove();
    await net.ic.stopCanister(canisterId);
  });
});

describe('slow-callee', () => {
  it.each(['request', 'response'] as const)('holds the %s back for network time', async (on) => {
    net.ic.faults.add({ kind: 'slow-callee', ms: 2_000, ns: 5n, on, match: { canisterId: net.calleeId.toText() } });
    const call = net.actor.ask();
    expect(await settled(call)).toBe('open');
    expect(await net.callee.count()).toBe(on === 'request' ? 0n : 1n);
    await net.ic.advance(2n * SECOND_NS + 4n);
    expect(await settled(call)).toBe('open');
    await net.ic.advance(1n);
    expect(await call).toBe('answer');
    expect(net.ic.now()).toBe(START_NS + 2n * SECOND_NS + 5n);
  });

  it('goes on in the order of release', async () => {
    const answers: string[] = [];
    net.ic.faults.add({ kind: 'slow-callee', ms: 3_000, count: 1, match: { method: 'echo' } });
    net.ic.faults.add({ kind: 'slow-callee', ms: 1_000, count: 1, after: 1, match: { method: 'echo' } });
    const calls = ['first', 'second', 'third'].map(async (text) => answers.push(await net.callee.echo(text)));
    await net.ic.advance(10n * SECOND_NS);
    await Promise.all(calls);
    expect(answers).toEqual(['third', 'second', 'first']);
  });

  it('outlasts a bounded wait, whose late answer nobody hears', async () => {
    net.ic.faults.add({ kind: 'slow-callee', ms: 60_000, on: 'response', match: { from: 'canister' } });
    const call = net.actor.askBounded(30);
    await net.ic.advance(60n * SECOND_NS);
    expect(await call).toMatch(/^#system_unknown IC0601/);
  });
});

describe('silent-callee', () => {
  it.each(['request', 'response'] as const)('keeps a %s until the rule goes', async (on) => {
    const rule = net.ic.faults.add({ kind: 'silent-callee', on, match: { canisterId: net.calleeId.toText() } });
    const call = net.actor.ask();
    await net.ic.advance(3_600n * SECOND_NS);
    expect(await settled(call)).toBe('open');
    // A canister with an open call stops only when that has ended.
    const stopped = net.ic.stopCanister(net.id);
    expect(await settled(stopped)).toBe('open');
    expect(net.ic.engine.canister(net.id)?.status).toBe('stopping');
    rule.remove();
    expect(await call).toBe('answer');
    await stopped;
    await net.ic.startCanister(net.id);
    expect(await net.callee.count()).toBe(1n);
  });

  it('leaves a bounded wait in the dark at its deadline', async () => {
    net.ic.faults.add({ kind: 'silent-callee', match: { from: 'canister' } });
    const call = net.actor.askBounded(30);
    await net.ic.advance(30n * SECOND_NS);
    expect(await call).toMatch(/^#system_unknown IC0601/);
    net.ic.faults.clear();
    await net.ic.idle();
    // It came too late to be run.
    expect(await net.callee.count()).toBe(0n);
  });

  it('holds calls from outside, and gives their cycles and answers when the network closes', async () => {
    net.ic.faults.add({ kind: 'silent-callee', match: { from: 'ingress', method: 'echo' } });
    const call = net.callee.echo('at last');
    expect(await settled(call)).toBe('open');
    net.ic.faults.clear();
    expect(await call).toBe('at last');
  });
});

describe('canister-reject', () => {
  it.each<[Omit<Extract<FaultRule, { kind: 'canister-reject' }>, 'kind'>, RegExp, bigint]>([
    [{}, /^#system_transient IC0201: rejected by a fault$/, 0n],
    [{ code: 3 }, /^#destination_invalid IC0301/, 0n],
    [{ code: 4, message: 'not today' }, /^#canister_reject not today$/, 0n],
    [{ errorCode: 'IC0522' }, /^#canister_error IC0522/, 0n],
    [{ code: 5, executed: true }, /^#canister_error IC0503/, 1n]
  ])('%o', async (parameters, told, ran) => {
    net.ic.faults.add({ kind: 'canister-reject', ...parameters, match: { canisterId: net.calleeId.toText() } });
    expect(await net.actor.ask()).toMatch(told);
    net.ic.faults.clear();
    expect(await net.callee.count()).toBe(ran);
  });

  it('tells SYS_UNKNOWN of an answer that was lost, and only to a caller with a bounded wait', async () => {
    const rule = net.ic.faults.add({ kind: 'canister-reject', executed: true });
    expect(await net.actor.ask()).toBe('answer');
    expect(rule.seen).toBe(0);
    expect(await net.actor.askBounded(30)).toMatch(/^#system_unknown IC0602/);
    expect(await net.callee.count()).toBe(2n);
    // No network of today tells a client so; one can be told to.
    rule.remove();
    net.ic.faults.add({ kind: 'canister-reject', executed: true, match: { from: 'ingress' } });
    await expect(net.actor.ask()).rejects.toMatchObject({ code: 6, errorCode: 'IC0602' });
    expect(await net.callee.count()).toBe(3n);
  });

  it('gives attached cycles back', async () => {
    const cycles = async (): Promise<bigint> => (await status()).cycles;
    const before = await cycles();
    net.ic.faults.add({ kind: 'canister-reject', match: { method: 'get_exchange_rate' } });
    await expect(net.actor.rate()).rejects.toMatchObject({ code: 4 });
    // Less than what was attached is gone, if anything is charged at all.
    expect(before - (await cycles())).toBeLessThan(1_000_000_000n);
  });
});

describe('canister-reply', () => {
  it('answers with given bytes, executed or not', async () => {
    const reply = new TextEncoder().encode('DIDL\0\x01\x71\x05other');
    net.ic.faults.add({ kind: 'canister-reply', reply, count: 1, match: { method: 'echo' } });
    expect(await net.actor.ask()).toBe('other');
    expect(await net.callee.count()).toBe(0n);
    net.ic.faults.add({ kind: 'canister-reply', reply: Buffer.from(reply).toString('hex'), executed: true, match: { method: 'echo' } });
    expect(await net.actor.ask()).toBe('other');
    expect(await net.callee.count()).toBe(1n);
  });

  it('makes the management canister answer, too, when it is named', async () => {
    const unnamed = net.ic.faults.add({ kind: 'canister-reject', match: { method: 'canister_status' } });
    expect((await status()).cycles).toBeGreaterThan(0n);
    expect(unnamed.seen).toBe(0);
    net.ic.faults.add({ kind: 'canister-reject', message: 'no', match: { canisterId: 'aaaaa-aa', method: 'canister_status' } });
    await expect(status()).rejects.toMatchObject({ code: 2, message: 'no' });
  });
});

describe('what is held back', () => {
  it('is bounded: then calls are rejected and answers let through', async () => {
    net.ic.faults.add({ kind: 'silent-callee', match: { method: 'echo' } });
    const held = Array.from({ length: 10_000 }, () => net.callee.echo('held'));
    expect(await net.callee.echo('one too many').catch((error: unknown) => error)).toMatchObject({ code: 2, errorCode: 'IC0201' });
    net.ic.faults.add({ kind: 'silent-callee', on: 'response', match: { method: 'run' } });
    expect(await net.actor.run()).toBe(1n);
    net.ic.faults.clear();
    expect(new Set(await Promise.all(held))).toEqual(new Set(['held']));
  });

  it('is let go when the network closes', async () => {
    const other = await startTroubled([{ kind: 'silent-callee', match: { from: 'canister' } }]);
    const call = other.actor.ask();
    await other.ic.idle();
    await other.ic.close();
    expect(await call).toBe('answer');
  });
});

describe('a fork', () => {
  it('goes on with what was held back, without the rules', async () => {
    net.ic.faults.add({ kind: 'silent-callee', match: { from: 'canister' } });
    const call = net.actor.ask();
    await net.ic.idle();
    const fork = await net.ic.fork();
    await fork.idle();
    const counted = fork.actor<Callee>(callee, net.calleeId);
    expect([await counted.count(), await net.callee.count()]).toEqual([1n, 0n]);
    expect(fork.faults.rules).toEqual([]);
    await fork.stopCanister(net.id);
    await fork.close();
    net.ic.faults.clear();
    expect(await call).toBe('answer');
  });
});

describe('rules', () => {
  it('are at most 1,000 at a time', () => {
    for (let count = 0; count < 1_000; count++) net.ic.faults.add({ kind: 'canister-trap', match: { method: 'nothing' } });
    expect(() => net.ic.faults.add({ kind: 'canister-trap' })).toThrow('There are 1000 rules already');
    net.ic.faults.rules[0]?.remove();
    net.ic.faults.add({ kind: 'canister-trap', match: { method: 'nothing' } });
  });
});

describe('rules together', () => {
  it('are applied in order, the first one nearest to the caller', async () => {
    const match = { method: 'echo' };
    net.ic.faults.add({ kind: 'slow-callee', ms: 1_000, match });
    net.ic.faults.add({ kind: 'slow-callee', ms: 500, on: 'response', match });
    net.ic.faults.add({ kind: 'canister-reject', code: 4, message: 'late and refused', match });
    const last = net.ic.faults.add({ kind: 'canister-trap', match });
    const call = net.actor.ask();
    await net.ic.advance(1_499n * 1_000_000n);
    expect(await settled(call)).toBe('open');
    await net.ic.advance(1_000_000n);
    expect(await call).toBe('#canister_reject late and refused');
    expect(last.seen).toBe(0);
  });

  it('are decided once for a message that is held back', async () => {
    const match = { method: 'echo' };
    const slow = net.ic.faults.add({ kind: 'slow-callee', ms: 1_000, match });
    const trap = net.ic.faults.add({ kind: 'canister-trap', when: 'after', match });
    const call = net.actor.ask();
    await net.ic.advance(5n * SECOND_NS);
    expect(await call).toContain('#canister_error IC0503');
    expect([slow.seen, trap.seen]).toEqual([1, 1]);
  });

  it('do not disturb messages when there are none', async () => {
    net.ic.faults.add({ kind: 'canister-trap' }).remove();
    expect(await net.actor.threeSteps()).toBe(111n);
    expect(net.ic.faults.log).toEqual([]);
  });
});

describe('a plan of canister faults', () => {
  it('does the same again with the same seed', async () => {
    const chance = fc.double({ min: 0.1, max: 0.9, noNaN: true });
    const rule = fc.oneof(
      chance.map((probability): FaultRule => ({ kind: 'canister-trap', probability })),
      chance.map((probability): FaultRule => ({ kind: 'callback-trap', probability, await: 2 })),
      chance.map((probability): FaultRule => ({ kind: 'slow-callee', ms: 100, jitterMs: 5_000, probability })),
      chance.map((probability): FaultRule => ({ kind: 'canister-reject', probability })),
      chance.map((probability): FaultRule => ({ kind: 'canister-stop', forMs: 700, probability, count: 2 })),
      chance.map((probability): FaultRule => ({ ...ledgerError('Duplicate'), probability }))
    );
    const run = async (seed: string, rules: FaultRule[]): Promise<unknown> => {
      const { ic, actor } = await startTroubled(rules, seed);
      try {
        const outcomes = [actor.threeSteps(), actor.ask(), actor.askBounded(2), actor.threeSteps(), actor.run()].map((call) =>
          call.then(String, (error: unknown) => String(error))
        );
        await ic.advance(60n * SECOND_NS);
        const told = await Promise.all(outcomes);
        const log = ic.faults.log;
        ic.faults.clear();
        await ic.idle();
        return [told, log, await actor.state(), ic.engine.canisters().map(({ status }) => status)];
      } finally {
        await ic.close();
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(rule, { minLength: 1, maxLength: 4 }), async (seed, rules) => {
        expect(await run(seed, rules)).toEqual(await run(seed, rules));
      }),
      { numRuns: 12 }
    );
  });
});

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Actor, HttpAgent } from '@dfinity/agent';
import { describe, expect, it } from 'vitest';
import { createIdentity, createLocalIc, type LocalIc, type LocalIcOptions } from '../src/index.ts';
import { agentFixtureInterface, type AgentFixture } from './support/agentFixture.ts';
import { counter, timers, type Counter, type Timers } from './support/interfaces.ts';
import { fixtureWasm, initArgument, SECOND_NS, START_NS } from './support/network.ts';

async function withNetworks(options: LocalIcOptions[], test: (...networks: LocalIc[]) => Promise<void>): Promise<void> {
  const networks = await Promise.all(options.map((option) => createLocalIc(option)));
  try {
    await test(...networks);
  } finally {
    await Promise.all(networks.map((network) => network.close()));
  }
}

const setupAgentFixture = async (ic: LocalIc) =>
  ic.setupCanister<AgentFixture>({ idlFactory: agentFixtureInterface, wasm: await fixtureWasm('agent') });

describe('several networks in a process', () => {
  it('have the same canister ids, and states, logs and keys of their own', async () => {
    const [log, otherLog]: [string[], string[]] = [[], []];
    const options = [
      { seed: 'one', log: (line: string) => log.push(line) },
      { seed: 'two', log: (line: string) => otherLog.push(line) }
    ];
    await withNetworks(options, async (one: LocalIc, two: LocalIc) => {
      const [first, second] = [await setupAgentFixture(one), await setupAgentFixture(two)];
      expect(first.canisterId.toText()).toBe(second.canisterId.toText());
      expect(one.rootKey).not.toEqual(two.rootKey);
      await Promise.all([first.actor.increment(), first.actor.increment(), second.actor.increment()]);
      expect([await first.actor.get(), await second.actor.get()]).toEqual([2n, 1n]);
      await expect(second.actor.trap('in the second')).rejects.toThrow();
      expect(otherLog.join()).toContain('in the second');
      expect(log).toEqual([]);
      await one.stopCanister(first.canisterId);
      expect(await second.actor.increment()).toBe(2n);
      // The admin of one is nobody to the other.
      const [admin] = one.engine.canister(first.canisterId)?.controllers ?? [];
      if (admin === undefined) throw new Error('The canister has no controller');
      await expect(two.stopCanister(second.canisterId, admin)).rejects.toMatchObject({ errorCode: 'IC0512' });
    });
  });

  it('have clocks of their own', async () => {
    const options = [{ clock: { startNs: START_NS } }, { clock: { startNs: START_NS + 7n } }, {}];
    await withNetworks(options, async (one: LocalIc, two: LocalIc, real: LocalIc) => {
      const wasm = await fixtureWasm('timers');
      const setup = async (ic: LocalIc) => (await ic.setupCanister<Timers>({ idlFactory: timers, wasm })).actor;
      const [first, second] = [await setup(one), await setup(two)];
      for (const actor of [first, second]) await actor.once(60n, 'minute');
      await one.advance(61n * SECOND_NS);
      expect(one.now()).toBe(START_NS + 61n * SECOND_NS);
      expect(two.now()).toBe(START_NS + 7n);
      expect(real.now()).toBeGreaterThan(START_NS);
      expect(await first.log()).toHaveLength(1);
      expect(await second.log()).toHaveLength(0);
      await two.advance(61n * SECOND_NS);
      expect(await second.log()).toEqual([['minute', START_NS + 7n + 60n * SECOND_NS]]);
    });
  });

  it('run alike with the same seed, whatever another one does meanwhile', async () => {
    const clock = { startNs: START_NS };
    await withNetworks(
      [
        { seed: 'same', clock },
        { seed: 'same', clock },
        { seed: 'other', clock }
      ],
      async (one: LocalIc, two: LocalIc, other: LocalIc) => {
        const wasm = await fixtureWasm('counter');
        const run = async (ic: LocalIc, calls: number) => {
          const { canisterId, actor } = await ic.setupCanister<Counter>({ idlFactory: counter, wasm, arg: initArgument({ start: 0n }) });
          for (let call = 0; call < calls; call++) await actor.increment();
          return ic.engine.instructions(canisterId);
        };
        const [first, second, third] = await Promise.all([run(one, 20), run(two, 20), run(other, 33)]);
        expect(first).toEqual(second);
        expect(third).not.toEqual(first);
        expect(one.stateHash()).toBe(two.stateHash());
        expect(other.stateHash()).not.toBe(one.stateHash());
        expect(one.rootKey).toEqual(two.rootKey);
      }
    );
  });

  it('do not pass as each other: an agent of one refuses what the other certifies and signs', async () => {
    await withNetworks([{}, {}], async (one: LocalIc, two: LocalIc) => {
      const { canisterId } = await setupAgentFixture(one);
      await setupAgentFixture(two);
      const [own, foreign] = [await one.listen({ port: 0 }), await two.listen({ port: 0 })];
      const identity = createIdentity('Ada');
      const actorAt = async (host: string) =>
        Actor.createActor<AgentFixture>(agentFixtureInterface, {
          agent: await HttpAgent.create({ host, rootKey: one.rootKey, identity, retryTimes: 0 }),
          canisterId
        });
      const honest = await actorAt(own.url);
      expect(await honest.increment()).toBe(1n);
      expect((await honest.whoAmI()).toText()).toBe(identity.getPrincipal().toText());
      const deceived = await actorAt(foreign.url);
      await expect(deceived.increment()).rejects.toThrow(/Signature verification failed/);
      await expect(deceived.get()).rejects.toThrow(/Signature verification failed/);
    });
  });

  it('keep faults to themselves', async () => {
    await withNetworks([{ faults: { rules: [{ kind: 'http-error', status: 503 }] } }, {}], async (faulty: LocalIc, sound: LocalIc) => {
      const [first, second] = [await faulty.listen({ port: 0 }), await sound.listen({ port: 0 })];
      expect((await fetch(`${first.url}/api/v2/status`)).status).toBe(503);
      expect((await fetch(`${second.url}/api/v2/status`)).status).toBe(200);
      expect([faulty.faults.log.length, sound.faults.log.length]).toEqual([1, 0]);
    });
  });

  it('are independent of the one they were forked from, even when that is closed', async () => {
    const origin = await createLocalIc({ seed: 'origin', clock: { startNs: START_NS } });
    const { canisterId, actor } = await setupAgentFixture(origin);
    await actor.increment();
    const fork = await origin.fork();
    await actor.increment();
    await origin.close();
    const forked = fork.actor<AgentFixture>(agentFixtureInterface, canisterId);
    expect(await forked.increment()).toBe(2n);
    await fork.close();
  });

  it('need a state directory each', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-networks-'));
    try {
      await withNetworks([{ stateDir }], async () => {
        await expect(createLocalIc({ stateDir })).rejects.toThrow(stateDir);
      });
      await withNetworks([{ stateDir }], (ic: LocalIc) => ic.idle());
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });
});

/** Size of the address space and of the memory in use, in MiB. */
function processSize(): { virtual: number; resident: number } {
  const status = readFileSync('/proc/self/status', 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { virtual: read('VmSize'), resident: read('VmRSS') };
}

describe.runIf(process.platform === 'linux')('a closed network', () => {
  it('gives its memory back, even to somebody who holds on to it', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const wasm = await fixtureWasm('counter');
    const held: LocalIc[] = [];
    const run = async (networks: number): Promise<ReturnType<typeof processSize>> => {
      for (let index = 0; index < networks; index++) {
        const ic = await createLocalIc({ clock: { startNs: START_NS } });
        const { actor } = await ic.setupCanister<Counter>({ idlFactory: counter, wasm, arg: initArgument({ start: 0n }) });
        await actor.grow(500_000n);
        await ic.listen({ port: 0 });
        await ic.close();
        held.push(ic);
      }
      collect();
      return processSize();
    };
    const before = await run(10);
    const after = await run(40);
    // Each would hold some 42 GB of address space, and memory; a few may wait for their finalization.
    expect(after.virtual - before.virtual).toBeLessThan(10 * 42_000);
    expect(after.resident - before.resident).toBeLessThan(250);
    expect(held).toHaveLength(50);
    expect(held[0]?.engine.canisters()).toEqual([]);
  });
});

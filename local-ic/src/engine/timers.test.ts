import { describe, expect, it } from 'vitest';
import { counter, timers, type Counter, type Timers } from '../../test/support/interfaces.ts';
import { ADMIN, SECOND_NS, START_NS, startNetwork } from '../../test/support/network.ts';

const seconds = (log: [string, bigint][]): [string, number][] => log.map(([name, time]) => [name, Number(time - START_NS) / 1e9]);

describe('timers with a virtual clock', () => {
  it('fire each at its own time, in order', async () => {
    const network = await startNetwork();
    const first = network.actor<Timers>(timers, await network.install('timers'));
    await first.once(30n, 'late');
    await first.once(10n, 'early');
    await first.every(20n, 'again');
    await network.engine.advance(9n * SECOND_NS);
    expect(await first.log()).toEqual([]);
    await network.engine.advance(SECOND_NS);
    expect(seconds(await first.log())).toEqual([['early', 10]]);
    await network.engine.advance(55n * SECOND_NS);
    expect(seconds(await first.log())).toEqual([
      ['early', 10],
      ['again', 20],
      ['late', 30],
      ['again', 40],
      ['again', 60]
    ]);
    expect(network.engine.now()).toBe(START_NS + 65n * SECOND_NS);
    await first.cancel();
    await network.engine.advance(100n * SECOND_NS);
    expect(await first.log()).toHaveLength(5);
  });

  it('run a chain of timers without delay to its end', async () => {
    const network = await startNetwork();
    const actor = network.actor<Timers>(timers, await network.install('timers'));
    await actor.chain(7n);
    await network.engine.idle();
    expect(await actor.log()).toHaveLength(7);
  });

  it('do not fire on a stopped canister, but once it is started again', async () => {
    const network = await startNetwork();
    const id = await network.install('timers');
    const actor = network.actor<Timers>(timers, id);
    await actor.once(10n, 'held up');
    await network.engine.stopCanister(id, ADMIN);
    await network.engine.advance(60n * SECOND_NS);
    await network.engine.startCanister(id, ADMIN);
    await network.engine.idle();
    expect(seconds(await actor.log())).toEqual([['held up', 60]]);
  });

  it('are gone after an upgrade', async () => {
    const network = await startNetwork();
    const id = await network.install('timers');
    const actor = network.actor<Timers>(timers, id);
    await actor.once(10n, 'forgotten');
    await network.upgrade(id, 'timers');
    await network.engine.advance(60n * SECOND_NS);
    expect(await actor.log()).toEqual([]);
  });

  it('give the same run twice', async () => {
    const run = async (): Promise<unknown> => {
      const network = await startNetwork();
      const actor = network.actor<Timers>(timers, await network.install('timers'));
      const other = network.actor<Counter>(counter, await network.install('counter', { start: 0n }));
      await Promise.all([actor.every(3n, 'a'), actor.once(3n, 'b'), other.increment(), other.increment()]);
      await network.engine.advance(10n * SECOND_NS);
      return [await actor.log(), await other.get(), network.engine.canisters().map(({ id }) => id.toText())];
    };
    expect(await run()).toEqual(await run());
  });

  it('refuse to go back in time', async () => {
    const network = await startNetwork();
    await expect(network.engine.advance(-1n)).rejects.toThrow(RangeError);
  });
});

describe('timers with the system clock', () => {
  it('fire by themselves, and at once when the clock is advanced', async () => {
    const network = await startNetwork({ clock: 'system' });
    const actor = network.actor<Timers>(timers, await network.install('timers'));
    await actor.once(1n, 'by itself');
    await actor.once(3_600n, 'advanced');
    await expect.poll(() => actor.log(), { timeout: 5_000 }).toHaveLength(1);
    await network.engine.advance(3_600n * SECOND_NS);
    const log = await actor.log();
    expect(log.map(([name]) => name)).toEqual(['by itself', 'advanced']);
    expect(network.engine.now() - BigInt(Date.now()) * 1_000_000n).toBeGreaterThan(3_599n * SECOND_NS);
    await network.engine.close();
  });
});

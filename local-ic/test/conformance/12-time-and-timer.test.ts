import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, START_NS } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program, type Program } from '../universal/Program.ts';
import {
  numberOf,
  numbersOf,
  startUniversalNetwork,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { add, api, load64, stable } from '../universal/values.ts';
import { canisterArgument, manage } from './management.ts';

const SECOND = 1_000_000_000n;
let network: UniversalNetwork;
let canister: UniversalCanister;
beforeEach(async () => {
  network = await startUniversalNetwork();
  canister = await network.universal();
});

describe('System time', () => {
  it('is given in nanoseconds since 1970', async () => {
    expect(numberOf(await canister.query(program().reply(api('time'))))).toBe(START_NS);
  });

  it('is constant within an execution', async () => {
    const [before, after] = numbersOf(await canister.update(program().append(api('time')).repeat(100_000, program()).reply(api('time'))));
    expect(after).toBe(before);
  });

  it('never goes back, neither between messages nor over an upgrade', async () => {
    const times: bigint[] = [];
    for (let i = 0; i < 5; i++) {
      times.push(numberOf(await canister.update(program().reply(api('time')))));
      await network.engine.advance(BigInt(i) * SECOND);
      if (i === 2) await canister.install('upgrade');
    }
    expect(times).toEqual([...times].sort((x, y) => (x < y ? -1 : 1)));
  });

  it('is that of the callback in a callback', async () => {
    const calling = program()
      .append(api('time'))
      .callTo({ callee: canister.bytes, arg: program().reply(), onReply: program().reply(api('time')) });
    expect(numberOf(await canister.update(calling))).toBeGreaterThanOrEqual(START_NS);
  });
});

describe('Global timer', () => {
  const set = (at: bigint): Program => program().reply(api('global_timer_set', at));
  const fired = program().reply(load64(Address.heap));
  const onTimer = (task: Program = program()): Program => program().store('globalTimer', program().increase(Address.heap).also(task));
  const arm = (seconds: bigint, task?: Program) =>
    canister.update(
      onTimer(task)
        .call('global_timer_set', network.engine.now() + seconds * SECOND)
        .reply()
    );

  it('tells the value before, 0 when it was not set', async () => {
    const later = START_NS + 10n * SECOND;
    expect(numberOf(await canister.update(set(later)))).toBe(0n);
    expect(numberOf(await canister.update(set(later + 1n)))).toBe(later);
    expect(numberOf(await canister.update(set(0n)))).toBe(later + 1n);
    expect(numberOf(await canister.update(set(0n)))).toBe(0n);
  });

  it('fires once, not before its time', async () => {
    await arm(10n);
    await network.engine.advance(10n * SECOND - 1n);
    expect(await canister.number(fired)).toBe(0n);
    await network.engine.advance(1n);
    expect(await canister.number(fired)).toBe(1n);
    await network.engine.advance(100n * SECOND);
    expect(await canister.number(fired)).toBe(1n);
  });

  it('fires at once when its time has passed', async () => {
    await canister.update(onTimer().call('global_timer_set', 1).reply());
    await network.engine.idle();
    expect(await canister.number(fired)).toBe(1n);
  });

  it('is deactivated by 0', async () => {
    await arm(10n);
    await canister.update(set(0n));
    await network.engine.advance(20n * SECOND);
    expect(await canister.number(fired)).toBe(0n);
  });

  it('is replaced by a later one', async () => {
    await arm(10n);
    await arm(30n);
    await network.engine.advance(20n * SECOND);
    expect(await canister.number(fired)).toBe(0n);
    await network.engine.advance(20n * SECOND);
    expect(await canister.number(fired)).toBe(1n);
  });

  it('is off while canister_global_timer runs, which may set it again', async () => {
    const task = program().store64(Address.heap + 8, api('global_timer_set', add(api('time'), 5n * SECOND)));
    await arm(5n, task);
    await network.engine.advance(21n * SECOND);
    expect(await canister.number(fired)).toBe(4n);
    expect(await canister.number(program().reply(load64(Address.heap + 8)))).toBe(0n);
  });

  it('stays off when canister_global_timer traps', async () => {
    await arm(
      5n,
      program()
        .call('global_timer_set', add(api('time'), SECOND))
        .trap()
    );
    await network.engine.advance(60n * SECOND);
    expect(await canister.number(fired)).toBe(0n);
    expect(numberOf(await canister.update(set(0n)))).toBe(0n);
    expect(network.log.filter((line) => line.includes('canister_global_timer')).length).toBe(1);
  });

  it('is not set by a message that traps', async () => {
    await canister.update(onTimer().reply());
    await canister.update(
      program()
        .call('global_timer_set', START_NS + SECOND)
        .trap()
    );
    await network.engine.advance(10n * SECOND);
    expect(await canister.number(fired)).toBe(0n);
  });

  it('is not reset by a message that traps', async () => {
    await arm(5n);
    await canister.update(program().call('global_timer_set', 0).trap());
    await network.engine.advance(10n * SECOND);
    expect(await canister.number(fired)).toBe(1n);
  });

  it.each(['upgrade', 'reinstall'] as const)('is deactivated by %s', async (mode) => {
    await arm(10n);
    await canister.install(mode, { program: onTimer() });
    await network.engine.advance(20n * SECOND);
    expect(await canister.number(fired)).toBe(0n);
  });

  it('keeps running when the upgrade fails', async () => {
    await arm(10n);
    await canister.install('upgrade', { program: program().trap() }).catch((error: unknown) => error);
    await network.engine.advance(20n * SECOND);
    expect(await canister.number(fired)).toBe(1n);
  });

  it('can be read in canister_pre_upgrade, and set in canister_post_upgrade', async () => {
    const at = network.engine.now() + 10n * SECOND;
    const before = program().store64(Address.heap, api('global_timer_set', 0)).growStable(1).call('stable64_write', 0, Address.heap, 8);
    await canister.update(program().store('preUpgrade', before).call('global_timer_set', at).reply());
    await canister.install('upgrade', { program: onTimer().call('global_timer_set', at) });
    expect(numberOf(await canister.query(program().reply(stable(0, 8))))).toBe(at);
    await network.engine.advance(20n * SECOND);
    expect(await canister.number(fired)).toBe(1n);
  });

  it('is deactivated by uninstall_code', async () => {
    await arm(10n);
    await manage(network, 'uninstall_code', canisterArgument(canister.id));
    await canister.install('install', { program: onTimer() });
    await network.engine.advance(20n * SECOND);
    expect(await canister.number(fired)).toBe(0n);
  });

  it('waits while the canister is stopped', async () => {
    await arm(10n);
    await network.engine.stopCanister(canister.id, ADMIN);
    await network.engine.advance(20n * SECOND);
    await network.engine.startCanister(canister.id, ADMIN);
    await network.engine.advance(1n);
    expect(await canister.number(fired)).toBe(1n);
  });

  it('can make calls, whose callbacks run', async () => {
    const callee = await network.universal();
    await arm(1n, program().callTo({ callee: callee.bytes, arg: program().reply(), onReply: program().increase(Address.heap, 10) }));
    await network.engine.advance(2n * SECOND);
    expect(await canister.number(fired)).toBe(11n);
  });

  it('takes any time, the last one there is, too', async () => {
    expect(numberOf(await canister.update(set(2n ** 64n - 1n)))).toBe(0n);
    await network.engine.advance(1_000n * SECOND);
    expect(numberOf(await canister.update(set(0n)))).toBe(2n ** 64n - 1n);
  });

  it('fires for each canister in the order of their times', async () => {
    const other = await network.universal();
    const log = program().callTo({
      callee: canister.bytes,
      arg: program()
        .store64(Address.heap + 16, api('time'))
        .reply()
    });
    await other.update(
      program()
        .store('globalTimer', log)
        .call('global_timer_set', network.engine.now() + 3n * SECOND)
        .reply()
    );
    await arm(5n, program().store64(Address.heap + 24, load64(Address.heap + 16)));
    await network.engine.advance(10n * SECOND);
    expect(await canister.number(program().reply(load64(Address.heap + 24)))).toBe(START_NS + 3n * SECOND);
  });
});

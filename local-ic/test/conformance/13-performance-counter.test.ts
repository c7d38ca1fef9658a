import { beforeEach, describe, expect, it } from 'vitest';
import { program, type Program } from '../universal/Program.ts';
import { numbersOf, rejectOf, startUniversalNetwork, type UniversalCanister } from '../universal/universalNetwork.ts';
import { api, argument } from '../universal/values.ts';

describe('Performance counter', () => {
  let canister: UniversalCanister;
  beforeEach(async () => {
    canister = await (await startUniversalNetwork()).universal();
  });

  const execution = api('performance_counter', 0);
  const context = api('performance_counter', 1);
  const work = (): Program => program().repeat(1_000, program());

  it.each(['update', 'query', 'composite'] as const)('rises within an execution: %s', async (kind) => {
    const [first = 0n, second = 0n] = numbersOf(await canister[kind](program().append(execution).also(work()).reply(execution)));
    expect(first).toBeGreaterThan(0n);
    expect(second).toBeGreaterThan(first + 10_000n);
  });

  it('of the call context is that of the execution in the first execution', async () => {
    const [own = 0n, whole = 0n] = numbersOf(await canister.update(program().also(work()).append(execution).reply(context)));
    expect(whole).toBeGreaterThan(own);
    expect(whole - own).toBeLessThan(10_000n);
  });

  it('of the execution begins anew in a callback, that of the call context goes on', async () => {
    const onReply = program().append(execution).reply(context);
    const calling = work().callTo({ callee: canister.bytes, arg: program().reply(), onReply });
    const [own = 0n, whole = 0n] = numbersOf(await canister.update(calling));
    expect(own).toBeLessThan(10_000n);
    expect(whole).toBeGreaterThan(10_000n);
  });

  it('does not count what the callee did', async () => {
    const onReply = program().append(context).reply(argument);
    const callee = program().repeat(100_000, program()).reply(execution);
    const [whole = 0n, inCallee = 0n] = numbersOf(
      await canister.update(program().callTo({ callee: canister.bytes, arg: callee, onReply }))
    );
    expect(inCallee).toBeGreaterThan(1_000_000n);
    expect(whole).toBeLessThan(inCallee);
  });

  it('of the call context goes on in the callbacks of a composite query', async () => {
    const onReply = program().append(execution).reply(context);
    const calling = work().callTo({ callee: canister.bytes, method: 'query', arg: program().reply(), onReply });
    const [own = 0n, whole = 0n] = numbersOf(await canister.composite(calling));
    expect(own).toBeLessThan(10_000n);
    expect(whole).toBeGreaterThan(10_000n);
  });

  it('is the same for the same work', async () => {
    const measured = (): Promise<bigint[]> => canister.query(work().append(execution).reply(context)).then(numbersOf);
    expect(await measured()).toEqual(await measured());
  });

  it('traps for a counter that does not exist', async () => {
    expect(rejectOf(await canister.query(program().reply(api('performance_counter', 2))))).toMatchObject({ code: 5, errorCode: 'IC0504' });
  });
});

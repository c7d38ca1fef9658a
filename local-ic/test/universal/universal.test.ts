import { beforeAll, describe, expect, it } from 'vitest';
import { Address } from './layout.ts';
import { program } from './Program.ts';
import { API_NAMES, ONLY_IN_32_BIT } from './systemApi.ts';
import {
  numberOf,
  numbersOf,
  rejectOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from './universalNetwork.ts';
import { loadCanisterModule } from '../../src/wasm/CanisterModule.ts';
import {
  add,
  amount,
  api,
  argument,
  equal,
  less,
  load64,
  load8,
  memory,
  memoryGrow,
  memorySize,
  remainder,
  stable,
  subtract,
  text,
  userGlobal
} from './values.ts';
import { universalWasm } from './universalWasm.ts';

describe.each([false, true])('the universal canister, memory of 64 bits: %s', (is64) => {
  let network: UniversalNetwork;
  let canister: UniversalCanister;

  beforeAll(async () => {
    network = await startUniversalNetwork();
    canister = await network.universal({ is64 });
  });

  const computed = async (value: Parameters<typeof add>[0]): Promise<bigint> => numberOf(await canister.query(program().reply(value)));

  it('computes', async () => {
    expect(await computed(add(2, 3))).toBe(5n);
    expect(await computed(subtract(2, 3))).toBe(2n ** 64n - 1n);
    expect(await computed(remainder(17, 5))).toBe(2n);
    expect(await computed(equal(7, 7))).toBe(1n);
    expect(await computed(less(-1, 7))).toBe(0n);
    expect(await computed(less(7, -1))).toBe(1n);
    expect(await computed(add(load8(Address.heap), memorySize))).toBe(53n);
    expect(await computed(memoryGrow(3))).toBe(53n);
    expect(await computed(memoryGrow(2 ** 31))).toBe(2n ** 64n - 1n);
  });

  it('writes memory and keeps it, in updates only', async () => {
    const write = program()
      .store64(Address.heap, 77)
      .store8(Address.heap + 8, 0x1ff)
      .write(Address.heap + 16, text('abc'))
      .setGlobal(9)
      .reply();
    const read = program()
      .append(load64(Address.heap))
      .append(load64(Address.heap + 8))
      .append(memory(Address.heap + 16, 8))
      .reply(userGlobal);
    await canister.query(write);
    expect(numbersOf(await canister.query(read))).toEqual([0n, 0n, 0n, 0n]);
    await canister.update(write);
    expect(numbersOf(await canister.query(read))).toEqual([77n, 255n, 0x636261n, 9n]);
    await canister.update(program().fill(Address.heap, 1, 4).increase(Address.heap).reply());
    expect(await computed(load64(Address.heap))).toBe(0x01010102n);
  });

  it('branches and loops', async () => {
    const counter = Address.heap + 100;
    const loop = program()
      .repeat(10, program().increase(counter, 2))
      .while(less(load64(counter), 50), program().increase(counter))
      .when(equal(load64(counter), 50), program().append(text('yes')), program().append(text('no')))
      .when(0, program().append(text('never')))
      .reply();
    expect(textOf(await canister.query(loop))).toBe('yes');
  });

  it('traps', async () => {
    expect(rejectOf(await canister.update(program().trap('because')))).toMatchObject({ code: 5, errorCode: 'IC0503' });
    expect(rejectOf(await canister.update(program().unreachable()))).toMatchObject({ code: 5, errorCode: 'IC0502' });
    expect(rejectOf(await canister.update(program().store8(2 ** 31, 1)))).toMatchObject({ code: 5, errorCode: 'IC0502' });
  });

  it('runs programs as callbacks, nested ones, too', async () => {
    const inner = program().forward({ callee: canister.bytes, arg: program().reply(text('innermost')) });
    const outer = program().forward({ callee: canister.bytes, arg: inner });
    expect(textOf(await canister.update(outer))).toBe('innermost');
    expect(
      textOf(await canister.composite(program().forward({ callee: canister.bytes, method: 'query', arg: program().reply(text('q')) })))
    ).toBe('q');
  });

  it('runs the programs that were stored for the timer and for an upgrade', async () => {
    const at = network.engine.now() + 1_000n;
    const onTimer = program().store64(Address.heap, 1234);
    await canister.update(program().store('globalTimer', onTimer).call('global_timer_set', at).reply());
    await network.engine.advance(2_000n);
    expect(await computed(load64(Address.heap))).toBe(1234n);
    await canister.update(
      program()
        .store('preUpgrade', program().growStable(1).writeStable(8, text('saved')))
        .reply()
    );
    await canister.install('upgrade', { is64, program: program().store64(Address.heap, api('stable64_size')) });
    expect(await computed(load64(Address.heap))).toBe(1n);
    expect(textOf(await canister.query(program().reply(stable(8, 5))))).toBe('saved');
  });

  it('takes an empty argument and a big one, and reads amounts', async () => {
    expect(rejectOf(await canister.call('update', new Uint8Array()))).toMatchObject({ errorCode: 'IC0506' });
    expect(await computed(api('msg_arg_data_size'))).toBeGreaterThan(0n);
    const big = program()
      .call('debug_print', text('x'.repeat(1_000_000)))
      .reply(argument);
    expect((await canister.query(big)).kind).toBe('reply');
    expect(await computed(amount('canister_cycle_balance128'))).toBeGreaterThan(0n);
  });

  it('forgets programs nothing refers to', async () => {
    const size = await canister.number(program().reply(memorySize));
    const large = program()
      .evaluate(0)
      .call('debug_print', text('x'.repeat(60_000)))
      .reply();
    for (let i = 0; i < 20; i++) await canister.update(large);
    expect(await canister.number(program().reply(memorySize))).toBeLessThanOrEqual(size + 1n);
  });

  it('exports what was asked for', () => {
    const exported = (options: Parameters<typeof universalWasm>[0]): string[] =>
      WebAssembly.Module.exports(new WebAssembly.Module(universalWasm({ is64, ...options }) as Uint8Array<ArrayBuffer>)).map(
        ({ name }) => name
      );
    expect(exported({})).not.toContain('canister_heartbeat');
    expect(exported({ heartbeat: true, inspect: true, lowWasmMemory: true })).toEqual(
      expect.arrayContaining(['canister_heartbeat', 'canister_inspect_message', 'canister_on_low_wasm_memory'])
    );
    const { imports } = loadCanisterModule(universalWasm({ is64 }));
    const expected = API_NAMES.filter((name) => !is64 || !ONLY_IN_32_BIT.includes(name));
    expect(imports.map(({ name }) => name)).toEqual(expect.arrayContaining(expected.slice(0, 4)));
  });

  it('runs a program at the start', async () => {
    const started = await network.universal({ is64, start: program().store64(Address.heap, 5) });
    expect(numberOf(await started.query(program().reply(load64(Address.heap))))).toBe(5n);
  });

  it('refuses calls with a wrong number of arguments', () => {
    expect(() => program().call('msg_reply_data_append', 1)).toThrow('ic0.msg_reply_data_append takes 2 arguments, not 1');
    expect(() => amount('msg_cycles_accept128', 1)).toThrow('ic0.msg_cycles_accept128 takes 2 arguments and a target, not 1');
  });
});

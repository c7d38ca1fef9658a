import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { managementOf, UNCHANGED, type Management, type SettingsArgument } from '../../test/support/management.ts';
import { ADMIN, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';
import { assemble, op, REPLY_IMPORTS, replyFrom } from '../../test/support/wasm.ts';

let network: TestNetwork;
let management: Management;
let canister_id: Principal;
beforeEach(async () => {
  network = await startNetwork();
  management = managementOf(network.engine, ADMIN);
  canister_id = await network.engine.createCanister({ controllers: [ADMIN] });
});

const update = (settings: Partial<SettingsArgument>): Promise<void> =>
  management.update_settings({ canister_id, settings: { ...UNCHANGED, ...settings } });
const variable = (name: string, value = '') => ({ name, value });
const people = (count: number): Principal[] => Array.from({ length: count }, (_, i) => Principal.fromUint8Array(Uint8Array.of(i, 1, 2)));

describe('the settings of a canister', () => {
  it.each<[string, Partial<SettingsArgument>, string, RegExp]>([
    ['eleven controllers', { controllers: [people(11)] }, 'IC0408', /at most 10 controllers, not 11/],
    [
      'more than all of a core',
      { compute_allocation: [101n] },
      'IC0504',
      /ComputeAllocation expected to be in the range \[0..100\], got 101/
    ],
    ['more memory than can be addressed', { memory_allocation: [2n ** 48n + 1n] }, 'IC0504', /MemoryAllocation/],
    ['a threshold of 2^64', { freezing_threshold: [2n ** 64n] }, 'IC0504', /Freezing threshold .* \[0..2\^64-1\]/],
    ['a limit of 2^128', { reserved_cycles_limit: [2n ** 128n] }, 'IC0504', /Reserved cycles limit/],
    ['a memory limit beyond 2^48', { wasm_memory_limit: [2n ** 48n + 1n] }, 'IC0504', /Wasm memory limit/],
    ['a memory threshold of 2^64', { wasm_memory_threshold: [2n ** 64n] }, 'IC0504', /Wasm memory threshold/],
    ['eleven viewers', { log_visibility: [{ allowed_viewers: people(11) }] }, 'IC0408', /at most 10 allowed viewers/],
    ['a variable twice', { environment_variables: [[variable('A'), variable('A', 'b')]] }, 'IC0408', /Duplicate environment variables/],
    [
      'too many variables',
      { environment_variables: [Array.from({ length: 21 }, (_, i) => variable(`V${i}`))] },
      'IC0408',
      /Too many environment variables: 21 \(max: 20\)/
    ],
    ['too long a name', { environment_variables: [[variable('ä'.repeat(65))]] }, 'IC0408', /name ".*" exceeds .* 128/],
    ['too long a value', { environment_variables: [[variable('A', 'x'.repeat(129))]] }, 'IC0408', /value ".*" exceeds .* 128/]
  ])('refuse %s, and nothing changes', async (_, settings, errorCode, message) => {
    const before = await management.canister_status({ canister_id });
    const all = { controllers: [[STRANGER]] as [Principal[]], ...settings };
    await expect(update(all)).rejects.toMatchObject({ errorCode, message });
    expect(await management.canister_status({ canister_id })).toEqual(before);
    const create = management.provisional_create_canister_with_cycles({
      amount: [],
      settings: [{ ...UNCHANGED, ...settings }],
      specified_id: []
    });
    await expect(create).rejects.toMatchObject({ errorCode });
    expect(network.engine.canisters()).toHaveLength(1);
  });

  it('take the largest values that are allowed', async () => {
    const settings = {
      controllers: [[ADMIN, ...people(9)]] as [Principal[]],
      compute_allocation: [100n] as [bigint],
      memory_allocation: [2n ** 48n] as [bigint],
      freezing_threshold: [2n ** 64n - 1n] as [bigint],
      reserved_cycles_limit: [2n ** 128n - 1n] as [bigint],
      wasm_memory_limit: [2n ** 48n] as [bigint],
      wasm_memory_threshold: [2n ** 64n - 1n] as [bigint],
      environment_variables: [[variable('A', 'x'.repeat(128))]] as [{ name: string; value: string }[]]
    };
    await update(settings);
    const status = await management.canister_status({ canister_id });
    for (const [name, [value]] of Object.entries(settings)) expect(status.settings[name]).toEqual(value);
    await update({ controllers: [[]] });
    await expect(update({})).rejects.toMatchObject({ errorCode: 'IC0512' });
  });

  it('make the version rise by one', async () => {
    const { version } = await management.canister_status({ canister_id });
    expect(version).toBe(0n);
    await update({ freezing_threshold: [1n] });
    expect((await management.canister_status({ canister_id })).version).toBe(1n);
  });
});

describe('a canister', () => {
  const i32 = 'i32' as const;
  const wasm = assemble({
    memoryPages: 1,
    imports: [
      ...REPLY_IMPORTS,
      { name: 'env_var_count', results: [i32] },
      { name: 'env_var_name_size', params: [i32], results: [i32] },
      { name: 'env_var_name_copy', params: [i32, i32, i32, i32] },
      { name: 'env_var_name_exists', params: [i32, i32], results: [i32] },
      { name: 'env_var_value_size', params: [i32, i32], results: [i32] },
      { name: 'env_var_value_copy', params: [i32, i32, i32, i32, i32] }
    ],
    functions: [
      {
        // Count, size of the second name, the name, whether "NO" exists, size of the value of "B", the value.
        exportAs: 'canister_query all',
        body: [
          ...[...op.i32(0), ...op.call(2), ...op.i32Store8],
          ...[...op.i32(1), ...op.i32(1), ...op.call(3), ...op.i32Store8],
          ...[...op.i32(1), ...op.i32(2), ...op.i32(0), ...op.i32(1), ...op.call(4)],
          ...[...op.i32(3), ...op.i32(100), ...op.i32(2), ...op.call(5), ...op.i32Store8],
          ...[...op.i32(4), ...op.i32(102), ...op.i32(1), ...op.call(6), ...op.i32Store8],
          ...[...op.i32(102), ...op.i32(1), ...op.i32(5), ...op.i32(0), ...op.i32(3), ...op.call(7)],
          ...replyFrom(0, 8)
        ]
      },
      { exportAs: 'canister_query ninth', body: [...op.i32(9), ...op.call(3), ...op.drop, ...replyFrom(0, 0)] },
      { exportAs: 'canister_query missing', body: [...op.i32(100), ...op.i32(2), ...op.call(6), ...op.drop, ...replyFrom(0, 0)] }
    ],
    data: { offset: 100, bytes: [...new TextEncoder().encode('NOB')] }
  });
  const query = (method: string) => network.engine.query({ canisterId: canister_id, method, arg: new Uint8Array(), sender: ADMIN });

  it('reads its environment variables, ordered by name', async () => {
    await management.install_code({ canister_id, mode: { install: null }, wasm_module: wasm, arg: new Uint8Array() });
    await update({ environment_variables: [[variable('C', 'last'), variable('A', 'first'), variable('B', 'mid')]] });
    const result = await query('all');
    expect(result).toMatchObject({ kind: 'reply' });
    const reply = result.kind === 'reply' ? new TextDecoder().decode(result.reply) : '';
    expect(reply).toBe('\u0003\u0001B\u0000\u0003mid');
    expect(await query('ninth')).toMatchObject({ errorCode: 'IC0504', message: /no environment variable 9; the canister has 3/ });
    expect(await query('missing')).toMatchObject({ errorCode: 'IC0504', message: /no environment variable "NO"/ });
    await update({ environment_variables: [[]] });
    expect((await management.canister_status({ canister_id })).settings.environment_variables).toEqual([]);
  });

  it('keeps to its own memory limit in updates, not in queries', async () => {
    const grow = [...op.i32(0), ...op.i32(3), ...op.memoryGrow, ...op.i32Store8, ...replyFrom(0, 1)];
    const growing = assemble({
      memoryPages: 1,
      imports: REPLY_IMPORTS,
      functions: [
        { exportAs: 'canister_update grow', body: grow },
        { exportAs: 'canister_query look', body: grow }
      ]
    });
    await management.install_code({ canister_id, mode: { install: null }, wasm_module: growing, arg: new Uint8Array() });
    await update({ wasm_memory_limit: [200_000n] });
    const call = { canisterId: canister_id, method: 'grow', arg: new Uint8Array(), sender: ADMIN };
    expect(await network.engine.update(call)).toMatchObject({
      code: 5,
      errorCode: 'IC0539',
      message: /limit of 200000 bytes.* 262144 bytes/
    });
    expect(await query('look')).toMatchObject({ kind: 'reply' });
    expect(network.engine.memoryBytes(canister_id)).toBe(65_536);
    await update({ wasm_memory_limit: [262_144n] });
    expect(await network.engine.update(call)).toMatchObject({ kind: 'reply' });
    await update({ wasm_memory_limit: [65_536n] });
    const reinstall = { canister_id, mode: { reinstall: null }, wasm_module: assemble({ memoryPages: 2 }), arg: new Uint8Array() };
    // Without any code of its own to run there is no execution that could go beyond the limit.
    await management.install_code(reinstall);
  });
});

import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { assemble, op, type ModuleSketch } from '../support/wasm.ts';
import { program } from '../universal/Program.ts';
import { ONLY_IN_32_BIT } from '../universal/systemApi.ts';
import { startUniversalNetwork, textOf, type UniversalNetwork } from '../universal/universalNetwork.ts';
import { universalWasm } from '../universal/universalWasm.ts';
import { text } from '../universal/values.ts';

const nothing = (exportAs: string): NonNullable<ModuleSketch['functions']>[number] => ({ body: [], exportAs });

describe('Canister module format and WebAssembly module requirements', () => {
  let network: UniversalNetwork;
  beforeAll(async () => {
    network = await startUniversalNetwork();
  });

  const install = async (wasm: Uint8Array): Promise<void> => {
    const canister = await network.empty();
    await canister.install('install', { wasm });
  };
  const refused = async (sketch: ModuleSketch, reason: RegExp): Promise<void> => {
    await expect(install(assemble(sketch))).rejects.toMatchObject({
      errorCode: 'IC0505',
      message: expect.stringMatching(reason) as string
    });
  };

  it('takes Wasm as it is', async () => {
    await install(universalWasm());
  });

  it('takes Wasm compressed with gzip', async () => {
    const canister = await network.empty();
    await canister.install('install', { wasm: new Uint8Array(gzipSync(universalWasm())) });
    expect(textOf(await canister.query(program().reply(text('unpacked'))))).toBe('unpacked');
  });

  it('refuses what is neither', async () => {
    await expect(install(Uint8Array.of(1, 2, 3, 4))).rejects.toMatchObject({ errorCode: 'IC0505' });
  });

  it('refuses gzip that ends too early', async () => {
    await expect(install(new Uint8Array(gzipSync(universalWasm())).subarray(0, 500))).rejects.toMatchObject({ errorCode: 'IC0505' });
  });

  it('may import only from ic0', () => refused({ imports: [{ module: 'env', name: 'time', results: ['i64'] }] }, /env/));
  it('may import only what the System API lists', () => refused({ imports: [{ name: 'no_such_function' }] }, /no_such_function/));
  it('must import a function with its type', () => refused({ imports: [{ name: 'time', results: ['i32'] }] }, /ic0\.time with type/));

  it('has pointers of 32 bits without a memory', async () => {
    await install(assemble({ imports: [{ name: 'msg_arg_data_size', results: ['i32'] }] }));
    await refused({ imports: [{ name: 'msg_arg_data_size', results: ['i64'] }] }, /with type/);
  });

  it('has pointers of 64 bits with a memory of 64 bits', async () => {
    await install(assemble({ imports: [{ name: 'msg_arg_data_size', results: ['i64'] }], memoryPages: 1, is64: true }));
    await refused({ imports: [{ name: 'msg_arg_data_size', results: ['i32'] }], memoryPages: 1, is64: true }, /with type/);
  });

  it.each(ONLY_IN_32_BIT)('gives ic0.%s only to modules of 32 bits', async (name) => {
    const types: Record<string, Pick<NonNullable<ModuleSketch['imports']>[number], 'params' | 'results'>> = {
      msg_cycles_accept: { params: ['i64'], results: ['i64'] },
      call_cycles_add: { params: ['i64'] },
      stable_size: { results: ['i32'] },
      stable_grow: { params: ['i32'], results: ['i32'] },
      stable_write: { params: ['i32', 'i32', 'i32'] },
      stable_read: { params: ['i32', 'i32', 'i32'] }
    };
    const imports = [{ name, ...(types[name] ?? { results: ['i64' as const] }) }];
    await install(assemble({ imports, memoryPages: 1 }));
    await refused({ imports, memoryPages: 1, is64: true }, new RegExp(name));
  });

  it.each([
    'canister_init',
    'canister_inspect_message',
    'canister_pre_upgrade',
    'canister_post_upgrade',
    'canister_heartbeat',
    'canister_on_low_wasm_memory',
    'canister_global_timer',
    'canister_update x',
    'canister_query x',
    'canister_composite_query x'
  ])('%s must have type () -> ()', async (exportAs) => {
    await install(assemble({ functions: [nothing(exportAs)] }));
    await refused({ functions: [{ params: ['i32'], body: [], exportAs }] }, /without parameters and results/);
    await refused({ functions: [{ results: ['i32'], body: op.i32(0), exportAs }] }, /without parameters and results/);
  });

  it.each([
    ['canister_update x', 'canister_query x'],
    ['canister_update x', 'canister_composite_query x'],
    ['canister_query x', 'canister_composite_query x']
  ])('may not export both "%s" and "%s"', (one, other) => refused({ functions: [nothing(one), nothing(other)] }, /exported twice/));

  it.each(['canister_foo', 'canister_updates x', 'canister_update'])('may not export "%s", which has the reserved prefix', (exportAs) =>
    refused({ functions: [nothing(exportAs)] }, /canister_/)
  );

  it('may not have a public and a private custom section of the same name', () =>
    refused({ customSections: { 'icp:public x': 'a', 'icp:private x': 'b' } }, /icp:/));

  it('may not have a custom section with another icp: prefix', () => refused({ customSections: { 'icp:secret x': 'a' } }, /icp:/));

  it('may have at most 16 custom sections of the IC', async () => {
    const sections = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`icp:public ${i}`, 'x']));
    await install(assemble({ customSections: sections(16) }));
    await refused({ customSections: sections(17) }, /16/);
  });

  it('may have at most 1 MiB in them', () => refused({ customSections: { 'icp:public x': 'x'.repeat(1_048_577) } }, /custom section/));

  it('may export at most 1,000 methods', () =>
    refused({ functions: Array.from({ length: 1_001 }, (_, i) => nothing(`canister_update m${i}`)) }, /1,?000/));

  it('may have at most 20,000 characters of method names', () =>
    refused({ functions: [nothing(`canister_update ${'a'.repeat(10_001)}`), nothing(`canister_query ${'b'.repeat(10_000)}`)] }, /20,?000/));

  it('may declare at most 1,000 globals', () => refused({ globals: new Array<'i32'>(1_001).fill('i32') }, /1,?000/));
  it('may declare at most 50,000 functions', () => refused({ functions: Array.from({ length: 50_001 }, () => ({ body: [] })) }, /50,?000/));
});

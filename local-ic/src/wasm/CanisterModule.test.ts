import { describe, expect, it } from 'vitest';
import { assemble, op } from '../../test/support/wasm.ts';
import { ByteReader } from './ByteReader.ts';
import { ByteWriter } from './ByteWriter.ts';
import { loadCanisterModule } from './CanisterModule.ts';
import { globalExport, MEMORY_EXPORT, START_EXPORT } from './exportNames.ts';
import { ExternalKind } from './format.ts';
import { parseModule } from './parseModule.ts';
import { WasmFormatError } from './WasmFormatError.ts';

const nothing = { body: [] };

describe('ByteReader and ByteWriter', () => {
  it('agree on numbers and names', () => {
    for (const value of [0, 1, 127, 128, 16_383, 16_384, 2 ** 32 - 1]) {
      expect(new ByteReader(new ByteWriter().u32(value).finish()).u32()).toBe(value);
    }
    expect(new ByteReader(new ByteWriter().name('grüezi').finish()).name()).toBe('grüezi');
    const signed: [number | bigint, number[]][] = [
      [0, [0]],
      [63, [0x3f]],
      [64, [0xc0, 0]],
      [-1, [0x7f]],
      [-64, [0x40]],
      [-65, [0xbf, 0x7f]],
      [-128n, [0x80, 0x7f]]
    ];
    for (const [value, bytes] of signed) expect([...new ByteWriter().s64(value).finish()]).toEqual(bytes);
  });

  it('refuse what goes beyond the end', () => {
    expect(() => new ByteReader(Uint8Array.of(0x80)).u32()).toThrow(WasmFormatError);
    expect(() => new ByteReader(Uint8Array.of(5, 65)).name()).toThrow(WasmFormatError);
    expect(() => new ByteReader(new Uint8Array(12).fill(0x80)).u64()).toThrow(WasmFormatError);
    expect(() => new ByteReader(Uint8Array.of(200, 1)).vector(() => 0)).toThrow(WasmFormatError);
  });
});

describe('loading a module', () => {
  it('exports the state and keeps the start function from running', () => {
    const module = loadCanisterModule(
      assemble({
        memoryPages: 1,
        globals: ['i32', 'f64'],
        functions: [{ body: op.unreachable }, { ...nothing, exportAs: 'canister_init' }],
        start: 0
      })
    );
    // Instantiated with its start section it would trap.
    const { exports } = new WebAssembly.Instance(module.compiled);
    expect(exports[START_EXPORT]).toBeTypeOf('function');
    expect(exports[MEMORY_EXPORT]).toBeInstanceOf(WebAssembly.Memory);
    expect(module.globals.map(({ name, type }) => [type, exports[name] instanceof WebAssembly.Global])).toEqual([
      ['i32', true],
      ['f64', true]
    ]);
  });

  it('adds an export section where there is none', () => {
    const module = loadCanisterModule(assemble({ memoryPages: 1, globals: ['i64'], data: { offset: 3, bytes: [7] } }));
    const { exports } = new WebAssembly.Instance(module.compiled);
    expect(Object.keys(exports)).toEqual(expect.arrayContaining([MEMORY_EXPORT, globalExport(0)]));
    const withoutMemory = WebAssembly.Module.exports(loadCanisterModule(assemble({ globals: ['i32'] })).compiled);
    expect(withoutMemory.map(({ kind }) => kind)).not.toContain('memory');
  });

  it('shares one compilation between equal modules', () => {
    expect(loadCanisterModule(assemble({ globals: ['f32'] }))).toBe(loadCanisterModule(assemble({ globals: ['f32'] })));
  });

  it('reads metadata and recognises orthogonal persistence', () => {
    const customSections = { 'icp:public a b': 'x', 'icp:private c': 'y', name: 'z' };
    const { metadata, isOrthogonallyPersistent } = loadCanisterModule(assemble({ customSections }));
    expect(metadata.map(({ name, isPublic, content }) => [name, isPublic, new TextDecoder().decode(content)])).toEqual([
      ['a b', true, 'x'],
      ['c', false, 'y']
    ]);
    expect(isOrthogonallyPersistent).toBe(false);
    const persistent = assemble({ customSections: { 'icp:private enhanced-orthogonal-persistence': '64-bit' } });
    expect(loadCanisterModule(persistent).isOrthogonallyPersistent).toBe(true);
  });

  it.each([
    ['an import from elsewhere', { imports: [{ module: 'env', name: 'f' }] }, /imports env\.f/],
    [
      'an entry point with a result',
      { functions: [{ results: ['i32' as const], body: op.i32(1), exportAs: 'canister_init' }] },
      /canister_init/
    ],
    [
      'a method exported twice',
      {
        functions: [
          { ...nothing, exportAs: 'canister_update a' },
          { ...nothing, exportAs: 'canister_query a' }
        ]
      },
      /"a" is exported twice/
    ],
    [
      'an entry point that is no function',
      { memoryPages: 1, exports: [{ name: 'canister_init', kind: ExternalKind.memory, index: 0 }] },
      /canister_init/
    ],
    ['one of our own export names', { functions: [{ ...nothing, exportAs: 'local-ic:memory' }] }, /local-ic:/],
    ['invalid code', { functions: [{ body: op.i32Add }] }, /./]
  ])('refuses %s', (_, sketch, reason) => {
    expect(() => loadCanisterModule(assemble(sketch))).toThrow(WasmFormatError);
    expect(() => loadCanisterModule(assemble(sketch))).toThrow(reason);
  });

  it('survives any damaged module with a proper error', () => {
    const wasm = assemble({
      memoryPages: 1,
      globals: ['i64'],
      functions: [{ ...nothing, exportAs: 'canister_init' }],
      data: { offset: 0, bytes: [1, 2, 3] }
    });
    for (let length = 0; length < wasm.length; length++) {
      try {
        parseModule(wasm.slice(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(WasmFormatError);
      }
    }
    for (let position = 8; position < wasm.length; position++) {
      const damaged = wasm.slice();
      damaged[position] = 0xff;
      try {
        loadCanisterModule(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(WasmFormatError);
      }
    }
  });
});

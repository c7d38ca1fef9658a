import { describe, expect, it } from 'vitest';
import { fixtureWasm } from '../../test/support/network.ts';
import { heapOf } from '../../test/support/heap.ts';
import { assemble, op, type ModuleSketch } from '../../test/support/wasm.ts';
import { loadCanisterModule } from './CanisterModule.ts';
import { WasmFormatError } from './WasmFormatError.ts';

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** Modules that between them have every section and every form of instruction. */
const SEEDS: ModuleSketch[] = [
  {
    memoryPages: 1,
    globals: ['i32', 'f64'],
    table: [0, 1],
    types: [{ params: ['i32', 'i32'], results: ['i32', 'i32'] }],
    passiveData: [1, 2, 3],
    functions: [
      { body: [...op.i32(0), ...op.i32(1), ...op.i32(2), ...op.memoryInit, ...op.dataDrop], exportAs: 'canister_update a' },
      { body: [...op.block, ...op.loop, ...op.i32(3), 0x0e, 1, 0, 1, ...op.end, ...op.end], exportAs: 'canister_update b' },
      { params: ['i32'], results: ['i32'], body: [...op.localGet(0), ...op.if, ...op.else, ...op.end, ...op.i32(1), 0xc0] }
    ]
  },
  {
    memoryPages: 1,
    is64: true,
    functions: [
      { body: [...op.i64(8n), 0xfd, 12, ...zeros(16), 0xfd, 11, 4, 16, ...op.i64(8n), 0xfd, 12, ...zeros(16), 0xfd, 88, 0, 3, 5] },
      {
        body: [...op.i64(0n), ...op.i32(7), ...op.i64(100n), ...op.memoryFill, ...op.i64(1n), ...op.memoryGrow, ...op.drop],
        exportAs: 'canister_init'
      },
      { body: [...op.i64(0n), 0x44, ...zeros(8), 0x39, 3, 0, 0x43, ...zeros(4), 0xfc, 0, ...op.drop], exportAs: 'canister_query c' }
    ],
    customSections: { 'icp:public x': 'y', name: 'z' }
  },
  {
    memoryPages: 2,
    data: { offset: 9, bytes: [1, 2, 3] },
    functions: [{ locals: ['v128', 'f32'], body: [...op.memorySize, ...op.drop] }],
    start: 0
  }
];

/** A small generator with a seed, so that a failure repeats. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function damage(wasm: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...wasm];
  for (let count = 1 + random(3); count > 0; count--) {
    const position = 8 + random(bytes.length - 8);
    const kind = random(4);
    if (kind === 0) bytes[position] = random(256);
    else if (kind === 1) bytes[position] = (bytes[position] ?? 0) ^ (1 << random(8));
    else if (kind === 2) bytes.splice(position, 1 + random(2));
    else bytes.splice(position, 0, random(256));
  }
  return Uint8Array.from(bytes);
}

/** Loads a module and runs what it exports. Returns whether it was one; anything but a precise refusal is a failure. */
function tryOut(wasm: Uint8Array): boolean {
  try {
    const { heap, meter } = heapOf(wasm);
    for (const { name } of WebAssembly.Module.exports(heap.module.compiled)) {
      if (!name.startsWith('canister_')) continue;
      meter.start(100_000n);
      try {
        heap.exported(name)?.();
      } catch (error) {
        expect(error instanceof WebAssembly.RuntimeError || error instanceof RangeError).toBe(true);
      }
      heap.rollback();
    }
    return true;
  } catch (error) {
    // Data that doesn't fit the memory shows only when the module is instantiated.
    if (error instanceof WebAssembly.RuntimeError) return false;
    expect(error).toBeInstanceOf(WasmFormatError);
    expect((error as Error).message.length).toBeGreaterThan(5);
    // Whatever is valid to begin with must still be valid when it is rewritten.
    expect((error as Error).message).not.toContain('after rewriting');
    return false;
  }
}

describe('a hostile module', () => {
  it.each(SEEDS.map((_, index) => index))('is refused or runs: 2,000 damaged copies of module %i', (index) => {
    const wasm = assemble(SEEDS[index] ?? {});
    expect(tryOut(wasm)).toBe(true);
    const random = generator(index + 1);
    let running = 0;
    for (let round = 0; round < 2_000; round++) if (tryOut(damage(wasm, random))) running++;
    // Both ways out were taken.
    expect(running).toBeGreaterThan(20);
    expect(running).toBeLessThan(2_000);
  });

  it('is refused or loads: damaged copies of compiled Motoko', async () => {
    const wasm = await fixtureWasm('counter');
    const random = generator(7);
    for (let round = 0; round < 40; round++) {
      try {
        loadCanisterModule(damage(wasm, random));
      } catch (error) {
        expect(error).toBeInstanceOf(WasmFormatError);
      }
    }
  });

  it.each([
    [
      'an atomic store',
      [...op.i32(0), ...op.i32(0), 0xfe, 0x17, 2, 0],
      /opcode 0xfe 23 in function 0, at byte \d+, .* atomic memory access/
    ],
    ['a change of a table', [...op.i32(0), 0xd0, 0x70, 0x26, 0], /opcode 0x26 .* a change of a table/],
    ['a growing table', [0xd0, 0x70, ...op.i32(1), 0xfc, 15, 0, ...op.drop], /opcode 0xfc 15 .* a change of a table/],
    ['relaxed vector instructions', [0xfd, 12, ...zeros(16), 0xfd, 0x81, 0x02, ...op.drop], /opcode 0xfd 257 .* relaxed vector/],
    ['exceptions', [0x1f, 0x40, 0, ...op.end], /opcode 0x1f .* exceptions/],
    ['garbage-collected objects', [...op.i32(1), 0xfb, 28, ...op.drop], /opcode 0xfb 28 .* garbage-collected/],
    ['typed references', [0xd0, 0x70, 0xd4, ...op.drop], /opcode 0xd4 .* typed function references/],
    ['a block of a typed reference', [0x02, 0x63, 0x70, 0xd0, 0x70, ...op.end, ...op.drop], /opcode 0x2 .* typed references/]
  ])('is refused by name: %s', (_, body, reason) => {
    const wasm = assemble({ memoryPages: 1, table: [0], functions: [{ body }] });
    expect(() => loadCanisterModule(wasm)).toThrow(WasmFormatError);
    expect(() => loadCanisterModule(wasm)).toThrow(reason);
  });

  it("can't reach what the rewriter adds", () => {
    // Global 0 would be the counter, function 1 the marking of pages, memory 1 the map of written pages.
    for (const body of [
      [...op.i64(1_000n), ...op.globalSet(0)],
      [...op.i32(0), ...op.i32(0), ...op.call(1)],
      [...op.i32(0), 0x2d, 0x40, 1, 0, ...op.drop]
    ]) {
      expect(() => loadCanisterModule(assemble({ memoryPages: 1, functions: [{ body }] }))).toThrow(WasmFormatError);
    }
  });
});

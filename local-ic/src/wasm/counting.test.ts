import { describe, expect, it } from 'vitest';
import { measure } from '../../test/support/heap.ts';
import { op, type ModuleSketch } from '../../test/support/wasm.ts';

type FunctionSketch = NonNullable<ModuleSketch['functions']>[number];
const run = (body: number[], more: Partial<FunctionSketch> = {}): FunctionSketch => ({ body, exportAs: 'run', ...more });
const used = (sketch: ModuleSketch, ...args: (number | bigint)[]): bigint => measure(sketch, 'run', ...args).used;
const one = op.i32(1);

describe('counting instructions', () => {
  it('counts 1 each, and nothing for the markers of blocks', () => {
    expect(used({ functions: [run([])] })).toBe(0n);
    // const const add drop
    expect(used({ functions: [run([...one, ...one, ...op.i32Add, ...op.drop])] })).toBe(4n);
    // the same within two blocks
    const nested = [...op.block, ...op.block, ...one, ...one, ...op.i32Add, ...op.drop, ...op.end, ...op.end];
    expect(used({ functions: [run(nested)] })).toBe(4n);
  });

  it('counts only the branch that is taken', () => {
    // local.get, if; then: 3 x (const drop), else: const drop
    const body = [
      ...op.localGet(0),
      ...op.if,
      ...one,
      ...op.drop,
      ...one,
      ...op.drop,
      ...one,
      ...op.drop,
      ...op.else,
      ...one,
      ...op.drop,
      ...op.end
    ];
    const functions = [run(body, { params: ['i32'] })];
    expect(used({ functions }, 1)).toBe(8n);
    expect(used({ functions }, 0)).toBe(4n);
  });

  it('counts nothing behind a branch, a return or a branch that is taken', () => {
    const rest = [...one, ...op.drop, ...one, ...op.drop];
    expect(used({ functions: [run([...op.block, ...op.br(0), ...rest, ...op.end, ...one, ...op.drop])] })).toBe(3n);
    expect(used({ functions: [run([...op.return, ...rest])] })).toBe(1n);
    const conditional = [...op.block, ...op.localGet(0), ...op.brIf(0), ...rest, ...op.end];
    const functions = [run(conditional, { params: ['i32'] })];
    expect(used({ functions }, 1)).toBe(2n);
    expect(used({ functions }, 0)).toBe(6n);
  });

  it('counts every round of a loop', () => {
    // local.get, const, sub, local.set, local.get, br_if: 6 a round
    const body = [...op.loop, ...op.localGet(0), ...one, ...op.i32Sub, ...op.localSet(0), ...op.localGet(0), ...op.brIf(0), ...op.end];
    const functions = [run(body, { params: ['i32'] })];
    expect(used({ functions }, 1)).toBe(6n);
    expect(used({ functions }, 1_000)).toBe(6_000n);
  });

  it('counts a jump through a table of labels', () => {
    // 3 blocks; local.get, br_table; behind each of the inner two: const drop
    const body = [
      ...op.block,
      ...op.block,
      ...op.block,
      ...op.localGet(0),
      0x0e,
      2,
      0,
      1,
      2,
      ...op.end,
      ...one,
      ...op.drop,
      ...op.end,
      ...one,
      ...op.drop,
      ...op.end
    ];
    const functions = [run(body, { params: ['i32'] })];
    expect([0, 1, 2, 99].map((label) => used({ functions }, label))).toEqual([6n, 4n, 2n, 2n]);
  });

  it('counts calls, direct, through a table and in tail position, with what they run', () => {
    const callee = { body: [...one, ...op.drop, ...one, ...op.drop] };
    expect(used({ functions: [callee, run([...op.call(0), ...op.call(0), ...one, ...op.drop])] })).toBe(12n);
    const indirect = [...op.i32(0), 0x11, 0, 0];
    expect(used({ types: [{}], table: [0], functions: [callee, run(indirect)] })).toBe(6n);
    expect(used({ functions: [callee, run([0x12, 0])] })).toBe(5n);
  });

  it('counts what a system call costs', () => {
    const imports = [
      { name: 'time', results: ['i64' as const] },
      { name: 'call_perform', results: ['i32' as const] }
    ];
    expect(used({ imports, functions: [run([...op.call(0), ...op.drop])] })).toBe(502n);
    expect(used({ imports, functions: [run([...op.call(1), ...op.drop])] })).toBe(5_002n);
  });

  it('counts the bytes of bulk memory instructions', () => {
    const sketch = (body: number[], is64 = false): ModuleSketch => ({
      memoryPages: 1,
      is64,
      passiveData: [1, 2, 3, 4, 5],
      functions: [run(body)]
    });
    expect(used(sketch([...op.i32(0), ...op.i32(7), ...op.i32(1_000), ...op.memoryFill]))).toBe(1_004n);
    expect(used(sketch([...op.i32(0), ...op.i32(7), ...op.i32(300), ...op.memoryCopy]))).toBe(304n);
    expect(used(sketch([...op.i32(0), ...op.i32(1), ...op.i32(3), ...op.memoryInit]))).toBe(7n);
    expect(used(sketch([...op.i64(0n), ...op.i32(7), ...op.i64(1_000n), ...op.memoryFill], true))).toBe(1_004n);
    expect(used(sketch([...op.i64(0n), ...op.i32(1), ...op.i32(3), ...op.memoryInit], true))).toBe(7n);
  });

  it('counts stores, vector instructions and the growing of memory like any other', () => {
    const zeros = Array.from({ length: 16 }, () => 0);
    const body = [
      ...op.i32(8),
      0xfd,
      12,
      ...zeros,
      0xfd,
      11,
      4,
      0,
      ...op.i32(0),
      ...one,
      ...op.i32Store8,
      ...one,
      ...op.memoryGrow,
      ...op.drop
    ];
    expect(used({ memoryPages: 1, functions: [run(body)] })).toBe(9n);
  });

  it('leaves blocks with several parameters and results as they are', () => {
    // (i32 i32) -> (i32 i32): swaps through two locals
    const types = [{ params: ['i32' as const, 'i32' as const], results: ['i32' as const, 'i32' as const] }];
    const swap = [0x02, 0, ...op.localSet(0), ...op.localSet(1), ...op.localGet(0), ...op.localGet(1), ...op.end];
    const functions = [run([...op.i32(30), ...op.i32(12), ...swap, ...op.i32Sub], { results: ['i32'], locals: ['i32', 'i32'] })];
    expect(measure({ types, functions })).toEqual({ result: -18, used: 7n });
  });
});

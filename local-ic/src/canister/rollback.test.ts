import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heapOf } from '../../test/support/heap.ts';
import { assemble, op, type ModuleSketch } from '../../test/support/wasm.ts';
import { ByteWriter } from '../wasm/ByteWriter.ts';

const PAGES = 3;
const BYTES = PAGES * 65_536;

/** One thing a program does to its memory. Addresses are in the memory the program begins with, at its end, or far beyond. */
type Step =
  | { kind: 'store'; store: number; address: number; offset: number; value: bigint; lane: number }
  | { kind: 'fill' | 'copy' | 'init'; address: number; source: number; length: number }
  | { kind: 'growAndStore'; pages: number; address: number }
  | { kind: 'storeSize'; address: number }
  | { kind: 'setGlobal'; value: bigint }
  | { kind: 'host'; address: number; length: number };

interface Message {
  steps: Step[];
  ending: 'commit' | 'rollback' | 'trap';
}

/** Opcode, type of the value, alignment, and how many lanes there are to choose from (0: not a lane store). */
const STORES: { code: number[]; value: 'i32' | 'i64' | 'f32' | 'f64' | 'v128'; lanes: number }[] = [
  { code: [0x36, 0], value: 'i32', lanes: 0 },
  { code: [0x37, 0], value: 'i64', lanes: 0 },
  { code: [0x38, 0], value: 'f32', lanes: 0 },
  { code: [0x39, 0], value: 'f64', lanes: 0 },
  { code: [0x3a, 0], value: 'i32', lanes: 0 },
  { code: [0x3b, 0], value: 'i32', lanes: 0 },
  { code: [0x3c, 0], value: 'i64', lanes: 0 },
  { code: [0x3d, 0], value: 'i64', lanes: 0 },
  { code: [0x3e, 0], value: 'i64', lanes: 0 },
  { code: [0xfd, 11, 0], value: 'v128', lanes: 0 },
  { code: [0xfd, 88, 0], value: 'v128', lanes: 16 },
  { code: [0xfd, 89, 0], value: 'v128', lanes: 8 },
  { code: [0xfd, 90, 0], value: 'v128', lanes: 4 },
  { code: [0xfd, 91, 0], value: 'v128', lanes: 2 }
];

const littleEndian = (value: bigint, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
const leb = (value: number): number[] => [...new ByteWriter().u32(value).finish()];
const constants = {
  i32: (value: bigint) => op.i32(Number(BigInt.asIntN(32, value))),
  i64: (value: bigint) => op.i64(BigInt.asIntN(64, value)),
  f32: (value: bigint) => [0x43, ...littleEndian(value, 4)],
  f64: (value: bigint) => [0x44, ...littleEndian(value, 8)],
  v128: (value: bigint) => [0xfd, 12, ...littleEndian(value, 8), ...littleEndian(~value, 8)]
};

/** The only import, called as host(address, length): the network writes there, as the copying system calls do. */
const HOST = 0;
/** A module with one function a message. */
function assembleProgram(messages: Message[], is64: boolean): Uint8Array {
  const word = (value: number): number[] => (is64 ? op.i64(BigInt(value)) : op.i32(value | 0));
  const wordMul = is64 ? 0x7e : 0x6c;
  const wordSub = is64 ? 0x7d : 0x6b;
  const body = (step: Step): number[] => {
    switch (step.kind) {
      case 'store': {
        const { code, value, lanes } = STORES[step.store % STORES.length] ?? { code: [], value: 'i32', lanes: 0 };
        const lane = lanes === 0 ? [] : [step.lane % lanes];
        return [...word(step.address), ...constants[value](step.value), ...code, ...leb(step.offset), ...lane];
      }
      case 'fill':
        return [...word(step.address), ...op.i32(step.source), ...word(step.length), ...op.memoryFill];
      case 'copy':
        return [...word(step.address), ...word(step.source), ...word(step.length), ...op.memoryCopy];
      case 'init':
        return [...word(step.address), ...op.i32(step.source % 8), ...op.i32(step.length % 9), ...op.memoryInit];
      case 'growAndStore': {
        // At an address counted back from the new end.
        const end = [...op.memorySize, ...word(65_536), wordMul, ...word(step.address), wordSub];
        return [...word(step.pages), ...op.memoryGrow, ...op.drop, ...end, ...op.i32(0x55), ...op.i32Store8];
      }
      case 'storeSize':
        return [...word(step.address), ...op.memorySize, ...(is64 ? [0x37, 0, 0] : [0x36, 0, 0])];
      case 'setGlobal':
        return [...constants.i64(step.value), ...op.globalSet(0)];
      case 'host':
        return [...word(step.address), ...word(step.length), ...op.call(HOST)];
    }
  };
  const type = is64 ? ('i64' as const) : ('i32' as const);
  const sketch: ModuleSketch = {
    is64,
    memoryPages: PAGES,
    globals: ['i64'],
    imports: [{ name: 'host', params: [type, type] }],
    passiveData: [11, 22, 33, 44, 55, 66, 77, 88],
    exports: [
      { name: 'memory', kind: 2, index: 0 },
      { name: 'global', kind: 3, index: 0 }
    ],
    functions: messages.map(({ steps, ending }, index) => ({
      exportAs: `message${index}`,
      body: [...steps.flatMap(body), ...(ending === 'trap' ? op.unreachable : [])]
    }))
  };
  return assemble(sketch);
}

/** 32-bit addresses arrive signed. */
const unsigned = (value: number | bigint): number => (typeof value === 'bigint' ? Number(value) : value >>> 0);

interface State {
  bytes: Uint8Array;
  global: bigint;
}

/** Runs one message on the module as it was written, on a copy of everything. */
function runOnCopy(compiled: WebAssembly.Module, index: number, { bytes, global }: State, is64: boolean): State | undefined {
  const host = (address: number | bigint, length: number | bigint): void => {
    const target = new Uint8Array(memory.buffer);
    const [start, end] = [unsigned(address), unsigned(address) + unsigned(length)];
    if (end > target.length) throw new WebAssembly.RuntimeError('out of bounds');
    target.fill(0x77, start, end);
  };
  const { exports } = new WebAssembly.Instance(compiled, { ic0: { host } });
  const memory = exports['memory'] as unknown as { buffer: ArrayBuffer; grow(pages: number | bigint): void };
  const more = (bytes.length - memory.buffer.byteLength) / 65_536;
  if (more > 0) memory.grow(is64 ? BigInt(more) : more);
  new Uint8Array(memory.buffer).set(bytes);
  (exports['global'] as WebAssembly.Global).value = global;
  try {
    (exports[`message${index}`] as () => void)();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return undefined;
    throw error;
  }
  return { bytes: new Uint8Array(memory.buffer), global: (exports['global'] as WebAssembly.Global).value as bigint };
}

const nearBoundary = fc
  .tuple(fc.integer({ min: 0, max: BYTES / 4_096 }), fc.integer({ min: -17, max: 17 }))
  .map(([page, distance]) => Math.max(0, page * 4_096 + distance));
const address = fc.oneof(
  { weight: 6, arbitrary: nearBoundary.filter((value) => value <= BYTES - 64) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: BYTES - 64 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xfff0_0000, max: 0xffff_ffff }) }
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('store' as const),
      store: fc.nat(1_000),
      address,
      offset: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })),
      value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      lane: fc.nat(15)
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('fill' as const, 'copy' as const, 'init' as const),
      address,
      source: fc.nat(30_000),
      length: fc.oneof(fc.nat(63), fc.nat(20_000))
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('growAndStore' as const), pages: fc.nat(3), address: fc.integer({ min: 1, max: 65_536 }) })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('storeSize' as const), address }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('setGlobal' as const), value: fc.bigInt({ min: 0n, max: 2n ** 60n }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('host' as const), address, length: fc.nat(9_000) }) }
);
const message: fc.Arbitrary<Message> = fc.record({
  steps: fc.array(step, { maxLength: 12 }),
  ending: fc.constantFrom('commit' as const, 'commit' as const, 'rollback' as const, 'trap' as const)
});

describe.each([
  ['32-bit', false],
  ['64-bit', true]
])('a rewritten %s module', (_, is64) => {
  it('does what it did before, and goes back to exactly what was', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
        const wasm = assembleProgram(messages, is64);
        const original = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
        const { heap, memory, meter } = heapOf(wasm, () => ({
          host: (at: number | bigint, length: number | bigint): void => {
            memory.writable(unsigned(at), unsigned(length)).fill(0x77);
          }
        }));
        let expected: State = { bytes: new Uint8Array(BYTES), global: 0n };
        messages.forEach(({ ending }, index) => {
          const after = runOnCopy(original, index, expected, is64);
          meter.start(10n ** 9n);
          let trapped = false;
          try {
            heap.exported(`message${index}`)?.();
          } catch {
            trapped = true;
          }
          expect(trapped).toBe(after === undefined);
          if (after !== undefined && ending === 'commit') {
            expected = after;
            heap.commit();
          } else heap.rollback();
          const { bytes, globals } = heap.state;
          expect(bytes.length).toBe(expected.bytes.length);
          expect(Buffer.compare(bytes, expected.bytes)).toBe(0);
          expect(globals).toEqual([expected.global]);
        });
      }),
      { numRuns: 400 }
    );
  });

  it('captures what a message changed, and makes those changes again', () => {
    fc.assert(
      fc.property(message, message, (first, second) => {
        const wasm = assembleProgram([first, second], is64);
        const { heap, memory, meter } = heapOf(wasm, () => ({
          host: (at: number | bigint, length: number | bigint): void => {
            memory.writable(unsigned(at), unsigned(length)).fill(0x77);
          }
        }));
        const run = (name: string): boolean => {
          meter.start(10n ** 9n);
          try {
            heap.exported(name)?.();
            return true;
          } catch {
            return false;
          }
        };
        if (!run('message0')) return;
        const seen = { bytes: heap.state.bytes.slice(), globals: heap.state.globals };
        const changes = heap.capture();
        heap.rollback();
        expect(heap.state.bytes.every((byte) => byte === 0)).toBe(true);
        run('message1');
        heap.rollback();
        heap.load(changes);
        expect(Buffer.compare(heap.state.bytes, seen.bytes)).toBe(0);
        expect(heap.state.globals).toEqual(seen.globals);
        heap.rollback();
        expect(heap.byteLength).toBe(BYTES);
        expect(heap.state.bytes.every((byte) => byte === 0)).toBe(true);
      }),
      { numRuns: 60 }
    );
  });
});

describe('undoing', () => {
  const grow = (pages: number): number[] => [...op.i32(pages), ...op.memoryGrow, ...op.drop];

  it('gives a memory that grew much back to the machine, and leaves a working instance', () => {
    const touchEnd = [...op.i32(2_000 * 65_536), ...op.i32(1), ...op.i32Store8];
    const { heap, meter } = heapOf(
      assemble({
        memoryPages: 1,
        globals: ['i32'],
        functions: [
          { exportAs: 'grow', body: [...grow(2_000), ...touchEnd, ...op.i32(5), ...op.globalSet(0)] },
          { exportAs: 'write', body: [...op.i32(9), ...op.i32(1), ...op.i32Store8] }
        ]
      })
    );
    meter.start(1_000_000n);
    heap.exported('write')?.();
    heap.commit();
    heap.exported('grow')?.();
    expect(heap.byteLength).toBe(2_001 * 65_536);
    heap.rollback();
    expect([heap.byteLength, heap.state.bytes[9], heap.state.globals]).toEqual([65_536, 1, [0]]);
    meter.start(1_000_000n);
    heap.exported('grow')?.();
    heap.commit();
    expect([heap.byteLength, heap.state.bytes[2_000 * 65_536], heap.state.globals]).toEqual([2_001 * 65_536, 1, [5]]);
  });

  it('keeps dropped data for the next message', () => {
    const init = [...op.i32(0), ...op.i32(0), ...op.i32(3), ...op.memoryInit];
    const { heap, meter } = heapOf(
      assemble({ memoryPages: 1, passiveData: [1, 2, 3], functions: [{ exportAs: 'run', body: [...init, ...op.dataDrop] }] })
    );
    for (let time = 0; time < 2; time++) {
      meter.start(1_000n);
      heap.exported('run')?.();
      expect([...heap.state.bytes.subarray(0, 3)]).toEqual([1, 2, 3]);
      heap.rollback();
    }
  });
});

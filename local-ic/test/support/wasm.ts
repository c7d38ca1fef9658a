import { ByteWriter } from '../../src/wasm/ByteWriter.ts';
import { ExternalKind, HEADER, SectionId } from '../../src/wasm/format.ts';

const TYPE_BYTES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
type ValueType = keyof typeof TYPE_BYTES;

/** A small module to assemble. Function indices count imports first. */
export interface ModuleSketch {
  imports?: { name: string; module?: string; params?: ValueType[]; results?: ValueType[] }[];
  memoryPages?: number;
  is64?: boolean;
  /** Mutable globals, all beginning at 0. */
  globals?: Exclude<ValueType, 'v128'>[];
  functions?: { params?: ValueType[]; results?: ValueType[]; locals?: ValueType[]; body: number[]; exportAs?: string }[];
  /** Types that only blocks and indirect calls refer to; they come first. */
  types?: { params?: ValueType[]; results?: ValueType[] }[];
  /** A table of these functions. */
  table?: number[];
  exports?: { name: string; kind: number; index: number }[];
  start?: number;
  /** Active data: written to the memory when the module is instantiated. */
  data?: { offset: number; bytes: number[] | Uint8Array };
  /** Passive data, which only memory.init writes. */
  passiveData?: number[];
  customSections?: Record<string, string>;
}

/** Instructions used in the tests. */
export const op = {
  call: (index: number): number[] => [0x10, ...unsigned(index)],
  i32: (value: number): number[] => [0x41, ...signed(BigInt(value))],
  i64: (value: bigint): number[] => [0x42, ...signed(value)],
  globalGet: (index: number): number[] => [0x23, index],
  globalSet: (index: number): number[] => [0x24, index],
  localGet: (index: number): number[] => [0x20, index],
  localSet: (index: number): number[] => [0x21, index],
  br: (label: number): number[] => [0x0c, label],
  brIf: (label: number): number[] => [0x0d, label],
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  else: [0x05],
  end: [0x0b],
  return: [0x0f],
  i32Add: [0x6a],
  i32Sub: [0x6b],
  i32Load8: [0x2d, 0, 0],
  i32Store8: [0x3a, 0, 0],
  memorySize: [0x3f, 0],
  memoryGrow: [0x40, 0],
  memoryFill: [0xfc, 11, 0],
  memoryCopy: [0xfc, 10, 0, 0],
  memoryInit: [0xfc, 8, 0, 0],
  dataDrop: [0xfc, 9, 0],
  drop: [0x1a],
  unreachable: [0x00]
};

function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const byte = Number(rest & 0x7fn);
    const isLast = (rest >> 7n === 0n && (byte & 0x40) === 0) || (rest >> 7n === -1n && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

function unsigned(value: number): number[] {
  return [...new ByteWriter().u32(value).finish()];
}

const vector = (items: Uint8Array[]): Uint8Array => {
  const writer = new ByteWriter().u32(items.length);
  for (const item of items) writer.bytes(item);
  return writer.finish();
};
const types = (list: ValueType[] = []): Uint8Array => Uint8Array.of(list.length, ...list.map((type) => TYPE_BYTES[type]));
const sized = (bytes: Uint8Array): Uint8Array => new ByteWriter().u32(bytes.length).bytes(bytes).finish();

/** Assembles a module; every function and import gets a type of its own. */
export function assemble(sketch: ModuleSketch): Uint8Array {
  const { imports = [], functions = [], globals = [], types: blockTypes = [], customSections = {} } = sketch;
  const writer = new ByteWriter().bytes(HEADER);
  const section = (id: number, items: Uint8Array[]): void => {
    if (items.length > 0) writer.section(id, vector(items));
  };
  const signatures = [...blockTypes, ...imports, ...functions];
  section(
    SectionId.type,
    signatures.map(({ params, results }) => Uint8Array.of(0x60, ...types(params), ...types(results)))
  );
  section(
    SectionId.import,
    imports.map(({ module = 'ic0', name }, index) =>
      new ByteWriter()
        .name(module)
        .name(name)
        .u8(ExternalKind.function)
        .u32(blockTypes.length + index)
        .finish()
    )
  );
  section(
    SectionId.function,
    functions.map((_, index) => new ByteWriter().u32(blockTypes.length + imports.length + index).finish())
  );
  if (sketch.table !== undefined) section(SectionId.table, [Uint8Array.of(0x70, 0, ...unsigned(sketch.table.length))]);
  if (sketch.memoryPages !== undefined) {
    section(SectionId.memory, [
      new ByteWriter()
        .u8(sketch.is64 === true ? 4 : 0)
        .u32(sketch.memoryPages)
        .finish()
    ]);
  }
  const zeros = { i32: [0x41, 0], i64: [0x42, 0], f32: [0x43, 0, 0, 0, 0], f64: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] };
  section(
    SectionId.global,
    globals.map((type) => Uint8Array.of(TYPE_BYTES[type], 1, ...zeros[type], 0x0b))
  );
  const exported = functions.flatMap(({ exportAs }, index) =>
    exportAs === undefined ? [] : [{ name: exportAs, kind: ExternalKind.function, index: imports.length + index }]
  );
  section(
    SectionId.export,
    [...exported, ...(sketch.exports ?? [])].map(({ name, kind, index }) => new ByteWriter().name(name).u8(kind).u32(index).finish())
  );
  if (sketch.start !== undefined) writer.section(SectionId.start, new ByteWriter().u32(sketch.start).finish());
  if (sketch.table !== undefined)
    section(SectionId.element, [
      Uint8Array.of(0, ...op.i32(0), 0x0b, ...vector(sketch.table.map((index) => Uint8Array.from(unsigned(index)))))
    ]);
  if (sketch.passiveData !== undefined) writer.section(SectionId.dataCount, Uint8Array.of(1));
  section(
    SectionId.code,
    functions.map(({ locals = [], body }) => {
      const groups = locals.flatMap((type) => [1, TYPE_BYTES[type]]);
      return sized(Uint8Array.from([locals.length, ...groups, ...body, 0x0b]));
    })
  );
  if (sketch.data !== undefined) {
    const offset = sketch.is64 === true ? op.i64(BigInt(sketch.data.offset)) : op.i32(sketch.data.offset);
    section(SectionId.data, [Uint8Array.of(0, ...offset, 0x0b, ...unsigned(sketch.data.bytes.length), ...sketch.data.bytes)]);
  }
  if (sketch.passiveData !== undefined) {
    section(SectionId.data, [new ByteWriter().u8(1).u32(sketch.passiveData.length).bytes(Uint8Array.from(sketch.passiveData)).finish()]);
  }
  for (const [name, content] of Object.entries(customSections)) {
    writer.section(SectionId.custom, new ByteWriter().name(name).bytes(new TextEncoder().encode(content)).finish());
  }
  return writer.finish();
}

/** The three imports a method needs to answer with the byte at address 0. */
export const REPLY_IMPORTS: NonNullable<ModuleSketch['imports']> = [
  { name: 'msg_reply_data_append', params: ['i32', 'i32'] },
  { name: 'msg_reply' }
];

/** Answers with `size` bytes from `address`; functions 0 and 1 are REPLY_IMPORTS. */
export const replyFrom = (address: number, size: number): number[] => [...op.i32(address), ...op.i32(size), ...op.call(0), ...op.call(1)];

/** Instructions the rewriter has to know by name. Prefixed ones are written prefix * 2^16 + number. */
export const Op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  memoryInit: 0xfc0008,
  dataDrop: 0xfc0009,
  memoryCopy: 0xfc000a,
  memoryFill: 0xfc000b,
  elemDrop: 0xfc000d
} as const;

/** What follows an opcode in the binary. */
export type Immediates =
  | 'none'
  | 'block type'
  | 'index'
  | 'two indices'
  | 'labels'
  | 'memory argument'
  | 'memory argument and lane'
  | 'integer'
  | '1 byte'
  | '4 bytes'
  | '8 bytes'
  | '16 bytes'
  | 'value types'
  | 'reference type';

/** First and last number of a range of opcodes that have the same form. */
type Range = [first: number, last: number, immediates: Immediates];

const PLAIN: Range[] = [
  [0x00, 0x01, 'none'],
  [0x02, 0x04, 'block type'],
  [0x05, 0x05, 'none'],
  [0x0b, 0x0b, 'none'],
  [0x0c, 0x0d, 'index'],
  [0x0e, 0x0e, 'labels'],
  [0x0f, 0x0f, 'none'],
  [0x10, 0x10, 'index'],
  [0x11, 0x11, 'two indices'],
  [0x12, 0x12, 'index'],
  [0x13, 0x13, 'two indices'],
  [0x1a, 0x1b, 'none'],
  [0x1c, 0x1c, 'value types'],
  [0x20, 0x25, 'index'],
  [0x28, 0x3e, 'memory argument'],
  [0x3f, 0x40, 'index'],
  [0x41, 0x42, 'integer'],
  [0x43, 0x43, '4 bytes'],
  [0x44, 0x44, '8 bytes'],
  [0x45, 0xc4, 'none'],
  [0xd0, 0xd0, 'reference type'],
  [0xd1, 0xd1, 'none'],
  [0xd2, 0xd2, 'index']
];

/** 0xfc: saturating conversions, bulk memory, table.size. */
const MISCELLANEOUS: Range[] = [
  [0, 7, 'none'],
  [8, 8, 'two indices'],
  [9, 9, 'index'],
  [10, 10, 'two indices'],
  [11, 11, 'index'],
  [13, 13, 'index'],
  [16, 16, 'index']
];

/** 0xfd: 128-bit vectors, without the relaxed ones. */
const VECTOR: Range[] = [
  [0, 11, 'memory argument'],
  [12, 13, '16 bytes'],
  [14, 20, 'none'],
  [21, 34, '1 byte'],
  [35, 83, 'none'],
  [84, 91, 'memory argument and lane'],
  [92, 93, 'memory argument'],
  [94, 255, 'none']
];

const immediates = new Map<number, Immediates>();
for (const [prefix, ranges] of [
  [0, PLAIN],
  [0xfc0000, MISCELLANEOUS],
  [0xfd0000, VECTOR]
] as const) {
  for (const [first, last, form] of ranges) for (let number = first; number <= last; number++) immediates.set(prefix + number, form);
}

/** The form of an instruction; undefined when this network can't run it. */
export const immediatesOf = (opcode: number): Immediates | undefined => immediates.get(opcode);

export const PREFIXES: ReadonlySet<number> = new Set([0xfb, 0xfc, 0xfd, 0xfe]);

/** What an instruction that can't be run is about, for the message of the refusal. */
export function familyOf(opcode: number): string {
  const prefix = opcode >> 16;
  const number = opcode & 0xffff;
  if (prefix === 0xfe) return 'atomic memory access';
  if (prefix === 0xfb) return 'garbage-collected objects';
  if (prefix === 0xfd) return 'relaxed vector instructions, whose results depend on the machine';
  if (prefix === 0xfc) return [12, 14, 15, 17].includes(number) ? 'a change of a table' : 'an instruction unknown to it';
  if (number === 0x26) return 'a change of a table';
  if ([0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f].includes(number)) return 'exceptions';
  if ([0x14, 0x15, 0xd3, 0xd4, 0xd5, 0xd6].includes(number)) return 'typed function references';
  return 'an instruction unknown to it';
}

/** Instructions that write to memory: how many bytes, and the type of the value on the stack. */
const STORES = new Map<number, { bytes: number; value: 'i32' | 'i64' | 'f32' | 'f64' | 'v128' }>([
  [0x36, { bytes: 4, value: 'i32' }],
  [0x37, { bytes: 8, value: 'i64' }],
  [0x38, { bytes: 4, value: 'f32' }],
  [0x39, { bytes: 8, value: 'f64' }],
  [0x3a, { bytes: 1, value: 'i32' }],
  [0x3b, { bytes: 2, value: 'i32' }],
  [0x3c, { bytes: 1, value: 'i64' }],
  [0x3d, { bytes: 2, value: 'i64' }],
  [0x3e, { bytes: 4, value: 'i64' }],
  [0xfd000b, { bytes: 16, value: 'v128' }],
  [0xfd0058, { bytes: 1, value: 'v128' }],
  [0xfd0059, { bytes: 2, value: 'v128' }],
  [0xfd005a, { bytes: 4, value: 'v128' }],
  [0xfd005b, { bytes: 8, value: 'v128' }]
]);

export const storeOf = (opcode: number) => STORES.get(opcode);

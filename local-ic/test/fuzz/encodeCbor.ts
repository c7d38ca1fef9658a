import { concat, join, utf8 } from '../../src/http/bytes.ts';

/** A value to encode, right or wrong: maps may repeat keys, and `Raw` is whatever bytes it holds. */
export type Encodable = bigint | string | boolean | null | undefined | Uint8Array | Encodable[] | Pairs | Raw;

/** A map, as its pairs of key and value. */
export class Pairs {
  readonly entries: [Encodable, Encodable][];
  constructor(entries: [Encodable, Encodable][]) {
    this.entries = entries;
  }

  /** The same with one field replaced, added, or (undefined) left out. */
  with(key: string, value: Encodable): Pairs {
    const others = this.entries.filter(([name]) => name !== key);
    return new Pairs(value === undefined ? others : [...others, [key, value]]);
  }

  get(key: string): Encodable {
    return this.entries.find(([name]) => name === key)?.[1];
  }
}

/** Bytes that stand for themselves. */
export class Raw {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** The first bytes of an item: its major type and its argument in the shortest form, or in `size` bytes. */
export function head(major: number, argument: bigint, size?: 1 | 2 | 4 | 8): Uint8Array {
  if (size === undefined && argument < 24n) return Uint8Array.of((major << 5) | Number(argument));
  const width = size ?? (argument < 0x100n ? 1 : argument < 0x1_0000n ? 2 : argument < 0x1_0000_0000n ? 4 : 8);
  const bytes = new Uint8Array(1 + width);
  bytes[0] = (major << 5) | (24 + Math.log2(width));
  for (let i = 0; i < width; i++) bytes[width - i] = Number((argument >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

export function encodeCbor(value: Encodable): Uint8Array {
  if (value instanceof Raw) return value.bytes;
  if (value === undefined) return Uint8Array.of(0xf7);
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'bigint') return value < 0n ? head(1, -1n - value) : head(0, value);
  if (typeof value === 'string') return concat(head(3, BigInt(utf8(value).length)), utf8(value));
  if (value instanceof Uint8Array) return concat(head(2, BigInt(value.length)), value);
  if (Array.isArray(value)) return join([head(4, BigInt(value.length)), ...value.map(encodeCbor)]);
  return join([head(5, BigInt(value.entries.length)), ...value.entries.flatMap((entry) => entry.map(encodeCbor))]);
}

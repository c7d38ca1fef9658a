import fc from 'fast-check';
import { concat, utf8 } from '../../src/http/bytes.ts';
import { encodeCbor, head, Pairs, Raw, type Encodable } from './encodeCbor.ts';

/** The same inputs in every run. `FUZZ_SEED` looks for others; what fails is reported with the seed and path that repeat it. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101);

export function runs(numRuns: number): fc.Parameters<unknown> {
  return { seed: SEED, numRuns, endOnFailure: false };
}

const nat64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

/** Integers at which something changes. */
const edges = fc.constantFrom(
  0n,
  1n,
  23n,
  24n,
  255n,
  256n,
  65_535n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
  -1n,
  -(2n ** 64n)
);

const sizes = fc.constantFrom(0, 1, 8, 10, 28, 29, 30, 31, 32, 33, 44, 64, 65, 91, 1_000, 70_000);

/** A value of any kind for any field. */
export const { value: hostileValue } = fc.letrec<{ value: Encodable; item: Uint8Array }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    nat64,
    edges,
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('x'.repeat(20_000), 'x'.repeat(20_001), '__proto__', 'constructor', '\0', ''),
    fc.constantFrom<Encodable>(true, false, null),
    fc.uint8Array({ maxLength: 40 }),
    sizes.map((length) => new Uint8Array(length)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string({ maxLength: 8 }), tie('value')), { maxLength: 4 }).map((entries) => new Pairs(entries)),
    tie('item').map((bytes) => new Raw(bytes))
  ),
  item: fc.oneof(
    { depthSize: 'small' },
    // A head that promises more than follows, in any width.
    fc.tuple(fc.nat(7), nat64, fc.constantFrom(undefined, 1, 2, 4, 8)).map(([major, argument, width]) => head(major, argument, width as 8)),
    // Reserved and indefinite forms.
    fc
      .tuple(fc.nat(7), fc.integer({ min: 24, max: 31 }), fc.uint8Array({ maxLength: 9 }))
      .map(([major, info, rest]) => concat(Uint8Array.of((major << 5) | info), rest)),
    fc
      .tuple(fc.constantFrom(2, 3, 4, 5), fc.array(tie('item'), { maxLength: 3 }))
      .map(([major, items]) => concat(Uint8Array.of((major << 5) | 31), ...items, Uint8Array.of(0xff))),
    fc
      .tuple(fc.constantFrom(0n, 1n, 2n, 24n, 55_799n, 2n ** 63n), tie('value'))
      .map(([tag, value]) => concat(head(6, tag), encodeCbor(value))),
    fc.double().map((number) => concat(Uint8Array.of(0xfb), new Uint8Array(new Float64Array([number]).buffer).reverse())),
    tie('value').map(encodeCbor)
  )
}));

/** CBOR, or nearly. */
export const hostileCbor: fc.Arbitrary<Uint8Array> = hostileValue.map(encodeCbor);

/** Changes to bytes: flipped bits, other values, cuts, insertions, pieces from elsewhere in them. */
export function damaged(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const position = fc.nat(Math.max(0, valid.length - 1));
  const change = fc.oneof(
    fc.tuple(position, fc.nat(7)).map(
      ([at, bit]) =>
        (bytes: Uint8Array) =>
          bytes.with(Math.min(at, bytes.length - 1), (bytes[at] ?? 0) ^ (1 << bit))
    ),
    fc.tuple(position, fc.nat(255)).map(
      ([at, byte]) =>
        (bytes: Uint8Array) =>
          bytes.with(Math.min(at, bytes.length - 1), byte)
    ),
    fc.tuple(position, fc.uint8Array({ maxLength: 9 })).map(
      ([at, more]) =>
        (bytes: Uint8Array) =>
          concat(bytes.slice(0, at), more, bytes.slice(at))
    ),
    fc.tuple(position, fc.nat(20)).map(
      ([at, length]) =>
        (bytes: Uint8Array) =>
          concat(bytes.slice(0, at), bytes.slice(at + length))
    ),
    fc.tuple(position, position, fc.nat(40)).map(
      ([from, to, length]) =>
        (bytes: Uint8Array) =>
          concat(bytes.slice(0, to), bytes.slice(from, from + length), bytes.slice(to))
    ),
    position.map((at) => (bytes: Uint8Array) => bytes.slice(0, at))
  );
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((bytes, apply) => (bytes.length === 0 ? bytes : apply(bytes)), valid));
}

/** What costs a decoder most for its size: three million of the same, nested or side by side. */
export function bombs(size = 3_000_000): [string, Uint8Array][] {
  const many = (byte: number, ...before: number[]): Uint8Array => concat(Uint8Array.from(before), new Uint8Array(size).fill(byte));
  const length = head(4, BigInt(size), 4);
  const keys = Array.from({ length: 150_000 }, (_, i) => encodeCbor(i.toString(36)));
  return [
    ['nested arrays', many(0x81)],
    ['nested indefinite arrays', many(0x9f)],
    ['nested maps', many(0xbf)],
    ['tags on tags', many(0xc0)],
    ['a long array of zeros', concat(length, many(0))],
    ['a long indefinite array', many(0, 0x9f)],
    ['a text of empty chunks', concat(many(0x60, 0x7f), Uint8Array.of(0xff))],
    ['a blob of empty chunks', concat(many(0x40, 0x5f), Uint8Array.of(0xff))],
    ['an array of arrays', concat(length, many(0x80))],
    ['a map with many keys', concat(head(5, BigInt(keys.length)), ...keys.slice(0, 50_000).flatMap((key) => [key, Uint8Array.of(0)]))],
    [
      'the same long key twice',
      concat(Uint8Array.of(0xa2), ...[0, 1].flatMap(() => [encodeCbor('k'.repeat(1_000_000)), Uint8Array.of(0)]))
    ],
    ['a long text that is not UTF-8', concat(head(3, BigInt(size), 4), many(0xff))],
    ['a content with a long array', encodeCbor(new Pairs([['content', new Pairs([['x', new Raw(concat(length, many(0)))]])]]))],
    ['text in an envelope', encodeCbor(new Pairs([['content', utf8('x')]]))]
  ];
}

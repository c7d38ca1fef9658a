import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCandid } from './checkCandid.ts';

type Typed = [IDL.Type, unknown];

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const principal = fc.uint8Array({ maxLength: 29 }).map((id) => Principal.fromUint8Array(id));

/** A type with a value of it. */
const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant<Typed>([IDL.Null, null]),
    fc.constant<Typed>([IDL.Reserved, null]),
    fc.boolean().map((value): Typed => [IDL.Bool, value]),
    fc.bigInt({ min: 0n, max: 2n ** 200n }).map((value): Typed => [IDL.Nat, value]),
    fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }).map((value): Typed => [IDL.Int, value]),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): Typed => [IDL.Nat64, value]),
    fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }).map((value): Typed => [IDL.Int16, value]),
    fc.double().map((value): Typed => [IDL.Float64, value]),
    fc.string({ unit: 'grapheme' }).map((value): Typed => [IDL.Text, value]),
    principal.map((value): Typed => [IDL.Principal, value]),
    principal.map((value): Typed => [IDL.Func([IDL.Nat], [IDL.Opt(IDL.Text)], ['query']), [value, 'method']]),
    principal.map((value): Typed => [IDL.Service({ method: IDL.Func([], [IDL.Bool], []) }), value]),
    fc.uint8Array().map((value): Typed => [IDL.Vec(IDL.Nat8), value]),
    fc.tuple(tie('typed'), fc.boolean()).map(([[type, value], given]): Typed => [IDL.Opt(type), given ? [value] : []]),
    fc.tuple(tie('typed'), fc.nat(4)).map(([[type, value], count]): Typed => [IDL.Vec(type), Array.from({ length: count }, () => value)]),
    fc
      .array(tie('typed'), { maxLength: 4 })
      .map((fields): Typed => [
        IDL.Record(Object.fromEntries(fields.map(([type], i) => [`f${i}`, type]))),
        Object.fromEntries(fields.map(([, value], i) => [`f${i}`, value]))
      ]),
    fc
      .tuple(tie('typed'), tie('typed'), fc.boolean())
      .map(([[a, x], [b, y], first]): Typed => [IDL.Variant({ a, b }), first ? { a: x } : { b: y }])
  )
}));

describe('checkCandid', () => {
  it('lets pass whatever the client library encodes', () => {
    fc.assert(
      fc.property(fc.array(typed, { maxLength: 3 }), (values) => {
        const encoded = IDL.encode(
          values.map(([type]) => type),
          values.map(([, value]) => value)
        );
        expect(() => checkCandid(new Uint8Array(encoded))).not.toThrow();
      }),
      { numRuns: 500 }
    );
  });

  it('lets pass a type that is made of itself, and a few thousand nulls', () => {
    const list = IDL.Rec();
    list.fill(IDL.Opt(IDL.Record({ head: IDL.Nat, tail: list })));
    let value: unknown = [];
    for (let i = 0; i < 30; i++) value = [{ head: BigInt(i), tail: value }];
    expect(() => checkCandid(new Uint8Array(IDL.encode([list], [value])))).not.toThrow();
    expect(() => checkCandid(new Uint8Array(IDL.encode([IDL.Vec(IDL.Null)], [Array.from({ length: 9_000 }, () => null)])))).not.toThrow();
  });

  it.each([
    ['4449444d 00 00', 'a Candid message begins with "DIDL"'],
    ['4449', 'a Candid message begins with "DIDL"'],
    ['4449444c 01', 'it ends too early'],
    ['4449444c 01 00', 'there is no type with the number 0, at offset 6'],
    ['4449444c 00 01 05', 'there is no type 5 in the type table'],
    ['4449444c 00 01 6f', 'a value of the type empty'],
    ['4449444c 00 01 41', 'there is no type with the number -63'],
    ['4449444c 00 01 71 05 6162', 'it ends too early'],
    ['4449444c 00 01 68 01 1e' + '00'.repeat(30), 'a principal of 30 bytes; it has at most 29'],
    ['4449444c 01 6e 7f 01 00 02', 'a flag that is neither 0 nor 1, at offset 9'],
    ['4449444c 01 6b 01 00 7f 01 00 01', 'a variant has no such alternative, at offset 11'],
    ['4449444c 01 6d 7f 01 00 8080808010', 'it stands for far more values than it has bytes'],
    ['4449444c 01 6c 01 00 00 01 00', 'values are nested deeper than 100 levels'],
    [`4449444c 00 01 7d ${'ff'.repeat(70)} 00`, 'a number of more than 64 bytes'],
    [`4449444c 914e ${'6e7f'.repeat(10_001)} 00`, 'the type table has more than 10000 types and fields']
  ])('refuses %s: %s', (hex, message) => {
    expect(() => checkCandid(bytes(hex))).toThrow(message);
  });
});

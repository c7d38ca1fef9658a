import { encode, encodeWithSelfDescribedTag } from '@dfinity/cbor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborError, decodeCbor, type CborValue } from './cbor.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('decodeCbor', () => {
  it('reads what the agent writes', () => {
    const value = {
      text: 'häh',
      number: 5,
      big: 1_700_000_000_000_000_000n,
      blob: Uint8Array.of(1, 2),
      list: [1, [true, null]],
      negative: -3
    };
    expect(decodeCbor(encodeWithSelfDescribedTag(value))).toEqual(
      new Map<string, CborValue>([
        ['text', 'häh'],
        ['number', 5n],
        ['big', 1_700_000_000_000_000_000n],
        ['blob', Uint8Array.of(1, 2)],
        ['list', [1n, [true, null]]],
        ['negative', -3n]
      ])
    );
  });

  it('reads indefinite lengths, which other clients write', () => {
    expect(decodeCbor(bytes('bf61619f0102ff61627f6161626263ff61635f4101420203ffff'))).toEqual(
      new Map<string, CborValue>([
        ['a', [1n, 2n]],
        ['b', 'abc'],
        ['c', Uint8Array.of(1, 2, 3)]
      ])
    );
  });

  it('takes a key such as __proto__ for a plain key', () => {
    const map = decodeCbor(encode({ ['__proto__x']: 1 }));
    expect(map).toEqual(new Map([['__proto__x', 1n]]));
    expect(decodeCbor(bytes('a1695f5f70726f746f5f5f01'))).toEqual(new Map([['__proto__', 1n]]));
  });

  it.each([
    ['', 'ends early, at offset 0'],
    ['19ff', 'ends early, at offset 2'],
    ['0000', '1 unexpected bytes after the value, at offset 1'],
    ['9b00ffffffffffffff', 'a length of 72057594037927935 at offset 0, but only 0 bytes follow'],
    ['5affffffff00', 'a length of 4294967295 at offset 0, but only 1 bytes follow'],
    ['a10102', 'a map key that is not text at offset 1'],
    ['a2616101616102', 'the map key "a" twice, at offset 4'],
    ['61ff', 'text that is not UTF-8 at offset 0'],
    ['c11a514b67b0', 'unsupported tag 1 at offset 0'],
    ['d9d9f7d9d9f700', 'unsupported tag 55799 at offset 3'],
    ['f97e00', 'an unsupported simple value or float at offset 0'],
    ['1c', 'unsupported length encoding at offset 0'],
    ['5f6161ff', 'a chunk of the wrong type at offset 1'],
    ['9f01', 'ends early, at offset 2'],
    ['81'.repeat(40) + '00', 'nested deeper than 32 levels at offset 33']
  ])('refuses %s: %s', (hex, message) => {
    expect(() => decodeCbor(bytes(hex))).toThrow(new CborError(message));
  });

  it('either decodes or throws a CborError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        try {
          decodeCbor(input);
        } catch (error) {
          expect(error).toBeInstanceOf(CborError);
        }
      }),
      { numRuns: 2_000 }
    );
  });
});

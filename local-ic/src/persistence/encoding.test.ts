import { describe, expect, it } from 'vitest';
import { decodeGlobal, encodeGlobal } from './manifest.ts';
import { packBytes, packChunks, unpackBytes, unpackChunks } from './sparse.ts';

describe('globals in the manifest', () => {
  it.each([
    ['i32', 0],
    ['i32', -2_147_483_648],
    ['i64', 2n ** 63n - 1n],
    ['i64', -1n],
    ['f64', 0.1],
    ['f64', -0],
    ['f64', Number.NaN],
    ['f64', Number.NEGATIVE_INFINITY],
    ['f32', Math.fround(0.1)]
  ])('bring %s %s back', (type, value) => {
    expect(decodeGlobal(encodeGlobal(value, type), type)).toBe(value);
  });
});

describe('sparse byte strings', () => {
  it('leave the empty parts out and bring everything back', () => {
    const bytes = new Uint8Array(1_000_000);
    bytes[70_000] = 1;
    bytes[999_999] = 2;
    const packed = packBytes(bytes);
    expect(packed.content.length).toBeLessThan(140_000);
    expect(unpackBytes(packed)).toEqual(bytes);
    expect(unpackBytes(packBytes(new Uint8Array(0)))).toEqual(new Uint8Array(0));
  });

  it('keep absent chunks absent', () => {
    const chunks = [undefined, Uint8Array.of(1, 2), undefined, Uint8Array.of(3, 4)];
    expect(unpackChunks(packChunks(chunks, 2))).toEqual(chunks);
  });
});

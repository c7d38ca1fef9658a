import { describe, expect, it } from 'vitest';
import { STABLE_CHUNK_BYTES, StableMemory } from './StableMemory.ts';

const read = (memory: StableMemory, offset: number, size: number): Uint8Array => {
  const target = new Uint8Array(size).fill(0xee);
  memory.read(offset, target);
  return target;
};

describe('stable memory', () => {
  it('is zero where nothing was written, and reads across chunks', () => {
    const memory = new StableMemory();
    expect(memory.grow(2)).toBe(0);
    expect(memory.grow(0)).toBe(2);
    const data = Uint8Array.from({ length: 40_000 }, (_, i) => i % 251);
    memory.write(STABLE_CHUNK_BYTES - 5, data);
    expect(read(memory, STABLE_CHUNK_BYTES - 5, data.length)).toEqual(data);
    expect(read(memory, 0, 4)).toEqual(new Uint8Array(4));
    expect(() => memory.write(2 * 65_536 - 1, Uint8Array.of(1, 2))).toThrow(/out of bounds/);
    expect(() => read(memory, 2 * 65_536, 1)).toThrow(/out of bounds/);
  });

  it('rolls writes and growth back', () => {
    const memory = new StableMemory();
    memory.grow(1);
    memory.write(0, Uint8Array.of(1));
    memory.commit();
    memory.grow(1);
    memory.write(0, Uint8Array.of(2));
    memory.write(70_000, Uint8Array.of(3));
    memory.rollback();
    expect(memory.pages).toBe(1);
    expect(read(memory, 0, 1)).toEqual(Uint8Array.of(1));
    memory.grow(1);
    expect(read(memory, 70_000, 1)).toEqual(Uint8Array.of(0));
  });

  it('keeps images as they were', () => {
    const memory = new StableMemory();
    memory.grow(1);
    memory.write(0, Uint8Array.of(1));
    const image = memory.capture();
    memory.write(0, Uint8Array.of(2));
    memory.rollback();
    expect(memory.pages).toBe(0);
    memory.load(image);
    expect(read(memory, 0, 1)).toEqual(Uint8Array.of(1));
    memory.commit();
    expect(new StableMemory(memory.committed).pages).toBe(1);
  });

  it('says when it can not grow further', () => {
    expect(new StableMemory().grow(2 ** 30)).toBe(-1);
  });
});

import { ByteWriter } from './ByteWriter.ts';

/** The instructions that are written by name; those without immediates. */
const Plain = {
  unreachable: [0x00],
  end: [0x0b],
  return: [0x0f],
  drop: [0x1a],
  i32Eqz: [0x45],
  i32Eq: [0x46],
  i32LtU: [0x49],
  i64LtS: [0x53],
  i64GtU: [0x56],
  i64GeU: [0x5a],
  i64Eqz: [0x50],
  i64Eq: [0x51],
  i32Add: [0x6a],
  i32And: [0x71],
  i32Shl: [0x74],
  i32ShrU: [0x76],
  i64Add: [0x7c],
  i64Sub: [0x7d],
  i64Mul: [0x7e],
  i64Shl: [0x86],
  i64ShrU: [0x88],
  i32WrapI64: [0xa7],
  i64ExtendI32U: [0xad],
  /** A block of no result. */
  if: [0x04, 0x40],
  block: [0x02, 0x40],
  loop: [0x03, 0x40]
} as const;

/** Writes instructions. */
export class CodeWriter extends ByteWriter {
  op(...names: (keyof typeof Plain)[]): this {
    for (const name of names) for (const byte of Plain[name]) this.u8(byte);
    return this;
  }

  localGet(index: number): this {
    return this.u8(0x20).u32(index);
  }

  localSet(index: number): this {
    return this.u8(0x21).u32(index);
  }

  localTee(index: number): this {
    return this.u8(0x22).u32(index);
  }

  globalGet(index: number): this {
    return this.u8(0x23).u32(index);
  }

  globalSet(index: number): this {
    return this.u8(0x24).u32(index);
  }

  call(index: number): this {
    return this.u8(0x10).u32(index);
  }

  brIf(label: number): this {
    return this.u8(0x0d).u32(label);
  }

  memorySize(memory: number): this {
    return this.u8(0x3f).u32(memory);
  }

  memoryGrow(memory: number): this {
    return this.u8(0x40).u32(memory);
  }

  memoryCopy(to: number, from: number): this {
    return this.u8(0xfc).u32(10).u32(to).u32(from);
  }

  /** Loads the byte at an address. */
  i32Load8(memory: number): this {
    return this.u8(0x2d).#memoryArgument(0, memory, 0);
  }

  i32Store8(memory: number): this {
    return this.u8(0x3a).#memoryArgument(0, memory, 0);
  }

  i32Store(memory: number, offset: number): this {
    return this.u8(0x36).#memoryArgument(2, memory, offset);
  }

  #memoryArgument(alignment: number, memory: number, offset: number): this {
    return this.u8(0x40 | alignment)
      .u32(memory)
      .u32(offset);
  }

  br(label: number): this {
    return this.u8(0x0c).u32(label);
  }

  i32Const(value: number): this {
    return this.u8(0x41).s64(value);
  }

  i64Const(value: number | bigint): this {
    return this.u8(0x42).s64(value);
  }
}

import type { ByteReader } from './ByteReader.ts';
import { VALUE_TYPES } from './format.ts';
import { familyOf, immediatesOf, PREFIXES, type Immediates } from './opcodes.ts';
import { WasmFormatError } from './WasmFormatError.ts';

/** Set in the alignment of a memory argument that names a memory. */
const HAS_MEMORY_INDEX = 0x40;

/** Walks the instructions of a function body. Its fields describe the instruction `next` has read; they are overwritten by the following one. */
export class InstructionReader {
  opcode = 0;
  /** Where the instruction begins and ends, in the module. */
  start = 0;
  end = 0;
  /** The first index of the immediates: function, label, local, global, data segment. */
  index = 0;
  /** Constant offset of a memory access. */
  offset = 0n;
  readonly #reader: ByteReader;
  readonly #functionIndex: number;

  constructor(reader: ByteReader, functionIndex: number) {
    this.#reader = reader;
    this.#functionIndex = functionIndex;
  }

  /** Reads one instruction. Returns false at the end of the body. @throws WasmFormatError on one that is not supported, naming it */
  next(): boolean {
    const reader = this.#reader;
    if (reader.done) return false;
    this.start = reader.position;
    const first = reader.u8();
    this.opcode = PREFIXES.has(first) ? first * 0x10000 + reader.u32() : first;
    const form = immediatesOf(this.opcode);
    if (form === undefined) throw this.#refusal(familyOf(this.opcode));
    this.#readImmediates(form);
    this.end = reader.position;
    return true;
  }

  #readImmediates(form: Immediates): void {
    const reader = this.#reader;
    switch (form) {
      case 'none':
        return;
      case 'index':
        this.index = reader.u32();
        return;
      case 'two indices':
        this.index = reader.u32();
        reader.u32();
        return;
      case 'integer':
        reader.skipLeb();
        return;
      case 'memory argument':
        return this.#readMemoryArgument();
      case 'memory argument and lane':
        this.#readMemoryArgument();
        reader.u8();
        return;
      case 'block type':
        return this.#readBlockType();
      case 'labels':
        reader.vector(() => reader.u32());
        reader.u32();
        return;
      case 'value types':
        reader.vector(() => this.#readValueType());
        return;
      case 'reference type':
        return this.#readValueType();
      case '1 byte':
      case '4 bytes':
      case '8 bytes':
      case '16 bytes':
        reader.bytes(Number.parseInt(form, 10));
    }
  }

  #readMemoryArgument(): void {
    if ((this.#reader.u32() & HAS_MEMORY_INDEX) !== 0) throw this.#refusal('a second memory');
    this.offset = this.#reader.u64();
  }

  /** 0x40 for none, a value type, or the index of a function type, which is never negative. */
  #readBlockType(): void {
    const first = this.#reader.u8();
    if (first === 0x40 || VALUE_TYPES[first] !== undefined) return;
    if ((first & 0x80) !== 0) this.#reader.skipLeb();
    else if ((first & 0x40) !== 0) throw this.#refusal('typed references');
  }

  #readValueType(): void {
    if (VALUE_TYPES[this.#reader.u8()] === undefined) throw this.#refusal('typed references');
  }

  #refusal(what: string): WasmFormatError {
    const { opcode } = this;
    const bytes = opcode > 0xffff ? `0x${(opcode >> 16).toString(16)} ${opcode & 0xffff}` : `0x${opcode.toString(16)}`;
    return new WasmFormatError(
      `opcode ${bytes} in function ${this.#functionIndex}, at byte ${this.start}, is not supported: this network doesn't run ${what}`
    );
  }
}

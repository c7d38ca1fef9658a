import { WasmFormatError } from './WasmFormatError.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads the primitive values of the Wasm binary format from a range of bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly end: number;
  position: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  u8(): number {
    if (this.position >= this.end) throw new WasmFormatError('the module ends too early');
    return this.#bytes[this.position++] ?? 0;
  }

  bytes(length: number): Uint8Array {
    if (this.position + length > this.end) throw new WasmFormatError('the module ends too early');
    const part = this.#bytes.subarray(this.position, this.position + length);
    this.position += length;
    return part;
  }

  /** Unsigned LEB128 up to 64 bits. */
  u64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw new WasmFormatError('a number is too long');
  }

  /** Unsigned LEB128 of an index or a size. */
  u32(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if ((byte & 0x80) === 0) return value;
    }
    throw new WasmFormatError('a number is too long');
  }

  /** Passes over a LEB128 number of any width and sign. */
  skipLeb(): void {
    while ((this.u8() & 0x80) !== 0);
  }

  name(): string {
    const bytes = this.bytes(this.u32());
    try {
      return decoder.decode(bytes);
    } catch {
      throw new WasmFormatError('a name is not UTF-8');
    }
  }

  /** A vector: its length, then that many items. */
  vector<T>(item: () => T): T[] {
    const length = this.u32();
    if (length > this.end - this.position) throw new WasmFormatError('a vector is longer than the module');
    return Array.from({ length }, item);
  }
}

import type { DirtyPages } from './DirtyPages.ts';
import { Trap } from './Trap.ts';

/** A WebAssembly.Memory of 32- or 64-bit addresses; the DOM's type knows only the first. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(delta: number | bigint): number | bigint;
}

const NO_MEMORY = new Uint8Array(0);

/** A canister's memory as the System API sees it: every access is checked against its size and traps beyond. */
export class GuestMemory {
  #memory: WasmMemory | undefined;
  #dirty: DirtyPages | undefined;
  #bytes: Uint8Array = NO_MEMORY;

  /** Points at the memory of another instance: after a roll-back the same API functions serve the new one. */
  attach(memory: WasmMemory | undefined, dirty: DirtyPages | undefined): void {
    this.#memory = memory;
    this.#dirty = dirty;
    this.#bytes = NO_MEMORY;
  }

  /** All of it, live. The array is stale after the canister ran again, which may have grown the memory. */
  get #all(): Uint8Array {
    if (this.#memory !== undefined && this.#bytes.buffer !== this.#memory.buffer) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  get byteLength(): number {
    return this.#dirty?.byteLength ?? 0;
  }

  /** A live view, not to be written; for values that are used before the canister goes on. */
  view(pointer: number, length: number): Uint8Array {
    const bytes = this.#all;
    if (pointer + length > this.byteLength) throw Trap.wasm('heap out of bounds');
    return bytes.subarray(pointer, pointer + length);
  }

  /** A live view to write to, now and all of it: its pages count as written by the running message. */
  writable(pointer: number, length: number): Uint8Array {
    const view = this.view(pointer, length);
    this.#dirty?.mark(pointer, length);
    return view;
  }

  read(pointer: number, length: number): Uint8Array {
    return this.view(pointer, length).slice();
  }

  write(pointer: number, data: Uint8Array): void {
    this.writable(pointer, data.length).set(data);
  }

  /** Copies `data[offset, offset + size)` in, as all the `_copy` functions do. */
  copyIn(pointer: number, data: Uint8Array, offset: number, size: number): void {
    if (offset + size > data.length) throw Trap.contract('a copy reaches beyond the end of the data');
    this.writable(pointer, size).set(data.subarray(offset, offset + size));
  }

  /** Writes an amount of cycles: 128 bits, little endian. */
  write128(pointer: number, value: bigint): void {
    const target = this.writable(pointer, 16);
    const view = new DataView(target.buffer, target.byteOffset, 16);
    view.setBigUint64(0, BigInt.asUintN(64, value), true);
    view.setBigUint64(8, value >> 64n, true);
  }
}

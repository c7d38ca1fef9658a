import { addedExport, DIRTY_EXPORT, UNDO_EXPORT } from '../wasm/exportNames.ts';
import { listOffset, PAGE_BYTES, PAGES_PER_WASM_PAGE, WASM_PAGE_BYTES } from '../wasm/layout.ts';
import type { CanisterModule } from '../wasm/CanisterModule.ts';
import type { WasmMemory } from './GuestMemory.ts';

/** The content of some pages of a memory, and its size in bytes. */
export interface PageImage {
  byteLength: number;
  /** By page number. */
  pages: Map<number, Uint8Array>;
}

/**
 * The pages of a canister's memory that the running message has written, and what they held before. The rewritten code of the module
 * keeps these books (see wasm/helperFunctions.ts); here they are read and closed. All of it costs in proportion to the pages written.
 */
export class DirtyPages {
  readonly #memory: WasmMemory;
  readonly #undo: WasmMemory;
  readonly #flags: Uint8Array;
  readonly #list: Uint32Array;
  readonly #size: WebAssembly.Global;
  readonly #committed: WebAssembly.Global;
  readonly #dirtyCount: WebAssembly.Global;
  readonly #undoCount: WebAssembly.Global;
  readonly #mark: (address: number | bigint, length: number | bigint) => void;
  readonly #is64: boolean;

  constructor({ is64 }: CanisterModule, memory: WasmMemory, exports: WebAssembly.Exports) {
    this.#is64 = is64;
    this.#memory = memory;
    this.#undo = exports[UNDO_EXPORT] as unknown as WasmMemory;
    const { buffer } = exports[DIRTY_EXPORT] as unknown as WasmMemory;
    this.#flags = new Uint8Array(buffer, 0, listOffset(is64));
    this.#list = new Uint32Array(buffer, listOffset(is64), listOffset(is64));
    this.#size = exports[addedExport('size')] as WebAssembly.Global;
    this.#committed = exports[addedExport('committed')] as WebAssembly.Global;
    this.#dirtyCount = exports[addedExport('dirtyCount')] as WebAssembly.Global;
    this.#undoCount = exports[addedExport('undoCount')] as WebAssembly.Global;
    this.#mark = exports[addedExport('mark')] as (address: number | bigint, length: number | bigint) => void;
  }

  /** Size of the canister's memory; what the machine has beyond that is empty. */
  get byteLength(): number {
    return Number(this.#size.value) * WASM_PAGE_BYTES;
  }

  /** How many pages the running message has written. */
  get count(): number {
    return Number(this.#dirtyCount.value);
  }

  /** To be called before the network itself writes. */
  mark(pointer: number, length: number): void {
    if (length === 0) return;
    const last = Math.floor((pointer + length - 1) / PAGE_BYTES);
    for (let page = Math.floor(pointer / PAGE_BYTES); page <= last; page++) {
      if (this.#flags[page] !== 0) continue;
      if (this.#is64) this.#mark(BigInt(pointer), BigInt(length));
      else this.#mark(pointer, length);
      return;
    }
  }

  /** Sets the size: for an instance that gets a state, or a message that goes on with one. @throws RangeError when the machine has no memory left */
  resize(byteLength: number): void {
    const missing = (byteLength - this.#memory.buffer.byteLength) / WASM_PAGE_BYTES;
    if (missing > 0) this.#memory.grow(this.#is64 ? BigInt(missing) : missing);
    this.#size.value = byteLength / WASM_PAGE_BYTES;
  }

  /** What is now there is what `undo` comes back to from now on. */
  commit(): void {
    this.#close();
    this.#committed.value = Number(this.#size.value) * PAGES_PER_WASM_PAGE;
  }

  /** Puts back what the written pages held at the last commit. */
  undo(): void {
    const bytes = new Uint8Array(this.#memory.buffer);
    const old = new Uint8Array(this.#undo.buffer);
    const committed = Number(this.#committed.value);
    let slot = 0;
    for (const page of this.#written()) {
      const address = page * PAGE_BYTES;
      if (page < committed) {
        bytes.set(old.subarray(slot * PAGE_BYTES, (slot + 1) * PAGE_BYTES), address);
        slot++;
      } else bytes.fill(0, address, address + PAGE_BYTES);
    }
    this.#close();
    this.#size.value = committed / PAGES_PER_WASM_PAGE;
  }

  /** Copies the written pages. */
  capture(): PageImage {
    const bytes = new Uint8Array(this.#memory.buffer);
    const pages = new Map<number, Uint8Array>();
    for (const page of this.#written()) pages.set(page, bytes.slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
    return { byteLength: this.byteLength, pages };
  }

  /** Writes an image that was captured on the same committed state. */
  load({ byteLength, pages }: PageImage): void {
    this.resize(byteLength);
    for (const [page, content] of pages) {
      this.mark(page * PAGE_BYTES, PAGE_BYTES);
      new Uint8Array(this.#memory.buffer).set(content, page * PAGE_BYTES);
    }
  }

  #written(): Uint32Array {
    return this.#list.subarray(0, this.count);
  }

  #close(): void {
    for (const page of this.#written()) this.#flags[page] = 0;
    this.#dirtyCount.value = 0;
    this.#undoCount.value = 0;
  }
}

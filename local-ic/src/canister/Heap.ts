import { MEMORY_EXPORT, START_EXPORT, TABLE_EXPORT } from '../wasm/exposeState.ts';
import type { CanisterModule } from '../wasm/CanisterModule.ts';
import type { Closure } from './Execution.ts';
import type { GuestMemory } from './GuestMemory.ts';
import { WASM_PAGE_BYTES, type WasmMemory } from './GuestMemory.ts';
import { Trap } from './Trap.ts';

/** Everything a message can change inside a Wasm instance. */
export interface HeapImage {
  bytes: Uint8Array;
  /** Values of the mutable globals, in the order of the module's `globals`. */
  globals: (number | bigint)[];
}

interface WasmTable {
  readonly length: number | bigint;
  get(index: number | bigint): unknown;
}

/** Memory grows in steps; some room in the copy saves allocating it anew at each. */
const COPY_HEADROOM = 1.25;

/**
 * A canister's Wasm instance and a copy of its last committed state. A message runs on the instance; `commit` then takes the new state
 * into the copy, `rollback` brings the old one back. Both copy the whole memory: simple, and flat in what the message does. (The place
 * for copying only the pages that were written is here, behind the same two methods.)
 */
export class Heap {
  readonly module: CanisterModule;
  readonly memory: GuestMemory;
  readonly #imports: WebAssembly.Imports;
  #instance: WebAssembly.Instance;
  #globals: WebAssembly.Global[] = [];
  #copy: Uint8Array = new Uint8Array(0);
  #copyLength = 0;
  #copyGlobals: (number | bigint)[] = [];

  /**
   * Makes an instance; the start function isn't run.
   *
   * @param memory what the functions in `imports` work on
   * @param image the state to begin with; only its memory counts when `keepGlobals` is false, as in an upgrade that keeps the memory
   */
  constructor(module: CanisterModule, memory: GuestMemory, imports: WebAssembly.Imports, image?: HeapImage, keepGlobals = true) {
    this.module = module;
    this.memory = memory;
    this.#imports = imports;
    this.#instance = this.#instantiate();
    if (image !== undefined) this.#setMemory(image.bytes);
    if (image !== undefined && keepGlobals) this.#setGlobals(image.globals);
    this.commit();
  }

  exported(name: string): (() => void) | undefined {
    const value = this.#instance.exports[name];
    return typeof value === 'function' ? (value as () => void) : undefined;
  }

  /** The module's start function, if it has one. */
  get start(): (() => void) | undefined {
    return this.exported(START_EXPORT);
  }

  /** Makes a callback callable. Traps when the table has no such function. */
  closure({ index, environment }: Closure): () => void {
    const table = this.#instance.exports[TABLE_EXPORT] as WasmTable | undefined;
    const key = this.module.isTable64 ? BigInt(index) : Number(index);
    if (table === undefined || key >= table.length) throw Trap.wasm('table out of bounds');
    const value = table.get(key);
    if (typeof value !== 'function') throw Trap.wasm('indirect call to null');
    return () => (value as (environment: number | bigint) => void)(environment);
  }

  /** Takes the live state as the one to come back to. */
  commit(): void {
    const { bytes } = this.memory;
    if (bytes.length > this.#copy.length) this.#copy = new Uint8Array(Math.ceil(bytes.length * COPY_HEADROOM));
    this.#copy.set(bytes);
    this.#copyLength = bytes.length;
    this.#copyGlobals = this.#readGlobals();
  }

  /** Undoes everything since the last commit. */
  rollback(): void {
    this.load(this.committed);
  }

  /** The committed state; its bytes are a view, valid until the next commit. */
  get committed(): HeapImage {
    return { bytes: this.#copy.subarray(0, this.#copyLength), globals: this.#copyGlobals };
  }

  /** A copy of the live state. */
  capture(): HeapImage {
    return { bytes: this.memory.bytes.slice(), globals: this.#readGlobals() };
  }

  /** Makes an image the live state, without committing it. */
  load(image: HeapImage): void {
    // A memory can't shrink: going back to a smaller one takes a new instance.
    if (this.memory.bytes.length > image.bytes.length) this.#instance = this.#instantiate();
    this.#setMemory(image.bytes);
    this.#setGlobals(image.globals);
  }

  #instantiate(): WebAssembly.Instance {
    const instance = new WebAssembly.Instance(this.module.compiled, this.#imports);
    this.memory.attach(instance.exports[MEMORY_EXPORT] as WasmMemory | undefined);
    this.#globals = this.module.globals.map(({ name }) => instance.exports[name] as WebAssembly.Global);
    return instance;
  }

  #setMemory(bytes: Uint8Array): void {
    const memory = this.#instance.exports[MEMORY_EXPORT] as WasmMemory | undefined;
    const missing = bytes.length - this.memory.bytes.length;
    if (missing > 0 && memory !== undefined) {
      const pages = missing / WASM_PAGE_BYTES;
      memory.grow(this.module.is64 ? BigInt(pages) : pages);
    }
    // A new module may start with more memory than the old one had; what lies beyond stays as the module made it.
    this.memory.bytes.set(bytes);
  }

  #readGlobals(): (number | bigint)[] {
    return this.#globals.map(({ value }) => value as number | bigint);
  }

  #setGlobals(values: (number | bigint)[]): void {
    this.#globals.forEach((global, index) => {
      global.value = values[index];
    });
  }
}

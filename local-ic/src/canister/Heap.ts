import { MEMORY_EXPORT, START_EXPORT, TABLE_EXPORT } from '../wasm/exportNames.ts';
import type { CanisterModule } from '../wasm/CanisterModule.ts';
import { DirtyPages, type PageImage } from './DirtyPages.ts';
import type { Closure } from './Execution.ts';
import type { GuestMemory, WasmMemory } from './GuestMemory.ts';
import type { InstructionMeter } from './InstructionMeter.ts';
import { Trap } from './Trap.ts';

/** Everything a message can change inside a Wasm instance. */
export interface HeapImage {
  bytes: Uint8Array;
  /** Values of the mutable globals, in the order of the module's `globals`. */
  globals: (number | bigint)[];
}

/** A state that is described by its difference to the committed one. */
export interface HeapChanges {
  /** Undefined for a module without memory. */
  memory: PageImage | undefined;
  globals: (number | bigint)[];
}

interface WasmTable {
  readonly length: number | bigint;
  get(index: number | bigint): unknown;
}

/** What an instance is given to work with. */
export interface HeapParts {
  /** The functions in `imports` work on these two. */
  memory: GuestMemory;
  meter: InstructionMeter;
  imports: WebAssembly.Imports;
}

const NO_MEMORY = new Uint8Array(0);
/** A memory that an undone message grew by more than this is given back to the machine. */
const MAX_SPARE_BYTES = 64 * 2 ** 20;

/**
 * A canister's Wasm instance. A message runs on it; `commit` then keeps what it changed, `rollback` undoes it. Both take time in
 * proportion to the pages that were written, whatever the size of the memory. Between messages the live state is the committed one, and
 * there is no copy of it.
 */
export class Heap {
  readonly module: CanisterModule;
  readonly #parts: HeapParts;
  #instance: WebAssembly.Instance;
  #memory: WasmMemory | undefined;
  #dirty: DirtyPages | undefined;
  #globals: WebAssembly.Global[] = [];
  #committedGlobals: (number | bigint)[];

  /**
   * Makes an instance; the start function isn't run.
   *
   * @param image the state to begin with; only its memory counts when `keepGlobals` is false, as in an upgrade that keeps the memory
   */
  constructor(module: CanisterModule, parts: HeapParts, image?: HeapImage, keepGlobals = true) {
    this.module = module;
    this.#parts = parts;
    this.#instance = this.#instantiate();
    if (image !== undefined) this.#fill(image.bytes);
    if (image !== undefined && keepGlobals) this.#setGlobals(image.globals);
    this.#committedGlobals = this.#readGlobals();
  }

  exported(name: string): (() => void) | undefined {
    const value = this.#instance.exports[name];
    return typeof value === 'function' ? (value as () => void) : undefined;
  }

  /** The module's start function, if it has one. */
  get start(): (() => void) | undefined {
    return this.exported(START_EXPORT);
  }

  /** Size of the canister's memory. */
  get byteLength(): number {
    return this.#dirty?.byteLength ?? 0;
  }

  /** Makes a callback callable. Traps when the table has no such function. */
  closure({ index, environment }: Closure): () => void {
    const table = this.#instance.exports[TABLE_EXPORT] as WasmTable | undefined;
    const key = this.module.isTable64 ? BigInt(index) : Number(index);
    if (table === undefined || key >= table.length) throw Trap.wasm('table out of bounds');
    const value = table.get(key);
    if (typeof value !== 'function') throw Trap.wasm('indirect call to null');
    // JavaScript would call a function of another type as well.
    if (value.length !== 1) throw Trap.wasm('indirect call type mismatch');
    return () => (value as (environment: number | bigint) => void)(environment);
  }

  /** Takes the live state as the one to come back to. */
  commit(): void {
    this.#committedGlobals = this.#readGlobals();
    this.#dirty?.commit();
  }

  /** Undoes everything since the last commit. */
  rollback(): void {
    this.#dirty?.undo();
    this.#setGlobals(this.#committedGlobals);
    const spare = (this.#memory?.buffer.byteLength ?? 0) - this.byteLength;
    if (spare > MAX_SPARE_BYTES) this.#renew();
  }

  /**
   * To be called before a message whose outcome is kept: what the machine's memory has beyond the canister's, after an undone growth, could be read
   * where a process that has run other queries, or comes from a checkpoint, traps.
   */
  shedSpare(): void {
    if ((this.#memory?.buffer.byteLength ?? 0) > this.byteLength) this.#renew();
  }

  /** The live state, which between messages is the committed one; its bytes are a view, valid until the canister runs again. */
  get state(): HeapImage {
    const bytes = this.#memory === undefined ? NO_MEMORY : new Uint8Array(this.#memory.buffer, 0, this.byteLength);
    return { bytes, globals: this.#readGlobals() };
  }

  /** What the running message has changed so far. */
  capture(): HeapChanges {
    return { memory: this.#dirty?.capture(), globals: this.#readGlobals() };
  }

  /** Makes changes that were captured on the same committed state, without committing them. */
  load(changes: HeapChanges): void {
    if (changes.memory !== undefined) this.#dirty?.load(changes.memory);
    this.#setGlobals(changes.globals);
  }

  #instantiate(): WebAssembly.Instance {
    const { memory, meter, imports } = this.#parts;
    const instance = new WebAssembly.Instance(this.module.compiled, imports);
    const { exports } = instance;
    this.#memory = exports[MEMORY_EXPORT] as WasmMemory | undefined;
    this.#dirty = this.#memory && new DirtyPages(this.module, this.#memory, exports);
    this.#globals = this.module.globals.map(({ name }) => exports[name] as WebAssembly.Global);
    memory.attach(this.#memory, this.#dirty);
    meter.attach(exports);
    return instance;
  }

  /** Goes on with a new instance that has the same state: a Wasm memory can't shrink. */
  #renew(): void {
    const { bytes, globals } = this.state;
    this.#instance = this.#instantiate();
    this.#fill(bytes);
    this.#setGlobals(globals);
  }

  /** Sets the committed memory. */
  #fill(bytes: Uint8Array): void {
    if (this.#dirty === undefined || this.#memory === undefined) return;
    // A new module may start with more memory than the old one had; what lies beyond stays as the module made it.
    if (bytes.length > this.#dirty.byteLength) this.#dirty.resize(bytes.length);
    new Uint8Array(this.#memory.buffer).set(bytes);
    this.#dirty.commit();
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

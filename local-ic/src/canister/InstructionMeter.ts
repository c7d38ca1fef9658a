import { addedExport } from '../wasm/exportNames.ts';
import { Trap } from './Trap.ts';

/** Counts the instructions of one execution after the other. The instance's code counts down a global of its own, which this reads. */
export class InstructionMeter {
  #left: WebAssembly.Global | undefined;
  #limit = 0n;

  /** Goes on with the counter of another instance. */
  attach(exports: WebAssembly.Exports): void {
    this.#left = exports[addedExport('left')] as WebAssembly.Global;
  }

  /** Begins an execution that may use so many. */
  start(limit: bigint): void {
    this.#limit = limit;
    if (this.#left !== undefined) this.#left.value = limit;
  }

  /** Instructions used since `start`; at most the limit. */
  get used(): bigint {
    const left = this.#remaining;
    return left < 0n ? this.#limit : this.#limit - left;
  }

  get isExceeded(): boolean {
    return this.#remaining < 0n;
  }

  /** Charges for work the network does. @throws Trap when that was too much */
  charge(instructions: number): void {
    if (instructions === 0 || this.#left === undefined) return;
    this.#left.value = this.#remaining - BigInt(instructions);
    this.check();
  }

  /** Takes all that are left, but not more than allowed. */
  exhaust(): void {
    if (this.#left !== undefined && !this.isExceeded) this.#left.value = 0n;
  }

  /** @throws Trap when more was used than allowed */
  check(): void {
    if (this.isExceeded) throw Trap.instructionLimit(this.#limit);
  }

  get #remaining(): bigint {
    return (this.#left?.value as bigint | undefined) ?? this.#limit;
  }
}

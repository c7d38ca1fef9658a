import { Principal } from '@dfinity/principal';
import { CanisterState, canisterKey } from '../canister/CanisterState.ts';
import { StableMemory } from '../canister/StableMemory.ts';

/** Cycles of a canister that was created without saying how many: 100 T. */
const DEFAULT_CYCLES = 100_000_000_000_000n;

/** The n-th id of a subnet: eight bytes number, 0x01, 0x01 (as the IC builds them). */
function canisterIdAt(index: bigint): Principal {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setBigUint64(0, index);
  bytes.set([1, 1], 8);
  return Principal.fromUint8Array(bytes);
}

/** All canisters of the network, in the order of their creation. */
export class CanisterRegistry {
  readonly #canisters = new Map<string, CanisterState>();
  /** Number of the next id; ids of deleted canisters are not given again. */
  nextIndex = 0n;
  /** Rises when a canister comes or goes. */
  revision = 0;

  create(controllers: Principal[], cycles = DEFAULT_CYCLES, id: Principal = this.#freeId()): CanisterState {
    const canister = new CanisterState(id, controllers, cycles);
    this.add(canister);
    return canister;
  }

  add(canister: CanisterState): void {
    this.#canisters.set(canister.key, canister);
    this.revision++;
  }

  delete(canister: CanisterState): void {
    this.#canisters.delete(canister.key);
    this.revision++;
  }

  /** Lets go of all canisters and their memories, even those that somebody still holds. */
  release(): void {
    for (const canister of this.#canisters.values()) {
      canister.runtime = undefined;
      canister.stableMemory = new StableMemory();
    }
    this.#canisters.clear();
  }

  get(id: Uint8Array): CanisterState | undefined {
    return this.#canisters.get(canisterKey(id));
  }

  byKey(key: string): CanisterState | undefined {
    return this.#canisters.get(key);
  }

  all(): IterableIterator<CanisterState> {
    return this.#canisters.values();
  }

  #freeId(): Principal {
    for (;;) {
      const id = canisterIdAt(this.nextIndex++);
      // A canister may have been created with this id as the asked-for one.
      if (this.get(id.toUint8Array()) === undefined) return id;
    }
  }
}

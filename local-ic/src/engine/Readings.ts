import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { readStableMemory } from './stableMemoryAccess.ts';
import type { Subnet } from './Subnet.ts';
import type { CanisterRecord } from './types.ts';

/** What whoever runs the network may read at any time, without a call. */
export abstract class Readings {
  protected readonly subnet: Subnet;

  constructor(subnet: Subnet) {
    this.subnet = subnet;
  }

  now(): bigint {
    return this.subnet.clock.now();
  }

  canister(id: Principal): CanisterRecord | undefined {
    const canister = this.#find(id);
    return canister && recordOf(canister);
  }

  canisters(): CanisterRecord[] {
    return [...this.subnet.canisters.all()].map(recordOf);
  }

  memoryBytes(id: Principal): number {
    return this.#find(id)?.runtime?.heap.byteLength ?? 0;
  }

  instructions(id: Principal): { last: bigint; total: bigint } {
    return { ...(this.#find(id)?.instructions ?? { last: 0n, total: 0n }) };
  }

  cycles(id: Principal): { balance: bigint; consumed: bigint } {
    const canister = this.#find(id);
    return { balance: canister?.cycles ?? 0n, consumed: canister?.consumedCycles ?? 0n };
  }

  stableMemory(id: Principal): Uint8Array {
    return readStableMemory(this.subnet, id);
  }

  #find(id: Principal): CanisterState | undefined {
    return this.subnet.canisters.get(id.toUint8Array());
  }
}

function recordOf({ id, controllers, certifiedData, runtime, status }: CanisterState): CanisterRecord {
  const module = runtime?.heap.module;
  return { id, controllers: [...controllers], certifiedData, moduleHash: module?.hash, metadata: module?.metadata ?? [], status };
}

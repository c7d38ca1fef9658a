import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { StableMemory } from '../canister/StableMemory.ts';
import { WASM_PAGE_BYTES } from '../wasm/layout.ts';
import { CanisterReject } from './CanisterReject.ts';
import type { StableMemoryInput } from './inputTypes.ts';
import type { Subnet } from './Subnet.ts';

/** The canister's own limit is 500 GiB; nobody wants a copy of that in one piece. */
const MAX_COPY_BYTES = 2 ** 31;

/** A copy of the committed stable memory. @throws CanisterReject, RangeError */
export function readStableMemory(subnet: Subnet, id: Principal): Uint8Array {
  const { stableMemory, name } = find(subnet, id);
  const size = stableMemory.pages * WASM_PAGE_BYTES;
  if (size > MAX_COPY_BYTES)
    throw new RangeError(`The stable memory of canister ${name} has ${size} bytes; at most ${MAX_COPY_BYTES} can be copied`);
  const bytes = new Uint8Array(size);
  stableMemory.read(0, bytes);
  return bytes;
}

/** @throws CanisterReject when there is no such canister, RangeError when it can't have so much */
export function checkStableMemory(subnet: Subnet, id: Principal, bytes: Uint8Array): void {
  find(subnet, id);
  if (bytes.length > MAX_COPY_BYTES)
    throw new RangeError(`A stable memory of ${bytes.length} bytes can't be set; at most ${MAX_COPY_BYTES} can`);
}

/** Replaces the stable memory. */
export function writeStableMemory(subnet: Subnet, { canisterId, bytes }: StableMemoryInput): void {
  const canister = find(subnet, Principal.fromUint8Array(canisterId));
  const memory = new StableMemory();
  memory.grow(Math.ceil(bytes.length / WASM_PAGE_BYTES));
  memory.write(0, bytes);
  memory.commit();
  canister.stableMemory = memory;
  canister.touch();
}

function find(subnet: Subnet, id: Principal): CanisterState {
  const canister = subnet.canisters.get(id.toUint8Array());
  if (canister === undefined) throw new CanisterReject(3, 'IC0301', `Canister ${id.toText()} not found`);
  return canister;
}

import { WASM_PAGE_BYTES } from '../../wasm/layout.ts';
import type { CanisterState } from '../CanisterState.ts';

/** Bytes a canister pays storage for: heap, stable memory, and the module with its custom sections. */
export function memoryUsage({ runtime, stableMemory }: CanisterState): number {
  const stableBytes = stableMemory.pages * WASM_PAGE_BYTES;
  if (runtime === undefined) return stableBytes;
  const { heap } = runtime;
  let bytes = heap.byteLength + stableBytes + heap.module.source.length;
  for (const { name, content } of heap.module.metadata) bytes += name.length + content.length;
  return bytes;
}

import { WASM_PAGE_BYTES } from '../../wasm/layout.ts';
import type { CanisterState } from '../CanisterState.ts';
import { snapshotBytes } from '../Snapshot.ts';

/** Bytes a canister pays storage for: heap, stable memory, the module with its custom sections, chunks of modules, and snapshots. */
export function memoryUsage({ runtime, stableMemory, chunks, snapshots }: CanisterState): number {
  let keptBytes = stableMemory.pages * WASM_PAGE_BYTES;
  for (const chunk of chunks.values()) keptBytes += chunk.length;
  for (const snapshot of snapshots.values()) keptBytes += Number(snapshotBytes(snapshot));
  if (runtime === undefined) return keptBytes;
  const { heap } = runtime;
  let bytes = heap.byteLength + keptBytes + heap.module.source.length;
  for (const { name, content } of heap.module.metadata) bytes += name.length + content.length;
  return bytes;
}

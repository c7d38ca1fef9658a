import { WASM_PAGE_BYTES } from '../../wasm/layout.ts';
import type { CanisterState } from '../CanisterState.ts';
import { snapshotBytes } from '../Snapshot.ts';

/** What a canister's memory is used for, in bytes; by the names that canister_status has for it. */
export function memoryMetrics({ runtime, stableMemory, history, chunks, snapshots }: CanisterState) {
  const module = runtime?.heap.module;
  const metrics = {
    wasm_memory_size: runtime?.heap.byteLength ?? 0,
    stable_memory_size: stableMemory.pages * WASM_PAGE_BYTES,
    global_memory_size: (module?.globals.length ?? 0) * 8,
    wasm_binary_size: module?.source.length ?? 0,
    custom_sections_size: 0,
    canister_history_size: history.bytes,
    wasm_chunk_store_size: 0,
    snapshots_size: 0
  };
  for (const { name, content } of module?.metadata ?? []) metrics.custom_sections_size += name.length + content.length;
  for (const chunk of chunks.values()) metrics.wasm_chunk_store_size += chunk.length;
  for (const snapshot of snapshots.values()) metrics.snapshots_size += Number(snapshotBytes(snapshot));
  return metrics;
}

/** Bytes a canister pays storage for: all of them. */
export function memoryUsage(canister: CanisterState): number {
  let total = 0;
  for (const bytes of Object.values(memoryMetrics(canister))) total += bytes;
  return total;
}

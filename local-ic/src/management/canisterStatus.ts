import type { CanisterState } from '../canister/CanisterState.ts';
import { idleCyclesBurnedPerDay } from '../canister/cycles/freezing.ts';
import { memoryUsage } from '../canister/cycles/memoryUsage.ts';
import type { Prices } from '../canister/cycles/prices.ts';
import { WASM_PAGE_BYTES } from '../wasm/layout.ts';

/** The reply of canister_status. Fields of what this network doesn't do (reserving cycles, query statistics, history) are 0, as on a new canister. */
export function canisterStatus(canister: CanisterState, prices: Prices | undefined): Record<string, unknown> {
  const { settings, runtime } = canister;
  const module = runtime?.heap.module;
  const wasmMemoryBytes = BigInt(runtime?.heap.byteLength ?? 0);
  const stableMemoryBytes = BigInt(canister.stableMemory.pages) * BigInt(WASM_PAGE_BYTES);
  const binaryBytes = BigInt(module?.source.length ?? 0);
  const customSectionBytes = BigInt(module?.metadata.reduce((sum, { name, content }) => sum + name.length + content.length, 0) ?? 0);
  return {
    status: { [canister.status]: null },
    version: canister.version,
    ready_for_migration: canister.status === 'stopped',
    settings: {
      controllers: canister.controllers,
      compute_allocation: settings.computeAllocation,
      memory_allocation: settings.memoryAllocation,
      freezing_threshold: settings.freezingThreshold,
      reserved_cycles_limit: settings.reservedCyclesLimit,
      log_visibility: { controllers: null },
      wasm_memory_limit: settings.wasmMemoryLimit,
      wasm_memory_threshold: settings.wasmMemoryThreshold,
      environment_variables: []
    },
    module_hash: module === undefined ? [] : [module.hash],
    memory_size: BigInt(memoryUsage(canister)),
    memory_metrics: {
      wasm_memory_size: wasmMemoryBytes,
      stable_memory_size: stableMemoryBytes,
      global_memory_size: BigInt(module?.globals.length ?? 0) * 8n,
      wasm_binary_size: binaryBytes,
      custom_sections_size: customSectionBytes,
      canister_history_size: 0n,
      wasm_chunk_store_size: 0n,
      snapshots_size: 0n
    },
    cycles: canister.cycles,
    reserved_cycles: 0n,
    idle_cycles_burned_per_day: idleCyclesBurnedPerDay(canister, prices),
    query_stats: {
      num_calls_total: 0n,
      num_instructions_total: 0n,
      request_payload_bytes_total: 0n,
      response_payload_bytes_total: 0n
    }
  };
}

import { IDL } from '@dfinity/candid';
import type { CanisterState } from '../canister/CanisterState.ts';
import { idleCyclesBurnedPerDay } from '../canister/cycles/freezing.ts';
import { memoryMetrics, memoryUsage } from '../canister/cycles/memoryUsage.ts';
import type { Prices } from '../canister/cycles/prices.ts';
import { Blob } from './candid.ts';
import { EnvironmentType, LogVisibilityType } from './settings.ts';

/** canister_status_result */
export const StatusReply = IDL.Record({
  status: IDL.Variant({ running: IDL.Null, stopping: IDL.Null, stopped: IDL.Null }),
  version: IDL.Nat64,
  ready_for_migration: IDL.Bool,
  settings: IDL.Record({
    controllers: IDL.Vec(IDL.Principal),
    compute_allocation: IDL.Nat,
    memory_allocation: IDL.Nat,
    freezing_threshold: IDL.Nat,
    reserved_cycles_limit: IDL.Nat,
    log_visibility: LogVisibilityType,
    wasm_memory_limit: IDL.Nat,
    wasm_memory_threshold: IDL.Nat,
    environment_variables: EnvironmentType
  }),
  module_hash: IDL.Opt(Blob),
  memory_size: IDL.Nat,
  memory_metrics: IDL.Record({
    wasm_memory_size: IDL.Nat,
    stable_memory_size: IDL.Nat,
    global_memory_size: IDL.Nat,
    wasm_binary_size: IDL.Nat,
    custom_sections_size: IDL.Nat,
    canister_history_size: IDL.Nat,
    wasm_chunk_store_size: IDL.Nat,
    snapshots_size: IDL.Nat
  }),
  cycles: IDL.Nat,
  reserved_cycles: IDL.Nat,
  idle_cycles_burned_per_day: IDL.Nat,
  query_stats: IDL.Record({
    num_calls_total: IDL.Nat,
    num_instructions_total: IDL.Nat,
    request_payload_bytes_total: IDL.Nat,
    response_payload_bytes_total: IDL.Nat
  })
});

/** The reply of canister_status. What this network doesn't measure (statistics of queries) is 0, as on a new canister. */
export function canisterStatus(canister: CanisterState, prices: Prices | undefined): Record<string, unknown> {
  const { settings } = canister;
  const module = canister.runtime?.heap.module;
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
      log_visibility: canister.logVisibility,
      wasm_memory_limit: settings.wasmMemoryLimit,
      wasm_memory_threshold: settings.wasmMemoryThreshold,
      environment_variables: canister.environmentVariables
    },
    module_hash: module === undefined ? [] : [module.hash],
    memory_size: memoryUsage(canister),
    memory_metrics: memoryMetrics(canister),
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

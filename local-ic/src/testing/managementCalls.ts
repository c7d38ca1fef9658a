import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { unwrapReply } from '../engine/CanisterReject.ts';
import type { Call, Engine } from '../engine/types.ts';
import { StatusReply } from '../management/canisterStatus.ts';
import { TopUp } from '../management/cycles.ts';
import { LogsReply } from '../management/logs.ts';
import { canisterCall, managementCall, opt, updateSettingsCall } from '../management/requests.ts';
import { NUMERIC_SETTINGS } from '../management/settings.ts';

/** A canister's settings, named as in the interface specification. What isn't given stays as it is. */
export interface CanisterSettings {
  controllers?: Principal[];
  /** Percent. */
  computeAllocation?: bigint;
  /** Bytes; 0: as much as it uses. */
  memoryAllocation?: bigint;
  /** Seconds. */
  freezingThreshold?: bigint;
  /** Cycles. */
  reservedCyclesLimit?: bigint;
  /** Bytes. */
  wasmMemoryLimit?: bigint;
  /** Bytes. */
  wasmMemoryThreshold?: bigint;
}

export interface CanisterStatusReport {
  status: 'running' | 'stopping' | 'stopped';
  /** Rises with every change of the canister's code, settings or state. */
  version: bigint;
  settings: Required<CanisterSettings>;
  /** SHA-256; undefined while no code is installed. */
  moduleHash: Uint8Array | undefined;
  /** Bytes. */
  memorySize: bigint;
  cycles: bigint;
}

/** Something a canister printed, or a trap. */
export interface CanisterLogLine {
  /** 0 for the first one the canister ever wrote; old lines go when there are too many. */
  index: bigint;
  /** Network time, nanoseconds since 1970. */
  timeNs: bigint;
  text: string;
}

const NUMBERS = Object.entries(NUMERIC_SETTINGS);

interface Logs {
  canister_log_records: { idx: bigint; timestamp_nanos: bigint; content: Uint8Array }[];
}
interface Status {
  status: Partial<Record<CanisterStatusReport['status'], null>>;
  version: bigint;
  settings: { controllers: Principal[] } & Record<string, bigint>;
  module_hash: [] | [Uint8Array];
  memory_size: bigint;
  cycles: bigint;
}

/** Calls of the management canister, made as any client makes them. All throw CanisterReject. */
export class ManagementCalls {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async updateSettings(id: Principal, { controllers, ...settings }: CanisterSettings, sender: Principal): Promise<void> {
    const numbers = Object.fromEntries(NUMBERS.map(([name, { field }]) => [name, opt(settings[field])]));
    await this.#update(updateSettingsCall(id, { controllers: opt(controllers), ...numbers }, sender));
  }

  async canisterStatus(id: Principal, sender: Principal): Promise<CanisterStatusReport> {
    const reply = await this.#update(canisterCall('canister_status', id, sender));
    const [{ status, version, settings, module_hash, memory_size, cycles }] = IDL.decode([StatusReply], reply) as unknown as [Status];
    const numbers = Object.fromEntries(NUMBERS.map(([name, { field }]) => [field, settings[name]]));
    return {
      status: 'running' in status ? 'running' : 'stopping' in status ? 'stopping' : 'stopped',
      version,
      settings: { controllers: settings.controllers, ...numbers } as Required<CanisterSettings>,
      moduleHash: module_hash[0],
      memorySize: memory_size,
      cycles
    };
  }

  async canisterLogs(id: Principal, sender: Principal): Promise<CanisterLogLine[]> {
    const call = canisterCall('fetch_canister_logs', id, sender);
    // Logs are no part of the replicated state: only a query can read them.
    const reply = Uint8Array.from(unwrapReply(await this.#engine.query(call), call));
    const [{ canister_log_records }] = IDL.decode([LogsReply], reply) as unknown as [Logs];
    const decoder = new TextDecoder();
    return canister_log_records.map(({ idx, timestamp_nanos, content }) => ({
      index: idx,
      timeNs: timestamp_nanos,
      text: decoder.decode(content)
    }));
  }

  async uninstallCode(id: Principal, sender: Principal): Promise<void> {
    await this.#update(canisterCall('uninstall_code', id, sender));
  }

  async deleteCanister(id: Principal, sender: Principal): Promise<void> {
    await this.#update(canisterCall('delete_canister', id, sender));
  }

  /** Gives a canister cycles out of nothing, as test networks can. */
  async topUp(id: Principal, cycles: bigint, sender: Principal): Promise<void> {
    await this.#update(managementCall('provisional_top_up_canister', TopUp, { canister_id: id, amount: cycles }, sender));
  }

  async #update(call: Call): Promise<Uint8Array> {
    return Uint8Array.from(unwrapReply(await this.#engine.update(call), call));
  }
}
